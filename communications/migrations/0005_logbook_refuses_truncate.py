"""A trigger for each row says nothing when the table is emptied at once: refuse that too."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER communications_auditevent_is_never_emptied
    BEFORE TRUNCATE ON communications_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION communications_auditevent_refuse();
"""

BACKWARD = "DROP TRIGGER communications_auditevent_is_never_emptied ON communications_auditevent"


class Migration(migrations.Migration):
    dependencies = [("communications", "0004_delivery_in_doubt")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
