"""Requests that run already are counted for the reports of their site. May run twice: it counts afresh."""

from django.db import migrations

COUNT = """
UPDATE capacity_openrequests SET requests = 0;
INSERT INTO capacity_openrequests (site_id, level_id, requests)
SELECT sending_site_id, level_id, count(*)
FROM transfers_transferrequest
WHERE status NOT IN (
    'draft', 'departed', 'arrived', 'handed_over', 'closed', 'withdrawn', 'expired', 'deceased'
)
GROUP BY sending_site_id, level_id
ON CONFLICT (site_id, level_id) DO UPDATE SET requests = excluded.requests;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("transfers", "0004_ride_needs"),
        ("capacity", "0006_open_requests"),
    ]
    operations = [migrations.RunSQL(COUNT, migrations.RunSQL.noop)]
