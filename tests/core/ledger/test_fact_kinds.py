"""What a fact may be: its order among the others, its evidence and its attributes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from zhengtu.core.ledger.fact_kinds import (
    checked_attributes,
    evidence_reasons,
    later_steps_reasons,
    order_reasons,
)
from zhengtu.core.ledger.gates import pulled_step_reasons
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.core.rules.rulebook import load_rulebook

KINDS = load_rulebook(Path(__file__).resolve().parents[3] / "rulebook").fact_kinds
TODAY = date(2025, 2, 14)
WAY = {
    Milestone.REGISTERED: date(2025, 1, 6), Milestone.SURVEYED: date(2025, 1, 10), Milestone.VALUED: date(2025, 1, 20),
    Milestone.SIGNED: date(2025, 2, 3), Milestone.PAID: date(2025, 2, 5),
}


def codes(kind: str, on: date, dates: dict[Milestone, date], *, corrects: bool = False) -> list[str]:
    return [r.code for r in order_reasons(KINDS[kind], happened_on=on, today=TODAY, dates=dates, corrects=corrects)]


def test_a_lawful_step_has_nothing_against_it() -> None:
    assert codes("vacated", date(2025, 2, 10), WAY) == []


def test_nothing_is_recorded_of_the_future() -> None:
    assert codes("vacated", date(2025, 2, 15), WAY) == ["ledger.in_the_future"]


def test_nobody_vacates_before_signing_or_a_decision() -> None:
    valued = {m: d for m, d in WAY.items() if m not in (Milestone.SIGNED, Milestone.PAID)}
    assert codes("vacated", date(2025, 2, 10), valued) == ["ledger.step_missing", "ledger.step_missing"]


def test_nobody_vacates_before_being_paid() -> None:
    unpaid = {m: d for m, d in WAY.items() if m is not Milestone.PAID}
    assert codes("vacated", date(2025, 2, 10), unpaid) == ["ledger.step_missing"]
    assert codes("vacated", date(2025, 2, 4), WAY) == ["ledger.before_its_step"]


def test_a_decision_stands_in_for_a_signature() -> None:
    decided = {m: d for m, d in WAY.items() if m is not Milestone.SIGNED} | {Milestone.DECIDED: date(2025, 2, 1)}
    assert codes("vacated", date(2025, 2, 10), decided) == []


def test_a_step_is_taken_once_unless_it_is_corrected() -> None:
    assert codes("surveyed", date(2025, 1, 12), WAY) == ["ledger.already_recorded"]
    assert codes("surveyed", date(2025, 1, 12), WAY, corrects=True) == []


def test_a_home_may_be_promised_anew() -> None:
    promised = WAY | {Milestone.PROMISED: date(2026, 1, 1)}
    assert codes("resettlement_promised", date(2025, 2, 10), promised) == []


def test_taking_a_step_from_under_a_later_one_is_noticed() -> None:
    assert later_steps_reasons(KINDS, dates=WAY) == []
    unpaid = {m: d for m, d in WAY.items() if m is not Milestone.PAID} | {Milestone.VACATED: date(2025, 2, 10)}
    assert [reason.code for reason in later_steps_reasons(KINDS, dates=unpaid)] == ["ledger.step_missing"]


def pulled(moved_to: int, *standing: tuple[str, int]) -> list[str]:
    """What a correction of the last moving out, of 10 February, is told; facts stand besides it."""
    before, after = ({**WAY, Milestone.VACATED: date(2025, 2, day)} for day in (10, moved_to))
    told = [(kind, date(2025, 2, day)) for kind, day in standing]
    return [r.code for r in pulled_step_reasons(KINDS, before=before, after=after, standing=told)]


def test_what_ended_before_is_no_step_that_a_correction_pulls() -> None:
    """Torn down on the 7th, lived in on the 8th: the new moving out bears nothing of that."""
    earlier = [("vacated", 6), ("demolished", 7), ("moved_back_found", 8)]
    assert pulled(11, *earlier) == []
    assert pulled(11, *earlier, ("demolished", 10)) == ["ledger.pulled_step"]
    assert pulled(11, ("demolished", 10)) == ["ledger.pulled_step"]


def test_required_evidence_is_asked_for() -> None:
    assert [r.code for r in evidence_reasons(KINDS["signed"], attached=["photo"])] == ["ledger.evidence_missing"]
    assert evidence_reasons(KINDS["signed"], attached=["photo", "agreement"]) == []


def test_attributes_are_stored_as_text_that_never_changes() -> None:
    stored, reasons = checked_attributes(KINDS["signed"], {"option": "cash", "amount_yuan": "430000.005"})
    assert (stored, reasons) == ({"option": "cash", "amount_yuan": "430000.00"}, [])


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("signed", {"option": "barter", "amount_yuan": "1"}),
        ("signed", {"option": "cash"}),
        ("signed", {"option": "cash", "amount_yuan": "-1"}),
        ("signed", {"option": "cash", "amount_yuan": "NaN"}),
        ("signed", {"option": "cash", "amount_yuan": "a lot"}),
        ("signed", {"option": "cash", "amount_yuan": "1", "colour": "red"}),
        ("resettlement_promised", {"promised_on": "2025-02-30"}),
        ("registered", {"members": "-1"}),
    ],
)
def test_a_wrong_attribute_is_named(kind: str, given: dict[str, object]) -> None:
    _stored, reasons = checked_attributes(KINDS[kind], given)
    assert [reason.code for reason in reasons] == ["ledger.attribute"]
