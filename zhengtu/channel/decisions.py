"""Matters that wait for the mayor: what only the mayor may do by ``authority.yaml``, and what has climbed that high.

Releases, inspections to authorise, objections, cases, schemes and scores, directives overdue beyond everybody else,
deadlines that no plan keeps. Nothing here asks who looks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Q

from zhengtu.accountability.queries import cases_for
from zhengtu.assessment.queries import assessments_for
from zhengtu.campaign.city_plans import city_plans
from zhengtu.campaign.cleared_counts import summed, verified_counts
from zhengtu.channel.item import Item
from zhengtu.core.assessment.accountability import CaseEvent, CaseEventKind, CaseState
from zhengtu.core.authority.actor import Actor
from zhengtu.core.directives.standing import DirectiveStanding, Rung
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.inspection.objecting import decision_due_on
from zhengtu.inspection.queries import InspectionStage, InspectionStanding, conclusions_for
from zhengtu.ledger.queries import Reach
from zhengtu.ledger.rulebook import current_rulebook

_STATED = ("channel.case", N_("%(trigger)s: the unit has stated its side; the case waits for its decision."))
_LAPSED = (
    "channel.case", N_("%(trigger)s: no statement came within the unit's period; the case waits for its decision.")
)
_APPEALED = ("channel.appeal", N_("%(trigger)s: the unit appealed against the decision; the appeal waits."))


def decisions_of(
    city: str, *, reader: Actor, on: date, inspections: Sequence[InspectionStanding], inspected: Collection[str],
    directives: Sequence[DirectiveStanding],
) -> list[Item]:
    """Everything that waits for the mayor in a city on a day.

    Args:
        reader: as ``reading_actor`` gives it.
        inspections: those that are not released; inspected: jurisdictions where one has looked at what is reported.
    """
    return [
        *_to_release(inspections), *_to_authorise(city, inspections, inspected, on=on), *_objections(reader, on=on),
        *_cases(reader, on=on), *_assessments(reader, on=on), *_schemes(city, reader, on=on),
        *_escalated(directives), *_deadlines(city, on=on),
    ]


def _to_release(inspections: Sequence[InspectionStanding]) -> list[Item]:
    """Inspections of which every conclusion is written: the mayor releases them."""
    return [
        Item(
            key=f"release:{one.code}", kind="", subject=one.code, light="yellow", since_on=one.until_on,
            title=one.title,
            reason=Reason("channel.release", N_("Every conclusion is written; it waits for its release.")),
        )
        for one in inspections if one.stage is InspectionStage.CONCLUDED
    ]


def _to_authorise(
    city: str, inspections: Sequence[InspectionStanding], inspected: Collection[str], *, on: date
) -> list[Item]:
    """Jurisdictions that report households as cleared of which no inspection has seen any, and none is under way: it
    takes the mayor's instruction."""
    under_way = {place[:6] for one in inspections for place in (*one.places, *one.jurisdictions)}
    counts = summed(verified_counts(Reach(prefixes=(city[:4],)), on=on), by="jurisdiction")
    return [
        Item(
            key=f"authorise:{jurisdiction}", kind="", subject=jurisdiction, light="yellow", unit=jurisdiction,
            reason=Reason(
                "channel.authorise",
                N_("%(reported)s households are reported as cleared, and no inspection has seen any of them; it takes "
                   "your instruction."),
                {"reported": count.reported},
            ),
        )
        for jurisdiction, count in sorted(counts.items())
        if count.reported and jurisdiction not in inspected and jurisdiction not in under_way
    ]


def _objections(reader: Actor, *, on: date) -> list[Item]:
    """Objections to conclusions that nobody has decided: the mayor does, or names who took no part."""
    items = []
    for row in conclusions_for(reader, on=on):
        held = row.objection
        if held is None or held.made_on > on or (held.decided_on is not None and held.decided_on <= on):
            continue
        items.append(Item(
            key=f"objection:{row.inspection}:{row.jurisdiction}", kind="", subject=row.inspection, title=row.title,
            light="yellow" if decision_due_on(held) >= on else "red", unit=row.jurisdiction, since_on=held.made_on,
            due_on=decision_due_on(held),
            reason=Reason(
                "channel.objection",
                N_("It objects to what was found of %(count)s households; somebody who took no part decides."),
                {"count": len(held.households)},
            ),
        ))
    return items


def _cases(reader: Actor, *, on: date) -> list[Item]:
    """Cases of which the unit has stated its side or let its period pass, or against whose decision it appealed."""
    items = []
    for case in cases_for(reader, on=on):
        if case.state not in (CaseState.HEARD, CaseState.LAPSED):
            continue
        events: list[CaseEvent] = [event for event in case.life.events if event.on <= on]
        last = events[-1] if events else None
        code, message = (
            _LAPSED if last is None else _APPEALED if last.kind is CaseEventKind.APPEAL else _STATED
        )
        items.append(Item(
            key=f"case:{case.code}", kind="case", subject=case.code, light="yellow", unit=case.row.unit_id,
            since_on=last.on if last is not None else case.heard_until,
            reason=Reason(code, message, {"trigger": f"trigger:{case.row.trigger}"}),
        ))
    return sorted(items, key=lambda item: item.key)


def _assessments(reader: Actor, *, on: date) -> list[Item]:
    """Assessments whose period is over and whose scores nobody has published."""
    rows = assessments_for(reader).filter(
        Q(published_on=None) | Q(published_on__gt=on), adopted_on__lte=on, until_on__lte=on
    )
    return [
        Item(
            key=f"assessment:{row.code}", kind="", subject=row.code, light="yellow", since_on=row.until_on,
            reason=Reason("channel.assessment", N_("Its period is over; the scores wait to be published.")),
        )
        for row in rows.order_by("code")
    ]


def _schemes(city: str, reader: Actor, *, on: date) -> list[Item]:
    """Schemes in force that are adopted for no period of which the day is one."""
    adopted = set(
        assessments_for(reader).filter(adopted_on__lte=on, from_on__lte=on, until_on__gt=on)
        .values_list("scheme", flat=True)
    )
    return [
        Item(
            key=f"scheme:{id}", kind="", subject=city, light="running", since_on=scheme.from_on,
            reason=Reason(
                "channel.scheme", N_("“%(scheme)s” is in force and adopted for no period that runs today."),
                {"scheme": f"scheme:{id}"},
            ),
        )
        for id, scheme in current_rulebook().assessment.schemes.items()
        if id not in adopted and scheme.from_on <= on and (scheme.until_on is None or on < scheme.until_on)
    ]


def _escalated(directives: Sequence[DirectiveStanding]) -> list[Item]:
    """Overdue directives that have climbed to the mayor."""
    return [overdue_item(one, "directive") for one in directives if one.is_open and one.rung is Rung.MAYOR]


def overdue_item(one: DirectiveStanding, kind: str) -> Item:
    """A directive that is overdue, as an item of that kind."""
    return Item(
        key=f"{kind}:{one.code}", kind=kind, subject=one.code, light="red", number=one.number, unit=one.lead,
        since_on=one.set_on, due_on=one.due_on, places=list(one.projects),
        reason=Reason(
            "channel.overdue", N_("%(matter)s: %(days)s working days overdue."),
            {
                "matter": one.matter.rstrip(current_rulebook().directives.matter_ends), "days": one.overdue_workdays,
            },
        ),
    )


def _deadlines(city: str, *, on: date) -> list[Item]:
    """Deadlines that no lawful plan of a part keeps any more: more means or another day is the mayor's to decide."""
    items = []
    for row in city_plans(city, on=on, known=None).rows:
        for one in row.targets:
            if one.is_met or one.earliest_on is None or one.earliest_on <= one.target.due_on:
                continue
            reason = Reason(
                "channel.deadline", N_("No plan keeps %(due_on)s; the earliest lawful day is %(earliest_on)s."),
                {"due_on": one.target.due_on.isoformat(), "earliest_on": one.earliest_on.isoformat()},
            )
            items.append(
                Item(
                    key=f"deadline:{row.code}:{one.target.key}", kind="deadline", subject=row.code, reason=reason,
                    light="red", unit=row.jurisdiction, due_on=one.target.due_on, places=[row.project],
                )
            )
    return sorted(items, key=lambda item: (item.due_on or date.max, item.key))


