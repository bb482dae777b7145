"""The rulebook: it loads whole, and a copy that contradicts itself is refused by file and entry."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zhengtu.core.ledger.milestones import Milestone, State
from zhengtu.core.rules.rulebook import RulebookInvalid, load_rulebook

RULEBOOK = Path(__file__).resolve().parents[3] / "rulebook"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RULEBOOK, tmp_path / "rulebook"))


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_rulebook_loads_with_every_label_in_both_languages() -> None:
    rules = load_rulebook(RULEBOOK)
    assert set(rules.labels["milestone"]) == set(Milestone)
    assert set(rules.labels["state"]) == set(State)
    for group, labels in rules.labels.items():
        for id, (chinese, english) in labels.items():
            assert chinese.strip(), (group, id)
            assert english.strip(), (group, id)


def test_there_is_no_fact_for_forced_eviction_or_for_cutting_utilities() -> None:
    for kind in load_rulebook(RULEBOOK).fact_kinds.values():
        assert not any(word in kind.label[0] for word in ("强拆", "强制腾空", "断水", "断电", "停水", "停电"))


def test_vacating_needs_signing_or_a_decision_and_payment_before_it() -> None:
    vacated = load_rulebook(RULEBOOK).fact_kinds["vacated"]
    assert vacated.after == ((Milestone.SIGNED, Milestone.DECIDED), (Milestone.PAID,))
    assert vacated.evidence == ("vacating_record",)


def test_each_step_of_a_household_carries_evidence_and_a_source() -> None:
    for kind in load_rulebook(RULEBOOK).fact_kinds.values():
        # Moving back is no step: a released inspection finds it, with the photos of its check.
        if kind.milestone is not None and kind.milestone is not Milestone.REOCCUPIED:
            assert kind.evidence, kind.id
            assert kind.source or kind.milestone is Milestone.REGISTERED, kind.id


def test_a_label_is_chinese_unless_the_language_is_english_and_falls_back_to_the_id() -> None:
    rules = load_rulebook(RULEBOOK)
    assert rules.label(group="milestone", id="vacated", language="zh-hans") == "腾空"
    assert rules.label(group="milestone", id="vacated", language="en-gb") == "Vacated"
    assert rules.label(group="milestone", id="flown", language="en") == "flown"
    assert rules.label(group="nothing", id="flown", language="en") == "flown"


def test_the_fingerprint_changes_with_any_byte_of_any_file(copy: Path) -> None:
    before = load_rulebook(copy).fingerprint
    assert before == load_rulebook(RULEBOOK).fingerprint
    replaced(copy / "sources" / "statutes.yaml", "\n", "\n\n")
    assert load_rulebook(copy).fingerprint != before


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("authority.yaml", "{cockpit.view: city", "{cockpit.burn: city",
         "role mayor names the unknown verb cockpit.burn"),
        ("authority.yaml", "{cockpit.view: city", "{cockpit.view: world",
         "authority.yaml: role mayor gives cockpit.view the unknown scope world"),
        ("authority.yaml", "fact.record: jurisdiction", "fact.record: jurisdiction, fact.record_payment: jurisdiction",
         "role field_officer holds both fact.record and fact.record_payment"),
        ("facts.yaml", "verb: fact.record_valuation", "verb: fact.guess",
         "facts.yaml: valued: unknown verb fact.guess"),
        ("facts.yaml", "evidence: [survey_form]", "evidence: [hearsay]", "facts.yaml: surveyed: unknown evidence kind"),
        ("facts.yaml", "subject: [section]\n", "subject: [city]\n", "facts.yaml: handed_over: unknown subject kind"),
        ("facts.yaml", "source: state-council-decree-590#15", "source: hearsay#1",
         "facts.yaml: surveyed: unknown source hearsay#1"),
        ("facts.yaml", "  vacated: [腾空, Vacated]\n  reoccupied", "  gone: [腾空, Vacated]\n  reoccupied",
         "facts.yaml: milestones and states must be exactly those of the ledger"),
        ("facts.yaml", "kinds:\n", "kinds: [\n", "facts.yaml"),
    ],
)
def test_a_broken_copy_is_refused_by_file_and_entry(copy: Path, file: str, old: str, new: str, named: str) -> None:
    replaced(copy / file, old, new)
    with pytest.raises(RulebookInvalid) as refused:
        load_rulebook(copy)
    assert named in str(refused.value)


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "facts.yaml").unlink()
    with pytest.raises(RulebookInvalid, match=r"facts\.yaml"):
        load_rulebook(copy)


def test_a_source_without_its_date_in_force_is_named(copy: Path) -> None:
    text = (copy / "sources" / "statutes.yaml").read_text(encoding="utf-8")
    (copy / "sources" / "statutes.yaml").write_text(text.replace("in_force_from", "in_force", 1), encoding="utf-8")
    with pytest.raises(RulebookInvalid, match=r"statutes\.yaml: .* needs title and in_force_from"):
        load_rulebook(copy)


def test_an_unknown_detector_or_a_missing_threshold_is_refused(copy: Path) -> None:
    rules = copy / "integrity" / "rules.yaml"
    replaced(rules, "  same_identity:", "  same_shoes:")
    with pytest.raises(RulebookInvalid, match=r"integrity/rules\.yaml: detectors are exactly"):
        load_rulebook(copy)
    replaced(rules, "  same_shoes:", "  same_identity:")
    replaced(rules, "      files: {label", "      file: {label")
    with pytest.raises(RulebookInvalid, match=r"same_identity: thresholds missing \['files'\], unknown \['file'\]"):
        load_rulebook(copy)


def test_a_concealing_verb_must_exist(copy: Path) -> None:
    replaced(copy / "authority.yaml", "  finding.ask: finding.view", "  finding.ask: finding.look")
    with pytest.raises(RulebookInvalid, match=r"seen_with names the unknown verb finding\.look"):
        load_rulebook(copy)


@pytest.mark.parametrize(("old", "new", "says"), [
    ("samples: 400", "samples: 40", "samples is at least 100"),
    ("finished_share: 0.95", "finished_share: 1.5", "finished_share lies above 0"),
    ("weekly_weeks: 52", "weekly_weeks: 500", "weekly_weeks lies within horizon_weeks"),
    ("own_events: 8", "own_event: 8", "holds exactly"),
    ("handovers: 3", "handovers: yes", "handovers is a number"),
    ("confidence: design", "confidence: sure", "confidence is one of"),
])
def test_numbers_of_the_forecast_that_cannot_be_are_refused_by_name(copy: Path, old: str, new: str, says: str) -> None:
    replaced(copy / "forecast" / "rules.yaml", old, new)
    with pytest.raises(RulebookInvalid, match=says):
        load_rulebook(copy)
