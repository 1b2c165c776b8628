"""A regional picture that is sent twice counts once."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("capacity", "0003_heartbeat_and_late_list")]

    operations = [
        migrations.AddField(
            model_name="regionalsitrep",
            name="submission",
            field=models.UUIDField(
                default=uuid.uuid4,
                help_text="makes a form that is sent twice count once",
                unique=True,
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="regionalsitrep",
            name="totals",
            field=models.JSONField(
                help_text="per level: the figures of capacity.picture.totals.Totals.stored"
            ),
        ),
    ]
