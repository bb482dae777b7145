"""The frontier of a run without its families: a few figures out of a result that names thousands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import F, Func, JSONField, Q, Value

from zhengtu.campaign.models import RunStage
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.resettlement.models import OptionsRun
from zhengtu.resettlement.options_runs import options_runs_for


@dataclass(frozen=True, slots=True)
class OutlinePoint:
    """A plan's cost for homes and money (yuan) and its waiting (family-months)."""

    spent_yuan: Decimal
    family_months: float


@dataclass(frozen=True, slots=True)
class FrontierOutline:
    """A computed run: its points in order, and first come first served beside them."""

    run: OptionsRun
    families: int
    points: Sequence[OutlinePoint]
    first_come: OutlinePoint


def latest_outline(
    actor: Actor, parts: Collection[str], *, on: date, known: date | None = None
) -> FrontierOutline | None:
    """The latest computed run in the actor's reach over one of these parts of projects; None where there is none.

    Args:
        on: facts of a later day are not shown. known: nor what was asked for after this day.
    """
    about = reduce(or_, (Q(projects__contains=[part]) for part in sorted(parts)), Q(pk__in=()))
    rows = options_runs_for(actor).filter(about, stage=RunStage.DONE, on__lte=on, result__families__gt=0)
    asked = [(pk, at) for pk, at in rows.values_list("pk", "asked_at") if known is None or civil_date(at=at) <= known]
    if not asked:
        return None
    run = rows.annotate(
        families=F("result__families"),
        spent=_each("$.points[*].spent_yuan"), months=_each("$.points[*].family_months"),
        first_spent=F("result__first_come__spent_yuan"), first_months=F("result__first_come__family_months"),
    ).get(pk=asked[0][0])
    points = [OutlinePoint(Decimal(yuan), months) for yuan, months in zip(run.spent, run.months, strict=True)]
    return FrontierOutline(run, run.families, points, OutlinePoint(Decimal(run.first_spent), run.first_months))


def _each(path: str) -> Func:
    """What stands at a path of the result, in order, read by the database so that the families stay there."""
    return Func(F("result"), Value(path), template="jsonb_path_query_array(%(expressions)s::jsonpath)",
                output_field=JSONField())
