"""The agenda: worked examples of each rule, and what holds of any week: each red thing once, an order without ties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.directives.standing import Colour as DirectiveColour
from zhengtu.core.directives.standing import DirectiveStanding, Rung, State
from zhengtu.core.kernel.plain_values import plain, value_from
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.plan import Colour, Light
from zhengtu.core.reviews.agenda import PROMISES, Agenda, AgendaKind
from zhengtu.core.reviews.promises import promises_of
from zhengtu.core.reviews.proposing import agenda_of
from zhengtu.core.reviews.week import (
    HomesOverdue,
    Kept,
    MoneyLate,
    OpenMatter,
    PartDeadline,
    PartLight,
    PlaceWeek,
    WeekInReview,
)
from zhengtu.core.rules.rulebook import load_rulebook

ON, SINCE = date(2025, 2, 13), date(2025, 2, 6)
CITY, CHUANYING, CHANGYI = "220200", "220204", "220202"
PLACE = PlaceWeek(CITY, {}, {}, 2, 2, 6, 3, 2, 1, 1, 0, 0)
PRIORITIES = load_rulebook(Path(__file__).resolve().parents[3] / "rulebook").reviews.priorities


def because(code: str = "test") -> Reason:
    return Reason(code, "because")


def light(part: str, colour: str = "red", before: str | None = "red", rule: str = "improbable") -> PartLight:
    district, _, number = part.partition("-")
    return PartLight(
        code=part, project=f"{CITY}-{number}", jurisdiction=district,
        light=Light(Colour(colour), rule, because(), None, None, probability=0.3, target="2025-03-15.handed_over"),
        before=Colour(before) if before else None, responsible=district, goal="handed_over", due_on=date(2025, 3, 15),
    )


def deadline(part: str, due_on: date, goal: str = "handed_over") -> PartDeadline:
    district, _, number = part.partition("-")
    return PartDeadline(
        key=f"{due_on}.{goal}", goal=goal, due_on=due_on, name=("交地", "Handed over"), part=part,
        project=f"{CITY}-{number}", jurisdiction=district, sections=2, sections_left=1, households=20,
        households_left=5, earliest_on=due_on, probability=0.6, days_left=(due_on - ON).days, responsible=district,
    )


def homes(part: str, overdue: int = 40) -> HomesOverdue:
    district, _, number = part.partition("-")
    return HomesOverdue(part, f"{CITY}-{number}", district, overdue, 10, 0, overdue)


def money(part: str) -> MoneyLate:
    district, _, number = part.partition("-")
    yuan = Decimal("100.00")
    return MoneyLate(part, f"{CITY}-{number}", district, f"{CITY}-client", because(), SINCE, yuan, yuan, yuan, yuan)


def matter(number: int, subject: str = f"{CITY}-P0001") -> OpenMatter:
    return OpenMatter(
        f"{CITY}-D{number:09d}/1", subject, subject, "", "产权未清", "船营区", CHUANYING, SINCE, SINCE, True
    )


def directive(number: int, **changes: object) -> DirectiveStanding:
    """A directive to 船营区, set on 6 February and due on 20 February, in hand."""
    values: dict[str, object] = {
        "code": f"{CITY}-D{number:04d}", "number": f"吉征督〔2025〕{number}号", "matter": "完成剩余签约",
        "setter": f"{CITY}-construction-commission", "lead": CHUANYING, "joint": (), "assisting": (), "officer": "",
        "projects": (), "set_on": SINCE, "due_on": date(2025, 2, 20), "first_due_on": date(2025, 2, 20),
        "state": State.RECEIVED, "state_on": SINCE, "colour": DirectiveColour.GREEN, "light_reason": because(),
        "rung": Rung.NONE, "overdue_workdays": 0, "waits_for": CHUANYING, **changes,
    }
    return DirectiveStanding(**values)  # type: ignore[arg-type]


def overdue(number: int, days: int = 3, **changes: object) -> DirectiveStanding:
    return directive(number, due_on=date(2025, 2, 10), overdue_workdays=days, colour=DirectiveColour.YELLOW, **changes)


def week(**parts: object) -> WeekInReview:
    """A week with nothing in it but what is given."""
    values: dict[str, object] = {
        "city": CITY, "on": ON, "known_on": ON, "since": SINCE, "rhythm": "weekly", "deadlines_within_days": 14,
        "last_review": "", "campaign": None, "total": PLACE, "places": (), "ranking": (), "lights": (), "near": (),
        "deadlines": (), "money_late": (), "directives": (), "promises": (), "matters": (), "homes": (),
        "names": {f"{CITY}-P0001": ("甲", "A"), f"{CITY}-P0009": ("壬", "I")}, **parts,
    }
    return WeekInReview(**values)  # type: ignore[arg-type]


def proposed(**parts: object) -> Agenda:
    return agenda_of(week(**parts), priorities=PRIORITIES)


def kinds(agenda: Agenda) -> list[tuple[str, AgendaKind]]:
    return [(item.subject, item.kind) for item in agenda.items()]


def test_what_turned_red_comes_before_what_is_red_still_and_green_is_not_spoken_about() -> None:
    agenda = proposed(
        lights=(
            light("220204-P0001"), light("220204-P0002", before="green"), light("220204-P0003", "green", "red"),
            light("220204-P0004", "yellow", "green"), light("220204-P0005", before=None),
        )
    )
    assert kinds(agenda) == [
        ("220204-P0002", AgendaKind.TURNED_RED), ("220204-P0005", AgendaKind.TURNED_RED),
        ("220204-P0001", AgendaKind.STILL_RED),
    ]


def test_the_deadline_that_decides_a_red_light_is_told_by_the_light_and_another_one_beside_it() -> None:
    agenda = proposed(
        lights=(light("220204-P0001"),),
        near=(deadline("220204-P0001", date(2025, 3, 15)), deadline("220204-P0001", date(2025, 2, 20), "signed")),
    )
    (dealt_with_together,) = agenda.matters
    assert [item.kind for item in dealt_with_together.items] == [AgendaKind.DEADLINE_NEAR, AgendaKind.STILL_RED]
    red = dealt_with_together.items[1]
    assert red.counts == {"sections": 2, "sections_left": 1, "households": 20, "households_left": 5}
    assert dealt_with_together.items[0].due_on == date(2025, 2, 20)


def test_families_that_wait_are_told_once_whether_or_not_the_light_says_it() -> None:
    by_light = proposed(lights=(light("220204-P0001", rule="homes_overdue"),), homes=(homes("220204-P0001"),))
    assert kinds(by_light) == [("220204-P0001", AgendaKind.HOMES_OVERDUE)]
    assert by_light.items()[0].counts == {"overdue": 40, "over_12": 10, "over_40": 0}
    beside = proposed(lights=(light("220204-P0001"),), homes=(homes("220204-P0001"),))
    assert kinds(beside) == [("220204-P0001", AgendaKind.STILL_RED), ("220204-P0001", AgendaKind.HOMES_OVERDUE)]


def test_a_passed_deadline_for_homes_is_not_told_beside_the_families() -> None:
    agenda = proposed(
        near=(deadline("220204-P0001", date(2024, 12, 31), "resettled"),), homes=(homes("220204-P0001"),)
    )
    assert kinds(agenda) == [("220204-P0001", AgendaKind.HOMES_OVERDUE)]


def test_a_directive_that_the_last_review_decided_is_told_as_its_promise_alone() -> None:
    late = overdue(1)
    agenda = proposed(
        last_review="220200-R20250206-1", directives=(late, overdue(2, projects=("220204-P0009-S01",))),
        promises=promises_of([late], review="220200-R20250206-1", on=ON),
    )
    assert kinds(agenda) == [
        ("220200-D0001", AgendaKind.PROMISE_BROKEN), ("220200-D0002", AgendaKind.DIRECTIVE_OVERDUE),
    ]
    assert [one.key for one in agenda.matters] == [PROMISES, "220200-P0009"]
    assert agenda.kept[Kept.BROKEN] == 1


def test_kept_promises_close_the_agenda_together_and_a_broken_one_stands_with_its_project() -> None:
    done = directive(1, state=State.CLOSED, state_on=ON, closed_on=ON, colour=DirectiveColour.IDLE, waits_for="")
    broken = overdue(2, projects=("220200-P0001",))
    agenda = proposed(
        lights=(light("220204-P0001"),), last_review="R",
        promises=promises_of([done, broken], review="R", on=ON), directives=(done, broken),
    )
    assert [(one.key, [item.kind for item in one.items]) for one in agenda.matters] == [
        ("220200-P0001", [AgendaKind.PROMISE_BROKEN, AgendaKind.STILL_RED]), (PROMISES, [AgendaKind.PROMISE_KEPT]),
    ]


def test_a_missed_duty_and_a_directive_that_waits_for_the_city_are_told_apart() -> None:
    city = f"{CITY}-construction-commission"
    agenda = proposed(
        directives=(
            overdue(1, code="220200-D0001-20250207", occurrence_on=date(2025, 2, 7)),
            directive(2, state=State.REPORTED, waits_for=city), directive(3),
            overdue(4, setter=CHUANYING, code="220200-D0004-01", parent="220200-D0004"),
        )
    )
    assert kinds(agenda) == [
        ("220200-D0001-20250207", AgendaKind.DUTY_MISSED), ("220200-D0002", AgendaKind.WAITS_FOR_CITY),
    ]
    assert [one.key for one in agenda.matters] == [CHUANYING], "one unit's directives are dealt with together"


def test_a_district_sees_what_it_answers_for_and_counts_its_own_promises() -> None:
    own, foreign = overdue(1), overdue(2, lead=CHANGYI, waits_for=CHANGYI)
    agenda = proposed(
        lights=(light("220204-P0001"), light("220202-P0001")), money_late=(money("220202-P0009"),),
        promises=promises_of([own, foreign], review="R", on=ON), directives=(own, foreign), last_review="R",
    )
    seen = agenda.of_units({CHUANYING})
    assert {item.key for item in seen.items()} == {"part/220204-P0001", "directive/220200-D0001"}
    assert (agenda.kept[Kept.BROKEN], seen.kept[Kept.BROKEN]) == (2, 1)
    client = agenda.of_units({f"{CITY}-client"})
    assert [item.key for item in client.items()] == ["money/220202-P0009"]


PARTS = st.sampled_from([f"{district}-P000{number}" for district in (CHUANYING, CHANGYI) for number in range(1, 5)])


def some(values: st.SearchStrategy[object], key: str) -> st.SearchStrategy[list[object]]:
    return st.lists(values, max_size=8, unique_by=lambda one: getattr(one, key))


@st.composite
def weeks(draw: st.DrawFn) -> WeekInReview:
    """Any week: lights, deadlines, money, families, matters, directives and promises in any mixture."""
    colours = st.sampled_from(["red", "yellow", "green", "running", "idle"])
    lights = draw(some(
        st.builds(light, PARTS, colours, st.none() | colours, st.sampled_from(["improbable", "homes_overdue"])),
        "code",
    ))
    near = draw(st.lists(
        st.builds(
            deadline, PARTS, st.dates(ON - timedelta(days=30), ON + timedelta(days=31)),
            st.sampled_from(["handed_over", "signed", "resettled"]),
        ),
        max_size=8, unique_by=lambda one: (one.part, one.key),
    ))
    city = f"{CITY}-construction-commission"
    directives: Sequence[DirectiveStanding] = draw(st.lists(
        st.builds(
            lambda number, days, waits, project: directive(
                number, overdue_workdays=days, waits_for=waits, projects=(project,) if project else (),
                state=State.REPORTED if waits == city else State.RECEIVED, due_on=ON - timedelta(days=days),
            ),
            st.integers(1, 30), st.integers(0, 9), st.sampled_from([CHUANYING, city]), st.none() | PARTS,
        ),
        max_size=8, unique_by=lambda one: one.code,
    ))
    promised = draw(st.integers(0, len(directives)))
    return week(
        lights=lights, near=near, directives=directives, homes=draw(some(st.builds(homes, PARTS), "part")),
        money_late=draw(some(st.builds(money, PARTS), "part")),
        matters=draw(some(st.builds(matter, st.integers(1, 9)), "reference")),
        promises=promises_of(directives[:promised], review="R", on=ON), last_review="R",
    )


@given(weeks())
def test_each_red_thing_stands_on_the_agenda_exactly_once(held: WeekInReview) -> None:
    agenda = agenda_of(held, priorities=PRIORITIES)
    told = Counter(item.key for item in agenda.items())
    assert set(told.values()) <= {1}
    red = {f"part/{one.code}" for one in held.lights if one.light.colour is Colour.RED}
    red |= {f"directive/{one.code}" for one in held.overdue} | {f"money/{one.part}" for one in held.money_late}
    assert red <= set(told)
    parts = {item.key.removeprefix("part/") for item in agenda.items() if item.key.startswith("part/")}
    assert parts == {one.code for one in held.lights if one.light.colour is Colour.RED}, "and no other colour"
    families = Counter(
        item.subject for item in agenda.items()
        if "overdue" in item.counts and item.kind in (AgendaKind.HOMES_OVERDUE, AgendaKind.TURNED_RED)
    )
    assert families == Counter(one.part for one in held.homes)


@given(weeks(), st.randoms())
def test_the_order_has_no_ties_and_does_not_depend_on_the_order_of_the_facts(held: WeekInReview, random) -> None:
    agenda = agenda_of(held, priorities=PRIORITIES)
    for one in agenda.matters:
        assert all(before.order < after.order for before, after in pairwise(one.items))
    firsts = [one.items[0].order for one in agenda.matters]
    assert all(before < after for before, after in pairwise(firsts))
    assert len({one.key for one in agenda.matters}) == len(agenda.matters)
    shuffled = replace(held, **{
        name: random.sample(list(getattr(held, name)), len(getattr(held, name)))
        for name in ("lights", "near", "directives", "homes", "money_late", "matters", "promises")
    })
    assert agenda_of(shuffled, priorities=PRIORITIES) == agenda


@given(weeks())
def test_a_frozen_agenda_comes_back_as_it_was_put(held: WeekInReview) -> None:
    frozen = plain(agenda_of(held, priorities=PRIORITIES))
    assert plain(value_from(Agenda, frozen)) == frozen


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"state": State.CLOSED, "closed_on": date(2025, 2, 12), "state_on": date(2025, 2, 12)}, Kept.KEPT),
        ({"state": State.ARCHIVED, "closed_on": date(2025, 2, 12), "state_on": ON}, Kept.KEPT),
        ({"state": State.VERIFIED, "state_on": date(2025, 2, 11), "due_on": date(2025, 2, 10)}, Kept.LATE),
        ({"is_reached": True}, Kept.KEPT),
        ({"is_reached": True, "due_on": date(2025, 2, 10)}, Kept.LATE),
        ({"due_on": date(2025, 2, 12)}, Kept.BROKEN),
        ({"due_on": ON}, Kept.NOT_YET_DUE),
        ({"due_on": None}, Kept.NOT_YET_DUE),
        # Answered in time and not checked yet: the city has the next move, so nobody has broken anything.
        ({"state": State.REPORTED, "answered_on": date(2025, 2, 12), "due_on": date(2025, 2, 12)}, Kept.NOT_YET_DUE),
        ({"state": State.REPORTED, "answered_on": ON, "due_on": date(2025, 2, 12)}, Kept.BROKEN),
        ({"state": State.CLOSED, "closed_on": ON, "answered_on": date(2025, 2, 7), "due_on": SINCE}, Kept.LATE),
        ({"state": State.CLOSED, "closed_on": ON, "answered_on": SINCE, "due_on": SINCE}, Kept.KEPT),
        ({"runs_by_law": True, "due_on": date(2025, 2, 10)}, Kept.NOT_YET_DUE),
        ({"state": State.CANCELLED, "due_on": date(2025, 2, 7)}, Kept.CANCELLED),
    ],
)
def test_a_promise_is_judged_by_what_its_directive_says(changes: dict[str, object], kept: Kept) -> None:
    (promise,) = promises_of([directive(1, **changes)], review="R", on=ON)
    assert promise.kept is kept


def test_of_a_recurring_promise_each_occurrence_is_judged_alone() -> None:
    whole = directive(1, due_on=None, rrule="FREQ=WEEKLY")
    first = directive(1, code="220200-D0001-20250207", occurrence_on=date(2025, 2, 7), due_on=date(2025, 2, 7))
    second = replace(first, code="220200-D0001-20250214", occurrence_on=date(2025, 2, 14), due_on=date(2025, 2, 14))
    found = promises_of([second, whole, first], review="R", on=ON)
    assert [(one.directive.code, one.kept) for one in found] == [
        ("220200-D0001-20250207", Kept.BROKEN), ("220200-D0001-20250214", Kept.NOT_YET_DUE),
    ]
