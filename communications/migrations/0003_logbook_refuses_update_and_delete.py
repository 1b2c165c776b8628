"""A line once written stays: the database itself refuses to change or delete it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION communications_auditevent_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the logbook refuses %', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER communications_auditevent_is_append_only
    BEFORE UPDATE OR DELETE ON communications_auditevent
    FOR EACH ROW EXECUTE FUNCTION communications_auditevent_refuse();
"""

BACKWARD = """
DROP TRIGGER communications_auditevent_is_append_only ON communications_auditevent;
DROP FUNCTION communications_auditevent_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("communications", "0002_message_recipient")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
