"""Everything that can be assessed of the units of a city over a window, read from the ledger.

What is measured does not depend on a scheme: a trial changes points, never facts. It rests on the ledger alone (and on
the registers of units, deadlines and sections), so it is kept in memory until a deed anywhere changes it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Final

from zhengtu.assessment.conduct_measures import Events, lawful_conduct
from zhengtu.assessment.duty_measures import directives_on_time, requests_answered
from zhengtu.assessment.home_measures import homes_in_time
from zhengtu.assessment.money_measures import funds_on_time, paid_in_time
from zhengtu.assessment.plan_measures import Cases, deadlines_kept, plan_progress
from zhengtu.assessment.truth_measures import truthfulness
from zhengtu.core.assessment.scoring import Measured, counted
from zhengtu.core.assessment.unit_card import with_expectations
from zhengtu.core.assessment.window import Window
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.ledger_days import ledger_position
from zhengtu.registry.models import Deadline

SHARES: Final[Mapping[str, Callable[[Window], Cases]]] = {
    "deadlines_kept": deadlines_kept, "plan_progress": plan_progress, "directives_on_time": directives_on_time,
    "homes_in_time": homes_in_time, "requests_answered": requests_answered, "funds_on_time": funds_on_time,
    "paid_in_time": paid_in_time,
}
EVENTS: Final[Mapping[str, Callable[[Window], Events]]] = {"lawful_conduct": lawful_conduct}
ESTIMATES: Final[Mapping[str, Callable[[Window], Mapping[str, Measured]]]] = {"truthfulness": truthfulness}
COMPARED: Final = ("deadlines_kept", "plan_progress")
"""Results whose cases are told apart by how hard they are."""

_KEPT_WINDOWS: Final = 12
_kept: OrderedDict[tuple[Window, str, tuple[object, ...]], Mapping[str, Measured]] = OrderedDict()
_lock = Lock()


def measured_of(result: str, window: Window) -> Mapping[str, Measured]:
    """Unit -> what is known of it for one result; of events, a unit of which nothing is told is absent."""
    key = (window, result, _rests_on(window.city))
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = _measured(result, window)
    with _lock:
        _kept[key] = found
        while len(_kept) > _KEPT_WINDOWS * (len(SHARES) + len(EVENTS) + len(ESTIMATES)):
            _kept.popitem(last=False)
    return found


def _rests_on(city: str) -> tuple[object, ...]:
    """What measures rest on beside their window: every chain, the rulebook, and the city's deadlines."""
    deadlines = Deadline.objects.filter(campaign__code__startswith=city[:4]).order_by("id")
    rows = deadlines.values_list("id", "goal", "due_on", "project_id", "section_id")
    return (ledger_position(), current_rulebook().fingerprint, *rows)


def _measured(result: str, window: Window) -> Mapping[str, Measured]:
    if result in EVENTS:
        return {unit: Measured(events=tuple(events)) for unit, events in EVENTS[result](window).items()}
    if result in ESTIMATES:
        return ESTIMATES[result](window)
    cases = SHARES[result](window)
    if result in COMPARED:
        cases = with_expectations(cases)
    return {unit: counted(own) for unit, own in cases.items()}
