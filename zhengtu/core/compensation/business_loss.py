"""Loss of business while it stands still: decree 590, art. 23; the method is local, so it is a parameter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from zhengtu.core.compensation.case import ONE, Case
from zhengtu.core.compensation.facts import Business, Standing, Use
from zhengtu.core.compensation.statement import StatementLine
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import ZERO, product
from zhengtu.core.kernel.reasons import Reason, Refused

SOURCE: Final = "state-council-decree-590#23"
ITEM: Final = "business_loss"
PREFIX: Final = "state_land.business_loss"
USES: Final = (Use.SHOP, Use.STORAGE, Use.NON_DWELLING)


def business_loss(case: Case) -> list[StatementLine]:
    """The loss by the method that the place names for the chosen option, and never under the province's least share.

    A business without lawful building, licence or taxes gets a line of nothing that says which is missing.

    Raises:
        Refused: when no method is on file and no valuation either, or the method lacks its figures.
    """
    business = case.facts.business
    if business is None or not case.buildings(*USES):
        return []
    lacking = _lacking(case, business)
    if lacking is not None:
        because = Reason(code="compensation.business_not_eligible", message=lacking, source=SOURCE)
        return [case.line(ITEM, quantity=ONE, unit="household", rate=ZERO, because=because)]
    mode = "exchange" if case.is_exchange else "cash"
    method = case.rules.find(f"{PREFIX}.method_{mode}")
    if method is not None:
        lines = METHODS[method.choice](case, business)
    elif business.assessed_loss is not None:
        lines = _assessed(case, business)
    else:
        lines = METHODS[case.rules.require(f"{PREFIX}.method_{mode}").choice](case, business)
    return [*lines, *_raised(case, lines)]


def _lacking(case: Case, business: Business) -> str | None:
    if not any(building.standing is Standing.REGISTERED for building in case.buildings(*USES)):
        return N_("No loss of business: the building has no registered title.")
    if not business.has_licence:
        return N_("No loss of business: there is no licence at this address.")
    if not business.pays_tax:
        return N_("No loss of business: no tax was paid.")
    return None


def _need(missing: str) -> Refused:
    return Refused(
        Reason(
            code="compensation.business_figures_missing",
            message=missing,
            source=SOURCE,
            remedy=N_("Enter it from the accounts or the valuation."),
        )
    )


def _assessed(case: Case, business: Business) -> list[StatementLine]:
    if business.assessed_loss is None:
        raise _need(N_("The valuation of the business loss is missing."))
    because = Reason(code="compensation.business_assessed", message=N_("Loss of business by valuation."), source=SOURCE)
    return [case.line(ITEM, quantity=ONE, unit="household", rate=business.assessed_loss, because=because)]


def _share_of_value(case: Case, business: Business) -> list[StatementLine]:
    rate = case.rules.require(f"{PREFIX}.share_of_value")
    because = Reason(
        code="compensation.business_share",
        message=N_("A share of the building's value, once."),
        source=rate.dated.source,
    )
    return [case.line(ITEM, quantity=case.value(*USES), unit="yuan", rate=rate.number, by=rate, because=because)]


def _monthly_share(case: Case, business: Business) -> list[StatementLine]:
    rate = case.rules.require(f"{PREFIX}.monthly_share_of_value")
    if business.stoppage_months is None:
        raise _need(N_("The months of stoppage are missing."))
    because = Reason(
        code="compensation.business_monthly_share",
        source=rate.dated.source,
        message=N_("A share of the building's value for each month of stoppage."),
    )
    return [
        case.line(
            ITEM,
            quantity=case.value(*USES),
            unit="yuan",
            rate=rate.number,
            by=rate,
            times=business.stoppage_months,
            times_unit="months",
            because=because,
        )
    ]


def _monthly_profit(case: Case, business: Business) -> list[StatementLine]:
    if business.monthly_profit is None:
        raise _need(N_("The mean monthly profit after tax is missing."))
    if case.is_exchange:
        months, by = business.stoppage_months, None
        if months is None:
            raise _need(N_("The months of stoppage are missing."))
    else:
        by = case.rules.require(f"{PREFIX}.months_cash")
        months = by.number
    because = Reason(
        code="compensation.business_profit",
        source=by.dated.source if by else SOURCE,
        message=N_("Mean monthly profit after tax for the months that count."),
    )
    return [
        case.line(
            ITEM,
            quantity=ONE,
            unit="household",
            rate=business.monthly_profit,
            times=months,
            times_unit="months",
            by=by,
            because=because,
        )
    ]


def _raised(case: Case, lines: list[StatementLine]) -> list[StatementLine]:
    least = case.rules.find(f"{PREFIX}.least_share_of_value")
    if least is None:
        return []
    floor = product(case.value(*USES), least.number)
    missing = floor - sum((line.amount for line in lines), ZERO)
    if missing <= 0:
        return []
    because = Reason(
        code="compensation.business_least",
        message=N_("Raised to the least share of the building's value, %(floor)s yuan."),
        parameters={"floor": str(floor)},
        source=least.dated.source,
    )
    return [case.line(ITEM, quantity=ONE, unit="household", rate=missing, by=least, because=because)]


METHODS: Final[Mapping[str, Callable[[Case, Business], list[StatementLine]]]] = {
    "valuation": _assessed,
    "share_of_value": _share_of_value,
    "monthly_share_of_value": _monthly_share,
    "monthly_profit": _monthly_profit,
}
"""Names that ``…business_loss.method_cash`` and ``…method_exchange`` may take."""
