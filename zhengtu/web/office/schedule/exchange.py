"""Plans to and from Microsoft Project: taken away as XML; a unit's own plan set against the lawful one, taken over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtu.campaign.plan_actions import DECIDED, Start, decide_plans
from zhengtu.campaign.plan_actions import VERB as DECIDE
from zhengtu.campaign.plan_queries import VERB
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.plan_files.mspdi_reading import read_mspdi
from zhengtu.core.plan_files.mspdi_writing import to_mspdi
from zhengtu.core.planning.plan import PlannedActivity
from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.planning.plan_exchange import Difference, ExchangeWords, Verdict, differences, exchanged
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.dossier.recording import evidence_fields, given_date, given_files
from zhengtu.web.office.schedule.chart import may_decide
from zhengtu.web.office.schedule.parts import Selection, kind_or_none, selection
from zhengtu.web.office.schedule.sheets import file_name, require_export
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import spoken_of_places, spoken_source

FILE_LIMIT: Final = 60_000_000
"""Bytes of an uploaded plan; the reader has a limit of its own."""


@require_safe
@requires(VERB)
def export(request: HttpRequest, code: str) -> HttpResponse:
    """A part, a project or everything in reach as Microsoft Project XML."""
    require_export(request)
    chosen = selection(request, code)
    if not chosen.parts:
        raise Http404
    plan = exchanged(
        [part.plan for part in chosen.parts], title=chosen.title, calendar=current_rulebook().calendar,
        words=_words(chosen), baselines={part.plan.code: part.baseline for part in chosen.parts if part.baseline},
    )
    response = HttpResponse(to_mspdi(plan), content_type="application/xml")
    response.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=file_name(chosen, "xml")) or "attachment"
    )
    return response


def _words(chosen: Selection) -> ExchangeWords:
    names = {part.plan.code: part.name for part in chosen.parts}

    def why(activity: PlannedActivity) -> str:
        held = activity.driver_reason
        return spoken_of_places(held, chosen.name_of).message if held else ""

    return ExchangeWords(
        of_label=in_language, name_of=lambda code: names.get(code) or chosen.name_of(code), source_of=spoken_source,
        reason_of=why, procedure=_("Statutory procedure"), fields=("Zhengtu ID", _("Article"), _("Responsible unit")),
        calendars=(_("Working days of China"), _("Every day")),
    )


@requires(VERB)
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """A unit's plan beside the lawful one: which tasks are known, by how many days they differ, what may be decided."""
    chosen = _of_part(request, code)
    reasons: Sequence[Reason] = ()
    found: list[Difference] = []
    if request.method == "POST":
        try:
            activities = {one.id: one for one in chosen.parts[0].plan.activities}
            found = differences(read_mspdi(_content(request)), activities)
            if all(one.verdict is Verdict.UNKNOWN for one in found):
                raise Refused(_nothing_known())
        except Refused as refused:
            reasons, found = refused.reasons, []
    return render(request, "schedule/exchange.html", _context(request, chosen, found=found, reasons=reasons),
                  status=409 if reasons else 200)


def _of_part(request: HttpRequest, code: str) -> Selection:
    if kind_or_none(code) != "participation":
        raise Http404
    return selection(request, code)


def _content(request: HttpRequest) -> bytes:
    file = request.FILES.get("plan")
    if file is None:
        raise Refused(Reason(
            code="plan_file.none", message=N_("No file was chosen."),
            remedy=N_("Save the plan in Microsoft Project as XML and choose that file."),
        ))
    if (file.size or 0) > FILE_LIMIT:
        raise Refused(Reason(
            code="plan_file.too_large", message=N_("The file has more than %(limit)s MB."),
            parameters={"limit": FILE_LIMIT // 1_000_000}, remedy=N_("Split the plan."),
        ))
    return file.read()


def _nothing_known() -> Reason:
    return Reason(
        code="plan_file.unknown", message=N_("No task of this file carries the id of a bar of this plan."),
        remedy=N_("Export the plan here, change its dates in Microsoft Project and keep the field “Zhengtu ID”."),
    )


def _context(
    request: HttpRequest, chosen: Selection, *, found: Sequence[Difference], reasons: Sequence[Reason]
) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    is_decider = may_decide(actor, chosen.code)
    lines = [_line(one, chosen, is_decider=is_decider) for one in found if one.verdict is not Verdict.SAME]
    return {
        "chosen": chosen, "code": chosen.code, "lines": lines, "same": len(found) - len(lines), "count": len(found),
        "reasons": reasons, "may_decide": is_decider, "any_to_take": any(line["takes"] for line in lines),
        "chart_href": reverse("schedule.of", args=[chosen.code]), "happened_on": today.isoformat(),
        "evidence": evidence_fields(current_rulebook().fact_kinds[DECIDED]),
        "any_late": any(line["verdict"] == "too_late" and line["takes"] for line in lines),
    }


def _line(one: Difference, chosen: Selection, *, is_decider: bool) -> dict[str, Any]:
    bar = one.activity
    return {
        "uid": one.uid, "name": one.name, "start_on": one.start_on, "end_on": one.end_on, "days": one.start_days,
        "verdict": str(one.verdict), "bar": bar, "label": in_language(bar.label) if bar else "",
        "where": chosen.name_of(bar.subject) if bar and kind_or_none(bar.subject) == "section" else "",
        "takes": is_decider and one.may_be_taken_over and bar is not None and one.start_on is not None,
        "value": f"{bar.subject}|{bar.stage}|{one.start_on.isoformat()}" if bar and one.start_on else "",
    }


@requires(DECIDE)
@require_POST
def take_over(request: HttpRequest, code: str) -> HttpResponse:
    """Record the chosen starts as one decision: all of them or none."""
    chosen = _of_part(request, code)
    if not may_decide(request.actor, code):  # type: ignore[attr-defined]
        raise PermissionDenied(DECIDE)
    try:
        deed = decide_plans(
            actor=request.actor, part=code, starts=_starts(request),  # type: ignore[attr-defined]
            reason=request.POST.get("reason", ""), accepts_late=request.POST.get("accepts_late") == "1",
            happened_on=given_date(request), files=given_files(request),
            now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        context = _context(request, chosen, found=[], reasons=refused.reasons)
        return render(request, "schedule/exchange.html", context, status=409)
    messages.success(request, _("The decision is recorded as deed %(deed)s; the plan follows it.") % {"deed": deed})
    return redirect("schedule.of", code=code)


def _starts(request: HttpRequest) -> list[Start]:
    """The starts that were ticked.

    Raises:
        Refused: when one is not of the form.
    """
    starts = []
    for text in request.POST.getlist("start"):
        section, stage, day = (*text.split("|"), "", "")[:3]
        try:
            starts.append(Start(section, Stage(stage), date.fromisoformat(day)))
        except ValueError:
            raise Refused(Reason(
                code="schedule.malformed", message=N_("A chosen start cannot be read."),
                remedy=N_("Compare the file again."),
            )) from None
    return starts
