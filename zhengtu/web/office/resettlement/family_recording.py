"""Recording what a family is owed, wants and gets: one address, the deed by the form's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.resettlement.address_actions import record_address
from zhengtu.resettlement.family_actions import record_entitlement, record_wish, register_title, settle_area
from zhengtu.resettlement.home_actions import assign_home, hand_over, release_home
from zhengtu.resettlement.recording import reason
from zhengtu.resettlement.register import home_row, register_row
from zhengtu.web.office.resettlement.register import household_page
from zhengtu.web.shared.access import requires

Deed = Callable[[dict[str, Any], Mapping[str, str], list[OfferedFile]], str]


def day_told(given: Mapping[str, str], name: str) -> date:
    """The day of a form's field.

    Raises:
        Refused: when there is none.
    """
    try:
        return date.fromisoformat(given.get(name, ""))
    except ValueError:
        raise Refused(reason(
            "day", N_("The day is missing or cannot be read."), N_("Give it as the form shows.")
        )) from None


def offered(request: HttpRequest) -> list[OfferedFile]:
    """Files of a form, each field being a kind of evidence."""
    kinds = current_rulebook().labels["evidence"]
    return [
        OfferedFile(kind, file.name or "", file)
        for kind in request.FILES if kind in kinds for file in request.FILES.getlist(kind)
    ]


def _entitle(who: dict[str, Any], given: Mapping[str, str], files: list[OfferedFile]) -> str:
    fields = current_rulebook().fact_kinds["entitlement_agreed"].attributes
    told = {name: given[name] for name in fields if given.get(name)}
    return record_entitlement(**who, agreed_on=day_told(given, "agreed_on"), given=told, files=files)


def _wish(who: dict[str, Any], given: Mapping[str, str], files: list[OfferedFile]) -> str:
    return record_wish(**who, chosen_on=day_told(given, "chosen_on"), way=given.get("way", ""), files=files)


def _address(who: dict[str, Any], given: Mapping[str, str], files: list[OfferedFile]) -> str:
    return record_address(
        **who, since_on=day_told(given, "since_on"), address=given.get("address", ""), told_by=given.get("told_by", ""),
        files=files,
    )


def _assign(who: dict[str, Any], given: Mapping[str, str], files: list[OfferedFile]) -> str:
    return assign_home(
        **who, home=given.get("home", ""), by=given.get("by", ""), why=given.get("why", ""), files=files
    )


def _release(who: dict[str, Any], given: Mapping[str, str], files: list[OfferedFile]) -> str:
    return release_home(**who, why=given.get("why", ""))


def _hand_over(who: dict[str, Any], given: Mapping[str, str], files: list[OfferedFile]) -> str:
    return hand_over(**who, handed_over_on=day_told(given, "handed_over_on"), files=files)


def _settle(who: dict[str, Any], given: Mapping[str, str], files: list[OfferedFile]) -> str:
    told = {name: given.get(name) or None for name in ("surveyed_area_m2", "family_pays_yuan", "family_gets_yuan")}
    return settle_area(**who, settled_on=day_told(given, "settled_on"), files=files, **told)


def _title(who: dict[str, Any], given: Mapping[str, str], files: list[OfferedFile]) -> str:
    return register_title(
        **who, registered_on=day_told(given, "registered_on"), number=given.get("number", ""), files=files
    )


_DEEDS: Final[Mapping[str, Deed]] = {
    "entitle": _entitle, "wish": _wish, "address": _address, "assign": _assign, "release": _release,
    "hand_over": _hand_over, "settle": _settle, "title": _title,
}
_AT_HOME: Final = frozenset({"settle", "title"})
"""What is recorded of a family that came home; the others of one that waits."""


@requires("resettlement.view")
@require_POST
def record(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """Record one deed of a family in the actor's scope; the deed itself asks for the right to it."""
    actor = request.actor  # type: ignore[attr-defined]
    found = home_row if what in _AT_HOME else register_row
    if what not in _DEEDS or found(actor, code, on=request.today) is None:  # type: ignore[attr-defined]
        raise Http404
    given = {name: value.strip() for name, value in request.POST.items() if isinstance(value, str)}
    who = {"actor": actor, "household": code, "now": request.now}  # type: ignore[attr-defined]
    try:
        _DEEDS[what](who, given, offered(request))
    except Refused as refused:
        return household_page(request, code, reasons=refused.reasons, given=given, status=409)
    messages.success(request, _("Recorded."))
    return redirect(reverse("resettlement.household", args=[code]))
