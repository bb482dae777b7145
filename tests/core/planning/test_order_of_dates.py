"""Nothing comes sooner because there is more to do, or fewer to do it, or because it begins later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.planning.kit import case, planned, section, target
from tests.core.procedure.kit import announced_project, calendar
from zhengtu.core.planning.plan import ActivityKind, Plan
from zhengtu.core.planning.plan_case import MoneyStanding, PlanCase, SectionWork, Stage, StageProgress, StageRate
from zhengtu.core.planning.stage_queue import Queued, queue_links

ON = date(2025, 3, 12)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
RATE = st.builds(
    StageRate, st.decimals(Decimal("0.2"), 12, places=1), st.integers(1, 4), st.integers(1, 6), st.just("rule")
)
WINTER = frozenset({12, 1, 2})


@st.composite
def works(draw: st.DrawFn) -> PlanCase:
    """Up to four sections, each stage at any count, held by money, a decision, or frozen ground, or by nothing."""
    on = draw(st.sampled_from([ON, date(2025, 11, 24)]))
    sections = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        households = draw(st.integers(1, 25))
        counts = draw(st.lists(st.integers(0, households), min_size=6, max_size=6))
        if draw(st.booleans()):
            counts.sort(reverse=True)
        decided = draw(st.none() | st.tuples(st.sampled_from(list(Stage)), st.integers(1, 60)))
        sections.append(SectionWork(
            code=section(number).code, name=section(number).name, order=number, households=households,
            stages={stage: StageProgress(count, on, on) for stage, count in zip(Stage, counts, strict=True)},
            plan_decisions={decided[0]: (on + timedelta(days=decided[1]), "D-1")} if decided else {},
        ))
        if decided:
            stages = {**sections[-1].stages, decided[0]: StageProgress()}
            sections[-1] = replace(sections[-1], stages=stages)
    short = draw(st.booleans())
    return case(
        on, sections=tuple(sections), frozen_months=draw(st.sampled_from([frozenset[int](), WINTER])),
        rates=draw(st.fixed_dictionaries(dict.fromkeys(Stage, RATE))),
        money=MoneyStanding(short, on, on + timedelta(days=draw(st.integers(1, 90))), "JLCT"),
        targets=(target("handed_over", date(2026, 6, 30), *sections),),
    )


def sooner(after: Plan, before: Plan, *, of: str = "") -> list[tuple[str, date, date]]:
    """Bars that end sooner after than before, of one section or of all."""
    ends = {one.id: one.early_end_on for one in after.activities}
    return [
        (one.id, one.early_end_on, ends[one.id]) for one in before.activities
        if not one.is_done and one.subject.endswith(of) and ends[one.id] < one.early_end_on
    ]


def with_section(one: PlanCase, place: int, **changes: object) -> PlanCase:
    sections = list(one.sections)
    sections[place] = replace(sections[place], **changes)  # type: ignore[arg-type]
    return replace(one, sections=tuple(sections))


@FEW
@given(works(), st.data())
def test_one_fewer_done_brings_nothing_forward(one: PlanCase, data: st.DataObject) -> None:
    """Of any stage of any section; what has been begun stays begun, so the teams keep their way."""
    place = data.draw(st.integers(0, len(one.sections) - 1))
    stage = data.draw(st.sampled_from(list(Stage)))
    stages = one.sections[place].stages
    done = stages[stage].done
    if not done:
        return
    fewer = with_section(one, place, stages={**stages, stage: replace(stages[stage], done=done - 1)})
    assert sooner(planned(fewer), planned(one)) == []


@FEW
@given(works(), st.data())
def test_one_household_more_brings_nothing_forward(one: PlanCase, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(one.sections) - 1))
    more = with_section(one, place, households=one.sections[place].households + 1)
    assert sooner(planned(more), planned(one)) == []


@FEW
@given(works(), st.sampled_from(list(Stage)), st.sampled_from([Decimal("0.1"), Decimal("0.3"), Decimal(2)]))
def test_a_quicker_pace_or_a_team_more_makes_nothing_later(one: PlanCase, stage: Stage, more: Decimal) -> None:
    rate = one.rates[stage]
    now = planned(one)
    pace = rate.households_per_day + more
    for quicker in (replace(rate, households_per_day=pace), replace(rate, teams=rate.teams + 1)):
        assert sooner(now, planned(replace(one, rates={**one.rates, stage: quicker}))) == []


@FEW
@given(works(), st.integers(1, 40), st.data())
def test_money_or_a_decision_that_comes_later_brings_nothing_of_its_own_forward(
    one: PlanCase, days: int, data: st.DataObject
) -> None:
    """A section decided to begin later stands back in the queue; the teams come to the others sooner, and only that."""
    now, later = planned(one), timedelta(days=days)
    assert one.money.expected_on is not None
    money = replace(one.money, expected_on=one.money.expected_on + later)
    assert sooner(planned(replace(one, money=money)), now) == []
    place = data.draw(st.integers(0, len(one.sections) - 1))
    decided = {stage: (on + later, deed) for stage, (on, deed) in one.sections[place].plan_decisions.items()}
    put_off = planned(with_section(one, place, plan_decisions=decided))
    assert sooner(put_off, now, of=one.sections[place].code) == []


def lawful(until: str, days: int, *sections: SectionWork) -> PlanCase:
    """A project recorded up to a step, so many days after it, with sections and a deadline."""
    facts = announced_project(until=until)
    on = max(one.happened_on for one in facts.project) + timedelta(days=days)
    return case(on, facts=facts, sections=sections, targets=(target("handed_over", date(2025, 12, 31), *sections),))


RECORDED = st.sampled_from(["scope_announced", "scheme_published", "opinions_published", "expropriation_announced"])


@settings(FEW, max_examples=30)
@given(RECORDED, st.integers(0, 90), st.integers(1, 30), st.integers(0, 200))
def test_a_rest_day_more_brings_nothing_forward(until: str, days: int, households: int, rest: int) -> None:
    """Neither a legal period, which may give way to the next working day, nor work."""
    one = lawful(until, days, section(1, households), section(2, 10))
    day = one.on + timedelta(days=rest)
    year = calendar().years.get(day.year)
    if year is None:
        return
    free = replace(
        year, rest_days={**year.rest_days, day: ("停工", "Standstill")}, make_up_days=year.make_up_days - {day}
    )
    with_rest = replace(calendar(), years={**calendar().years, day.year: free})
    assert sooner(planned(replace(one, calendar=with_rest)), planned(one)) == []


@settings(FEW, max_examples=30)
@given(RECORDED, st.integers(0, 90), st.integers(1, 40), st.integers(1, 30))
def test_a_day_on_which_nothing_was_done_brings_nothing_forward(
    until: str, days: int, later: int, households: int
) -> None:
    sections = section(1, households), section(2, 10)
    now, then = planned(lawful(until, days, *sections)), planned(lawful(until, days + later, *sections))
    over = {one.id for one in then.activities if one.is_done}
    assert [one for one in sooner(then, now) if one[0] not in over] == []


@FEW
@given(works(), st.integers(1, 40))
def test_a_day_on_which_no_household_was_served_brings_nothing_forward(one: PlanCase, days: int) -> None:
    """Decisions apart: the day on which a section was decided to begin takes it out of the rear of the queue."""
    free = replace(one, sections=tuple(replace(section, plan_decisions={}) for section in one.sections))
    assert sooner(planned(replace(free, on=free.on + timedelta(days=days))), planned(free)) == []


@settings(FEW, max_examples=30)
@given(RECORDED, st.integers(0, 30), st.integers(0, 90), st.integers(1, 40), st.data())
def test_a_step_put_off_longer_brings_nothing_forward(
    until: str, days: int, first: int, more: int, data: st.DataObject
) -> None:
    one = lawful(until, days, section(1, 12))
    step = data.draw(st.sampled_from([
        bar.step for bar in planned(one).activities if bar.kind is ActivityKind.STEP and not bar.is_done
    ] or [""]))
    plans = [
        planned(replace(one, steps_not_before={step: one.on + timedelta(days=wait)})) for wait in (first, first + more)
    ]
    assert sooner(plans[1], plans[0]) == []


@FEW
@given(works(), st.integers(0, 40))
def test_what_is_offered_with_more_teams_holds_when_it_is_planned_anew(one: PlanCase, days: int) -> None:
    one = replace(one, targets=(target("handed_over", one.on + timedelta(days=days), *one.sections),))
    for repair in planned(one).targets[0].repairs:
        if repair.kind != "teams":
            continue
        named = repair.reason.parameters
        teams = {str(named["stage"]): named["teams"]}
        if "other" in named:
            teams[str(named["other"])] = named["others"]
        rates = {
            stage: replace(rate, teams=int(str(teams.get(f"stage:{stage}", rate.teams))))
            for stage, rate in one.rates.items()
        }
        assert planned(replace(one, rates=rates)).targets[0].earliest_on == repair.earliest_on


@FEW
@given(st.lists(st.integers(0, 40), min_size=2, max_size=12), st.integers(0, 400), st.integers(1, 100), st.data())
def test_the_links_of_a_queue_say_what_every_two_of_its_sections_say(
    counts: list[int], numerator: int, denominator: int, data: st.DataObject
) -> None:
    """A section begins after the whole days that all households between it and any section before it take."""
    pace = Fraction(1, 5) + Fraction(numerator, denominator)
    queue = [Queued(f"{place}", count, (), "work") for place, count in enumerate(counts)]
    held = [data.draw(st.integers(0, 30)) for _ in counts]
    begins: dict[str, int] = {}
    links = queue_links(queue, pace)
    for place, one in enumerate(queue):
        begins[one.begin] = max(
            [held[place], *(begins[link.before] + link.lag for link in links if link.after == one.begin)]
        )
    for place, one in enumerate(queue):
        exact = max([
            held[place],
            *(begins[f"{first}"] + int(sum(counts[first:place]) / pace) for first in range(place)),
        ])
        assert begins[one.begin] == exact
