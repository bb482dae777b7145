"""Claims among payers: the list with what is open by age, debtor and creditor; one claim, and the deeds on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtu.accounts.queries import unit_choices, unit_names
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.resettlement.claims import AgeBand, ClaimStep, ClaimTotals, claim_totals
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.resettlement.claim_actions import (
    RECORD,
    SETTLE,
    TEXT_LIMIT,
    Advance,
    open_claim,
    repay_claim,
    settle_claim,
)
from zhengtu.resettlement.claims import WHAT, Claim, bands, claim_for, claim_subject, claims_for, unclaimed_for
from zhengtu.web.office.dossier.recording import given_files
from zhengtu.web.office.resettlement.promise_recording import day_given
from zhengtu.web.shared.access import opens, requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

WHAT_LABELS: Final = {
    "subsidy": _("Transition subsidy"), "home": _("Home"), "money": _("Settlement in money or other cost"),
}
STEP_LABELS: Final = {
    ClaimStep.OPENED: _("Claim opened"), ClaimStep.REPAID: _("Repaid"), ClaimStep.SETTLED: _("Settled by decision"),
}
_UNCLAIMED_SHOWN: Final = 20


def age_label(band: AgeBand) -> str:
    """``91–180 days``, ``over 365 days``."""
    if band.up_to is None:
        return gettext("over %(days)s days") % {"days": band.over}
    if band.over == 0:
        return gettext("up to %(days)s days") % {"days": band.up_to}
    return gettext("%(first)s–%(last)s days") % {"first": band.over + 1, "last": band.up_to}


@requires("resettlement.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """All claims in the actor's reach, added up by debtor and creditor, with payments that no claim stands for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    claims = claims_for(actor, on=dates.on, known=dates.known)
    table = Table(
        name="claims", title=_("Claims among payers"), rows=claims, request=request, sort="-days",
        columns=_columns(), filters=_filters(claims),
        row_href=lambda one: reverse("advance.view", args=[one.code]) + dates.query(),
        source=_("Claims as recorded; sums in yuan to the fen."),
        empty_text=_("No claim among payers is on file here."),
    )
    if table.wants_export:
        return table.export()
    left = unclaimed_for(actor, on=dates.on, known=dates.known)
    names = unit_names({code for one in left for code in (one.paid_by, one.agreed)})
    may_record = dates.is_today and opens(actor, RECORD)
    return render(request, "resettlement/claims.html", {
        "table": table.render_context(), "dates": dates, "whole": _totals(claims),
        "by_band": _bands(_totals(claims), dates),
        "sides": [
            (_("By debtor"), _sides(claims, "claimed_from", dates)),
            (_("By creditor"), _sides(claims, "advanced_by", dates)),
        ],
        "heads": [age_label(band) for band in bands()], "may_record": may_record, "unclaimed_count": len(left),
        "unclaimed": [
            {"row": one, "paid_by": in_language(names[one.paid_by]), "agreed": in_language(names[one.agreed]),
             "href": reverse("advance.record") + dates.query(payment=one.payment, about=one.household or one.project,
                                                            by=one.paid_by, of=one.agreed, on_day=one.paid_on)}
            for one in left[:_UNCLAIMED_SHOWN]
        ],
    })


def _totals(claims: Sequence[Claim]) -> ClaimTotals:
    return claim_totals([(one.account, one.days) for one in claims], bands=bands())


def _bands(totals: ClaimTotals, dates: AsOf) -> list[dict[str, Any]]:
    return [
        {"label": age_label(band), "sum": amount, "href": reverse("advance.list") + dates.query(band=band.id)}
        for band, amount in zip(bands(), totals.by_band, strict=True)
    ]


def _sides(claims: Sequence[Claim], side: str, dates: AsOf) -> list[dict[str, Any]]:
    """What is open by one side of the claims, the most first."""
    by_unit: dict[str, list[Claim]] = {}
    for one in claims:
        by_unit.setdefault(getattr(one.row, f"{side}_id"), []).append(one)
    rows = [
        {"unit": getattr(some[0].row, side), "totals": _totals(some),
         "href": reverse("advance.list") + dates.query(**{side: code})}
        for code, some in by_unit.items()
    ]
    return sorted(rows, key=lambda row: (-row["totals"].open, row["unit"].code))


def _unit(side: str) -> Callable[[Claim], str]:
    def name(one: Claim) -> str:
        unit = getattr(one.row, side)
        return in_language((unit.name, unit.name_en or unit.name))

    return name


def _columns() -> list[Column]:
    return [
        Column("code", _("Claim"), kind="code"),
        Column("what", _("What was advanced"), value=lambda one: str(WHAT_LABELS[one.row.what])),
        Column("about", _("Household or project"), kind="code", value=lambda one: one.row.household or one.row.project,
               width=24),
        Column("advanced_by", _("Advanced by"), value=_unit("advanced_by"), width=28),
        Column("claimed_from", _("Held to owe it"), value=_unit("claimed_from"), width=28),
        Column("advanced_on", _("Advanced on"), kind="date", value=lambda one: one.row.advanced_on),
        Column("opened", _("Claimed"), kind="money", unit=_("yuan"), value=lambda one: one.account.opened, width=18),
        Column("repaid", _("Repaid"), kind="money", unit=_("yuan"), value=lambda one: one.account.repaid, width=18),
        Column("settled", _("Settled by decision"), kind="money", unit=_("yuan"),
               value=lambda one: one.account.settled, width=18),
        Column("open", _("Still open"), kind="money", unit=_("yuan"), value=lambda one: one.account.open, width=18),
        Column("days", _("Days open"), kind="integer", value=lambda one: one.days),
        Column("band", _("Age"), value=lambda one: age_label(one.band) if one.band else str(_("closed"))),
    ]


def _filters(claims: Sequence[Claim]) -> list[Filter]:
    def side(name: str, label: object) -> Filter:
        units = {getattr(one.row, f"{name}_id"): _unit(name)(one) for one in claims}
        return Filter(name, label, kind="choice", choices=sorted(units.items(), key=lambda one: one[1]),
                      apply=lambda rows, text: [one for one in rows if getattr(one.row, f"{name}_id") == text])

    return [
        Filter("about", _("Household or project"), kind="text",
               apply=lambda rows, text: [one for one in rows if text in (one.row.household or one.row.project)]),
        Filter("project", _("Project"), kind="choice",
               choices=sorted({(one.row.project, one.row.project) for one in claims}),
               apply=lambda rows, text: [one for one in rows if one.row.project == text]),
        side("claimed_from", _("Held to owe it")), side("advanced_by", _("Advanced by")),
        Filter("what", _("What was advanced"), kind="choice", choices=list(WHAT_LABELS.items()),
               apply=lambda rows, text: [one for one in rows if one.row.what == text]),
        Filter("band", _("Age"), kind="choice", choices=[(band.id, age_label(band)) for band in bands()],
               apply=lambda rows, text: [one for one in rows if one.band is not None and one.band.id == text]),
        Filter("open", _("Still open"), kind="flag", apply=lambda rows, _text: [one for one in rows if one.is_open]),
    ]


@requires("resettlement.view")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """One claim with its steps and papers."""
    return _page(request, code)


def _claim_or_404(request: HttpRequest, code: str) -> Claim:
    dates = as_of(request)
    found = claim_for(request.actor, code, on=dates.on, known=dates.known)  # type: ignore[attr-defined]
    if found is None:
        raise Http404(code)
    return found


def _page(request: HttpRequest, code: str, *, reasons: Sequence[Reason] = (), status: int = 200) -> HttpResponse:
    claim = _claim_or_404(request, code)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates, subject = as_of(request), claim_subject(claim.row)
    may = {
        name: dates.is_today and claim.is_open
        and current_rulebook().authority.may(actor=actor, verb=verb, subject=subject) is None
        for name, verb in (("repay", RECORD), ("settle", SETTLE))
    }
    return render(request, "resettlement/claim.html", {
        "claim": claim, "dates": dates, "reasons": reasons, "given": request.POST, "may": may,
        "what": WHAT_LABELS[claim.row.what], "age": age_label(claim.band) if claim.band else "",
        "events": [(event, STEP_LABELS[event.move.step]) for event in claim.events], "limit": TEXT_LIMIT,
        "shows_deeds": opens(actor, "ledger.view"), "today_iso": dates.today.isoformat(),
        "household_href": reverse("promise.household", args=[claim.row.household]) if claim.row.household else "",
        "project_href": reverse("project.view", args=[claim.row.project]) if opens(actor, "registry.view") else "",
    }, status=status)


@requires("advance.record")
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """The form of a claim for what was advanced; a POST opens it."""
    reasons: Sequence[Reason] = ()
    if request.method == "POST":
        try:
            code = open_claim(
                actor=request.actor, advance=_advance(request), files=given_files(request),  # type: ignore[attr-defined]
                now=request.now,  # type: ignore[attr-defined]
            )
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, gettext("The claim is open; nothing changes for the family."))
            return redirect("advance.view", code)
    asked = request.GET
    given = request.POST if request.method == "POST" else {
        "about": asked.get("about", ""), "advanced_by": asked.get("by", ""), "claimed_from": asked.get("of", ""),
        "payment": asked.get("payment", ""), "advanced_on": asked.get("on_day", ""),
        "what": "subsidy" if asked.get("payment") else "",
    }
    actor: Actor = request.actor  # type: ignore[attr-defined]
    cities = sorted({city_of(posting.unit) for posting in actor.postings})
    return render(request, "resettlement/claim_new.html", {
        "reasons": reasons, "given": given, "whats": WHAT_LABELS.items(), "limit": TEXT_LIMIT,
        "units": [(code, in_language((name, name_en or name))) for city in cities
                  for code, name, name_en in unit_choices(city)],
    }, status=409 if reasons else 200)


def _advance(request: HttpRequest) -> Advance:
    """What the form tells.

    Raises:
        Refused: the sum cannot be read.
    """
    told = request.POST
    what = told.get("what", "")
    amount = _amount(told.get("amount_yuan", ""))
    if amount is None and (what != "subsidy" or told.get("amount_yuan", "").strip()):
        raise Refused(_UNREAD)
    return Advance(
        about=told.get("about", ""), what=what if what in WHAT else "", amount=amount,
        advanced_by=told.get("advanced_by", ""), claimed_from=told.get("claimed_from", ""),
        advanced_on=day_given(request, "advanced_on"), ground=told.get("ground", ""), payment=told.get("payment", ""),
    )


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < 10**12 else None


@requires("advance.record")
@require_POST
def repay(request: HttpRequest, code: str) -> HttpResponse:
    """Record that a claim was repaid in whole or in part."""
    return _moved(request, code, lambda amount: repay_claim(
        actor=request.actor, code=code, amount=amount, repaid_on=day_given(request, "repaid_on"),  # type: ignore[attr-defined]
        files=given_files(request), now=request.now,  # type: ignore[attr-defined]
    ))


@requires("advance.settle")
@require_POST
def settle(request: HttpRequest, code: str) -> HttpResponse:
    """Settle by decision what is not going to be repaid."""
    return _moved(request, code, lambda amount: settle_claim(
        actor=request.actor, code=code, amount=amount, outcome=request.POST.get("outcome", ""),  # type: ignore[attr-defined]
        files=given_files(request), now=request.now,  # type: ignore[attr-defined]
    ))


def _moved(request: HttpRequest, code: str, deed: Callable[[Decimal], str]) -> HttpResponse:
    _claim_or_404(request, code)
    amount = _amount(request.POST.get("amount_yuan", ""))
    try:
        if amount is None:
            raise Refused(_UNREAD)
        deed(amount)
    except Refused as refused:
        return _page(request, code, reasons=refused.reasons, status=409)
    messages.success(request, gettext("Recorded."))
    return redirect("advance.view", code)


_UNREAD: Final = Reason(
    code="resettlement.claim_amount", message=N_("The sum is missing or cannot be read."),
    remedy=N_("Give the sum in yuan."),
)
