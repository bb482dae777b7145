"""The histories keep the order of the law, end today, and hold the overdue households of the speech."""

import itertools
from datetime import date

import numpy as np
import pytest

from zhengtu.jobs.demonstration.model import FACT_KINDS, OPTIONS, SUBJECT_KINDS
from zhengtu.registry.procedure_cases import participation_of

TODAY = np.datetime64("2026-02-08")
NOT_YET = np.datetime64("NaT")
CHAIN = ("registered", "surveyed", "valued", "settled", "paid", "vacated", "demolished", "resettled")


def days(demonstration, kind: str, column: str = "happened_on") -> np.ndarray:
    """Return the day of one kind of fact for each household, NaT where there is none; never two for one household."""
    facts = demonstration.facts
    rows = np.flatnonzero(facts.kind == FACT_KINDS.index(kind))
    assert len(set(facts.subject[rows].tolist())) == len(rows)
    found = np.full(len(demonstration.households), NOT_YET, dtype="datetime64[D]")
    found[facts.subject[rows]] = getattr(facts, column)[rows]
    return found


@pytest.fixture(scope="module", params=["happened_on", "recorded_on"])
def chain(request, demonstration):
    return _chain(demonstration, request.param)


def _chain(demonstration, column):
    table = {kind: days(demonstration, kind, column) for kind in CHAIN if kind != "settled"}
    signed, decided = days(demonstration, "signed", column), days(demonstration, "decided", column)
    assert not (~np.isnat(signed) & ~np.isnat(decided)).any()
    table["settled"] = np.where(np.isnat(signed), decided, signed)
    return table


def test_no_step_comes_before_the_step_it_rests_on(chain):
    for before, after in itertools.pairwise(CHAIN):
        done = ~np.isnat(chain[after])
        assert done.any()
        assert (chain[before][done] <= chain[after][done]).all(), f"{after} before {before}"


def test_nothing_lies_in_the_future_and_recording_takes_at_most_six_days(demonstration):
    facts = demonstration.facts
    assert facts.recorded_on.max() <= TODAY
    lag = (facts.recorded_on - facts.happened_on).astype(int)
    assert lag.min() == 0
    assert lag.max() == 6
    assert (np.diff(facts.recorded_on).astype(int) >= 0).all()


def test_families_share_a_building_until_the_last_has_left(demonstration):
    table = _chain(demonstration, "happened_on")
    building = demonstration.households.building
    fallen = ~np.isnat(table["demolished"])
    last = np.zeros(len(demonstration.buildings), dtype="datetime64[D]")
    vacated = np.where(np.isnat(table["vacated"]), np.datetime64("9999-01-01"), table["vacated"])
    np.maximum.at(last, building, vacated)
    assert (last[building[fallen]] < table["demolished"][fallen]).all()


def test_land_is_handed_over_only_when_all_have_left(demonstration):
    facts = demonstration.facts
    rows = facts.kind == FACT_KINDS.index("handed_over")
    handed = np.full(len(demonstration.sections), NOT_YET, dtype="datetime64[D]")
    handed[facts.subject[rows]] = facts.happened_on[rows]
    vacated, section = days(demonstration, "vacated"), demonstration.households.section
    given = ~np.isnat(handed[section])
    assert rows.any()
    assert given.any()
    assert (vacated[given] < handed[section][given]).all()


def announced_on(demonstration) -> np.ndarray:
    """The day of the announcement in each section's jurisdiction; NOT_YET without one."""
    on = {
        step.participation: np.datetime64(step.happened_on)
        for step in demonstration.steps if step.kind == "expropriation_announced"
    }
    codes = [participation_of(str(code)) for code in demonstration.sections.code]
    return np.array([on.get(code, NOT_YET) for code in codes], dtype="datetime64[D]")


def test_houses_on_state_land_are_valued_after_the_announcement_and_surveyed_a_month_before(demonstration):
    section = demonstration.households.section
    announced = announced_on(demonstration)
    state = np.array([project.regime == "STATE_LAND" for project in demonstration.projects])
    mine = state[demonstration.sections.project[section]] & ~np.isnat(announced[section])
    valued, surveyed = days(demonstration, "valued"), days(demonstration, "surveyed")
    known = mine & ~np.isnat(valued)
    assert (valued[known] > announced[section][known]).all()
    assert ((announced[section][mine] - surveyed[mine]).astype(int) >= 30).all()
    assert not (mine & np.isnat(surveyed)).any()


def test_money_on_collective_land_follows_the_announcement(demonstration):
    section = demonstration.households.section
    announced = announced_on(demonstration)
    collective = np.array([project.regime == "COLLECTIVE_LAND" for project in demonstration.projects])
    paid = days(demonstration, "paid")
    mine = collective[demonstration.sections.project[section]] & ~np.isnat(paid)
    assert mine.any()
    assert (paid[mine] > announced[section][mine]).all()


def months_late(demonstration) -> np.ndarray:
    promised = days(demonstration, "resettlement_promised", "promised_on")
    waiting = (promised < TODAY) & np.isnat(days(demonstration, "resettled"))
    return (TODAY - promised[waiting]).astype(int) / 30.4375


def test_more_than_five_thousand_households_are_overdue_some_of_them_over_forty_months(demonstration):
    late = months_late(demonstration)
    assert 5_000 < len(late) < 5_500
    counts, _ = np.histogram(late, [0, 7, 13, 25, 41, 60])
    assert counts.sum() == len(late)
    assert (counts > 200).all()


def test_all_overdue_households_belong_to_overdue_projects(demonstration):
    promised = days(demonstration, "resettlement_promised", "promised_on")
    waiting = (promised < TODAY) & np.isnat(days(demonstration, "resettled"))
    owner = demonstration.sections.project[demonstration.households.section[waiting]]
    assert all(demonstration.projects[index].overdue_resettlement for index in set(owner.tolist()))


def test_the_cockpit_is_alive(demonstration):
    facts = demonstration.facts
    lately = {FACT_KINDS[kind] for kind in facts.kind[facts.recorded_on > TODAY - 7]}
    assert {"surveyed", "valued", "signed", "paid", "vacated", "demolished"} <= lately
    handed = (facts.kind == FACT_KINDS.index("handed_over")).sum()
    assert 30 < handed < len(demonstration.sections) - 30
    signed = (facts.kind == FACT_KINDS.index("signed")).sum()
    assert 0.5 < signed / len(demonstration.households) < 0.9


def test_each_kind_carries_its_attributes(demonstration):
    facts = demonstration.facts
    expected = {
        "valued": {"value_yuan"},
        "signed": {"option", "amount_yuan"},
        "decided": {"option", "amount_yuan"},
        "paid": {"amount_yuan"},
        "resettlement_promised": {"promised_on"},
    }
    for index, kind in enumerate(FACT_KINDS):
        rows = np.flatnonzero(facts.kind == index)
        assert len(rows), kind
        assert {frozenset(facts.attributes(int(row))) for row in rows[:200]} == {frozenset(expected.get(kind, set()))}
    assert {OPTIONS[option] for option in facts.option} == {"", "cash", "exchange"}
    assert facts.amount_yuan[facts.kind == FACT_KINDS.index("paid")].min() > 0


def test_what_is_paid_is_what_was_agreed_or_decided(demonstration):
    facts = demonstration.facts

    def amounts(kind):
        found = np.full(len(demonstration.households), -1)
        rows = facts.kind == FACT_KINDS.index(kind)
        found[facts.subject[rows]] = facts.amount_yuan[rows]
        return found

    paid = amounts("paid")
    assert (np.maximum(amounts("signed"), amounts("decided"))[paid > 0] == paid[paid > 0]).all()


def test_subject_codes_and_recording_days_follow_the_facts(demonstration):
    facts, codes = demonstration.facts, demonstration.subject_codes()
    last = len(facts) - 1
    table = demonstration.sections if SUBJECT_KINDS[facts.subject_kind[last]] == "section" else demonstration.households
    assert codes[last] == table.code[facts.subject[last]]
    covered = 0
    for day, rows in demonstration.recording_days():
        assert isinstance(day, date)
        assert set(facts.recorded_on[rows].tolist()) == {day}
        covered += rows.stop - rows.start
    assert covered == len(facts)
