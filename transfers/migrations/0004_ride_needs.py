from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transfers", "0003_drafts_numbers_and_statements")]

    operations = [
        migrations.AddField(
            "ride", "weight_kg", models.PositiveSmallIntegerField(blank=True, null=True)
        ),
        migrations.AddField("ride", "isolation", models.CharField(blank=True, max_length=8)),
        migrations.AddField(
            "ride",
            "devices",
            models.CharField(blank=True, help_text="codes, separated by spaces", max_length=100),
        ),
    ]
