"""A hard case follows from facts about the file: causes, remedies tried and left, the family's reply, its light."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.core.procedure.kit import rulebook
from zhengtu.core.sponsorship.hard_cases import CaseFact, CaseLight, HardCase, RemedyState, hard_case

RULES = rulebook().sponsorship
HOUSEHOLD = "220204-P0001-S01-H00001"
OPENED = date(2025, 2, 3)


def fact(kind: str, on: date = OPENED, **attributes: Any) -> CaseFact:
    return CaseFact(kind, on, f"220204-{kind}-{on}", attributes)


def described(cause: str, on: date = OPENED, words: str = "登记在已故父亲名下") -> CaseFact:
    return fact("hard_case_described", on, cause=cause, described=words)


def case(*facts: CaseFact, on: date = date(2025, 2, 14), regime: str = "state_land", **more: Any) -> HardCase:
    given = {"has_sponsor": True, "broken_promises": 0, **more}
    found = hard_case(HOUSEHOLD, facts, rules=RULES, regime=regime, on=on, **given)
    assert found is not None
    return found


def states(one: HardCase) -> dict[str, RemedyState]:
    return {standing.remedy.id: standing.state for standing in one.remedies}


def test_a_valuation_is_first_explained_then_valued_again_then_put_to_the_experts() -> None:
    first = case(described("valuation"))
    assert first.next_remedy is not None
    assert first.next_remedy.id == "explained_valuation"
    assert states(first)["expert_committee"] is RemedyState.WAITS
    told = fact("remedy_tried", date(2025, 2, 5), remedy="explained_valuation", result="已逐项说明，本户仍有异议")
    asked, answered = fact("revaluation_requested", date(2025, 2, 6)), fact("revaluation_answered", date(2025, 2, 12))
    later = case(described("valuation"), told, asked, answered)
    assert states(later)["revaluation"] is RemedyState.TRIED  # by the step of the procedure: nobody records it twice
    assert later.next_remedy is not None
    assert later.next_remedy.id == "expert_committee"
    assert later.last_step_on == date(2025, 2, 12)


def test_an_inheritance_is_offered_the_notary_and_never_a_valuation() -> None:
    offered = states(case(described("inheritance")))
    assert {"notary_succession", "heirs_agreement", "mediation", "legal_aid"} == set(offered)


def test_remedies_of_the_other_regime_are_not_offered() -> None:
    assert "housing_guarantee" not in states(case(described("resettlement"), regime="collective_land"))
    assert "land_housing" in states(case(described("resettlement"), regime="collective_land"))


def test_a_cause_described_again_replaces_its_words_and_another_stands_beside_it() -> None:
    both = case(described("title"), described("history"), described("title", date(2025, 2, 9), "面积与登记不符"))
    words = [(one.cause, one.described) for one in both.causes]
    assert words == [("title", "面积与登记不符"), ("history", "登记在已故父亲名下")]


@pytest.mark.parametrize(
    ("facts", "more", "light", "code"),
    [
        ((), {}, CaseLight.GREEN, "hard_case.under_way"),
        ((), {"on": OPENED + timedelta(days=RULES.quiet_days)}, CaseLight.YELLOW, "hard_case.quiet"),
        ((), {"has_sponsor": False}, CaseLight.YELLOW, "hard_case.unsponsored"),
        ((fact("hard_case_replied", date(2025, 2, 10), text="面积写错了"),), {}, CaseLight.YELLOW, "hard_case.replied"),
        ((), {"broken_promises": 1, "has_sponsor": False}, CaseLight.RED, "hard_case.broken"),
        (
            (fact("hard_case_solved", date(2025, 2, 12), result="已办继承公证"),), {"broken_promises": 1},
            CaseLight.IDLE, "hard_case.solved",
        ),
    ],
)
def test_the_light_follows_from_the_first_rule_that_holds(
    facts: tuple[CaseFact, ...], more: dict[str, Any], light: CaseLight, code: str
) -> None:
    one = case(described("inheritance"), *facts, **more)
    assert (one.light, one.reason.code) == (light, code)


def test_a_reply_is_answered_by_whatever_is_recorded_of_the_case_after_it() -> None:
    reply = fact("hard_case_replied", date(2025, 2, 10), text="面积写错了")
    again = described("title", date(2025, 2, 11), "面积已核对更正")
    assert case(described("title"), reply, again).light is CaseLight.GREEN


def test_what_is_described_after_a_solution_is_a_new_case() -> None:
    solved = fact("hard_case_solved", date(2025, 2, 6), result="已更正登记")
    new = case(described("title"), solved, described("resettlement", date(2025, 2, 10)))
    assert new.is_open
    assert new.opened_on == date(2025, 2, 10)
    assert [one.cause for one in new.causes] == ["resettlement"]
    old = case(described("title"), solved, described("resettlement", date(2025, 2, 10)), on=date(2025, 2, 8))
    assert not old.is_open
    assert old.next_remedy is None


def test_there_is_no_case_before_it_is_described() -> None:
    before = hard_case(
        HOUSEHOLD, [described("title")], rules=RULES, regime="state_land", on=OPENED - timedelta(days=1),
        has_sponsor=True, broken_promises=0,
    )
    assert before is None


def test_a_signed_agreement_settles_what_it_is_about_and_no_old_debt() -> None:
    signed = fact("signed", date(2025, 2, 12))
    one = case(described("valuation"), described("title"), signed)
    assert (one.is_open, one.settled_by, one.light) == (False, "signed", CaseLight.IDLE)
    assert case(described("valuation"), signed, on=date(2025, 2, 11)).is_open
    assert case(described("history"), signed).is_open  # an unkept promise of years ago is not settled by signing anew
    earlier = fact("signed", date(2025, 1, 20))
    assert case(described("resettlement"), earlier).is_open
    assert not case(described("history"), fact("resettled", date(2025, 2, 12))).is_open
