from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("regions", "0001_initial")]

    operations = [
        migrations.RenameField("phase", "label", "label_nl"),
        migrations.AddField(
            "phase",
            "label_en",
            models.CharField(default="", max_length=60),
            preserve_default=False,
        ),
    ]
