"""The database keeps the lines of a checked order as they were checked, and the reply's lines as they were read."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION funds_keep_checked_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held text;
    line funds_paymentline;
BEGIN
    IF TG_OP = 'INSERT' THEN line := NEW; ELSE line := OLD; END IF;
    SELECT state INTO held FROM funds_paymentorder WHERE code = line.order_id;
    IF held IN ('prepared', 'returned', 'cancelled') THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.order_id, NEW.reference, NEW.household_id, NEW.amount_yuan, NEW.payee_sealed,
            NEW.payee_index, NEW.account_index) IS NOT DISTINCT FROM (OLD.order_id, OLD.reference, OLD.household_id,
            OLD.amount_yuan, OLD.payee_sealed, OLD.payee_index, OLD.account_index) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on a line of order % is refused: its lines were checked', TG_OP, line.order_id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER checked_lines BEFORE INSERT OR UPDATE OR DELETE ON funds_paymentline
    FOR EACH ROW EXECUTE FUNCTION funds_keep_checked_lines();
"""

BACKWARD = """
DROP TRIGGER checked_lines ON funds_paymentline;
DROP FUNCTION funds_keep_checked_lines();
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0001_payments")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
