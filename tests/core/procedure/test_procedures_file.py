"""The procedure files: whole, honest about their sources, and refused when they break an invariant."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from tests.core.procedure.kit import RULEBOOK, procedure, rulebook
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.procedure.case_facts import step_fact
from zhengtu.core.procedure.invariants import INVARIANTS
from zhengtu.core.procedure.steps import Act, Actor, Confidence, Procedures
from zhengtu.core.rules.procedure_checks import FORBIDDEN_WORDS
from zhengtu.core.rules.procedures import fact_kinds_of
from zhengtu.core.rules.rulebook import RulebookInvalid, load_rulebook

STATE_NUMBERS = {f"A{number:02}" for number in range(1, 30) if number != 20} | {"A13a", "A21a"} | {
    "A20a", "A20b", "A20c", "A20d", "E01", "E02", "E03", "E04", "E04a", "E05", "E06", "E07", "E08a", "E08b", "E09",
}
LAND_NUMBERS = {f"B{number:02}" for number in range(1, 21)} | {"B01a", "B11a"}


@pytest.mark.parametrize(("regime", "numbers"), [("state_land", STATE_NUMBERS), ("collective_land", LAND_NUMBERS)])
def test_every_step_of_the_table_is_there(regime: str, numbers: set[str]) -> None:
    assert numbers <= {step.number for step in procedure(regime).steps.values()}


@pytest.mark.parametrize("regime", ["state_land", "collective_land"])
def test_no_step_evicts_and_none_cuts_utilities(regime: str) -> None:
    assert not {act for act in Act if "evict" in act or "utilit" in act}
    for step in procedure(regime).steps.values():
        assert not any(word in " ".join((*step.label, step.id, *step.note)) for word in FORBIDDEN_WORDS), step.id


def test_the_developer_decides_nothing() -> None:
    assert not {actor for actor in Actor if "developer" in actor or "client" in actor}


@pytest.mark.parametrize("regime", ["state_land", "collective_land"])
def test_what_nobody_verified_is_marked(regime: str) -> None:
    """Steps that rest on the valuation measures, whose articles were not read, say so."""
    rules = procedure(regime)
    for step in rules.steps.values():
        if step.source.startswith("valuation-measures-2011"):
            assert step.confidence is Confidence.RECALLED, step.id
    assert all(item.confidence in Confidence for item in (*rules.steps.values(), *rules.rights.values()))


@pytest.mark.parametrize("regime", ["state_land", "collective_land"])
def test_each_invariant_holds_for_some_step(regime: str) -> None:
    missing = {act for act in INVARIANTS if not procedure(regime).having(act)}
    assert missing <= ({Act.LAND_APPLICATION} if regime == "state_land" else {Act.VALUATION})


def test_a_project_keeps_the_version_of_its_governing_date() -> None:
    held = procedure()
    later = replace(held, in_force_from=date(2028, 1, 1))
    both = Procedures((later, held))
    assert both.governing(regime="state_land", on=date(2027, 12, 31)) is held
    assert both.governing(regime="state_land", on=date(2028, 1, 1)) is later
    assert both.named("state_land@2028-01-01") is later
    with pytest.raises(KeyError):
        both.named("state_land@1999-01-01")
    with pytest.raises(Refused, match="no procedure"):
        both.governing(regime="state_land", on=date(2011, 1, 20))


def test_a_step_may_be_in_force_for_a_time_only() -> None:
    step = replace(procedure().steps["audit_published"], in_force_until=date(2027, 1, 1))
    assert step.is_in_force(date(2026, 12, 31))
    assert not step.is_in_force(date(2027, 1, 1))


def test_every_step_is_recorded_by_one_fact_kind_that_fits_its_scope() -> None:
    for regime in ("state_land", "collective_land"):
        rules = procedure(regime)
        for step in rules.steps.values():
            assert rules.recorded_by(step.recorded_by) is step
            kind = rulebook().fact_kinds[step.recorded_by]
            subject = "participation" if step.scope == "project" else step.scope
            assert subject in kind.subject_kinds, step.id


def test_kinds_of_fact_follow_from_the_steps() -> None:
    kinds = fact_kinds_of(rulebook().procedures)
    scheme = kinds["scheme_published"]
    assert (scheme.subject_kinds, scheme.verb, scheme.evidence) == (
        ("participation",), "fact.record", ("announcement", "photo"),
    )
    assert scheme.attributes["published_from"].is_required
    assert not scheme.attributes["published_until"].is_required
    served = kinds["decision_served"].attributes
    assert served["served_on"].is_required
    assert served["method"].choices["post"] == ("邮寄送达", "Post")


def test_a_ledger_fact_becomes_a_fact_of_its_step() -> None:
    given = {"method": "post", "served_on": "2026-03-02", "remedies_stated": "yes"}
    found = step_fact(
        procedure=procedure(), kind="decision_served", happened_on=date(2026, 2, 26), attributes=given,
        evidence=["service_proof"], reference="d/1",
    )
    assert found is not None
    assert (found.step, found.served_on, found.evidence) == (
        "decision_served", date(2026, 3, 2), frozenset({"service_proof"}),
    )
    assert found.attributes == {"method": "post", "remedies_stated": "yes"}
    paid = step_fact(
        procedure=procedure("collective_land"), kind="paid", happened_on=date(2026, 2, 26), attributes={}, evidence=[]
    )
    assert paid is not None
    assert paid.step == "land_compensation_paid"
    other = step_fact(
        procedure=procedure(), kind="matter_opened", happened_on=date(2026, 2, 26), attributes={}, evidence=[]
    )
    assert other is None


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RULEBOOK, tmp_path / "rulebook"))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda raw: raw["steps"]["household_vacated"].update(label=["强制腾空", "Vacated"]), "forced eviction"),
        (lambda raw: raw["steps"]["scope_announced"].update(label=["停水停电", "Cut off"]), "cutting utilities"),
        (lambda raw: raw["steps"]["enforcement_carried_out"].update(needs=["compensation_decided"]), "INV-1"),
        (lambda raw: raw["steps"]["house_demolished"].update(needs=["compensation_paid"]), "INV-2"),
        (lambda raw: raw["steps"]["section_handed_over"].update(needs=["scope_announced"]), "INV-11"),
        (lambda raw: raw["steps"]["agreement_signed"].update(needs=["valuation_report_served"]), "INV-7"),
        (lambda raw: raw["steps"]["court_applied"].update(needs=["decision_served"]), "demand notice"),
        (lambda raw: raw["steps"]["scheme_drafted"].update(needs=["nowhere"]), "unknown step nowhere"),
        (lambda raw: raw["steps"]["scope_announced"].update(needs=["scheme_drafted"]), "circle"),
        (lambda raw: raw["steps"]["scheme_drafted"].update(evidence=["hearsay"]), "unknown evidence kind hearsay"),
        (lambda raw: raw["steps"]["scheme_drafted"].update(evidence=[]), "needs evidence"),
        (lambda raw: raw["steps"]["scheme_drafted"].update(verb="fact.guess"), "unknown verb"),
        (lambda raw: raw["steps"]["scheme_drafted"].update(source="hearsay#1"), "unknown source hearsay#1"),
        (lambda raw: raw["steps"]["scheme_drafted"].update(conditions=["luck"]), "unknown condition luck"),
        (lambda raw: raw["steps"]["scheme_drafted"].update(actor="developer"), "developer"),
        (lambda raw: raw["steps"]["scheme_drafted"].update(act="forced_eviction"), "forced_eviction"),
        (lambda raw: raw["steps"]["scheme_drafted"].update(confidence="certain"), "certain"),
        (lambda raw: raw["steps"]["scheme_drafted"].update(label=["拟定方案"]), "a label is a list"),
        (lambda raw: raw["steps"]["scheme_drafted"].update(recorded_by="paid"), "recorded by paid"),
        (lambda raw: raw["steps"].pop("demand_served"), "demand"),
        (lambda raw: raw["rights"]["request_revaluation"].update({"from": "valuation_report_served.issued_on"}),
         "unknown date"),
        (lambda raw: raw.update(remedies=["hope"]), "unknown right hope"),
        (lambda raw: raw.pop("court"), "'court' is missing"),
    ],
)
def test_a_procedure_that_breaks_a_rule_is_refused_by_name(copy: Path, change: object, named: str) -> None:
    path = copy / "procedures" / "state_land.yaml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert callable(change)
    change(raw)
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(RulebookInvalid) as refused:
        load_rulebook(copy)
    assert named in str(refused.value)
    assert "state_land.yaml" in str(refused.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("2026.yaml", "make_up: [2026-01-04]", "make_up: [2026-01-05]", "2026-01-05 cannot be a make-up working day"),
        ("2026.yaml", "until: 2026-01-03", "until: 2025-12-31", "must lie within 2026"),
        ("2026.yaml", "year: 2026", "year: 2025", "2026.yaml"),
        ("2027.yaml", "is_published: false", "is_published: true", "names its notice"),
        ("counting.yaml", "source: civil-code#203", "source: hearsay#1", "unknown source hearsay#1"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_by_name(copy: Path, file: str, old: str, new: str, named: str) -> None:
    path = copy / "calendars" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookInvalid) as refused:
        load_rulebook(copy)
    assert named in str(refused.value)
