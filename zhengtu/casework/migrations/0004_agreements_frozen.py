"""The database refuses to change what an agreement says, and anything of one that is signed or cancelled."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION casework_agreement_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state IN ('signed', 'cancelled')
        OR (OLD.state = 'draft' AND NEW.state NOT IN ('draft', 'checked', 'cancelled'))
        OR (OLD.state = 'checked' AND NEW.state NOT IN ('checked', 'signed', 'cancelled'))
        OR (OLD.number, OLD.household_id, OLD.sequence, OLD.previous_id, OLD.reason, OLD.way, OLD.option, OLD.facts,
            OLD.valued_on, OLD.sign_on, OLD.pay_by, OLD.move_out_by, OLD.statement, OLD.statement_digest,
            OLD.amount_yuan, OLD.rulebook, OLD.drafted_by, OLD.drafted_on, OLD.drafted_deed)
        IS DISTINCT FROM
           (NEW.number, NEW.household_id, NEW.sequence, NEW.previous_id, NEW.reason, NEW.way, NEW.option, NEW.facts,
            NEW.valued_on, NEW.sign_on, NEW.pay_by, NEW.move_out_by, NEW.statement, NEW.statement_digest,
            NEW.amount_yuan, NEW.rulebook, NEW.drafted_by, NEW.drafted_on, NEW.drafted_deed)
    THEN
        RAISE EXCEPTION 'agreement % stays as it is: cancel a draft and draft anew, or supplement what is signed',
            OLD.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON casework_agreement
    FOR EACH ROW EXECUTE FUNCTION casework_agreement_change();
CREATE TRIGGER frozen_whole BEFORE TRUNCATE ON casework_agreement EXECUTE FUNCTION casework_refuse_change();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON casework_agreementpayee
    FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
CREATE TRIGGER frozen_whole BEFORE TRUNCATE ON casework_agreementpayee EXECUTE FUNCTION casework_refuse_change();
"""

BACKWARD = """
DROP TRIGGER frozen ON casework_agreement;
DROP TRIGGER frozen_whole ON casework_agreement;
DROP TRIGGER frozen ON casework_agreementpayee;
DROP TRIGGER frozen_whole ON casework_agreementpayee;
DROP FUNCTION casework_agreement_change();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_agreements"), ("casework", "0002_adopted_plan_frozen")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
