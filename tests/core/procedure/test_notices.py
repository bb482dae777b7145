"""Notices: every blank is known, every one is filled or named, and remedies say the periods of the procedure."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.core.procedure.kit import RULEBOOK, procedure, rulebook
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.procedure.notices import NUMBER, Notice, fill
from zhengtu.core.rules.reading import RulebookInvalid
from zhengtu.core.rules.rulebook import load_rulebook

EVERY = [notice for held in rulebook().notices.notices.values() for notice in held.values()]


def values_for(notice: Notice) -> dict[str, str]:
    return {name: f"〔{name}〕" for name in notice.names() if not name.startswith("period.")}


def filled_text(notice: Notice, values: dict[str, str]) -> str:
    filled = fill(notice, values=values, procedure=procedure(notice.regime), notices=rulebook().notices)
    parts = [text for part in filled.parts for text in (part.text, *part.parties)]
    return "\n".join([filled.title, filled.number, filled.addressee, filled.issuer, *parts])


@pytest.mark.parametrize("notice", EVERY, ids=lambda one: f"{one.regime}.{one.id}")
def test_no_blank_is_left(notice: Notice) -> None:
    text = filled_text(notice, values_for(notice))
    assert "{" not in text
    assert "}" not in text
    for value in values_for(notice).values():
        assert value in text


@pytest.mark.parametrize("notice", EVERY, ids=lambda one: f"{one.regime}.{one.id}")
def test_everything_that_is_missing_is_named_at_once(notice: Notice) -> None:
    with pytest.raises(Refused) as refused:
        filled_text(notice, {})
    names = list(values_for(notice))
    assert len(refused.value.reasons) == len(names)
    labels = rulebook().labels
    for reason in refused.value.reasons:
        for value in reason.parameters.values():
            group, _, id = str(value).partition(":")
            assert id in labels[group], value
    for name in names:
        with pytest.raises(Refused) as refused:
            filled_text(notice, {**values_for(notice), name: "  "})
        assert len(refused.value.reasons) == 1


@pytest.mark.parametrize(("regime", "id", "sentences"), [
    ("state_land", "compensation_decision", (
        "自收到本决定书之日起60日内依法向〔authority.higher_government〕申请行政复议",
        "自收到本决定书之日起6个月内依法向〔authority.intermediate_court〕提起行政诉讼",
    )),
    ("state_land", "expropriation_announcement", ("60日内", "6个月内")),
    ("state_land", "demand_notice", ("自收到本催告书之日起10个工作日内",)),
    ("state_land", "valuation_report_cover", ("自收到本评估报告之日起10日内", "自收到复核结果之日起10日内")),
    ("collective_land", "land_compensation_decision", ("60日内", "6个月内")),
    ("collective_land", "handover_order", ("60日内", "6个月内")),
    ("collective_land", "land_demand_notice", ("10个工作日内",)),
])
def test_remedies_say_the_periods_of_the_procedure(regime: str, id: str, sentences: tuple[str, ...]) -> None:
    notice = rulebook().notices.notices[regime][id]
    text = filled_text(notice, values_for(notice))
    for sentence in sentences:
        assert sentence in text


def test_both_regimes_have_the_notices_that_the_law_asks_for() -> None:
    steps = {regime: {one.step for one in held.values()} for regime, held in rulebook().notices.notices.items()}
    assert steps["state_land"] >= {
        "scheme_published", "expropriation_announced", "valuation_report_served", "options_offered",
        "compensation_decided", "decision_served", "demand_served", "move_out_date_set", "court_applied",
    }
    assert steps["collective_land"] >= {
        "land_scheme_announced", "land_expropriation_announced", "land_options_offered", "land_compensation_decided",
        "handover_ordered", "handover_order_served", "land_demand_served", "land_move_out_date_set",
        "land_court_applied",
    }


def test_a_number_is_asked_where_the_paper_has_one() -> None:
    notice = rulebook().notices.notices["state_land"]["compensation_decision"]
    assert NUMBER in notice.names()
    assert notice.asks["amount_yuan"].is_own
    assert set(notice.asks["option"].choices) == {"cash", "exchange"}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RULEBOOK, tmp_path / "rulebook"))


def entry(raw: Any, id: str = "compensation_decision") -> Any:
    return raw["notices"][id]


@pytest.mark.parametrize(("change", "named"), [
    (lambda raw: entry(raw)["text"].append("户主{head_of_family}"), "nothing gives {head_of_family}"),
    (lambda raw: entry(raw)["text"].append("证件{owner_identity}"), "nothing gives {owner_identity}"),
    (lambda raw: entry(raw)["text"].append("{nowhere.happened_on}"), "nothing gives {nowhere.happened_on}"),
    (lambda raw: entry(raw)["text"].append("{household_valued.issued_on}"), "{household_valued.issued_on}"),
    (lambda raw: entry(raw)["text"].append("{authority.police}"), "nothing gives {authority.police}"),
    (lambda raw: entry(raw)["text"].append("{period.demand_served.grace}"), "{period.demand_served.grace}"),
    (lambda raw: entry(raw, "scheme_publication")["text"].append("{owner_names}"), "nothing gives {owner_names}"),
    (lambda raw: entry(raw)["text"].append({"remedies": {"hope": "{period}内"}}), "unknown right hope"),
    (lambda raw: entry(raw)["text"].append({"remedies": {"litigate_decision": "六个月内起诉"}}), "must say {period}"),
    (lambda raw: entry(raw).update(text=["决定如下。"]), "INV-9"),
    (lambda raw: entry(raw).update(step="evicted"), "evicted"),
    (lambda raw: entry(raw).update(source="hearsay#1"), "unknown source hearsay#1"),
    (lambda raw: entry(raw).update(layout="poster"), "unknown layout poster"),
    (lambda raw: entry(raw)["asks"].update(whim="own"), "the step has no field whim"),
    (lambda raw: entry(raw)["asks"].update(whim={"type": "mood", "label": ["情绪", "Mood"]}), "unknown type mood"),
    (lambda raw: entry(raw)["text"].append({"poem": "…"}), "poem is no piece of a text"),
])
def test_a_notice_that_breaks_a_rule_is_refused_by_name(
    copy: Path, change: Callable[[Any], object], named: str
) -> None:
    path = copy / "notices" / "state_land.yaml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(raw)
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(RulebookInvalid) as refused:
        load_rulebook(copy)
    assert named in str(refused.value)


def test_a_division_names_all_its_authorities(copy: Path) -> None:
    path = copy / "notices" / "common.yaml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    raw["authorities"]["divisions"]["220204"].pop("basic_court")
    path.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")
    with pytest.raises(RulebookInvalid, match="220204"):
        load_rulebook(copy)
