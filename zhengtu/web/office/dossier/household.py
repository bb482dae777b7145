"""The dossier of one household, for those who work on it and for the family itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from zhengtu.campaign.reach import reach_of
from zhengtu.casework.actions import unmask
from zhengtu.casework.offers import Held
from zhengtu.casework.queries import Dossier, dossier, household_for, looks_at, neighbourhood, subject_with
from zhengtu.casework.rights_clock import rights_in
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.inspection.replies import last_reply, may_reply
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household
from zhengtu.registry.owners import owners_of
from zhengtu.resettlement.address_actions import open_addresses
from zhengtu.resettlement.facts import AGREED
from zhengtu.resettlement.facts import VIEW as RESETTLEMENT
from zhengtu.web.office.compensation.dossier_block import compensation_block
from zhengtu.web.office.dossier.family import family_page
from zhengtu.web.office.dossier.place_drawing import place_drawing
from zhengtu.web.office.dossier.recording import record_from, record_panel
from zhengtu.web.office.dossier.rights import shown_rights
from zhengtu.web.office.dossier.timeline import shown_timeline
from zhengtu.web.office.dossier.tracks import tracks_block
from zhengtu.web.office.payments.household import payments_block
from zhengtu.web.office.resettlement.home_coming import home_coming_block
from zhengtu.web.office.sponsorship.page import family_entry, sponsor_block
from zhengtu.web.shared.access import opens, requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.reason_text import spoken_value

_DOORS: Final = {
    "may_record": "fact.record", "may_see_court": "ledger.view", "may_unmask": "household.unmask",
    "may_list": "registry.view",
}
"""What the page offers beside the file -> the verb that it takes."""


@requires("household.view")
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The dossier as it stood on the page's dates; a POST records a fact."""
    household = _household_or_404(request, code)
    if request.method != "POST":
        return _page(request, household)
    try:
        deed = record_from(request, subject=household.code)
    except Refused as refused:
        return _page(request, household, panel_reasons=refused.reasons, status=409)
    return redirect(f"{reverse('household.view', args=[household.code])}#{deed}")


@requires("household.unmask")
@require_POST
def unmask_people(request: HttpRequest, code: str) -> HttpResponse:
    """The dossier with the people's full data, shown once; the look and its purpose are recorded."""
    household = _household_or_404(request, code)
    try:
        personal = unmask(
            actor=request.actor,  # type: ignore[attr-defined]
            household=household,
            purpose=request.POST.get("purpose", ""),
            now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return _page(request, household, reasons=refused.reasons, status=409)
    return _page(request, household, personal=personal)


@requires("address.open")
@require_POST
def open_address(request: HttpRequest, code: str) -> HttpResponse:
    """The dossier with the family's transition addresses in full, shown once; the look and its purpose are recorded."""
    household = _household_or_404(request, code)
    try:
        opened = open_addresses(
            actor=request.actor,  # type: ignore[attr-defined]
            household=household.code,
            purpose=request.POST.get("purpose", ""),
            now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return _page(request, household, reasons=refused.reasons, status=409)
    return _page(request, household, addresses=opened)


def _household_or_404(request: HttpRequest, code: str) -> Household:
    household = household_for(request.actor, code)  # type: ignore[attr-defined]
    if household is None:
        raise Http404
    return household


def _page(
    request: HttpRequest,
    household: Household,
    *,
    reasons: Sequence[Reason] = (),
    panel_reasons: Sequence[Reason] = (),
    personal: Mapping[str, Any] | None = None,
    addresses: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    dates = as_of(request)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    file = dossier(
        actor, household, on=dates.on, known=dates.known, evidence_reach=reach_of(actor, verb="evidence.view")
    )
    owners = owners_of(household)
    rights = shown_rights(rights_in(file.case, on=dates.on))
    context: dict[str, Any] = {
        "household": household, "owners": owners, "file": file, "dates": dates,
        "reasons": reasons, "personal": personal,
        **{name: _may(request, household, verb) for name, verb in _DOORS.items()},
        "timeline": shown_timeline(file.timeline),
        "rights": rights,
        "running_rights": [right for right in rights if right.is_running],
        "looks": looks_at(household.code),
        "wall_query": _wall_query(household, dates),
        "coming": _coming(actor, household, file, dates, addresses),
    }
    if is_family(request):
        context |= _family_context(request, household, file, dates)
        return render(request, "dossier/family.html", context, status=status)
    context |= {
        "compensation": compensation_block(household, on=dates.on, known=dates.known) if file.register else None,
        "register": register_values(file), "ways": tracks_block(file.case_on, dates),
        "steps": shown_steps(file),
        "sponsorship": sponsor_block(actor, household.code, dates, subject=subject_with(household)),
        "panel": record_panel(
            request, subject=household.code, reasons=panel_reasons, owners=owners,
            held=Held(subject_with(household), file.case, file.history),
            is_in_register=context["coming"] is not None or _came_home(actor, file),
        ) if dates.is_today else None,
        "drawing": place_drawing(
            parcels=neighbourhood(household), section=household.section, building=household.building
        ),
    }
    if dates.is_today:
        context |= payments_block(request, household)
    return render(request, "dossier/household.html", context, status=status)


def _came_home(actor: Actor, file: Dossier) -> bool:
    """Whether the family has come home into what was agreed, and the reader opens its page in the register."""
    is_owed = any(fact.kind == AGREED for fact in file.history)
    return is_owed and Milestone.RESETTLED in file.dates and opens(actor, RESETTLEMENT)


def _coming(
    actor: Actor, household: Household, file: Dossier, dates: AsOf, addresses: Mapping[str, str] | None
) -> dict[str, Any] | None:
    """When the family comes home; None once it has, or where nothing is owed to it."""
    if Milestone.RESETTLED in file.dates:
        return None
    return home_coming_block(
        actor, household, dates, is_promised=Milestone.PROMISED in file.dates, opened=addresses
    )


def _family_context(request: HttpRequest, household: Household, file: Dossier, dates: AsOf) -> dict[str, Any]:
    """What the family's own page shows beside the file: its entry, and the reply that it may give."""
    return {
        **family_page(file), "entry": family_entry(household.code, dates),
        "may_reply": dates.is_today and may_reply(request.actor, household.code),  # type: ignore[attr-defined]
        "vacated_on": file.dates.get(Milestone.VACATED), "replied": last_reply(household.code),
    }


def is_family(request: HttpRequest) -> bool:
    """Whether the actor is here as a family and as nothing else."""
    return {posting.role for posting in request.actor.postings} == {"family"}  # type: ignore[attr-defined]


def _may(request: HttpRequest, household: Household, verb: str) -> bool:
    reason = current_rulebook().authority.may(
        actor=request.actor, verb=verb, subject=subject_with(household)  # type: ignore[attr-defined]
    )
    return reason is None


def _wall_query(household: Household, dates: AsOf) -> str:
    """Where the wall's map opens: close to the household's parcel, on the same dates."""
    parcel = household.parcel
    if parcel is None or parcel.west is None:
        return dates.query()
    latitude, longitude = (parcel.south + parcel.north) / 2, (parcel.west + parcel.east) / 2
    return dates.query(at=f"17/{latitude:.5f}/{longitude:.5f}", place=parcel.code)


def register_values(file: Dossier) -> dict[str, Any]:
    """What the register said of the property on the page's dates; nothing before the household was in it."""
    names = ("use", "members", "registered_area_m2", "unregistered_area_m2", "land_area_m2")
    if file.register is None:
        return dict.fromkeys(names, "")
    return {name: file.register.attributes.get(name, getattr(file.household, name)) for name in names}


def shown_steps(file: Dossier) -> list[dict[str, Any]]:
    """The way's milestones; of a blocked one, what it waits for."""
    steps = []
    for step in file.steps:
        if step.milestone is Milestone.PROMISED and step.status == "blocked":
            continue
        needs = str(step.reason.parameters.get("needs", "")) if step.reason else ""
        steps.append({"step": step, "needs": spoken_value(needs) if needs else ""})
    return steps
