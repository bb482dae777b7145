"""The database refuses to change or remove what was asked, answered and closed about a finding."""

from django.db import migrations

FROZEN = ("campaign_findingquestion", "campaign_findinganswer", "campaign_findingclosing")

FORWARD = """
CREATE FUNCTION campaign_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: what was asked, answered or closed stays; add to it instead',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION campaign_refuse_change();"
    f"CREATE TRIGGER frozen_whole BEFORE TRUNCATE ON {table} EXECUTE FUNCTION campaign_refuse_change();"
    for table in FROZEN
)

BACKWARD = "".join(
    f"DROP TRIGGER frozen ON {table}; DROP TRIGGER frozen_whole ON {table};" for table in FROZEN
) + "DROP FUNCTION campaign_refuse_change();"


class Migration(migrations.Migration):
    dependencies = [("campaign", "0001_findings")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
