"""What a run of the options engine is asked: budgets by payer and year, how far it looks, who comes before others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason

YEARS: Final = 3
"""Years that the form asks budgets for, the running one first."""
MOST_YUAN: Final = Decimal(1_000_000_000_000)
_HORIZON: Final = (6, 120)
_POINTS: Final = (2, 12)
_CASH: Final = (0, 24)
_FIRST: Final = (0, 120)


@dataclass(frozen=True, slots=True)
class YearBudget:
    """What a payer may spend on homes and money in a calendar year; carries_over: its rest in the next one too."""

    payer: str
    year: int
    yuan: Decimal
    carries_over: bool = False


@dataclass(frozen=True, slots=True)
class OptionsSettings:
    """What is asked.

    Attributes:
        horizon_months: how far the plans look. cash_months: months until settling in money is carried out.
        first_after_months: families with a hardship, and those late by more than so many months, come before all
            others; None for nobody.
        points: points of the frontier.
    """

    budgets: Sequence[YearBudget]
    horizon_months: int = 60
    cash_months: int = 2
    first_after_months: int | None = 40
    points: int = 8


def settings_as_plain(settings: OptionsSettings) -> dict[str, Any]:
    """The settings as a run keeps them."""
    return {
        "budgets": [
            {"payer": one.payer, "year": one.year, "yuan": str(one.yuan), "carries_over": one.carries_over}
            for one in settings.budgets
        ],
        "horizon_months": settings.horizon_months, "cash_months": settings.cash_months,
        "first_after_months": settings.first_after_months, "points": settings.points,
    }


def settings_from(held: Mapping[str, Any]) -> OptionsSettings:
    """Kept settings as they were."""
    return OptionsSettings(
        budgets=tuple(
            YearBudget(one["payer"], one["year"], Decimal(one["yuan"]), one["carries_over"]) for one in held["budgets"]
        ),
        horizon_months=held["horizon_months"], cash_months=held["cash_months"],
        first_after_months=held["first_after_months"], points=held["points"],
    )


def month_of_year(year: int, *, on: date) -> int:
    """Whole months from a day until a year begins; 0 for the running one."""
    return max(0, (year - on.year) * 12 - (on.month - 1))


def settings_reasons(settings: OptionsSettings, *, payers: Sequence[str], on: date) -> list[Reason]:
    """What is wrong with what is asked, given the payers of the families and the day of asking."""
    reasons = []
    for what, value, (least, most) in (
        (N_("Months to look ahead"), settings.horizon_months, _HORIZON),
        (N_("Months until money is paid out"), settings.cash_months, _CASH),
        (N_("Points of the frontier"), settings.points, _POINTS),
        (N_("Months late that come before all others"), settings.first_after_months or 0, _FIRST),
    ):
        if not least <= value <= most:
            reasons.append(
                Reason(
                    code="options.range", message=N_("%(what)s: %(value)s is not from %(least)s to %(most)s."),
                    parameters={"what": f"label:{what}", "value": value, "least": least, "most": most},
                    remedy=N_("Enter another number."),
                )
            )
    years = Counter((one.payer, one.year) for one in settings.budgets)
    for one in settings.budgets:
        is_fit = one.payer in payers and on.year <= one.year < on.year + YEARS and years[one.payer, one.year] == 1
        if not is_fit or not 0 <= one.yuan <= MOST_YUAN:
            reasons.append(
                Reason(
                    code="options.budget", message=N_("The budget of %(payer)s for %(year)s cannot be used."),
                    parameters={"payer": one.payer, "year": one.year},
                    remedy=N_("Enter one sum a year for each payer of these families, up to 1,000,000,000,000 yuan."),
                )
            )
    return reasons
