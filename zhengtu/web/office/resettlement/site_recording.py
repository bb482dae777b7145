"""Recording permits, money and stages of a site, preparing a drawing of lots, entering homes by a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from zhengtu.accounts.queries import divisions_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Refused
from zhengtu.funds.statement_import import taken_in
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.resettlement.address_actions import import_addresses
from zhengtu.resettlement.addresses import RECORD as RECORD_ADDRESS
from zhengtu.resettlement.addresses import RECORDED
from zhengtu.resettlement.facts import AGREED
from zhengtu.resettlement.family_actions import RECORD as RECORD_FAMILY
from zhengtu.resettlement.list_actions import import_entitlements, import_homes, import_sites, import_stock
from zhengtu.resettlement.lot_actions import prepare_lots
from zhengtu.resettlement.queries import site_for
from zhengtu.resettlement.recording import reason
from zhengtu.resettlement.site_actions import RECORD, reach_stage, record_funding, record_permit
from zhengtu.web.office.resettlement.family_recording import day_told, offered
from zhengtu.web.office.resettlement.sites import site_page
from zhengtu.web.shared.access import opens, requires
from zhengtu.web.shared.languages import in_language

Deed = Callable[[dict[str, Any], Mapping[str, str], list[OfferedFile]], str]


def _permit(who: dict[str, Any], given: Mapping[str, str], files: list[OfferedFile]) -> str:
    return record_permit(
        **who, subject=given.get("subject", ""), permit=given.get("permit", ""), number=given.get("number", ""),
        permitted_on=day_told(given, "on"), files=files,
    )


def _funding(who: dict[str, Any], given: Mapping[str, str], files: list[OfferedFile]) -> str:
    return record_funding(
        **who, amount_yuan=given.get("amount_yuan", "").replace(",", ""), source=given.get("source", ""),
        arrived_on=day_told(given, "on"), files=files,
    )


def _stage(who: dict[str, Any], given: Mapping[str, str], files: list[OfferedFile]) -> str:
    return reach_stage(
        **who, building=given.get("building", ""), stage=given.get("stage", ""), reached_on=day_told(given, "on"),
        files=files,
    )


def _lots(who: dict[str, Any], given: Mapping[str, str], files: list[OfferedFile]) -> str:
    return prepare_lots(**who, title=given.get("title", ""))


_DEEDS: Final[Mapping[str, Deed]] = {"permit": _permit, "funding": _funding, "stage": _stage, "lots": _lots}


@requires("resettlement.view")
@require_POST
def record(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """Record one deed of a site in the actor's scope; the deed itself asks for the right to it."""
    actor = request.actor  # type: ignore[attr-defined]
    site = site_for(actor, code, on=request.today)  # type: ignore[attr-defined]
    if site is None or what not in _DEEDS:
        raise Http404
    given = {name: value.strip() for name, value in request.POST.items() if isinstance(value, str)}
    who = {"actor": actor, "site": site, "now": request.now}  # type: ignore[attr-defined]
    try:
        done = _DEEDS[what](who, given, offered(request))
    except Refused as refused:
        return site_page(request, code, reasons=refused.reasons, given={**given, "what": what}, status=409)
    messages.success(request, _("Recorded."))
    return redirect(reverse("lots.view", args=[done]) if what == "lots" else reverse("site.view", args=[code]))


_VERBS: Final = {
    "entitlements": RECORD_FAMILY, "addresses": RECORD_ADDRESS, "sites": RECORD, "homes": RECORD, "stock": RECORD,
}
_OF_FAMILIES: Final = {"entitlements": import_entitlements, "addresses": import_addresses}
"""Lists of families of one division; the others are of sites and homes."""


@requires("resettlement.view")
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, kind: str) -> HttpResponse:
    """The upload form of a list; a POST records it whole or not at all."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if kind not in _VERBS or not opens(actor, _VERBS[kind]):
        raise Http404
    reasons = []
    if request.method == "POST":
        try:
            return _recorded(request, kind)
        except Refused as refused:
            reasons = list(refused.reasons)
    return render(request, "resettlement/list_upload.html", {
        "kind": kind, "columns": _columns(kind), "reasons": reasons,
        "site": request.GET.get("site", request.POST.get("site", "")), "divisions": _divisions(actor, kind),
        "places": _places(actor) if kind == "sites" else (),
        "title": _titles()[kind], "is_of_families": kind in _OF_FAMILIES,
    }, status=409 if reasons else 200)


def _columns(kind: str) -> list[tuple[str, bool, str]]:
    """Columns of a list: heading, whether it is required, and what may stand in it where that is not plain."""
    rules = current_rulebook()
    choices = rules.fact_kinds[{"addresses": RECORDED}.get(kind, AGREED)].attributes
    types = [in_language(one.label) for one in rules.resettlement.home_types.values()]
    found = []
    for column in rules.resettlement.lists[kind]:
        values = {"date": ["2025-02-14"], "home_type": types}.get(column.type, [])
        if column.type == "choice":
            values = [in_language(pair) for pair in choices[column.id].choices.values()]
        heading = in_language((column.headings[0], column.headings[-1]))
        found.append((heading[:1].upper() + heading[1:], column.is_required, " / ".join(values)))
    return found


def _titles() -> dict[str, str]:
    return {
        "entitlements": _("Import entitlements"), "addresses": _("Import transition addresses"),
        "sites": _("Import sites"), "homes": _("Import homes of a site"), "stock": _("Import existing homes on offer"),
    }


def _divisions(actor: Actor, kind: str) -> list[str]:
    """Codes of the divisions in which the actor may enter such a list; a client enters in any division of its city."""
    scope = current_rulebook().authority.scope(actor=actor, verb=_VERBS[kind])
    if kind in _OF_FAMILIES:
        return sorted(prefix for prefix in scope.prefixes if len(prefix) == 6)
    return []


def _places(actor: Actor) -> list[tuple[str, str]]:
    """Divisions in which a client's sites may lie, with their names."""
    cities = {code[:4] for code in current_rulebook().authority.scope(actor=actor, verb=RECORD).clients}
    return [(code, in_language(pair)) for city in sorted(cities) for code, pair in divisions_of(f"{city}00")]


def _recorded(request: HttpRequest, kind: str) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    file = request.FILES.get("file")
    if file is None:
        raise Refused(reason("no_file", N_("No file was chosen."), N_("Choose a file and upload it again.")))
    with TemporaryDirectory() as folder:
        path = taken_in(file, folder=Path(folder))
        who = {"actor": actor, "path": path, "name": file.name or "", "now": request.now}  # type: ignore[attr-defined]
        place = request.POST.get("place", "").strip()
        if kind in _OF_FAMILIES:
            division = _known_division(place or _first(_divisions(actor, kind)))
            done = _OF_FAMILIES[kind](**who, jurisdiction=division)
        elif kind == "homes":
            site = site_for(actor, request.POST.get("site", ""), on=request.today)  # type: ignore[attr-defined]
            if site is None:
                raise Refused(reason(
                    "no_site", N_("There is no such site."), N_("Open the form from the site's page.")
                ))
            done = import_homes(**who, site=site)
        else:
            client = _first(sorted(current_rulebook().authority.scope(actor=actor, verb=RECORD).clients))
            if kind == "sites":
                done = import_sites(**who, jurisdiction=_known_division(place), client=client)
            else:
                done = import_stock(**who, city=f"{client[:4]}00", client=client)
    messages.success(request, ngettext("%(lines)s line recorded.", "%(lines)s lines recorded.", done.lines) % {
        "lines": done.lines,
    })
    return redirect(reverse("resettlement.register" if kind in _OF_FAMILIES else "site.list"))


def _first(codes: list[str]) -> str:
    return next(iter(codes), "")


def _known_division(code: str) -> str:
    if len(code) != 6 or not code.isdigit() or code.endswith("00"):
        raise Refused(reason("division", N_("The district is missing."), N_("Give its code of six digits.")))
    return code
