"""The form in which an agreement is drafted: what it shows at first, and what came back from the browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest

from zhengtu.casework.agreement_drafts import AgreedTerms
from zhengtu.casework.compensation_facts import CompensationCase
from zhengtu.casework.models import Agreement, PayeeKind
from zhengtu.casework.payees import NewPayee
from zhengtu.core.compensation.agreement_terms import AgreedDates
from zhengtu.core.compensation.facts import Mode, Option, ReplacementHouse, Transition
from zhengtu.core.compensation.facts_reading import option_from
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused

HOUSE_ROWS, PAYEE_ROWS = 3, 5
_PAY_WITHIN, _MOVE_WITHIN = timedelta(days=10), timedelta(days=15)


def first_values(case: CompensationCase, *, today: date, previous: Agreement | None = None) -> dict[str, Any]:
    """What the form shows before anybody types: the household's own choice, or the agreement that is changed."""
    option = option_from(previous.option) if previous else case.option or case.ways[Mode.CASH]
    houses = option.replacements or case.ways[Mode.EXCHANGE].replacements
    return {
        "way": option.mode.value, "transition": option.transition.value,
        "transition_months": option.transition_months or "", "takes_voucher": option.takes_voucher,
        "sign_on": today.isoformat(), "pay_by": (today + _PAY_WITHIN).isoformat(),
        "move_out_by": (today + _MOVE_WITHIN).isoformat(), "reason": "",
        "houses": padded([
            {"house": house.code, "area": house.floor_area_m2, "price": house.price_per_m2} for house in houses
        ], HOUSE_ROWS),
        "payees": padded([], PAYEE_ROWS),
    }


def typed_values(request: HttpRequest) -> dict[str, Any]:
    """What the form shows again after a refusal; accounts and names are not echoed."""
    given = request.POST
    names = ("way", "transition", "transition_months", "takes_voucher", "sign_on", "pay_by", "move_out_by", "reason")
    return {
        **{name: given.get(name, "") for name in names},
        "houses": padded([
            {"house": given.get(f"house-{row}", ""), "area": given.get(f"area-{row}", ""),
             "price": given.get(f"price-{row}", "")}
            for row in range(HOUSE_ROWS)
        ], HOUSE_ROWS),
        "payees": padded([], PAYEE_ROWS),
    }


def padded(rows: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """The rows with empty ones after them."""
    return [*rows, *({} for _ in range(count - len(rows)))][: max(count, len(rows))]


def terms_from(request: HttpRequest) -> AgreedTerms:
    """What the form says.

    Raises:
        Refused: for what is no date or number; what is missing is left to the draft.
    """
    given, reasons = request.POST, []

    def read(name: str, shape: Any, label: str) -> Any:
        text = given.get(name, "").strip().replace(",", "")
        if not text:
            return None
        try:
            return shape(text)
        except (ValueError, InvalidOperation):
            reasons.append(_unread(label, text))
            return None

    dates = AgreedDates(
        sign_on=read("sign_on", date.fromisoformat, N_("Signed on")),
        pay_by=read("pay_by", date.fromisoformat, N_("Paid by")),
        move_out_by=read("move_out_by", date.fromisoformat, N_("Moves out by")),
    )
    exchanges = given.get("way") == Mode.EXCHANGE
    months = read("transition_months", int, N_("Transition (months)")) or 0
    houses = [
        ReplacementHouse(
            given.get(f"house-{row}", "").strip(),
            read(f"area-{row}", _amount, N_("Floor area")) or Decimal(0),
            read(f"price-{row}", _amount, N_("Price per m²")) or Decimal(0),
        )
        for row in range(HOUSE_ROWS)
        if any(given.get(f"{name}-{row}", "").strip() for name in ("house", "area", "price"))
    ]
    payees = _payees(given, read)
    if reasons:
        raise Refused(*reasons)
    option = Option(
        mode=Mode.EXCHANGE if exchanges else Mode.CASH, signed_on=dates.sign_on, vacated_on=dates.move_out_by,
        takes_voucher=bool(given.get("takes_voucher")) and not exchanges,
    )
    if exchanges:
        option = replace(
            option, transition=Transition(given.get("transition") or Transition.NONE), transition_months=months,
            replacements=tuple(houses),
        )
    return AgreedTerms(option=option, dates=dates, payees=payees or None, reason=given.get("reason", ""))


def _payees(given: Mapping[str, str], read: Any) -> list[NewPayee]:
    kinds = {kind.value for kind in PayeeKind}
    return [
        NewPayee(
            kind=given.get(f"kind-{row}", "") if given.get(f"kind-{row}", "") in kinds else PayeeKind.HOUSEHOLD,
            name=given.get(f"name-{row}", ""), account=given.get(f"account-{row}", ""),
            bank=given.get(f"bank-{row}", ""), share_yuan=read(f"share-{row}", _amount, N_("Share")) or Decimal(0),
        )
        for row in range(PAYEE_ROWS)
        if any(given.get(f"{name}-{row}", "").strip() for name in ("name", "account", "share"))
    ]


def _amount(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or number < 0 or number != number.quantize(Decimal("0.01")):
        raise ValueError(text)
    return number


def _unread(label: str, text: str) -> Reason:
    return Reason(
        code="agreement.unread", message=N_("“%(text)s” is no value for “%(field)s”."),
        parameters={"text": text[:40], "field": f"label:{label}"},
        remedy=N_("Write dates as 2025-02-14 and sums with at most two decimals."),
    )
