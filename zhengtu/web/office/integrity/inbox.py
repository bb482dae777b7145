"""A unit's findings to answer: only what was put to it, and of the rows only what it reaches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengtu.campaign import finding_queries as queries
from zhengtu.campaign.finding_actions import answer_question
from zhengtu.campaign.models import FindingQuestion, FindingState
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.web.office.dossier.recording import EvidenceField, given_files
from zhengtu.web.office.integrity.finding import figure_names, shown_rows
from zhengtu.web.office.integrity.words import detector_name
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import as_of
from zhengtu.web.shared.reason_text import rulebook_label, spoken_reason
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

_EVIDENCE = ("other", "photo", "minutes")


@requires("finding.answer")
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Questions put to the actor's units, those that wait first."""
    today = as_of(request).today
    table = Table(
        name="finding-questions", title=_("Findings to answer"), request=request,
        rows=queries.questions_for(request.actor).order_by("is_answered", "due_on", "pk"),  # type: ignore[attr-defined]
        columns=[
            Column("detector", _("Kind"), value=lambda row: detector_name(row.finding.detector),
                   sort="finding__detector", width=24),
            Column("sentence", _("What was found"), sort="", width=70,
                   value=lambda row: spoken_reason(row.finding.sentence).message),
            Column("text", _("Question"), sort="", width=50),
            Column("due_on", _("Answer due"), kind="date"),
            Column("state", _("State"), kind="light", sort="is_answered", value=lambda row: _light(row, today)),
        ],
        filters=[
            Filter("answered", _("State"), kind="choice", apply=lambda rows, text: rows.filter(
                is_answered=text == "yes"
            ), choices=[("no", _("Waiting for an answer")), ("yes", _("Answered"))]),
            Filter("due_on", _("Answer due"), kind="dates"),
        ],
        row_href=lambda row: reverse("finding.answer", args=[row.pk]),
        empty_text=_("Nothing was put to your unit."),
    )
    if table.wants_export:
        return table.export()
    return render(request, "integrity/inbox.html", {"table": table.render_context()})


def _light(question: Any, today: object) -> tuple[str, str]:
    if question.finding.state == FindingState.CLOSED:
        return "green", gettext("Closed")
    if question.is_answered:
        return "green", gettext("Answered")
    if question.finding.gone_on is not None:
        return "idle", gettext("Not found any more since %(on)s") % {"on": question.finding.gone_on.isoformat()}
    return ("red", gettext("The answer is overdue")) if question.due_on < today else (
        "yellow", gettext("Waiting for an answer")
    )


@requires("finding.answer")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """One question put to the actor's unit; a POST answers it."""
    actor = request.actor  # type: ignore[attr-defined]
    question = queries.question_for(actor, number)
    if question is None:
        raise Http404
    if request.method != "POST":
        return _page(request, question)
    now: datetime = request.now  # type: ignore[attr-defined]
    try:
        answer_question(
            actor=actor, question=question, text=request.POST.get("text", ""), files=given_files(request), now=now
        )
    except Refused as refused:
        return _page(request, question, reasons=refused.reasons, status=409)
    messages.success(request, gettext("The answer is recorded."))
    return redirect("finding.answer", number=number)


def _page(
    request: HttpRequest, question: FindingQuestion, *, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    actor, dates = request.actor, as_of(request)  # type: ignore[attr-defined]
    finding = question.finding
    rows = shown_rows(actor, finding, dates)
    evidence = queries.evidence_of_deeds([answer.deed for answer in question.answers.all()])
    return render(request, "integrity/answer.html", {
        "question": question, "finding": finding, "kind": detector_name(finding.detector),
        "light": _light(question, dates.today), "rows": [row for row in rows if row["row"].is_in_reach],
        "hidden_count": sum(not row["row"].is_in_reach for row in rows), "figure_names": figure_names(finding),
        "answers": [(answer, evidence.get(answer.deed, [])) for answer in question.answers.all()],
        "is_open": finding.state != FindingState.CLOSED, "given": request.POST, "reasons": reasons,
        "evidence": [
            EvidenceField(f"evidence-{id}", rulebook_label(group="evidence", id=id), False) for id in _EVIDENCE
        ],
    }, status=status)
