"""The deeds of one directive: offered where the law of its life allows them now, and done by a POST."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from mimetypes import guess_type
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from zhengtu.core.directives.draft import DirectiveDraft, DraftDue
from zhengtu.core.directives.next_deeds import DirectiveDeed
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.directives import actions, queries
from zhengtu.directives.reminding import remind_of
from zhengtu.web.office.directives.deed_forms import DEEDS, DeedForm
from zhengtu.web.office.directives.deed_offers import DIVIDE, PARTS
from zhengtu.web.office.directives.page import directive_page
from zhengtu.web.office.dossier.recording import given_files
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.downloads import file_response


def _deed_view(form: DeedForm) -> Callable[..., HttpResponse]:
    """The view that does one deed; what speaks against it is said in its form.

    Whose deed it is depends on the directive: a unit that divided one checks and closes the parts. So the door asks
    for the right to see it, and then for the deed itself.
    """

    @requires("directive.view")
    @require_POST
    def view(request: HttpRequest, code: str) -> HttpResponse:
        actor, now = request.actor, request.now  # type: ignore[attr-defined]
        today: date = request.today  # type: ignore[attr-defined]
        if queries.directive_for(actor, code, on=today) is None:
            raise Http404
        if DirectiveDeed(form.id) not in queries.deeds_open_for(actor, code, on=today):
            raise PermissionDenied(form.id)
        try:
            _RUNS[form.id](actor=actor, code=code, now=now, **_given(request, form))
        except Refused as refused:
            return directive_page(request, code, refused=form.id, reasons=refused.reasons, status=409)
        remind_of([code], now=now)
        messages.success(request, gettext("“%(deed)s” is recorded.") % {"deed": form.title})
        return redirect("directive.view", code=code)

    view.__name__ = f"{form.id}_view"
    view.__doc__ = f"Does “{form.id}” to a directive in reach."
    return view


def _given(request: HttpRequest, form: DeedForm) -> dict[str, Any]:
    """The form's values as the action takes them.

    Raises:
        Refused: a day is missing or no date.
    """
    if form.id == DIVIDE:
        return {"drafts": _parts(request)}
    given: dict[str, Any] = {}
    for field in form.fields:
        text = request.POST.get(field.name, "").strip()
        if field.type == "date":
            given[field.name] = _day(text)
        elif field.name == "is_final":
            given[field.name] = text == "final"
        else:
            given[field.name] = text
    if form.evidence:
        given["files"] = given_files(request)
    return given


def _parts(request: HttpRequest) -> list[DirectiveDraft]:
    """The filled rows of the form that divides."""
    drafts = []
    for number in range(1, PARTS + 1):
        lead, matter, day = (
            request.POST.get(f"{name}-{number}", "").strip() for name in ("lead", "matter", "due_on")
        )
        if lead or matter:
            due = DraftDue(kind="date", on=_day(day)) if day else DraftDue()
            drafts.append(DirectiveDraft(lead=lead, matter=matter, due=due))
    return drafts


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(Reason(
            code="directive.day", message=N_("The day is missing or is no date: “%(text)s”."),
            parameters={"text": text}, remedy=N_("Write it as year-month-day, e.g. 2025-02-14."),
        )) from None


_RUNS: Final[Mapping[str, Callable[..., object]]] = {
    "receive": actions.receive_directive, "report": actions.report_on_directive,
    "object": actions.object_to_directive, "ask_extension": actions.ask_extension,
    "verify": actions.verify_report, "return": actions.return_report,
    "grant_extension": actions.grant_extension, "refuse_extension": actions.refuse_extension,
    "reassign": actions.reassign_directive, "decline_objection": actions.decline_objection,
    "release": actions.release_unit,
    "chase": actions.chase_directive, "close": actions.close_directive, "archive": actions.archive_directive,
    "cancel": actions.cancel_directive, "divide": actions.divide_directive,
}
VIEWS: Final = {form.id: _deed_view(form) for form in DEEDS}
"""Deed -> its view; ``urls`` gives each an address ``directive.<deed>``."""


@requires("directive.view")
@require_safe
def evidence(request: HttpRequest, code: str, sha256: str) -> HttpResponseBase:
    """A paper of the directive, for whoever may see the directive."""
    today: date = request.today  # type: ignore[attr-defined]
    if queries.directive_for(request.actor, code, on=today) is None:  # type: ignore[attr-defined]
        raise Http404
    files = [file for event in queries.history_of(code) for file in event.evidence if file.sha256 == sha256]
    if not files:
        raise Http404
    name = files[0].name
    return file_response(sha256, name=name, media_type=guess_type(name)[0] or "application/octet-stream")
