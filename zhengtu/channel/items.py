"""What the channel shows: unreleased findings, discrepancies, promises broken; beside what ``decisions`` finds.

Each is one item with the unit that a directive about it would go to. Nothing here asks who looks; the page does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from zhengtu.channel.decisions import decisions_of, overdue_item
from zhengtu.channel.item import Item
from zhengtu.core.authority.actor import Actor
from zhengtu.core.directives.standing import DirectiveStanding
from zhengtu.core.inspection.discrepancy import Discrepancy
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
from zhengtu.inspection.truth import discrepancies
from zhengtu.registry.models import Project
from zhengtu.sponsorship.queries import PromiseStanding, broken_promises

UNRELEASED: Final = (InspectionStage.PLANNED, InspectionStage.UNDER_WAY, InspectionStage.CONCLUDED)


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
    held = discrepancies(city, on=on, released_only=False)
    directives = directives_for(reader, on=on)
    found = [*_findings(inspections, conclusions), *_discrepancies(held)]
    promises = [*_sponsors(broken_promises(city, on=on)), *_reviews(directives, on=on)]
    decisions = decisions_of(
        city, reader=reader, on=on, inspections=inspections, inspected=held, directives=directives
    )
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
    return [overdue_item(one, "review_promise") for one in broken]


def _leads(projects: Iterable[str]) -> dict[str, str]:
    """Project -> the unit that leads it, where it has one."""
    rows: dict[str, Any] = dict(Project.objects.filter(pk__in=set(projects)).values_list("code", "lead"))
    return {code: lead for code, lead in rows.items() if lead}


def _unit_of(subject: str, leads: dict[str, str]) -> str:
    """The jurisdiction of a place, of a whole project its lead."""
    return leads.get(subject, "") if kind_of(subject) == "project" else jurisdiction_of(subject)

