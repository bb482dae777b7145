"""The worked timelines in rulebook/cases/timelines: every record through the gate, every last day counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.core.procedure.kit import (
    HOUSEHOLD,
    RULEBOOK,
    STARTS,
    calendar,
    fact,
    procedure,
    refusals,
    whole_dossier,
)
from zhengtu.core.procedure.case_facts import CaseFacts, CourtDossier
from zhengtu.core.procedure.court_predicates import court_window
from zhengtu.core.procedure.question import Question
from zhengtu.core.procedure.rights import rights
from zhengtu.core.procedure.standing import case_standing
from zhengtu.core.procedure.steps import Act

FILES = sorted((RULEBOOK / "cases" / "timelines").glob("*.yaml"))
RECORD_WORDS = {"step", "day", "refused", "earliest", "because", "dossier"}
NO_STATUTE = {"procedure.not_history", "procedure.in_the_future", "procedure.already_recorded"}
"""Refusals by the platform's own bookkeeping."""


def start_of(raw: Any) -> CaseFacts:
    if "start" in raw:
        case = STARTS[raw["start"]]()
    else:
        case = CaseFacts(household_code=HOUSEHOLD, section_code="220204-P0001-S01")
    dossier = whole_dossier(raw["regime"]) if raw.get("dossier") == "complete" else None
    return replace(case, dossier=dossier, platform_since=raw.get("platform_since"))


def with_dossier(case: CaseFacts, entry: Any, *, regime: str) -> CaseFacts:
    if entry.get("dossier") == "nothing":
        return replace(case, dossier=None)
    if entry.get("dossier") == "unanswered":
        return replace(case, dossier=CourtDossier(documents=whole_dossier(regime).documents))
    return case


def check_record(case: CaseFacts, entry: Any, *, regime: str) -> CaseFacts:
    given = {name: value for name, value in entry.items() if name not in RECORD_WORDS}
    proposed = fact(entry["step"], entry["day"], regime=regime, **given)
    reasons = refusals(with_dossier(case, entry, regime=regime), proposed, regime=regime)
    where = f"{entry['step']} on {entry['day']}"
    said = "; ".join(reason.in_english() for reason in reasons)
    if "refused" not in entry:
        assert not reasons, f"{where}: {said}"
        return case.with_fact(proposed, step=procedure(regime).steps[proposed.step])
    named = entry["refused"] if "." in entry["refused"] else f"procedure.{entry['refused']}"
    matching = [reason for reason in reasons if reason.code == named]
    assert matching, f"{where}: expected {named}, was told: {said or 'nothing'}"
    assert all(reason.source for reason in matching) or named in NO_STATUTE
    if "earliest" in entry:
        assert entry["earliest"].isoformat() in {reason.parameters.get("earliest") for reason in matching}, said
    return case


def check_standing(case: CaseFacts, on: date, expected: Any, *, regime: str) -> None:
    rules = procedure(regime)
    standing = case_standing(facts=case, procedure=rules, calendar=calendar(), today=on)
    runs = {f"{run.step}.{run.period.id}": run.last.on for one in standing.steps.values() for run in one.periods}
    for name, last in expected.get("periods", {}).items():
        assert runs.get(name) == last, name
    for name, wanted in expected.get("steps", {}).items():
        found = standing.steps[name]
        assert found.status == wanted["status"], (name, found.reasons)
        assert "earliest" not in wanted or found.earliest_on == wanted["earliest"], (name, found.earliest_on)
        assert "uncertain" not in wanted or list(found.uncertain_years) == wanted["uncertain"], name
    periods = {one.right.id: one for one in rights(facts=case, procedure=rules, calendar=calendar(), today=on)}
    for name, wanted in expected.get("rights", {}).items():
        period = periods[name]
        assert period.state == wanted["state"], (name, period.state)
        assert "last" not in wanted or (period.last is not None and period.last.on == wanted["last"]), (
            name, period.last,
        )
        assert period.is_untold == wanted.get("untold", False), name
        if period.last is not None:
            assert list(period.last.uncertain_years) == wanted.get("uncertain", []), name
    if "court" in expected:
        step = rules.having(Act.COURT_APPLICATION)[0]
        window = court_window(Question(step, on, case, rules, calendar()))
        assert window.remedies_end is not None
        assert window.last is not None
        found = {"remedies_end": window.remedies_end.on, "earliest": window.earliest_on, "last": window.last.on}
        assert found == expected["court"]
    if "shortest_ruling" in expected:
        ruling = standing.steps[rules.having(Act.COURT_RULING)[0].id]
        assert ruling.earliest_on == expected["shortest_ruling"]
    if "to_complete" in expected:
        named = {str(reason.parameters["step"]).removeprefix("step:") for reason in standing.to_complete}
        assert named == set(expected["to_complete"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_timeline_runs_as_written(path: Path) -> None:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert raw["sources"], "a worked case names its sources"
    case = start_of(raw)
    for entry in raw["timeline"]:
        if "check" in entry:
            check_standing(case, entry["day"], entry["check"], regime=raw["regime"])
        else:
            case = check_record(case, entry, regime=raw["regime"])


def test_both_regimes_have_worked_timelines() -> None:
    regimes = [yaml.safe_load(path.read_text(encoding="utf-8"))["regime"] for path in FILES]
    assert regimes.count("state_land") >= 3
    assert regimes.count("collective_land") >= 2
