"""What inspections found once they were fed back, and violations; nothing unreleased is ever read here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from zhengtu.core.assessment.triggers import Ground, Trigger
from zhengtu.core.inspection.discrepancy import Discrepancy, discrepancy
from zhengtu.core.kernel.codes import jurisdiction_of
from zhengtu.inspection.models import Inspection
from zhengtu.inspection.site_findings import strata_of
from zhengtu.ledger.queries import Reach, standing_facts
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.procedure_cases import participation_of

_PERCENT = 100


def figures_untrue(trigger: Trigger, city: str, on: date) -> list[Ground]:
    """Districts of which the lower bound of the share found untrue is above so many per cent."""
    return [
        Ground(jurisdiction, row.code, row.code, released_on, measured=f"{low:.1f}")
        for row, released_on, jurisdiction, told, _ in _released(city, on)
        if (low := told.rates()[0] * _PERCENT) > trigger.limits["percent"]
    ]


def figures_true(trigger: Trigger, city: str, on: date) -> list[Ground]:
    """Districts of which, with enough houses seen, the upper bound of the share found untrue is below so many."""
    return [
        Ground(jurisdiction, row.code, row.code, released_on, measured=f"{high:.1f}")
        for row, released_on, jurisdiction, told, seen in _released(city, on)
        if seen >= trigger.limits["least"] and (high := told.rates()[2] * _PERCENT) < trigger.limits["percent"]
    ]


def violations(trigger: Trigger, city: str, on: date) -> list[Ground]:
    """Violations on the day on which they were recorded as found, of the district in which they happened.

    What an inspector recorded and nobody was told of opens nothing: the case would tell of it.
    """
    concealed = current_rulebook().authority.seen_with
    facts = [
        fact for fact in standing_facts(("violation_found",), reach=Reach(prefixes=(city[:4],)), on=on)
        if fact.deed.verb not in concealed
    ]
    return [
        Ground(
            jurisdiction_of(fact.subject), participation_of(fact.subject), fact.subject, fact.deed.recorded_on,
            due_on=None, measured=str(fact.attributes.get("violation", "")), basis=(fact.reference,),
        )
        for fact in facts if fact.deed.recorded_on <= on
    ]


def _released(city: str, on: date) -> Iterator[tuple[Inspection, date, str, Discrepancy, int]]:
    """Inspection, day of its feedback, district, what it found there, and how many houses were seen; no patrols,
    whose draw is weighted and tells of no share."""
    rows = Inspection.objects.filter(code__startswith=f"{city}-I", released_on__lte=on, cancelled_on=None, weights={})
    for row in rows.defer("candidates").order_by("released_on", "code"):
        if row.released_on is None:
            continue
        for jurisdiction, strata in strata_of(row, on=row.released_on).items():
            told = discrepancy(strata) if any(one.inspected for one in strata) else None
            if told is not None and told.reported:
                yield row, row.released_on, jurisdiction, told, sum(one.inspected for one in strata)
