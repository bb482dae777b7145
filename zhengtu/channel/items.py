"""What the channel shows: unreleased findings, discrepancies, promises broken, and what only the mayor can decide.

Each is one item with the unit that a directive about it would go to. Nothing here asks who looks; the page does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from zhengtu.accountability.models import Case
from zhengtu.assessment.models import Assessment
from zhengtu.campaign.city_plans import city_plans
from zhengtu.core.authority.actor import Actor
from zhengtu.core.directives.standing import DirectiveStanding, Rung
from zhengtu.core.inspection.discrepancy import Discrepancy, discrepancy
from zhengtu.core.kernel.codes import jurisdiction_of, kind_of, project_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.reviews.promises import promises_of
from zhengtu.core.reviews.week import Kept
from zhengtu.directives.queries import directives_for
from zhengtu.inspection.queries import (
    ConclusionRow,
    InspectionStage,
    InspectionStanding,
    conclusions_for,
    inspections_for,
)
from zhengtu.inspection.site_findings import inspected_strata
from zhengtu.ledger.models import Fact
from zhengtu.ledger.queries import Reach, standing_facts
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Project
from zhengtu.sponsorship.queries import PromiseStanding, broken_promises

UNRELEASED: Final = (InspectionStage.PLANNED, InspectionStage.UNDER_WAY, InspectionStage.CONCLUDED)

_CASE_KINDS: Final = (
    "case_opened", "case_stated", "case_decided", "case_appealed", "case_appeal_decided", "case_closed",
)
_WAITING: Final = {
    "case_stated": ("channel.case", N_("The unit has stated its side; the case waits for its decision.")),
    "case_appealed": ("channel.appeal", N_("The unit appealed against the decision; the appeal waits.")),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of the channel.

    Attributes:
        key: kind and key, e.g. ``finding:220200-I0001:220204``; a directive out of it is remembered by that.
        kind: of ``rulebook/channel``; empty where no directive follows it.
        subject: code of what it is about, for its name and link.
        reason: the sentence that says what is so.
        light: red, yellow or running. number: what people call it, e.g. of a directive; title: of an inspection.
        unit: code of the unit that a directive would go to; empty: the mayor chooses.
        places: projects that a directive may name; empty where that would tell of an inspection.
    """

    key: str
    kind: str
    subject: str
    reason: Reason
    light: str
    unit: str = ""
    since_on: date | None = None
    due_on: date | None = None
    number: str = ""
    title: str = ""
    places: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """Everything that the page shows of a city on a day.

    Attributes:
        inspections: not released, with what was found so far; conclusions: written and not released.
        discrepancies: jurisdiction -> its discrepancy over everything that was seen, released or not.
        found: items of these. promises: items of broken ones. decisions: items that only the mayor decides.
    """

    inspections: Sequence[InspectionStanding]
    conclusions: Sequence[ConclusionRow]
    discrepancies: dict[str, Discrepancy]
    found: Sequence[Item]
    promises: Sequence[Item]
    decisions: Sequence[Item]
    by_key: dict[str, Item] = field(default_factory=dict)


def channel_of(city: str, *, reader: Actor, on: date) -> Channel:
    """The channel of a city on a day.

    Args:
        reader: as ``reading_actor`` gives it.
    """
    inspections = [one for one in inspections_for(reader, on=on) if one.stage in UNRELEASED]
    conclusions = conclusions_for(reader, on=on, is_released=False)
    held = {
        jurisdiction: known
        for jurisdiction, strata in inspected_strata(city, on=on, released_only=False).items()
        if (known := discrepancy(strata)) is not None
    }
    directives = directives_for(reader, on=on)
    found = [*_findings(inspections, conclusions), *_discrepancies(held)]
    promises = [*_sponsors(broken_promises(city, on=on)), *_reviews(directives, on=on)]
    decisions = [
        *_to_release(inspections), *_cases(city, on=on), *_assessments(city, on=on), *_escalated(directives),
        *_deadlines(city, on=on),
    ]
    by_key = {item.key: item for item in (*found, *promises, *decisions)}
    return Channel(inspections, conclusions, held, found, promises, decisions, by_key)


def _findings(inspections: Sequence[InspectionStanding], conclusions: Sequence[ConclusionRow]) -> list[Item]:
    """Of each jurisdiction of an unreleased inspection, what was found not to be as reported."""
    concluded = {(one.inspection, one.jurisdiction): one for one in conclusions}
    items = []
    for one in inspections:
        for jurisdiction in one.jurisdictions:
            row = concluded.get((one.code, jurisdiction))
            if row is not None:
                reason = Reason(
                    "channel.concluded", N_("Of %(seen)s houses seen %(false)s are not as reported; concluded."),
                    {"seen": row.seen, "false": row.false},
                )
                items.append(_finding(one, jurisdiction, reason, is_false=bool(row.false)))
        if not any(code == one.code for code, _ in concluded):
            reason = Reason(
                "channel.under_way", N_("Of %(seen)s houses seen %(false)s are not as reported; %(left)s to be seen."),
                {"seen": one.seen, "false": one.false, "left": max(one.drawn, one.asked) - one.seen},
            )
            place = one.jurisdictions[0] if len(one.jurisdictions) == 1 else ""
            items.append(_finding(one, place, reason, is_false=bool(one.false)))
    return items


def _finding(one: InspectionStanding, jurisdiction: str, reason: Reason, *, is_false: bool) -> Item:
    return Item(
        key=f"finding:{one.code}:{jurisdiction}", kind="finding", subject=one.code, reason=reason,
        light="red" if is_false else "running", unit=jurisdiction, since_on=one.from_on, title=one.title,
    )


def _discrepancies(held: dict[str, Discrepancy]) -> list[Item]:
    items = []
    for jurisdiction, one in sorted(held.items(), key=lambda pair: -pair[1].rates()[1]):
        low, middle, _ = one.rates()
        reason = Reason(
            "channel.discrepancy",
            N_("Of %(reported)s reported households %(middle)s are probably not so (%(low)s to %(high)s)."),
            {"reported": one.reported, "middle": one.middle, "low": one.low, "high": one.high},
        )
        items.append(
            Item(
                key=f"discrepancy:{jurisdiction}", kind="discrepancy", subject=jurisdiction, reason=reason,
                light="red" if low > 0.02 else "yellow" if middle > 0 else "running", unit=jurisdiction,
            )
        )
    return items


def _sponsors(broken: Iterable[PromiseStanding]) -> list[Item]:
    """Promises of sponsors; the unit is that of the place."""
    held = list(broken)
    leads = _leads({project_of(one.promise.subject) for one in held})
    return [
        Item(
            key=f"sponsor_promise:{one.promise.reference}", kind="sponsor_promise", subject=one.promise.subject,
            reason=Reason(
                "channel.sponsor_promise", N_("%(sponsor)s promised: %(text)s"),
                {"sponsor": one.name, "text": one.promise.text},
            ),
            light="red", since_on=one.promise.made_on, due_on=one.promise.due_on,
            unit=_unit_of(one.promise.subject, leads), places=[project_of(one.promise.subject)],
        )
        for one in held
    ]


def _reviews(directives: Sequence[DirectiveStanding], *, on: date) -> list[Item]:
    """Promises of every review that are broken on the day and still open."""
    by_review: dict[str, list[DirectiveStanding]] = defaultdict(list)
    for one in directives:
        if one.review:
            by_review[one.review].append(one)
    broken = [
        promise.directive for review, held in sorted(by_review.items())
        for promise in promises_of(held, review=review, on=on) if promise.kept is Kept.BROKEN
    ]
    return [_directive_item(one, "review_promise") for one in broken]


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


def _cases(city: str, *, on: date) -> list[Item]:
    """Cases of which the unit has stated its side, or against whose decision it appealed: the mayor decides."""
    rows = {row.code: row for row in Case.objects.filter(code__startswith=f"{city[:4]}00-A", met_on__lte=on)}
    last: dict[str, Fact] = {}
    for fact in standing_facts(_CASE_KINDS, reach=Reach(codes=tuple(rows)), on=on) if rows else ():
        last[fact.subject] = fact
    return [
        Item(
            key=f"case:{code}", kind="case", subject=code, light="yellow", unit=rows[code].unit_id,
            since_on=fact.happened_on, reason=Reason(_WAITING[fact.kind][0], _WAITING[fact.kind][1]),
        )
        for code, fact in sorted(last.items()) if fact.kind in _WAITING
    ]


def _assessments(city: str, *, on: date) -> list[Item]:
    """Assessments whose period is over and whose scores nobody has published."""
    rows = Assessment.objects.filter(
        code__startswith=city[:4], adopted_on__lte=on, until_on__lte=on, published_on=None
    ).order_by("code")
    return [
        Item(
            key=f"assessment:{row.code}", kind="", subject=row.code, light="yellow", since_on=row.until_on,
            reason=Reason("channel.assessment", N_("Its period is over; the scores wait to be published.")),
        )
        for row in rows
    ]


def _escalated(directives: Sequence[DirectiveStanding]) -> list[Item]:
    """Overdue directives that have climbed to the mayor."""
    return [_directive_item(one, "directive") for one in directives if one.is_open and one.rung is Rung.MAYOR]


def _directive_item(one: DirectiveStanding, kind: str) -> Item:
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


def _leads(projects: Iterable[str]) -> dict[str, str]:
    """Project -> the unit that leads it, where it has one."""
    rows: dict[str, Any] = dict(Project.objects.filter(pk__in=set(projects)).values_list("code", "lead"))
    return {code: lead for code, lead in rows.items() if lead}


def _unit_of(subject: str, leads: dict[str, str]) -> str:
    """The jurisdiction of a place, of a whole project its lead."""
    return leads.get(subject, "") if kind_of(subject) == "project" else jurisdiction_of(subject)

