"""Whether families came home by the day that was promised to them."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Q

from zhengtu.assessment.plan_measures import Cases
from zhengtu.core.assessment.scoring import CountedCase
from zhengtu.core.assessment.window import Window
from zhengtu.core.kernel.codes import jurisdiction_of
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.ledger.milestone_queries import milestones_of, subjects_where
from zhengtu.registry.models import Household


def homes_in_time(window: Window) -> Cases:
    """Promises of a home that were due and still waited at the beginning, with whether they were kept by the end.

    A promise is a promise: how hard the case is changes nothing, and an old debt counts as a new one does.
    """
    waiting = Q(resettled_on__isnull=True) | Q(resettled_on__gte=window.from_on)
    subjects = subjects_where(Q(promised_on__lte=window.on) & waiting, known=window.known)
    codes = list(
        Household.objects.filter(code__startswith=window.city[:4], code__in=subjects).order_by("code")
        .values_list("code", flat=True)
    )
    found: dict[str, list[CountedCase]] = defaultdict(list)
    for code, dates in sorted(milestones_of(codes, known=window.known).items()):
        home_on = dates.get(Milestone.RESETTLED)
        is_home = home_on is not None and home_on <= window.on
        found[jurisdiction_of(code)].append(CountedCase(
            subject=code, done=int(is_home), due_on=dates[Milestone.PROMISED], done_on=home_on if is_home else None
        ))
    return found
