"""The form of a run: which projects, budgets by payer and year, how far to look, who comes before others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.resettlement.options_runs import OptionsPart, options_parts_for, payers_of, start_options_run
from zhengtu.resettlement.options_settings import YEARS, OptionsSettings, YearBudget
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language

_WAN: Final = Decimal(10_000)
_DEFAULTS: Final = {"horizon_months": "60", "cash_months": "2", "first_after_months": "40", "points": "8"}


@requires("options.try")
def view(request: HttpRequest) -> HttpResponse:
    """What is asked for; nothing is decided or promised by it."""
    today: date = request.today  # type: ignore[attr-defined]
    parts = options_parts_for(request.actor, on=today)  # type: ignore[attr-defined]
    payers = payers_of(parts)
    given = request.POST
    reasons: Sequence[Reason] = ()
    if request.method == "POST":
        try:
            run = start_options_run(
                actor=request.actor, parts=given.getlist("part"), title=given.get("title", ""),  # type: ignore[attr-defined]
                settings=_settings(given, _payers_chosen(parts, given), on=today), now=request.now,  # type: ignore[attr-defined]
            )
            return redirect("options.view", number=run.pk)
        except Refused as refused:
            reasons = refused.reasons
    named = (given if request.method == "POST" else request.GET).getlist("part")
    chosen = set(named) if named or request.method == "POST" else {part.code for part in parts if part.late}
    years = [today.year + place for place in range(YEARS)]
    return render(request, "resettlement_options/try.html", {
        "tab": "options", "reasons": reasons, "title": given.get("title", ""), "years": years,
        "values": {name: given.get(name, value) for name, value in _DEFAULTS.items()},
        "parts": [
            {"code": part.code, "name": in_language(part.name), "families": part.families, "late": part.late,
             "is_chosen": part.code in chosen}
            for part in parts
        ],
        "payers": [
            {
                "code": payer, "name": in_language(payers.get(payer, (payer, payer))),
                "families": sum(part.payers.get(payer, 0) for part in parts),
                "carries_over": f"carry.{payer}" in given,
                "budgets": [(year, f"wan.{payer}.{year}", given.get(f"wan.{payer}.{year}", "")) for year in years],
            }
            for payer in _by_families(parts)
        ],
    }, status=409 if reasons else 200)


def _by_families(parts: Sequence[OptionsPart]) -> list[str]:
    counts: dict[str, int] = {}
    for part in parts:
        for payer, count in part.payers.items():
            counts[payer] = counts.get(payer, 0) + count
    return sorted(counts, key=lambda payer: (-counts[payer], payer))


def _payers_chosen(parts: Sequence[OptionsPart], given: QueryDict) -> list[str]:
    chosen = set(given.getlist("part"))
    return sorted({payer for part in parts if part.code in chosen for payer in part.payers})


def _settings(given: Mapping[str, str], payers: Sequence[str], *, on: date) -> OptionsSettings:
    """What was filled in; an empty budget is none.

    Raises:
        Refused: naming each entry that is no number.
    """
    reasons: list[Reason] = []
    budgets = []
    for payer in payers:
        for year in range(on.year, on.year + YEARS):
            text = given.get(f"wan.{payer}.{year}", "").strip()
            yuan = _yuan(text, reasons) if text else None
            if yuan is not None:
                budgets.append(YearBudget(payer, year, yuan, f"carry.{payer}" in given))
    first = given.get("first_after_months", "").strip()
    numbers: dict[str, Any] = {
        name: _whole(given.get(name, ""), reasons) for name in ("horizon_months", "cash_months", "points")
    }
    settings = OptionsSettings(
        budgets=tuple(budgets), first_after_months=_whole(first, reasons) if first else None, **numbers
    )
    if reasons:
        raise Refused(*reasons)
    return settings


def _yuan(text: str, reasons: list[Reason]) -> Decimal | None:
    try:
        wan = Decimal(text.replace(",", ""))
    except InvalidOperation:
        wan = Decimal("NaN")
    if not wan.is_finite() or not 0 <= wan <= 100_000_000:
        reasons.append(_no_number(text))
        return None
    return (wan * _WAN).quantize(Decimal("0.01"))


def _whole(text: str, reasons: list[Reason]) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        reasons.append(_no_number(text))
        return 0
    return int(text)


def _no_number(text: str) -> Reason:
    return Reason(
        code="options.number", message=N_("“%(text)s” is no number that can be used here."),
        parameters={"text": text[:20]},
        remedy=N_("Write whole months and points, and budgets in 10,000 yuan from 0 to 100,000,000."),
    )
