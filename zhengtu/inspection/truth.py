"""How true the reported figures are: houses that an independent source confirms, and what inspections take off.

Which source counts is the rule of ``core.inspection.verification``; here it is asked of a whole city in one statement.
Findings on site are facts of households once their inspection is released, never before: what is said here of
households is open to whoever sees the figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from zhengtu.core.authority.actor import Actor
from zhengtu.core.inspection.discrepancy import Discrepancy, Inspected, discrepancy
from zhengtu.core.inspection.verification import Source
from zhengtu.core.kernel.codes import city_of, jurisdiction_of, kind_of, project_of
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.inspection.reach import sees_unreleased
from zhengtu.inspection.site_findings import inspected_strata
from zhengtu.ledger.milestone_queries import facts_standing, reached, replayed_milestones
from zhengtu.ledger.models import KINDS_OF_SOURCES, Milestones
from zhengtu.ledger.queries import Reach

STANDINGS: Final = ("verified", "contradicted", "unverified")
"""How a reported clearing stands; the three partition what is reported."""

_SOURCES: Final = {"site_found": Source.INSPECTOR, "payment_received": Source.PAYMENT, "family_replied": Source.FAMILY}
"""Kind of fact -> who says it; a list of ``source_confirmed`` names its source."""


@dataclass(frozen=True, slots=True)
class VerifiedCount:
    """Households reported as cleared (vacated or demolished) on a day.

    Attributes:
        verified: of these, confirmed by an independent source and contradicted by none.
        contradicted: of these, those of which a source's latest word is that they are not cleared.
    """

    reported: int = 0
    verified: int = 0
    contradicted: int = 0

    @property
    def unverified(self) -> int:
        """Those of which no independent source says anything."""
        return self.reported - self.verified - self.contradicted

    @property
    def share(self) -> float | None:
        """Verified of those reported, 0 to 1; None where nothing is reported."""
        return self.verified / self.reported if self.reported else None

    def __add__(self, other: VerifiedCount) -> VerifiedCount:
        return VerifiedCount(
            self.reported + other.reported, self.verified + other.verified, self.contradicted + other.contradicted
        )


@dataclass(frozen=True, slots=True)
class Discounted:
    """A reported figure after what inspections found, in households: ends of the interval and the middle."""

    low: int
    middle: int
    high: int


def verified_counts(reach: Reach, *, on: date, known: date | None = None) -> dict[str, VerifiedCount]:
    """Section within reach -> its cleared households and how they stand; sections without any are absent.

    One statement, whatever the number of households.

    Args:
        on: what happened by the end of this day counts.
        known: as recorded by the end of this day; None for now.
    """
    if not reach:
        return {}
    sql, parameters = _standings(reach.condition("subject"), on=on, known=known)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT section, count(*), count(*) FILTER (WHERE agrees AND NOT differs), count(*) FILTER (WHERE differs)"  # noqa: S608
            f" FROM ({sql}) standing GROUP BY section",
            parameters,
        )
        return {section: VerifiedCount(*counts) for section, *counts in cursor.fetchall()}


def summed(counts: Mapping[str, VerifiedCount], *, by: str = "") -> dict[str, VerifiedCount]:
    """Counts of sections added up by ``project``, ``jurisdiction`` or, under the empty code, all of them."""
    key = {"project": project_of, "jurisdiction": jurisdiction_of}.get(by, lambda _code: "")
    found: dict[str, VerifiedCount] = defaultdict(VerifiedCount)
    for section, count in counts.items():
        found[key(section)] += count
    return dict(found)


def households_standing(standing: str, *, on: date, known: date | None = None) -> RawSQL:
    """Codes of the households behind one of ``STANDINGS``, for use in ``code__in=``."""
    wanted = {
        "verified": "agrees AND NOT differs", "contradicted": "differs", "unverified": "NOT agrees AND NOT differs",
    }[standing]
    sql, parameters = _standings(Q(), on=on, known=known)
    return RawSQL(f"SELECT subject FROM ({sql}) standing WHERE {wanted}", parameters)  # noqa: S611, S608


def _standings(within: Q, *, on: date, known: date | None) -> tuple[str, tuple[Any, ...]]:
    """SQL of the households reported as cleared: subject, section, and whether sources agree and differ.

    Of each source its latest word on or after the reported day counts; a payment comes before the move by law and
    speaks from its own day on.
    """
    cleared = reached(Milestone.VACATED, on=on) | reached(Milestone.DEMOLISHED, on=on)
    rows = Milestones.objects.filter(within, cleared, subject__contains="-H").order_by()
    reported, reported_with = rows.values_list(
        "subject", Coalesce("vacated_on", "demolished_on")
    ).query.sql_with_params()
    if known is not None:
        replay, replay_with = replayed_milestones(known)
        # The name of the common table hides the real one.
        reported = f'WITH "ledger_milestones" AS ({replay}) {reported}'
        reported_with = (*replay_with, *reported_with)
    sources = " ".join(f"WHEN '{kind}' THEN '{source}'" for kind, source in _SOURCES.items())
    stood, stood_with = facts_standing(known)
    sql = f"""
        WITH reported (subject, reported_on) AS ({reported}),
        said AS (
            SELECT DISTINCT ON (f.subject, source) f.subject,
                CASE f.kind {sources} ELSE f.attributes->>'source' END AS source,
                f.kind = 'payment_received' OR f.attributes->>'is_cleared' = 'yes' AS is_cleared
            FROM ledger_fact f JOIN reported r ON r.subject = f.subject JOIN ledger_deed d ON d.id = f.deed_id
            WHERE f.kind IN ({", ".join(f"'{kind}'" for kind in KINDS_OF_SOURCES)}) AND f.happened_on <= %s
                AND (f.kind = 'payment_received'
                     OR (f.happened_on >= r.reported_on AND f.attributes->>'is_cleared' IN ('yes', 'no')))
                AND {stood}
            ORDER BY f.subject, source, f.happened_on DESC, d.recorded_at DESC, f.deed_id DESC, f.ordinal DESC
        )
        SELECT r.subject, left(r.subject, position('-H' IN r.subject) - 1) AS section,
            coalesce(bool_or(s.is_cleared), false) AS agrees, coalesce(bool_or(NOT s.is_cleared), false) AS differs
        FROM reported r LEFT JOIN said s ON s.subject = r.subject GROUP BY r.subject"""
    return sql, (*reported_with, on, *stood_with)


def discrepancies(city: str, *, on: date, released_only: bool) -> dict[str, Discrepancy]:
    """Jurisdiction -> how many of its reported cleared households are not so, by the last inspection that tells.

    Args:
        released_only: False only where the actor holds ``inspection.view`` over the city; see ``discrepancies_for``.
    """
    strata = inspected_strata(city, on=on, released_only=released_only)
    found = {jurisdiction: _discrepancy(tuple(parts)) for jurisdiction, parts in strata.items()}
    return {jurisdiction: one for jurisdiction, one in found.items() if one is not None}


def discrepancies_for(actor: Actor, cities: Iterable[str], *, on: date) -> dict[str, Discrepancy]:
    """The same as the actor may know it: with what is not yet released only for who sees that."""
    found: dict[str, Discrepancy] = {}
    for city in sorted(set(cities)):
        found |= discrepancies(city, on=on, released_only=not sees_unreleased(actor, city))
    return found


def cities_of(codes: Iterable[str]) -> set[str]:
    """The cities that codes of sections, districts or projects lie in."""
    return {city_of(code) if kind_of(code) != "project" else code[:6] for code in codes}


@lru_cache(maxsize=1024)
def _discrepancy(strata: tuple[Inspected, ...]) -> Discrepancy | None:
    return discrepancy(strata)


def discounted(figure: int, found: Discrepancy | None) -> Discounted | None:
    """A figure after what was found: the share that was not so is taken off; None where nothing was inspected.

    The inspection was of the figure as of its own day; of a later one the same share is taken.
    """
    if found is None:
        return None
    low, middle, high = found.rates()
    return Discounted(*(round(figure * (1 - rate)) for rate in (high, middle, low)))
