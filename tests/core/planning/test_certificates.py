"""Missed deadlines: the chain of steps and articles that breaks them, checked by adding up, and the ways out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from math import ceil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.planning.kit import RATES, RULES, bar, case, outlook, planned, section, target
from tests.core.procedure.kit import announced_project, calendar
from zhengtu.core.planning.certificates import verify
from zhengtu.core.planning.plan_case import PlanCase, Stage

ON = date(2025, 1, 20)
SECTION = section(1, 20)


def too_late() -> PlanCase:
    """The comment period runs until 2025-02-10, yet the section is to be handed over by 2025-03-01."""
    return case(
        ON, facts=announced_project(until="scheme_published"), sections=(SECTION,),
        targets=(target("handed_over", date(2025, 3, 1), SECTION),),
    )


def test_a_deadline_that_the_law_breaks_comes_with_its_chain() -> None:
    found = outlook(planned(too_late()), "handed_over")
    assert found.certificate is not None
    assert found.earliest_on == found.certificate.earliest_on > date(2025, 3, 1)
    assert found.certificate.days_short == (found.certificate.earliest_on - date(2025, 3, 1)).days
    first = found.certificate.lines[0]
    assert (first.count, first.from_on, first.until_on) == ("period", date(2025, 1, 11), date(2025, 2, 10))
    assert first.source == "state-council-decree-590#10(2)"
    assert {"expropriation_decided", "expropriation_announced"} <= {
        str(line.reason.parameters.get("step", "")).removeprefix("step:") for line in found.certificate.lines
    }
    assert verify(found.certificate, calendar=calendar(), on=ON) == []


@pytest.mark.parametrize("place", [0, 3, -1])
def test_a_certificate_with_a_wrong_line_does_not_add_up(place: int) -> None:
    certificate = outlook(planned(too_late()), "handed_over").certificate
    assert certificate is not None
    lines = list(certificate.lines)
    lines[place] = replace(lines[place], until_on=lines[place].until_on + timedelta(days=1))
    faults = verify(replace(certificate, lines=lines), calendar=calendar(), on=ON)
    assert [one.code for one in faults] == ["planning.line_differs"]
    sooner = replace(certificate, earliest_on=certificate.earliest_on - timedelta(days=1))
    assert [one.code for one in verify(sooner, calendar=calendar(), on=ON)] == ["planning.sum_differs"]
    shorter = replace(certificate, lines=certificate.lines[:-2])
    assert verify(shorter, calendar=calendar(), on=ON) != []


RATE = st.integers(1, 20).map(Decimal)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=5), st.lists(RATE, min_size=6, max_size=6),
    st.integers(0, 300), st.sampled_from(["scheme_drafted", "scheme_published", "expropriation_announced"]),
    st.data(),
)
def test_every_certificate_adds_up_by_the_calendar_alone(
    counts: list[int], paces: list[Decimal], days: int, until: str, data: st.DataObject
) -> None:
    on = ON + timedelta(days=days)
    sections = []
    for place, count in enumerate(counts):
        left = count
        done = {}
        for stage in Stage:
            left = data.draw(st.integers(0, left))
            done[stage] = (left, on)
        sections.append(section(place + 1, count, done=done))
    rates = {
        stage: replace(RATES[stage], households_per_day=pace) for stage, pace in zip(Stage, paces, strict=True)
    }
    one = case(
        on, facts=announced_project(until=until), sections=tuple(sections), rates=rates,
        targets=(target("handed_over", on, *sections), target("vacated", on, *sections)),
        frozen_months=frozenset({12, 1, 2}),
    )
    for found in planned(one).targets:
        if found.certificate is not None:
            assert verify(found.certificate, calendar=calendar(), on=on) == []
            assert found.proof is not None
            assert verify(found.proof, calendar=calendar(), on=on) == []
            assert found.target.due_on < found.proof.earliest_on <= found.certificate.earliest_on
            assert len(found.proof.lines) <= len(found.certificate.lines)


def test_more_teams_are_offered_with_their_price_and_hold_when_planned_anew() -> None:
    place = section(1, 60)
    one = case(date(2025, 3, 12), sections=(place,), targets=(target("signed", date(2025, 4, 15), place),))
    found = outlook(planned(one), "signed")
    assert found.slack_days < 0
    repair = found.repairs[0]
    assert (repair.kind, repair.meets) == ("teams", True)
    assert repair.reason.parameters["stage"] == "stage:negotiation"
    teams = int(str(repair.reason.parameters["teams"]))
    assert repair.cost_yuan == (teams - 1) * -(-60 // (2 * teams)) * Decimal(1500)
    again = replace(one, rates={**RATES, Stage.NEGOTIATION: replace(RATES[Stage.NEGOTIATION], teams=teams)})
    assert outlook(planned(again), "signed").earliest_on == repair.earliest_on
    fewer = replace(one, rates={**RATES, Stage.NEGOTIATION: replace(RATES[Stage.NEGOTIATION], teams=teams - 1)})
    assert outlook(planned(fewer), "signed").slack_days < 0, "one team fewer does not suffice"


def test_of_two_stages_the_cheapest_numbers_of_teams_that_suffice_are_offered() -> None:
    """60 households: 15 days of survey and 30 of talks are too long for the deadline, and neither alone is enough.
    Every pair of numbers is planned anew; none that meets the deadline costs less than what is offered."""
    place = section(1, 60)
    one = case(date(2025, 3, 12), sections=(place,), targets=(target("signed", date(2025, 4, 4), place),))
    repair = next(found for found in outlook(planned(one), "signed").repairs if found.kind == "teams" and found.meets)
    added = {
        str(repair.reason.parameters["stage"]): int(str(repair.reason.parameters["teams"])),
        str(repair.reason.parameters["other"]): int(str(repair.reason.parameters["others"])),
    }
    stages = [Stage(name.removeprefix("stage:")) for name in added]
    paces = {stage: RATES[stage].households_per_day for stage in stages}
    costs = []
    for counts in product(*(range(1, RULES.most_teams[stage] + 1) for stage in stages)):
        teams = dict(zip(stages, counts, strict=True))
        rates = {**RATES, **{stage: replace(RATES[stage], teams=count) for stage, count in teams.items()}}
        if outlook(planned(replace(one, rates=rates)), "signed").slack_days >= 0:
            costs.append(sum(
                (count - 1) * ceil(60 / (paces[stage] * count)) * RULES.team_day_prices[stage].yuan
                for stage, count in teams.items()
            ))
    assert repair.cost_yuan == min(costs)


def test_the_shortest_proof_need_not_be_the_chain_of_the_earliest_date() -> None:
    """Two sections share the teams: the second one's talks end last, after those of the first; but the talks of one
    alone are too long for the deadline."""
    places = section(1, 60), section(2, 60)
    one = case(date(2025, 3, 12), sections=places, targets=(target("signed", date(2025, 3, 20), *places),))
    found = outlook(planned(one), "signed")
    assert found.certificate is not None
    assert found.proof is not None
    assert len(found.proof.lines) < len(found.certificate.lines)
    assert date(2025, 3, 20) < found.proof.earliest_on < found.certificate.earliest_on
    assert verify(found.proof, calendar=calendar(), on=one.on) == []


def test_a_later_date_is_always_offered_and_the_law_is_never_shortened() -> None:
    found = outlook(planned(too_late()), "handed_over")
    last = found.repairs[-1]
    assert (last.kind, last.earliest_on, last.meets) == ("deadline", found.earliest_on, True)
    assert {one.kind for one in found.repairs} <= {"teams", "parallel", "deadline"}
    period_end = date(2025, 2, 10)
    assert all(one.earliest_on > period_end for one in found.repairs)


def test_what_was_decided_later_than_the_law_asks_can_be_begun_side_by_side() -> None:
    place = section(1, 10, plan_decisions={Stage.NEGOTIATION: (date(2025, 6, 3), "D-7")})
    one = case(date(2025, 3, 12), sections=(place,), targets=(target("handed_over", date(2025, 4, 30), place),))
    found = outlook(planned(one), "handed_over")
    repair = found.repairs[0]
    assert (repair.kind, repair.meets, repair.cost_yuan) == ("parallel", True, Decimal(0))
    assert found.certificate is not None
    assert found.certificate.lines[0].reason.code == "planning.decided"
    assert verify(found.certificate, calendar=calendar(), on=one.on) == []
    undecided = replace(one, sections=(section(1, 10),))
    assert bar(planned(undecided), "S01:handover").early_end_on == repair.earliest_on
