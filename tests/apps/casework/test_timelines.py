"""The worked timelines of both regimes recorded in the database, through the actions and the gate inside every deed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.apps.casework.statutory_ledger import StatutoryLedger
from tests.cases.test_timelines import FILES, NO_STATUTE, RECORD_WORDS, check_standing
from tests.core.procedure.kit import STARTS, fact
from zhengtu.registry.procedure_cases import case_of
from zhengtu.registry.procedure_verification import contradictions_of

pytestmark = pytest.mark.django_db


def ledger_of(raw: Any) -> StatutoryLedger:
    """The timeline's project with what it starts from."""
    ledger = StatutoryLedger(regime=raw["regime"], platform_since=raw.get("platform_since"))
    for one in sorted(STARTS[raw["start"]]().all_facts(), key=lambda held: held.happened_on) if "start" in raw else ():
        reasons = ledger.record(one)
        assert not reasons, f"{one.step}: " + "; ".join(reason.in_english() for reason in reasons)
    if raw.get("dossier") == "complete":
        ledger.assemble_dossier()
    return ledger


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_timeline_is_recorded_as_written(path: Path) -> None:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    ledger = ledger_of(raw)
    for entry in raw["timeline"]:
        if "check" in entry:
            case = case_of(ledger.household, on=entry["day"])
            assert case is not None
            check_standing(case.facts, entry["day"], entry["check"], regime=raw["regime"])
        elif "dossier" not in entry:
            check_entry(ledger, entry, regime=raw["regime"])
    found = list(contradictions_of(project="220200-P0001"))
    assert not found, [one.reason.in_english() for one in found]


def check_entry(ledger: StatutoryLedger, entry: dict[str, Any], *, regime: str) -> None:
    """Record one line; a refusal names the step, the article and the earliest day, as the line says."""
    given = {name: value for name, value in entry.items() if name not in RECORD_WORDS}
    proposed = fact(entry["step"], entry["day"], regime=regime, **given)
    reasons = ledger.record(proposed)
    said = f"{entry['step']} on {entry['day']}: " + "; ".join(f"{one.code} {one.in_english()}" for one in reasons)
    if "refused" not in entry:
        assert not reasons, said
        return
    named = entry["refused"] if "." in entry["refused"] else f"procedure.{entry['refused']}"
    matching = [reason for reason in reasons if reason.code == named]
    assert matching, f"expected {named}: {said}"
    assert all(reason.parameters.get("step", f"step:{proposed.step}") == f"step:{proposed.step}" for reason in matching)
    assert all(reason.source for reason in matching) or named in NO_STATUTE
    if "earliest" in entry:
        assert entry["earliest"].isoformat() in {reason.parameters.get("earliest") for reason in matching}, said


def test_what_happened_or_was_known_later_is_not_seen() -> None:
    ledger = StatutoryLedger(regime="state_land")
    for one in STARTS["announced_project"]().all_facts():
        assert not ledger.record(one)
    early = case_of(ledger.participation, on=date(2025, 2, 1))
    late = case_of(ledger.participation, on=date(2025, 3, 10))
    unknown = case_of(ledger.participation, known=date(2024, 12, 10))
    assert early is not None
    assert late is not None
    assert unknown is not None
    assert "expropriation_decided" in late.facts.by_step
    assert max(held.happened_on for held in early.facts.all_facts()) <= date(2025, 2, 1)
    assert set(unknown.facts.by_step) == {"public_interest_established", "plans_conform"}
