"""What a release will bring about, before it is done: facts by kind, who is told, what is ordered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zhengtu.accounts.queries import people_called
from zhengtu.core.authority.actor import Actor
from zhengtu.core.inspection.authorisation import last_day_to_object
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.inspection.concluding import unconcluded
from zhengtu.inspection.entering import finding_facts
from zhengtu.inspection.queries import InspectionStage, stage_of
from zhengtu.inspection.reach import inspection_seen, sees_unreleased
from zhengtu.inspection.telling import answering


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a release brings about for one jurisdiction.

    Attributes:
        facts: kind -> how many facts of households are entered.
        told: names of the people who get a notice.
        repair_until_on: last day of the repair; None where none is ordered.
        object_until_on: last day to object if it is released on that day.
    """

    jurisdiction: str
    text: str
    repair: str
    repair_until_on: date | None
    facts: Mapping[str, int]
    told: Sequence[str]
    object_until_on: date


@dataclass(frozen=True, slots=True)
class ReleasePreview:
    """The consequences by jurisdiction, and jurisdictions whose conclusion is missing."""

    consequences: Sequence[Consequence]
    missing: Sequence[str]


def release_preview(actor: Actor, code: str, *, now: datetime) -> ReleasePreview | None:
    """The preview of an inspection that is drawn and not released; None where there is none for the actor."""
    today = civil_date(at=now)
    row = inspection_seen(actor, code, on=today)
    waits = (InspectionStage.UNDER_WAY, InspectionStage.CONCLUDED)
    if row is None or not sees_unreleased(actor, code) or stage_of(row, on=today) not in waits:
        return None
    told = {one.jurisdiction: answering(one.jurisdiction, now=now) for one in row.conclusions.all()}
    names = people_called(person for people in told.values() for person in people)
    found = []
    for one in row.conclusions.order_by("jurisdiction"):
        rows = row.drawn.filter(household__startswith=one.jurisdiction, is_false__isnull=False)
        facts = Counter(fact.kind for drawn in rows for fact in finding_facts(drawn, row))
        found.append(Consequence(
            jurisdiction=one.jurisdiction, text=one.text, repair=one.repair, repair_until_on=one.repair_until_on,
            facts=dict(facts), told=sorted(names[person] for person in set(told[one.jurisdiction])),
            object_until_on=last_day_to_object(served_on=today),
        ))
    return ReleasePreview(consequences=found, missing=unconcluded(row))
