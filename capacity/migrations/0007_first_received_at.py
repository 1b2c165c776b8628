"""A correction does not make late who was on time: every version knows when the first one came in."""

from django.db import migrations, models

FILL = """
UPDATE capacity_capacityreport AS report
   SET first_received_at = first.received_at
  FROM capacity_capacityreport AS first
 WHERE first.site_id = report.site_id AND first.slot_id = report.slot_id AND first.version = 1
"""


class Migration(migrations.Migration):
    dependencies = [("capacity", "0006_open_requests")]

    operations = [
        migrations.AddField(
            model_name="capacityreport",
            name="first_received_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="capacityreport",
            name="first_received_at",
            field=models.DateTimeField(
                help_text="receipt of version 1: on time is decided by this"
            ),
        ),
        migrations.AlterField(
            model_name="capacityreport",
            name="received_at",
            field=models.DateTimeField(help_text="receipt of this version"),
        ),
    ]
