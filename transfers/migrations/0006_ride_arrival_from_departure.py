"""A ride is expected from when it left, so its arrival may come before the planned departure."""

import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('regions', '0002_phase_label_in_two_languages'),
        ('transfers', '0005_count_open_requests'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='ride',
            name='transfers_ride_arrives_after_pick_up',
        ),
        migrations.AlterField(
            model_name='ride',
            name='arrival_at',
            field=models.DateTimeField(blank=True, help_text='expected arrival, from the departure as far as it is known', null=True),
        ),
        migrations.AddConstraint(
            model_name='ride',
            constraint=models.CheckConstraint(condition=models.Q(('pick_up_at', None), ('arrival_at', None), ('arrival_at__gt', django.db.models.functions.comparison.Coalesce('departed_at', 'pick_up_at')), _connector='OR'), name='transfers_ride_arrives_after_departure', violation_error_message='De aankomst ligt na het vertrek.'),
        ),
    ]
