"""The database refuses to change or remove an adopted scheme."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION casework_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: what was adopted or signed stays; add a later version instead',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON casework_adoptedplan
    FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
CREATE TRIGGER frozen_whole BEFORE TRUNCATE ON casework_adoptedplan EXECUTE FUNCTION casework_refuse_change();
"""

BACKWARD = """
DROP TRIGGER frozen ON casework_adoptedplan;
DROP TRIGGER frozen_whole ON casework_adoptedplan;
DROP FUNCTION casework_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_adopted_plan")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
