"""Which care levels keep beds empty for calamities is data."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("capacity", "0004_sitrep_submission")]

    operations = [
        migrations.AddField(
            model_name="carelevel",
            name="has_reserve",
            field=models.BooleanField(
                default=False, help_text="beds kept empty for calamities (BOSS) are asked for"
            ),
        ),
    ]
