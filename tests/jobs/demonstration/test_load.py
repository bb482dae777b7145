"""Loading the demonstration: a whole campaign whose ledger, order and figures hold together, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.db import transaction

from zhengtu.accounts.models import Person, Posting
from zhengtu.accounts.queries import actor_of
from zhengtu.casework.agreement_queries import with_standing
from zhengtu.casework.compensation_facts import compensation_cases_of, rules_for
from zhengtu.casework.models import Agreement
from zhengtu.casework.statements import statement_of
from zhengtu.core.compensation.agreement_terms import payable
from zhengtu.core.compensation.facts import Mode
from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.core.ledger.fact_kinds import later_steps_reasons
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.funds.funding_queries import account_rows
from zhengtu.funds.reconciling import reconciliation_of
from zhengtu.jobs.demonstration import load
from zhengtu.jobs.demonstration.generate import generate
from zhengtu.ledger import files
from zhengtu.ledger.models import Deed, Fact, Milestones
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Campaign, Household, Parcel

NOW = datetime(2025, 2, 14, 9, 30, tzinfo=SHANGHAI)
HOUSEHOLDS = 300

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demonstration")]


@pytest.fixture(scope="module")
def passwords(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[dict[str, str]]:
    """One load for the whole module, undone at its end."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        # The real hash takes a third of a second for each account, by design.
        patch.setattr(load, "make_password", lambda password: f"plain${password}")
        evidence = FileSystemStorage(tmp_path_factory.mktemp("evidence"))
        patch.setattr(files, "evidence_storage", lambda: evidence)
        with transaction.atomic():
            yield load.load(generate(households=HOUSEHOLDS, today=NOW.date()), now=NOW)
            transaction.set_rollback(True)


def test_the_loaded_campaign_holds_together(passwords: dict[str, str]) -> None:
    assert Household.objects.count() == HOUSEHOLDS
    assert Parcel.objects.filter(shape__isnull=True).count() == 0
    call_command("verify_ledger", stdout=StringIO())
    call_command("rebuild_projections", "--check", stdout=StringIO())


def test_no_loaded_history_contradicts_the_order_of_steps(passwords: dict[str, str]) -> None:
    kinds = current_rulebook().fact_kinds
    for row in Milestones.objects.filter(subject_kind="household"):
        dates = {m: day for m in Milestone if (day := getattr(row, f"{m}_on")) is not None}
        assert later_steps_reasons(kinds, dates=dates) == [], row.subject


def test_nothing_is_dated_later_than_the_loading(passwords: dict[str, str]) -> None:
    assert not Fact.objects.filter(happened_on__gt=NOW.date()).exists()
    assert not Deed.objects.filter(recorded_at__gt=NOW).exists()


def test_history_from_before_the_campaign_is_not_verified(passwords: dict[str, str]) -> None:
    start = Campaign.objects.get().start_on
    assert not Deed.objects.filter(recorded_on__lt=start).exists()
    assert Fact.objects.filter(happened_on__lt=start, is_verified=False, kind="vacated").exists()
    assert not Fact.objects.filter(happened_on__gte=start, is_verified=False).exists()
    late = Fact.objects.filter(deed__recorded_on__gt=start, is_verified=False)
    assert set(late.values_list("kind", flat=True)) <= {"funds_planned", "funds_arrived"}


def test_names_and_identity_numbers_are_sealed(passwords: dict[str, str]) -> None:
    household = Household.objects.first()
    assert household is not None
    assert "*" in household.name_masked
    assert household.identity_masked.startswith("999*")


def test_every_account_has_a_password_of_its_own(passwords: dict[str, str]) -> None:
    assert len(set(passwords.values())) == len(passwords) >= 11


def test_a_second_load_changes_nothing(passwords: dict[str, str]) -> None:
    before = Deed.objects.count()
    said = StringIO()
    call_command("load_demo", "--households", "300", stdout=said)
    assert "loaded already" in said.getvalue()
    assert Deed.objects.count() == before


def test_a_real_campaign_is_never_forgotten(passwords: dict[str, str]) -> None:
    Campaign.objects.update(is_demonstration=False)
    with pytest.raises(CommandError, match="no demonstration"):
        call_command("forget_demo")
    assert Household.objects.count() == HOUSEHOLDS


def test_the_family_with_an_account_has_papers_that_name_nobody_else(passwords: dict[str, str]) -> None:
    household = Posting.objects.get(role="family").subject
    deeds = set(Fact.objects.filter(subject=household).values_list("deed", flat=True))
    shared = set(Fact.objects.filter(deed__in=deeds).exclude(subject=household).values_list("deed", flat=True))
    assert len(shared) == 1, "only the import of what was there before"
    assert len(deeds) > 1


def test_every_chain_runs_forward_in_time(passwords: dict[str, str]) -> None:
    last: dict[str, datetime] = {}
    for deed in Deed.objects.order_by("chain", "number"):
        assert deed.recorded_at >= last.get(deed.chain, deed.recorded_at), deed.id
        last[deed.chain] = deed.recorded_at


def test_sums_signed_and_decided_are_what_the_rules_give_for_the_households_own_facts(
    passwords: dict[str, str]
) -> None:
    facts = list(Fact.objects.filter(kind__in=["signed", "decided"]))
    cases = compensation_cases_of([fact.subject for fact in facts])
    compared = 0
    for fact in facts:
        case = cases[fact.subject]
        if case.facts.regime == "LEGACY_DEMOLITION" or case.valued_on is None or case.valued_on < date(2024, 1, 1):
            continue
        signed_on = fact.happened_on if fact.kind == "signed" else None
        option = replace(
            case.ways[Mode(fact.attributes["option"])], signed_on=signed_on,
            vacated_on=signed_on + timedelta(days=15) if signed_on else None,
        )
        statement = statement_of(case, option=option, rules=rules_for(case.facts.project))
        assert str(payable(statement)) == fact.attributes["amount_yuan"], fact.subject
        compared += 1
    assert compared > 50


def test_the_districts_signings_stand_on_agreements_and_others_wait(passwords: dict[str, str]) -> None:
    held = with_standing(Agreement.objects.all())
    assert {"draft", "checked", "signed", "performed", "cancelled"} <= set(held.values_list("standing", flat=True))
    for agreement in held.filter(state="signed"):
        fact = Fact.objects.get(kind="signed", subject=agreement.household_id)
        assert fact.attributes["statement_digest"] == agreement.statement_digest
        assert fact.attributes["amount_yuan"] == str(agreement.amount_yuan)
        assert (fact.deed_id, fact.happened_on) == (agreement.signed_deed, agreement.signed_on)
        assert agreement.drafted_on <= agreement.signed_on
        assert agreement.drafted_by != agreement.checked_by


def test_accounts_are_funded_and_reconciled_and_one_client_is_late(passwords: dict[str, str]) -> None:
    mayor = actor_of(Person.objects.get(username="mayor"), on=NOW.date())
    rows = account_rows(mayor, on=NOW.date(), known=None)
    assert rows
    for row in rows:
        assert row.standing.balance_yuan >= 0
        found = reconciliation_of(row.code, on=NOW.date(), known=None)
        assert found.breaks == []
        assert all(one.line is not None and one.line.summary == "结息" for one in found.differences)
    late = [row.account.project.code for row in rows if row.standing.light.name == "red"]
    assert set(late) <= {"220200-P0001"}
