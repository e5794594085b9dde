"""The record is append-only, and every new event waits in `platform_unsealed` for its seal."""

from django.db import migrations

_FORWARD = """
CREATE FUNCTION platform_queue_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO platform_unsealed (event_id, xid) SELECT id, xid FROM added;
    PERFORM pg_notify('dotpha_recorded', '');
    RETURN NULL;
END $$;
CREATE TRIGGER queue_event AFTER INSERT ON platform_auditevent
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION platform_queue_event();
CREATE FUNCTION platform_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON platform_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION platform_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON platform_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION platform_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON platform_seal
    FOR EACH STATEMENT EXECUTE FUNCTION platform_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON platform_seal
    FOR EACH STATEMENT EXECUTE FUNCTION platform_append_only();
"""
_BACKWARD = """
DROP TRIGGER never_emptied ON platform_seal;
DROP TRIGGER append_only ON platform_seal;
DROP TRIGGER never_emptied ON platform_auditevent;
DROP TRIGGER append_only ON platform_auditevent;
DROP TRIGGER queue_event ON platform_auditevent;
DROP FUNCTION platform_append_only();
DROP FUNCTION platform_queue_event();
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0001_initial")]
    operations = [migrations.RunSQL(_FORWARD, _BACKWARD)]
