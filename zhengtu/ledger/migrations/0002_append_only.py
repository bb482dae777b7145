"""The database itself refuses to change or remove what was recorded."""

from django.db import migrations

APPEND_ONLY = ("ledger_deed", "ledger_fact", "ledger_evidence", "ledger_storedfile", "ledger_refusal")

FORWARD = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % on % is refused; record a correcting fact instead',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();"
    f"CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table} EXECUTE FUNCTION ledger_refuse_change();"
    for table in APPEND_ONLY
)

BACKWARD = "".join(
    f"DROP TRIGGER append_only ON {table}; DROP TRIGGER append_only_whole ON {table};" for table in APPEND_ONLY
) + "DROP FUNCTION ledger_refuse_change();"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
