"""The closed list of an inspection: which households are reported so, in the plan's places, as of its day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db.models import Max, Q

from zhengtu.core.inspection.matters import InspectedMatter, Repeats
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import jurisdiction_of, kind_of
from zhengtu.core.ledger.milestones import Milestone, standing_dates
from zhengtu.inspection.models import Drawn
from zhengtu.ledger.milestone_queries import reached
from zhengtu.ledger.models import Milestones
from zhengtu.ledger.projection import MILESTONE_COLUMNS
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Section

Weights = dict[str, tuple[date, date | None]]
"""House -> the day it was vacated, and the day it was last seen empty, or None."""


def sections_of(places: Iterable[str], *, city: str) -> frozenset[str]:
    """Sections of a city that jurisdictions, projects, parts of projects and sections cover."""
    condition = Q(pk__in=[])
    for place in places:
        condition |= _covered(place, city=city)
    rows = Section.objects.filter(condition, code__startswith=city[:4])
    return frozenset(rows.values_list("code", flat=True))


def _covered(place: str, *, city: str) -> Q:
    try:
        kind = kind_of(place)
    except ValueError:
        return Q(pk__in=[])
    if kind == "jurisdiction":
        return Q(code__startswith=city[:4]) if place == city else Q(jurisdiction=place)
    if kind == "project":
        return Q(project=place)
    if kind == "participation":
        return Q(code__startswith=f"{place}-")
    return Q(code=place)


def closed_list(
    matter: InspectedMatter, *, sections: Iterable[str], as_of_on: date, today: date
) -> tuple[dict[str, list[str]], Weights]:
    """The candidates by stratum, and of each the day it was reached and the day it was last seen so.

    A stratum is a jurisdiction and the furthest of the matter's milestones, ``220204/vacated``. Where households are
    left in peace, those seen within the quiet days are not on the list.
    """
    is_reported = Q(pk__in=[])
    for milestone in matter.reported:
        is_reported |= reached(Milestone(milestone), on=as_of_on)
    rows = Milestones.objects.filter(is_reported, section__in=sections, subject_kind="household").order_by("subject")
    found: dict[str, list[str]] = defaultdict(list)
    reached_on: dict[str, date] = {}
    for subject, *days in rows.values_list("subject", *MILESTONE_COLUMNS):
        dates = {milestone: day for milestone, day in zip(Milestone, days, strict=True) if day is not None}
        known = standing_dates(dates, on=as_of_on)
        if any(Milestone(one) in known for one in matter.unless):
            continue
        furthest = [Milestone(one) for one in matter.reported if Milestone(one) in known][-1]
        found[f"{jurisdiction_of(subject)}/{furthest}"].append(subject)
        reached_on[subject] = known[furthest]
    seen = last_seen(found, matter=matter, today=today)
    if matter.quiet_for is Repeats.HOUSEHOLD:
        since = today - timedelta(days=matter.quiet_days)
        resting = {code for code, (visited_on, _) in seen.items() if visited_on > since}
        found = {
            key: kept for key, codes in found.items() if (kept := [code for code in codes if code not in resting])
        }
    weights = {
        code: (reached_on[code], seen.get(code, (None, None))[1]) for codes in found.values() for code in codes
    }
    return dict(sorted(found.items())), weights


def last_seen(
    strata: Mapping[str, Iterable[str]], *, matter: InspectedMatter, today: date
) -> dict[str, tuple[date, date | None]]:
    """Household -> the day somebody last looked at it for this matter, and the day it was last found empty.

    A day on which it was found empty is published with the draw, so only released inspections tell it.
    """
    cities = {key[:4] for key in strata}
    within = Q(pk__in=[])
    for city in cities:
        within |= Q(household__startswith=city)
    rows = Drawn.objects.filter(within).exclude(found="").order_by()
    looked = rows.filter(inspection__matter=matter.id, inspection__cancelled_on=None)
    days: dict[str, tuple[date, date | None]] = {
        row["household"]: (civil_date(at=row["at"]), None)
        for row in looked.values("household").annotate(at=Max("found_at"))
    }
    as_empty = Q(pk__in=[])
    for one in current_rulebook().inspection.matters.values():
        empty = [answer.id for answer in one.answers.values() if answer.is_cleared]
        as_empty |= Q(inspection__matter=one.id, found__in=empty)
    told = rows.filter(as_empty, inspection__released_on__lte=today)
    for row in told.values("household").annotate(at=Max("found_at")):
        on = civil_date(at=row["at"])
        days[row["household"]] = (days.get(row["household"], (date.min, None))[0], on)
    return days
