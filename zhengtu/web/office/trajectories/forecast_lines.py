"""Forecasts in words: the days, the probability, and how much data stands behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy

from zhengtu.campaign.plan_values import ForecastLine
from zhengtu.web.shared.reason_text import spoken_reason

BASES: Final[Mapping[str, Any]] = {
    "own": gettext_lazy("its own course within that of all"), "pooled": gettext_lazy("the course of the others"),
    "throughput": gettext_lazy("a mere pace"), "done": gettext_lazy("done"), "none": gettext_lazy("not enough data"),
}


@dataclass(frozen=True, slots=True)
class ShownForecast:
    """One forecast as it is shown.

    Attributes:
        due_on: the deadline it is about, or None.
        beyond: whether the horizon ends before 95 of 100 courses are complete.
    """

    line: ForecastLine
    name: str
    due_on: date | None
    basis: str
    data: Sequence[str]
    beyond: bool
    href: str = ""

    @property
    def is_done(self) -> bool:
        return self.line.basis == "done"


def shown_forecast(line: ForecastLine, *, name: str, due_on: date | None, href: str = "") -> ShownForecast:
    """A forecast with its words."""
    return ShownForecast(
        line=line, name=name, due_on=due_on, basis=str(BASES[line.basis]),
        data=[spoken_reason(reason).message for reason in line.reasons],
        beyond=not line.abstains and line.basis != "done" and line.p95_on is None, href=href,
    )
