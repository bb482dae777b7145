"""One inspection: how it stands, and of each jurisdiction what was found, concluded, ordered and objected to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from zhengtu.core.authority.actor import Actor
from zhengtu.core.inspection.discrepancy import Discrepancy
from zhengtu.core.inspection.replay import DrawDocument
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.inspection.actions import cancel_inspection, decision_due_on
from zhengtu.inspection.models import InspectionForm
from zhengtu.inspection.published import draw_document
from zhengtu.inspection.queries import (
    ConclusionRow,
    InspectionPage,
    InspectionStage,
    evidence_of_inspection,
    instruction_papers,
    papers_of,
)
from zhengtu.ledger.models import Evidence
from zhengtu.web.office.cockpit.sentences import Names, name_of
from zhengtu.web.office.inspections.forms import inspection_or_404, may
from zhengtu.web.office.inspections.words import (
    STAGE_LIGHTS,
    STAGE_WORDS,
    SiteLine,
    StratumLine,
    asks,
    form_label,
    matter_label,
    measured,
    names_for,
    place_label,
    site_lines,
    strata_of,
    together,
)
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.downloads import file_response

_WAITING = (InspectionStage.PLANNED, InspectionStage.UNDER_WAY, InspectionStage.CONCLUDED)


@dataclass(frozen=True, slots=True)
class PlaceBlock:
    """One jurisdiction of an inspection, as whoever looks may see it.

    Attributes:
        is_team: whether whoever looks was drawn to go there.
        measured: how many reported households are not so; None where nothing was seen.
        decision_due_on: the last day to decide the objection; None where none waits.
        papers: the statement of the objection and the paper of its decision.
    """

    code: str
    name: str
    team: str
    is_team: bool
    strata: Sequence[StratumLine]
    measured: Discrepancy | None
    lines: Sequence[SiteLine]
    conclusion: ConclusionRow | None
    decision_due_on: date | None
    may_object: bool
    may_review: bool
    papers: Sequence[Evidence]

    @property
    def false(self) -> Sequence[SiteLine]:
        """Those that are not as reported."""
        return [one for one in self.lines if one.row.is_false]

    @property
    def unseen(self) -> int:
        """Households that nobody visited yet."""
        return sum(not one.row.found for one in self.lines)


@requires("inspection.read")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The inspection as far as it exists for whoever looks: a jurisdiction sees its own part, once it is released."""
    return shown(request, inspection_or_404(request, code))


def shown(request: HttpRequest, page: InspectionPage, *, reasons: Sequence[Reason] = ()) -> HttpResponse:
    """The page, with the reasons why something was refused."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    one = page.standing
    names = names_for([*one.places, *one.jurisdictions])
    blocks = place_blocks(request, page, names)
    stage = one.stage
    return render(request, "inspections/inspection.html", {
        "page": page, "one": one, "stage": STAGE_WORDS[stage], "light": STAGE_LIGHTS[stage],
        "form": form_label(one.form), "matter": matter_label(one.matter), "asks": asks(one.matter),
        "places": together(place_label(place, names) for place in one.places or one.jurisdictions),
        "blocks": blocks, "is_planned": stage is InspectionStage.PLANNED, "is_under_way": stage in _WAITING[1:],
        "is_released": stage is InspectionStage.RELEASED, "is_concluded": stage is InspectionStage.CONCLUDED,
        "is_waiting": stage in _WAITING, "may_plan": may(actor, "inspection.plan", one.code),
        "may_conclude": may(actor, "inspection.conclude", one.code) and stage in _WAITING[1:],
        "may_release": may(actor, "inspection.release", one.code), "is_day_over": one.as_of_on < today,
        "goes": stage in _WAITING[1:] and any(block.is_team and block.unseen for block in blocks),
        "left": one.drawn - one.seen, "today": today, "reasons": reasons,
        "is_patrol": one.form == InspectionForm.PATROL, "papers": instruction_papers(actor, one.code),
    }, status=409 if reasons else 200)


def place_blocks(request: HttpRequest, page: InspectionPage, names: Names) -> list[PlaceBlock]:
    """The jurisdictions that whoever looks sees, by code."""
    today: date = request.today  # type: ignore[attr-defined]
    document = draw_document(request.actor, page.standing.code, on=today)  # type: ignore[attr-defined]
    return [
        place_block(request, page, place, names=names, document=document) for place in page.standing.jurisdictions
    ]


def place_block(
    request: HttpRequest, page: InspectionPage, place: str, *, names: Names, document: DrawDocument | None
) -> PlaceBlock:
    """One of them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    one, rows = page.standing, page.households[place]
    strata = strata_of(document, rows, names)
    conclusion = next((row for row in page.conclusions if row.jurisdiction == place), None)
    team = page.teams.get(place, ())
    return PlaceBlock(
        code=place, name=name_of(place, names), team=together(name for _, name in team),
        is_team=actor.person in {person for person, _ in team}, strata=strata,
        measured=measured(strata, form=one.form), lines=site_lines(rows, matter=one.matter), conclusion=conclusion,
        **_objecting(actor, conclusion, code=one.code, today=today),
    )


def _objecting(actor: Actor, conclusion: ConclusionRow | None, *, code: str, today: date) -> dict[str, Any]:
    """What may be done about the objection of a jurisdiction, and until when."""
    found: dict[str, Any] = {"decision_due_on": None, "may_object": False, "may_review": False, "papers": ()}
    if conclusion is None or conclusion.object_until_on is None:
        return found
    objection = conclusion.objection
    if objection is None:
        told = conclusion.seen > conclusion.untold
        found["may_object"] = told and today <= conclusion.object_until_on and may(
            actor, "inspection.answer", code, unit=conclusion.jurisdiction
        )
        return found
    found["papers"] = papers_of([deed for deed in (objection.deed, objection.decision_deed) if deed])
    if not objection.outcome:
        found["decision_due_on"] = decision_due_on(objection)
        found["may_review"] = may(actor, "inspection.review", code)
    return found


@requires("inspection.plan")
@require_POST
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Leave an inspection that is not released, with the reason."""
    page = inspection_or_404(request, code)
    try:
        cancel_inspection(
            actor=request.actor, code=code, why=request.POST.get("why", ""),  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return shown(request, page, reasons=refused.reasons)
    messages.success(request, gettext("The inspection is cancelled."))
    return redirect("inspection.view", code=code)


@requires("inspection.read")
@require_safe
def evidence(request: HttpRequest, code: str, sha256: str) -> HttpResponseBase:
    """A photo or paper of the inspection, within the part that whoever asks may see."""
    today: date = request.today  # type: ignore[attr-defined]
    found = evidence_of_inspection(request.actor, code, sha256, on=today)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return file_response(sha256, name=found.name, media_type=found.file.media_type)
