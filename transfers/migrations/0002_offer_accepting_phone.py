"""The direct number of the doctor who accepts, for the call between the two doctors."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transfers", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="offer",
            name="accepting_phone",
            field=models.CharField(
                blank=True, default="", help_text="direct, of that doctor", max_length=20
            ),
            preserve_default=False,
        ),
    ]
