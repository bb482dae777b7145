"""Parameters: who may set them, which value holds where and when, what a project's scheme may change."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from zhengtu.core.compensation.facts_reading import household_facts_from
from zhengtu.core.compensation.parameter_reading import parameters_from, plan_adopted, values_added
from zhengtu.core.compensation.parameters import Level, Parameters, level_of
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.rules.compensation import CompensationRulebook, load_compensation
from zhengtu.core.rules.rulebook import RulebookInvalid

RULEBOOK = Path(__file__).resolve().parents[3] / "rulebook"
FEE = "state_land.temporary_accommodation.per_m2_month"
SOURCES = {"notice"}


def value(amount: Any, place: str = "2202", start: str = "2024-01-01", **more: Any) -> dict[str, Any]:
    return {"place": place, "from": start, "value": amount, "source": "notice#6", "confidence": "verified", **more}


def fee(*values: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "fee", "label": ["费", "Fee"], "unit": "yuan_per_m2", "set_by": "city", "values": values, **more}


def parameters(*entries: dict[str, Any]) -> Parameters:
    return Parameters({}).merged(parameters_from(entries, sources=SOURCES))


def rate(given: Parameters, day: str, place: str = "220204", **more: str) -> Decimal | None:
    found = given.on(date=date.fromisoformat(day), place=place, **more).find("fee")
    return found and found.number


def problem(*entries: dict[str, Any]) -> str:
    with pytest.raises(Refused) as refusal:
        parameters(*entries)
    return "; ".join(reason.in_english() for reason in refusal.value.reasons)


def test_a_value_holds_from_its_day_until_the_next_one() -> None:
    given = parameters(fee(value("20"), value("25", start="2025-07-01")))
    assert [rate(given, day) for day in ("2023-12-31", "2024-01-01", "2025-06-30", "2025-07-01")] == [None, 20, 20, 25]


def test_a_value_can_end() -> None:
    given = parameters(fee(value("20", until="2025-01-01")))
    assert [rate(given, day) for day in ("2024-12-31", "2025-01-01")] == [20, None]


def test_the_closest_place_counts_and_other_places_do_not() -> None:
    given = parameters(fee(value("20"), value("22", place="220204"), value("90", place="3301", start="2025-01-01")))
    assert rate(given, "2026-01-01") == 22
    assert rate(given, "2026-01-01", place="220211") == 20
    assert rate(given, "2026-01-01", place="650102") is None


def test_an_elected_set_counts_before_the_standard_one_and_falls_back_on_it() -> None:
    given = parameters(fee(value("20"), value("30", set="pilot")))
    assert rate(given, "2026-01-01") == 20
    assert rate(given, "2026-01-01", set_name="pilot") == 30
    assert rate(given, "2026-01-01", set_name="another") == 20


def test_levels_are_told_by_the_place() -> None:
    assert [level_of(place) for place in ("CN", "22", "2202", "220204", "220200-P0001", "", "220", "x")] == [
        Level.NATION,
        Level.PROVINCE,
        Level.CITY,
        Level.CITY,
        Level.PROJECT,
        None,
        None,
        None,
    ]


def test_only_the_level_named_may_set_a_value() -> None:
    assert "is set by the city alone; 22 may not set it" in problem(fee(value("20", place="22")))


def test_two_values_for_one_place_and_day_contradict() -> None:
    assert "two values" in problem(fee(value("20"), value("21")))


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (fee(value(0.5)), "write the number 0.5 as text"),
        (fee(value("-1")), "negative"),
        (fee({**value("1"), "source": "nowhere#1"}), "not among the instruments"),
        (fee({**value("1"), "confidence": "sure"}), "sure"),
        (fee({key: item for key, item in value("1").items() if key != "source"}), "source"),
        (fee(value("1"), kind="choice", choices=["a", "b"]), "none of a, b"),
        (fee(value({"included_m2": "60"}), kind="charge"), "per_household"),
        (fee(value({"measure": "signing", "tiers": []}), kind="tiers"), "rising"),
        (fee(value({"measure": "signing", "tiers": [{"until_day": 9}, {"until_day": 9}]}), kind="tiers"), "rising"),
        (fee(value({"measure": "signing", "tiers": [{"share": "1"}]}), kind="tiers"), "until_day or until_on"),
        (fee(value("1"), extra=1), "unknown keys"),
        (fee(value("1"), label=["费", {"Fee": "dwelling"}]), "two texts"),
        (fee(value("1"), local={}), "local items"),
        ({**fee(value("1"), local={}), "id": "local.x", "unit": "yuan"}, "the unit of a local item"),
    ],
)
def test_a_malformed_entry_is_refused_by_name(entry: dict[str, Any], words: str) -> None:
    assert words in problem(entry)


def test_a_scheme_sets_what_is_the_projects_own_and_nothing_else(book: CompensationRulebook) -> None:
    base = book.rules.parameters
    tiers = {"measure": "signing", "tiers": [{"until_on": "2026-03-01", "per_household": "12000"}]}
    plan = {"from": "2026-01-01", "parameters": [{"id": "signing_reward.dwelling", "values": [{"value": tiers}]}]}
    adopted = plan_adopted(base, plan, project="220200-P0001")
    found = adopted.on(date=date(2026, 2, 1), place="220204", project="220200-P0001").find("signing_reward.dwelling")
    assert found is not None
    assert (found.dated.source, found.dated.confidence) == ("adopted-plan:220200-P0001", "verified")
    assert (
        base.on(date=date(2026, 2, 1), place="220204", project="220200-P0001").find("signing_reward.dwelling") is None
    )
    other = adopted.on(date=date(2026, 2, 1), place="220204", project="220200-P0002")
    assert other.find("signing_reward.dwelling") is None
    with pytest.raises(Refused, match="set by the city alone"):
        plan_adopted(base, {**plan, "parameters": [{"id": FEE, "values": [{"value": "99"}]}]}, project="220200-P0001")


def test_a_scheme_may_bring_local_items_of_its_own(book: CompensationRulebook) -> None:
    item = {
        "id": "local.shed",
        "label": ["棚", "Shed"],
        "unit": "yuan_per_piece",
        "local": {},
        "values": [{"value": "40"}],
    }
    plan = {"from": date(2026, 1, 1), "confidence": "illustrative", "parameters": [item]}
    adopted = plan_adopted(book.rules.parameters, plan, project="220200-P0001")
    local = adopted.on(date=date(2026, 2, 1), place="220204", project="220200-P0001").local_rates
    assert "local.shed" in [found.parameter.id for found in local]


def test_values_for_a_known_parameter_leave_its_label_and_unit_alone(book: CompensationRulebook) -> None:
    entry = {"id": FEE, "unit": "yuan", "values": []}
    with pytest.raises(Refused, match="stay; give values only"):
        values_added(book.rules.parameters, [entry], sources=SOURCES)


def test_what_nobody_looked_at_is_listed() -> None:
    given = parameters(fee(value("1"), checked_on="2025-03-01"))
    assert [p.id for p in given.unchecked_since(date(2025, 3, 2))] == ["fee"]
    assert given.unchecked_since(date(2025, 3, 1)) == []


def test_a_fingerprint_covers_what_is_in_force_and_only_that() -> None:
    def fingerprint(*values: dict[str, Any]) -> str:
        return parameters(fee(*values)).on(date=date(2025, 1, 1), place="220204").fingerprint

    then = fingerprint(value("20"))
    assert then == fingerprint(value("20"), value("25", start="2025-01-02"))
    assert then == fingerprint(value("20"), value("25", place="3301"))
    assert then != fingerprint(value("20"), value("25", start="2024-12-31"))
    assert then != fingerprint(value("20", confidence="recalled"))


def test_facts_that_cannot_be_read_are_named() -> None:
    good = {"code": "H", "place": "2202", "regime": "STATE_LAND"}
    for plain, words in (
        ({**good, "colour": "red"}, "facts cannot be read: unknown"),
        ({"code": "H", "place": "2202"}, "facts.regime cannot be read: missing"),
        ({**good, "regime": "MOON"}, "facts.regime"),
        ({**good, "is_sole_home": "yes"}, "facts.is_sole_home"),
        (
            {**good, "buildings": [{"code": "B", "use": "dwelling", "standing": "registered", "floor_area_m2": 1.5}]},
            "facts.buildings[0].floor_area_m2",
        ),
        ({**good, "homestead": 3}, "facts.homestead"),
    ):
        with pytest.raises(Refused) as refusal:
            household_facts_from(plain)
        assert words in refusal.value.reasons[0].in_english()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RULEBOOK, tmp_path / "rulebook"))


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("parameters/state-land.yaml", "source: demonstration-values", "source: hearsay", "state-land.yaml: .*hearsay"),
        ("parameters/state-land.yaml", "set_by: city", "set_by: province", "state-land.yaml: .*set by the province"),
        ("parameters/state-land.yaml", "id: state_land.relocation_fee.shop", "id: hardship_subsidy", "defined twice"),
        (
            "parameters/farmland-pilot.yaml",
            "id: collective_land.land_share",
            "id: nothing",
            "unknown parameter nothing",
        ),
        ("heads.yaml", "group: value", "group: mystery", "heads.yaml: house_value"),
        ("heads.yaml", "evidence: [valuation_report, title_proof]", "evidence: [rumour]", "unknown source or evidence"),
        ("transition.yaml", "from_month: 19", "from_month: 20", "jilin-city-legacy: the steps must follow"),
        ("transition.yaml", "part_month: full", "part_month: often", "transition.yaml: agreement"),
        ("transition.yaml", "source: jilin-city-demolition-rules", "source: hearsay", "unknown source"),
        ("heads.yaml", "heads:", "heads: [", "heads.yaml"),
    ],
)
def test_a_rulebook_that_contradicts_itself_is_refused_by_file(
    copy: Path, file: str, old: str, new: str, words: str
) -> None:
    path = copy / "compensation" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookInvalid, match=words):
        load_compensation(copy)


def test_every_parameter_of_the_rulebook_was_looked_at_and_is_labelled(book: CompensationRulebook) -> None:
    for parameter in book.rules.parameters.by_id.values():
        assert parameter.checked_on is not None, parameter.id
        assert all(label.strip() for label in parameter.label), parameter.id
