"""Findings for whoever watches: the list with its rules, violations, and a run through the files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from zhengtu.campaign import finding_queries as queries
from zhengtu.campaign.finding_runs import cities_to_search, queue_run
from zhengtu.campaign.models import Finding, FindingRun, FindingState, RunStage
from zhengtu.campaign.queries import names_in_reach
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.cockpit.sentences import name_of, short_name_of
from zhengtu.web.office.integrity.words import detector_name, state_light
from zhengtu.web.office.records.deeds import subject_href
from zhengtu.web.office.records.filters import district_filter
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.reason_text import rulebook_label, spoken_reason
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter


@requires("finding.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Findings that stand, or those that are gone; and what is looked for."""
    actor = request.actor  # type: ignore[attr-defined]
    dates, is_gone = as_of(request), bool(request.GET.get("gone"))
    every = queries.listed_findings_for(actor)
    rows = every.exclude(gone_on=None) if is_gone else every.filter(gone_on=None)
    table = Table(
        name="findings", title=_("Findings"), request=request, rows=rows, sort="-found_on", columns=_columns(dates),
        filters=[
            Filter("detector", _("Kind"), kind="choice", choices=[
                (id, detector_name(id)) for id in current_rulebook().integrity.rules
            ]),
            Filter("state", _("State"), kind="choice", choices=FindingState.choices),
            district_filter(
                actor, verb="finding.view", apply=lambda found, code: found.filter(jurisdictions__contains=[code])
            ),
            Filter("subject", _("Household or project"), apply=_about),
            Filter("found_on", _("Found on"), kind="dates"),
        ],
        row_href=lambda row: reverse("finding.view", args=[row.key]),
        empty_text=_("Nothing was found that one ruler does not explain."),
    )
    if table.wants_export:
        return table.export()
    cities = cities_to_search(actor)
    run = queries.latest_run(cities)
    return render(request, "integrity/findings.html", {
        "table": table.render_context(), "dates": dates, "is_gone": is_gone, "run": run,
        "is_moving": queries.is_moving(run, now=request.now),  # type: ignore[attr-defined]
        "run_line": _run_line(run), "can_run": bool(cities),
        "standing_count": every.filter(gone_on=None).count(), "gone_count": every.exclude(gone_on=None).count(),
        "violation_count": len(queries.violations_for(actor, on=dates.on, known=dates.known)),
        "rules": _rules(),
        "may_import_moves": bool(current_rulebook().authority.scope(actor=actor, verb="move.import")),
    })


def _about(rows: Any, text: str) -> Any:
    return rows.filter(subjects__contains=[text.upper()]) | rows.filter(projects__contains=[text.upper()])


def _columns(dates: AsOf) -> list[Column]:
    names = names_in_reach()
    return [
        Column("detector", _("Kind"), value=lambda row: detector_name(row.detector), width=24),
        Column("sentence", _("What was found"), sort="", width=70,
               value=lambda row: spoken_reason(row.sentence).message),
        Column("subjects", _("Files"), kind="integer", value=lambda row: len(row.subjects), sort=""),
        Column("first", _("First file"), kind="code", value=lambda row: row.subjects[0], sort="subjects__0",
               href=lambda row: subject_href(row.subjects[0], dates), width=24),
        Column("jurisdictions", _("Districts"), sort="", value=lambda row: gettext(", ").join(
            short_name_of(code, names) for code in row.jurisdictions
        )),
        Column("projects", _("Projects"), sort="", is_shown=False, width=30,
               value=lambda row: gettext(", ").join(name_of(code, names) for code in row.projects)),
        Column("state", _("State"), kind="light", sort="state",
               value=lambda row: state_light(row, today=dates.today, due_on=row.due_on)),
        Column("due_on", _("Answer due"), kind="date"),
        Column("found_on", _("Found on"), kind="date"),
        Column("seen_on", _("Seen last on"), kind="date", is_shown=False),
        Column("gone_on", _("Gone on"), kind="date", is_shown=False),
        Column("answer_count", _("Answers"), kind="integer", value=lambda row: row.answer_count or None),
    ]


def _rules() -> list[dict[str, Any]]:
    """What is looked for, from which measure on and why, as the rulebook says."""
    return [
        {
            "name": detector_name(rule.id), "source": rule.source, "confidence": rule.confidence, "since": rule.since,
            "thresholds": [
                (
                    rulebook_label(group="threshold", id=f"{rule.id}.{threshold.id}"),
                    gettext(" · ").join(f"{value:,f}" for value in threshold.values),
                    rulebook_label(group="threshold_unit", id=threshold.unit),
                )
                for threshold in rule.thresholds.values()
            ],
        }
        for rule in current_rulebook().integrity.rules.values()
    ]


def _run_line(run: FindingRun | None) -> str:
    if run is None or run.stage != RunStage.DONE:
        return ""
    counts = {name: f"{count:,}" for name, count in run.counts.items()}
    return gettext(
        "%(households)s households looked at: %(found)s findings, %(new)s new, %(gone)s gone; for %(unassessed)s the "
        "rules give no sum to compare with."
    ) % counts


@requires("finding.view")
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Queue a run over the actor's cities, or over one project."""
    actor = request.actor  # type: ignore[attr-defined]
    now: datetime = request.now  # type: ignore[attr-defined]
    project = request.POST.get("project", "")
    cities = cities_to_search(actor)
    if project:
        cities = [city for city in cities if city[:4] == project[:4]]
    for city in cities:
        try:
            queue_run(actor=actor, city=city, project=project, now=now)
        except Refused as refused:
            raise Http404(project) from refused
    messages.info(request, gettext("The search runs; you may leave this page."))
    return redirect("finding.list")


@requires("finding.view")
@require_safe
def progress(request: HttpRequest, number: int) -> JsonResponse:
    """How far a run is, for the page that waits."""
    run = queries.run_for(request.actor, number)  # type: ignore[attr-defined]
    if run is None:
        raise Http404
    return JsonResponse({
        "label": str(RunStage(run.stage).label), "percent": round(run.progress * 100),
        "isMoving": queries.is_moving(run, now=request.now),  # type: ignore[attr-defined]
    })


@requires("finding.view")
@require_safe
def violations(request: HttpRequest) -> HttpResponseBase:
    """Violations found on site, in what the actor watches."""
    actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    rows: Sequence[Any] = queries.violations_for(actor, on=dates.on, known=dates.known)
    table = Table(
        name="violations", title=_("Violations found"), request=request, rows=rows,
        columns=[
            Column("happened_on", _("Found on"), kind="date"),
            Column("subject", _("On"), kind="code", href=lambda row: subject_href(row.subject, dates), width=24),
            Column("violation", _("Conduct"), value=lambda row: rulebook_label(
                group="choice", id=f"violation_found.violation.{row.attributes.get('violation')}"
            ), width=40),
            Column("found", _("What was found"), value=lambda row: row.attributes.get("found"), width=60),
            Column("deed_id", _("Deed"), kind="code", href=lambda row: reverse("deed.view", args=[row.deed_id])),
        ],
        filters=[Filter("subject", _("On")), Filter("happened_on", _("Found on"), kind="dates")],
        empty_text=_("No violation was found."),
    )
    if table.wants_export:
        return table.export()
    return render(request, "integrity/violations.html", {"table": table.render_context(), "dates": dates})


def finding_or_404(request: HttpRequest, key: str) -> Finding:
    """The finding with that key, if the actor watches it.

    Raises:
        Http404: otherwise.
    """
    found = queries.finding_for(request.actor, key)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
