"""How true a unit's reported figures are, by the inspections that were fed back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from zhengtu.core.assessment.scoring import Measured
from zhengtu.core.assessment.window import Window
from zhengtu.core.inspection.discrepancy import Inspected, discrepancy
from zhengtu.inspection.site_findings import inspected_strata

_DIGITS = 6


def truthfulness(window: Window) -> Mapping[str, Measured]:
    """Jurisdiction -> the share of reported households that are as reported, of those whose inspection was fed back
    in the window; what an earlier one found is not counted again. Nothing unreleased is ever read."""
    last = min(window.on, window.known or window.on)
    before = _strata(window.city, on=min(window.before, last))
    found = {}
    for jurisdiction, strata in _strata(window.city, on=last).items():
        told = discrepancy(strata) if strata != before.get(jurisdiction) else None
        if told is not None and told.reported:
            low, middle, high = (round(1 - rate, _DIGITS) for rate in reversed(told.rates()))
            found[jurisdiction] = Measured(
                low=low, middle=middle, high=high, sample=sum(one.inspected for one in strata)
            )
    return found


def _strata(city: str, *, on: date) -> dict[str, Sequence[Inspected]]:
    return {code: tuple(strata) for code, strata in inspected_strata(city, on=on, released_only=True).items()}
