"""Each thing of a week that a review has to speak about, as one item, and none twice; docs/algorithms/agenda.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from zhengtu.core.directives.standing import DirectiveStanding
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.plan import Colour
from zhengtu.core.reviews.agenda import PROMISE_KINDS, AgendaItem, AgendaKind
from zhengtu.core.reviews.week import HomesOverdue, Kept, PartDeadline, PartLight, Promise, WeekInReview

_HOMES_RULE: Final = "homes_overdue"
_KEPT_COLOURS: Final = {Kept.KEPT: "green", Kept.LATE: "yellow", Kept.BROKEN: "red"}
Priorities = Mapping[str, int]


def items_of(week: WeekInReview, *, priorities: Priorities) -> list[AgendaItem]:
    """Every item of a week.

    What is told once is not told again: a deadline that decides a red light is told by the light; families whose wait
    is the light's own reason are told by it; a directive that the last review decided is told as its promise.
    """
    red = {one.code: one for one in week.lights if one.light.colour is Colour.RED}
    near = {(one.part, one.key): one for one in week.near}
    homes = {one.part: one for one in week.homes}
    promised = {one.directive.code for one in week.promises}
    found = [
        *(_red_item(one, near.get((one.code, one.light.target)), homes.get(one.code)) for one in red.values()),
        *(_near_item(one) for one in week.near if not _is_told(one, red, homes)),
        *(_homes_item(one) for one in week.homes if not _waits_by_light(red.get(one.part))),
        *_money_items(week),
        *_matter_items(week),
        *(_promise_item(one) for one in week.promises if one.kept in PROMISE_KINDS),
        *_directive_items(week, promised=promised),
    ]
    return [_placed(item, priorities) for item in found]


def _placed(item: AgendaItem, priorities: Priorities) -> AgendaItem:
    return replace(item, priority=priorities[item.kind])


def _waits_by_light(light: PartLight | None) -> bool:
    return light is not None and light.light.rule == _HOMES_RULE


def _is_told(deadline: PartDeadline, red: Mapping[str, PartLight], homes: Mapping[str, HomesOverdue]) -> bool:
    """Whether a red light or waiting families say already what is to be said of a deadline."""
    light = red.get(deadline.part)
    if light is not None and light.light.target == deadline.key:
        return True
    return deadline.goal == "resettled" and deadline.days_left < 0 and (
        deadline.part in homes or _waits_by_light(light)
    )


def _red_item(part: PartLight, near: PartDeadline | None, homes: HomesOverdue | None) -> AgendaItem:
    kind = AgendaKind.TURNED_RED if part.has_turned_red else AgendaKind.STILL_RED
    counts = _left(near) if near is not None else {}
    if _waits_by_light(part):
        kind = kind if part.has_turned_red else AgendaKind.HOMES_OVERDUE
        counts = _waiting(homes) if homes is not None else counts
    return AgendaItem(
        key=f"part/{part.code}", kind=kind, priority=0, colour="red", subject=part.code, project=part.project,
        jurisdiction=part.jurisdiction, units=tuple(dict.fromkeys((part.jurisdiction, part.responsible))),
        reason=part.light.reason, goal=part.goal, due_on=part.due_on, earliest_on=part.earliest_on,
        probability=part.light.probability, counts=counts, blocker=part.light.blocker,
        section_names=part.section_names,
    )


def _left(deadline: PartDeadline) -> dict[str, int]:
    return {
        "sections": deadline.sections, "sections_left": deadline.sections_left,
        "households": deadline.households, "households_left": deadline.households_left,
    }


def _waiting(homes: HomesOverdue) -> dict[str, int]:
    return {"overdue": homes.overdue, "over_12": homes.over_12, "over_40": homes.over_40}


def _near_item(deadline: PartDeadline) -> AgendaItem:
    has_passed = deadline.days_left < 0
    message = (
        N_("The deadline passed %(days)s days ago; %(left)s of %(of)s sections have not reached it.") if has_passed
        else N_("%(days)s days are left; %(left)s of %(of)s sections have not reached it.")
    )
    return AgendaItem(
        key=f"deadline/{deadline.part}/{deadline.key}", kind=AgendaKind.DEADLINE_NEAR, priority=0,
        colour="red" if has_passed else "yellow", subject=deadline.part, project=deadline.project,
        jurisdiction=deadline.jurisdiction,
        units=tuple(dict.fromkeys((deadline.jurisdiction, deadline.responsible))),
        reason=Reason(
            "reviews.deadline_near", message,
            {"days": abs(deadline.days_left), "left": deadline.sections_left, "of": deadline.sections},
        ),
        goal=deadline.goal, due_on=deadline.due_on, earliest_on=deadline.earliest_on,
        probability=deadline.probability, days=deadline.days_left, counts=_left(deadline),
        blocker=deadline.blocker, section_names=deadline.section_names,
    )


def _homes_item(homes: HomesOverdue) -> AgendaItem:
    return AgendaItem(
        key=f"homes/{homes.part}", kind=AgendaKind.HOMES_OVERDUE, priority=0, colour="red", subject=homes.part,
        project=homes.project, jurisdiction=homes.jurisdiction, units=(homes.jurisdiction,),
        reason=Reason(
            "reviews.homes_overdue",
            N_("%(overdue)s families wait beyond the day they were promised, %(over_12)s of them for over a year."),
            {"overdue": homes.overdue, "over_12": homes.over_12},
        ),
        goal="resettled", counts=_waiting(homes),
    )


def _money_items(week: WeekInReview) -> Iterator[AgendaItem]:
    for one in week.money_late:
        yield AgendaItem(
            key=f"money/{one.part}", kind=AgendaKind.MONEY_LATE, priority=0, colour="red", subject=one.part,
            project=one.project, jurisdiction=one.jurisdiction,
            units=tuple(dict.fromkeys((one.client, one.jurisdiction))), reason=one.reason, due_on=one.since_on,
            amounts_yuan={
                "missing": one.missing_yuan, "arrived": one.arrived_yuan, "committed": one.committed_yuan,
                "paid": one.paid_yuan,
            },
        )


def _matter_items(week: WeekInReview) -> Iterator[AgendaItem]:
    for one in week.matters:
        units = (one.responsible_unit,) if one.responsible_unit else (one.jurisdiction,) if one.jurisdiction else ()
        message = (
            N_("Listed on %(opened_on)s and due on %(due_on)s; it is not solved.") if one.due_on
            else N_("Listed on %(opened_on)s; it is not solved.")
        )
        yield AgendaItem(
            key=f"matter/{one.reference}", kind=AgendaKind.MATTER_OPEN, priority=0,
            colour="red" if one.is_late else "yellow", subject=one.subject, project=one.project,
            jurisdiction=one.jurisdiction, units=units, who=one.responsible, text=one.text, due_on=one.due_on,
            reason=Reason(
                "reviews.matter_open", message,
                {"opened_on": one.opened_on.isoformat(), "due_on": one.due_on.isoformat() if one.due_on else ""},
            ),
        )


def _promise_item(promise: Promise) -> AgendaItem:
    one = promise.directive
    return _of_directive(
        one, kind=PROMISE_KINDS[promise.kept], colour=_KEPT_COLOURS.get(promise.kept, str(one.colour)),
        reason=_promise_reason(promise),
    )


def _promise_reason(promise: Promise) -> Reason:
    one = promise.directive
    messages = {
        Kept.KEPT: N_("Done on %(done_on)s, by its last day %(due_on)s.") if one.due_on else N_("Done on %(done_on)s."),
        Kept.LATE: N_("Done on %(done_on)s, after its last day %(due_on)s."),
        Kept.BROKEN: N_("Due on %(due_on)s and not done, %(days)s working days overdue."),
        Kept.NOT_YET_DUE: N_("Due on %(due_on)s.") if one.due_on else N_("Not done; no last day was set."),
    }
    return Reason(
        f"reviews.promise_{promise.kept}", messages[promise.kept],
        {
            "done_on": promise.done_on.isoformat() if promise.done_on else "",
            "due_on": one.due_on.isoformat() if one.due_on else "", "days": one.overdue_workdays,
        },
    )


def _directive_items(week: WeekInReview, *, promised: set[str]) -> Iterator[AgendaItem]:
    """Directives of the city's own units; what a district divided further is the district's own affair."""
    for one in week.directives:
        if one.code in promised or city_of(one.setter) != one.setter[:6]:
            continue
        if one.overdue_workdays > 0:
            kind = AgendaKind.DIRECTIVE_OVERDUE if one.occurrence_on is None else AgendaKind.DUTY_MISSED
            yield _of_directive(one, kind=kind, colour=str(one.colour), reason=one.light_reason)
        elif one.is_open and one.waits_for == one.setter != one.lead:
            yield _of_directive(
                one, kind=AgendaKind.WAITS_FOR_CITY, colour=str(one.colour),
                reason=Reason(
                    "reviews.waits_for_city", N_("Since %(since)s the next move is that of the unit that set it."),
                    {"since": one.state_on.isoformat()},
                ),
            )


def _of_directive(one: DirectiveStanding, *, kind: AgendaKind, colour: str, reason: Reason) -> AgendaItem:
    counts = {"done": one.progress.done, "total": one.progress.total} if one.progress is not None else {}
    return AgendaItem(
        key=f"directive/{one.code}", kind=kind, priority=0,
        colour=colour,
        subject=one.code, project=project_of_directive(one),
        jurisdiction=one.lead if city_of(one.lead) != one.lead[:6] else "",
        units=tuple(dict.fromkeys((one.lead, *one.joint))), reason=reason, text=one.matter, number=one.number,
        goal=one.progress.goal if one.progress is not None else "", due_on=one.due_on,
        days=one.overdue_workdays or None, counts=counts,
    )


def project_of_directive(directive: DirectiveStanding) -> str:
    """The one project that a directive is about, its parts and sections counted as the project; empty if several."""
    projects = {f"{code[:4]}00-{code.split('-')[1]}" for code in directive.projects if "-P" in code}
    return projects.pop() if len(projects) == 1 else ""
