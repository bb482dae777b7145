"""One project, section or household: sponsor, promises, visits, of a household its hard case, with the forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.sponsorship.hard_cases import HardCase, RemedyState
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import subject_of
from zhengtu.sponsorship.case_actions import DESCRIBE
from zhengtu.sponsorship.facts import is_followed
from zhengtu.sponsorship.queries import (
    VISIT,
    SponsorshipPage,
    candidates,
    case_of_family,
    hard_cases_for,
    households_of,
    own_sponsors,
    page_for,
    parts_for,
    sponsors_of,
)
from zhengtu.web.office.cockpit.sentences import subject_href
from zhengtu.web.office.sponsorship.words import (
    KINDS,
    Places,
    case_line,
    cause_label,
    page_of,
    promise_lines,
    remedy_line,
)
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.reason_text import rulebook_label, spoken_reason

_NAME = "sponsor.name"
_SUBJECT_PAGES = {
    "project": gettext_lazy("Project page"), "participation": gettext_lazy("Procedure"),
    "section": gettext_lazy("Section page"), "household": gettext_lazy("Dossier"),
}


@requires("sponsor.view")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The page on the dates of the address; forms only for today."""
    return sponsorship_page(request, code)


def page_or_404(request: HttpRequest, code: str) -> SponsorshipPage:
    """The page of a subject in reach.

    Raises:
        Http404: there is none that the reader may see.
    """
    dates = as_of(request)
    found = page_for(request.actor, code, on=dates.on, known=dates.known)  # type: ignore[attr-defined]
    if found is None:
        raise Http404(code)
    return found


def sponsorship_page(
    request: HttpRequest, code: str, *, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    """The page, with what spoke against a deed where one was refused."""
    held = page_or_404(request, code)
    dates = as_of(request)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    places = Places([code])
    may = _may(actor, code) if dates.is_today else dict.fromkeys(("name", "visit", "describe"), False)
    sponsor = sponsors_of([code], on=dates.on).get(code, ("", ""))
    speaks = may["visit"] and sponsor[0] == actor.person and is_followed(code)
    return render(request, "sponsorship/page.html", {
        "page": held, "code": code, "dates": dates, "reasons": reasons, "given": request.POST,
        "name": places.name(code), "place": places.lies_in(code), "kind": KINDS[kind_of(code)],
        "subject_href": subject_href(code, dates), "subject_label": _SUBJECT_PAGES[kind_of(code)],
        "may": may, "speaks": speaks,
        "promises": promise_lines(held.promises, places, dates, may_keep=[code] if speaks else ()),
        "candidates": _candidates(code, dates, held) if may["name"] else (),
        "case": shown_case(held.case) if held.case else None,
        "causes": [(cause, cause_label(cause)) for cause in current_rulebook().sponsorship.causes],
        "parts": _parts(actor, code, dates), "below": _below(actor, code, dates), "today_iso": dates.today.isoformat(),
        "limit": current_rulebook().sponsorship.text_limit,
    }, status=status)


def _may(actor: Actor, code: str) -> dict[str, bool]:
    authority, subject = current_rulebook().authority, subject_of(code)
    held = {
        name: authority.may(actor=actor, verb=verb, subject=subject) is None
        for name, verb in (("name", _NAME), ("visit", VISIT), ("describe", DESCRIBE))
    }
    held["describe"] = held["describe"] and kind_of(code) == "household"
    return held


def _candidates(code: str, dates: AsOf, held: SponsorshipPage) -> list[tuple[str, str]]:
    present = held.sponsor.sponsor if held.sponsor else ""
    return [(one.code, one.name) for one in candidates(code, on=dates.on) if one.code != present]


def shown_case(case: HardCase) -> dict[str, Any]:
    """A hard case as its page shows it: causes, remedies tried, open and waiting, replies."""
    lines = [
        {
            **(remedy_line(one.remedy) or {}), "state": str(one.state), "results": one.results,
            "waits_for": [rulebook_label(group="fact", id=kind) for kind in one.waits_for],
            "is_step": bool(one.remedy.facts), "is_next": one.remedy is case.next_remedy,
        }
        for one in case.remedies
    ]
    return {
        "case": case, "light": str(case.light), "why": spoken_reason(case.reason).message,
        "causes": [(cause_label(one.cause), one) for one in case.causes], "next": remedy_line(case.next_remedy),
        "tried": [line for line in lines if line["state"] == RemedyState.TRIED],
        "left": [line for line in lines if line["state"] != RemedyState.TRIED],
        "recordable": [line for line in lines if line["state"] != RemedyState.WAITS and not line["is_step"]],
    }


def _below(actor: Actor, code: str, dates: AsOf) -> list[dict[str, Any]]:
    """Open hard cases of a project or section."""
    if kind_of(code) == "household":
        return []
    every = hard_cases_for(actor, on=dates.on, known=dates.known)
    cases = [case for case in households_of(code, every) if case.is_open]
    places = Places(case.household for case in cases)
    sponsors = sponsors_of([case.household for case in cases], on=dates.on)
    return [case_line(case, places, dates, sponsors) for case in cases]


def _parts(actor: Actor, code: str, dates: AsOf) -> list[dict[str, Any]]:
    """Parts of a project in reach, each with the sponsor of its own."""
    if kind_of(code) != "project":
        return []
    codes = parts_for(actor, code)
    places, held = Places(codes), own_sponsors(codes, on=dates.on)
    return [{"name": places.name(one), "href": page_of(one, dates), "sponsor": held.get(one)} for one in codes]


def family_entry(household: str, dates: AsOf) -> dict[str, Any] | None:
    """A household's own hard case for its family, whose dossier it is; None where nothing is described."""
    case = case_of_family(household, on=dates.on, known=dates.known)
    return shown_case(case) if case is not None else None


def sponsor_block(actor: Actor, code: str, dates: AsOf) -> dict[str, Any] | None:
    """Sponsor, promises and hard case as the pages of projects and dossiers show them; None out of reach."""
    held = page_for(actor, code, on=dates.on, known=dates.known)
    if held is None:
        return None
    places = Places([code])
    return {
        "page": held, "href": reverse("sponsorship.of", args=[code]) + (dates.query() if not dates.is_today else ""),
        "parts": _parts(actor, code, dates), "sponsor": held.sponsor or held.wider,
        "is_wider": held.sponsor is None and held.wider is not None,
        "promises": [
            line for line in promise_lines(held.promises, places, dates) if line["is_counting"] or line["is_broken"]
        ],
        "case": shown_case(held.case) if held.case else None, "below": _below(actor, code, dates),
        "may_describe": dates.is_today and _may(actor, code)["describe"],
        "may_name": dates.is_today and _may(actor, code)["name"],
    }
