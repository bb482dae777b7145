"""One finding for whoever watches: its sentence, rows, questions and answers; put to a unit, and closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhengtu.campaign import finding_queries as queries
from zhengtu.campaign.finding_actions import ask_unit, close_finding
from zhengtu.campaign.models import ClosingOutcome, Finding, FindingState
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.cockpit.sentences import is_english
from zhengtu.web.office.integrity.findings import finding_or_404
from zhengtu.web.office.integrity.words import detector_name, figure_name, figure_value, state_light
from zhengtu.web.office.records.deeds import subject_href
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.figure_text import NOTHING
from zhengtu.web.shared.given_days import day_or_none

ANSWER_DAYS = 7


@requires("finding.view")
@require_safe
def view(request: HttpRequest, key: str) -> HttpResponse:
    """The page of one finding."""
    return _page(request, finding_or_404(request, key))


def _page(
    request: HttpRequest, finding: Finding, *, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    authority = current_rulebook().authority
    questions = list(finding.questions.all())
    waiting = [question.due_on for question in questions if not question.answers.all()]
    evidence = queries.evidence_of_deeds([answer.deed for question in questions for answer in question.answers.all()])
    return render(request, "integrity/finding.html", {
        "finding": finding, "kind": detector_name(finding.detector),
        "light": state_light(finding, today=dates.today, due_on=min(waiting, default=None)),
        "rows": shown_rows(actor, finding, dates), "figure_names": figure_names(finding),
        "people": queries.names_of(finding.people),
        "questions": [
            {
                "question": question,
                "answers": [(answer, evidence.get(answer.deed, [])) for answer in question.answers.all()],
                "is_late": not question.answers.all() and question.due_on < dates.today,
            }
            for question in questions
        ],
        "units": queries.units_to_ask(finding), "outcomes": ClosingOutcome.choices,
        "due_on": request.POST.get("due_on") or (dates.today + timedelta(days=ANSWER_DAYS)).isoformat(),
        "given": request.POST, "reasons": reasons, "is_open": finding.state != FindingState.CLOSED,
        "may_ask": bool(authority.scope(actor=actor, verb="finding.ask")) and finding.gone_on is None,
        "may_close": bool(authority.scope(actor=actor, verb="finding.close")),
    }, status=status)


def figure_names(finding: Finding) -> list[str]:
    """Heads of the columns that the finding's rows have figures for, in order."""
    return [figure_name(name) for name in _names(finding)]


def _names(finding: Finding) -> list[str]:
    return list(dict.fromkeys(what for row in finding.rows for what, _value in row["figures"]))


def shown_rows(actor: Any, finding: Finding, dates: AsOf) -> list[dict[str, Any]]:
    """The rows as the template draws them; those out of the actor's reach name nothing."""
    names = _names(finding)
    shown = []
    for row in queries.rows_of(actor, finding):
        figures = dict(row.figures)
        shown.append({
            "row": row, "href": subject_href(row.subject, dates) if row.is_in_reach else "",
            "place": row.place[1] if is_english() else row.place[0],
            "cells": [
                (figure_name(name), figure_value(figures[name]) if name in figures else NOTHING) for name in names
            ],
        })
    return shown


@requires("finding.ask")
@require_POST
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Put the finding to a unit."""
    finding = finding_or_404(request, key)
    now: datetime = request.now  # type: ignore[attr-defined]
    try:
        ask_unit(
            actor=request.actor, finding=finding, unit=request.POST.get("unit", ""),  # type: ignore[attr-defined]
            text=request.POST.get("text", ""), due_on=day_or_none(request.POST.get("due_on", "")), now=now,
        )
    except Refused as refused:
        return _page(request, finding, reasons=refused.reasons, status=409)
    messages.success(request, _("The finding is put to the unit."))
    return redirect("finding.view", key=key)


@requires("finding.close")
@require_POST
def close(request: HttpRequest, key: str) -> HttpResponse:
    """Close the finding on its answers."""
    finding = finding_or_404(request, key)
    now: datetime = request.now  # type: ignore[attr-defined]
    try:
        close_finding(
            actor=request.actor, finding=finding, outcome=request.POST.get("outcome", ""),  # type: ignore[attr-defined]
            text=request.POST.get("closing", ""), now=now,
        )
    except Refused as refused:
        return _page(request, finding, reasons=refused.reasons, status=409)
    messages.success(request, _("The finding is closed."))
    return redirect("finding.view", key=key)
