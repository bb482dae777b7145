"""All parts of projects in reach with their light, blocker, nearest deadline, honest date, float and probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhengtu.accounts.queries import unit_names
from zhengtu.campaign.plan_queries import VERB, plans_standing
from zhengtu.campaign.plan_values import PlanRow, TargetRow
from zhengtu.core.planning.plan import Colour
from zhengtu.press.schedule_sheet import PAPERS
from zhengtu.registry.queries import projects_for
from zhengtu.web.office.cockpit.sentences import kept
from zhengtu.web.office.records.filters import district_filter, project_filter
from zhengtu.web.office.schedule.parts import target_address
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.blocker_text import BLOCKERS, BlockerLine, blocker_line
from zhengtu.web.shared.figure_text import day
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import spoken_reason
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter
from zhengtu.web.shared.templatetags.figures import PLAN_LIGHTS

MISSED_SHOWN = 6


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A part in the list on a day, with names in the page's language; ``client`` is a unit's code."""

    row: PlanRow
    on: date
    name: str
    district: str
    client: str
    units: Mapping[str, str]

    @property
    def jurisdiction(self) -> str:
        """Code of the part's district."""
        return self.row.jurisdiction

    @property
    def project(self) -> str:
        """Code of the project."""
        return self.row.project

    @property
    def light(self) -> tuple[str, str]:
        """Colour and sentence."""
        return str(self.row.light.colour), spoken_reason(self.row.light.reason).message

    @property
    def blocker_line(self) -> BlockerLine | None:
        """The blocker in words."""
        held = self.row.light.blocker
        return None if held is None else blocker_line(held, names=self.row.section_names, on=self.on)

    @property
    def blocker_kind(self) -> str:
        """Whose move it is, as the filter has it."""
        return str(self.row.light.blocker.kind) if self.row.light.blocker else ""

    @property
    def blocker(self) -> str:
        """The blocker in a sentence, with its kind first."""
        line = self.blocker_line
        return "" if line is None else _("%(kind)s: %(reason)s") % {"kind": line.label, "reason": line.sentence}

    @property
    def clock(self) -> str:
        """Since when it holds up, and until when it may."""
        line = self.blocker_line
        if line is None or line.since is None:
            return ""
        since = _("since %(day)s") % {"day": day(line.since)}
        if line.until is None:
            return since
        text = _("%(since)s, past its last day %(day)s") if line.is_past else _("%(since)s, until %(day)s")
        return text % {"since": since, "day": day(line.until)}


@require_safe
@requires(VERB)
def view(request: HttpRequest) -> HttpResponseBase:
    """The list, with what can no longer be done in time above it."""
    actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    standing = plans_standing(actor, on=dates.on, known=dates.known)
    rows = _rows(request, standing.rows)
    clients = {row.client: row.units.get(row.client, row.client) for row in rows}
    table = Table(
        name="schedule", title=gettext_lazy("Backward schedule"), request=request, rows=rows,
        columns=_columns(dates), filters=[
            district_filter(actor, verb=VERB), project_filter(actor, verb=VERB),
            Filter("light", gettext_lazy("Light"), kind="choice",
                   choices=[(str(colour), PLAN_LIGHTS[str(colour)]) for colour in Colour.by_urgency()],
                   apply=lambda found, colour: [one for one in found if one.light[0] == colour]),
            Filter("blocker", gettext_lazy("Blocker"), kind="choice",
                   choices=[(str(kind), label) for kind, label in BLOCKERS.items()], paths=("blocker_kind",)),
            Filter("client", gettext_lazy("Client"), kind="choice", choices=sorted(clients.items(), key=_second)),
        ],
        row_href=lambda one: reverse("schedule.of", args=[one.row.code]) + kept(dates),
        empty_text=gettext_lazy("No plan is computed for these dates yet.") if standing.codes
        else gettext_lazy("No plan lies in your reach yet."),
    )
    if table.wants_export:
        return table.export()
    missed = _missed(rows, dates)
    counts = {str(colour): sum(one.light[0] == str(colour) for one in rows) for colour in Colour.by_urgency()}
    return render(request, "schedule/listing.html", {
        "table": table.render_context(), "dates": dates, "missed": missed[:MISSED_SHOWN], "missed_count": len(missed),
        "missed_more": missed[MISSED_SHOWN:], "plans": standing, "counts": counts, "count": len(rows),
        "papers": list(PAPERS),
    })


def _second(pair: tuple[str, str]) -> str:
    return pair[1]


def _rows(request: HttpRequest, found: Sequence[PlanRow]) -> list[ScheduleRow]:
    """Red first, then the least float."""
    actor = request.actor  # type: ignore[attr-defined]
    clients = {
        project.code: project.client_id for project in projects_for(actor, verb=VERB).only("code", "client_id")
    }
    named = {row.jurisdiction for row in found} | {row.responsible for row in found} | set(clients.values())
    units = {code: in_language(pair) for code, pair in unit_names(named).items()}
    rows = [
        ScheduleRow(row, as_of(request).on, in_language(row.name), units.get(row.jurisdiction, row.jurisdiction),
                    clients.get(row.project, ""), units)
        for row in found
    ]
    return sorted(rows, key=lambda one: (one.row.light.colour.urgency, one.row.slack_days, one.row.code))


def _columns(dates: AsOf) -> list[Column]:
    return [
        Column("name", gettext_lazy("Project"), width=30),
        Column("district", gettext_lazy("District")),
        Column("light", gettext_lazy("Light"), kind="light", sort=None, width=44),
        Column("blocker", gettext_lazy("Blocker"), width=44),
        Column("clock", gettext_lazy("Its clock"), width=24),
        Column("target", gettext_lazy("Nearest deadline"), value=lambda one: _of_nearest(one, _target_name), width=24,
               href=lambda one: _proof(one, dates)),
        Column("due_on", gettext_lazy("Due on"), kind="date", value=lambda one: _of_nearest(one, _due)),
        Column("earliest_on", gettext_lazy("Earliest honest date"), kind="date",
               value=lambda one: _of_nearest(one, _earliest), href=lambda one: _proof(one, dates)),
        Column("float", gettext_lazy("Float"), kind="integer", unit=gettext_lazy("working days"),
               value=lambda one: one.row.light.float_days),
        Column("probability", gettext_lazy("Probability"), kind="chance", value=lambda one: one.row.light.probability),
        Column("p50", "P50", kind="date", value=lambda one: _forecast_day(one, "p50_on")),
        Column("p80", "P80", kind="date", value=lambda one: _forecast_day(one, "p80_on")),
        Column("p95", "P95", kind="date", value=lambda one: _forecast_day(one, "p95_on"), is_shown=False),
        Column("responsible", gettext_lazy("Whose move"), value=lambda one: one.units.get(one.row.responsible, "")),
    ]


def _of_nearest(one: ScheduleRow, value: Any) -> Any:
    return value(one.row.nearest) if one.row.nearest else None


def _target_name(row: TargetRow) -> str:
    return in_language(row.target.name)


def _due(row: TargetRow) -> date:
    return row.target.due_on


def _earliest(row: TargetRow) -> date | None:
    return row.earliest_on


def _forecast_day(one: ScheduleRow, name: str) -> date | None:
    forecast = one.row.nearest.forecast if one.row.nearest else None
    return getattr(forecast, name) if forecast else None


def _proof(one: ScheduleRow, dates: AsOf) -> str:
    return target_address(dates, one.row.code, one.row.nearest.target.key) if one.row.nearest else ""


def _missed(rows: Sequence[ScheduleRow], dates: AsOf) -> list[dict[str, Any]]:
    """Targets that law and teams cannot reach in time any more, the most days short first."""
    found = []
    for one in rows:
        for row in one.row.targets:
            if row.is_met or row.earliest_on is None or row.earliest_on <= row.target.due_on:
                continue
            found.append({
                "name": f"{one.name} · {one.district}", "target": in_language(row.target.name),
                "due_on": row.target.due_on, "earliest_on": row.earliest_on,
                "days": (row.earliest_on - row.target.due_on).days, "needs_agreement": row.needs_agreement,
                "href": target_address(dates, one.row.code, row.target.key),
            })
    return sorted(found, key=lambda line: (-line["days"], line["due_on"], line["name"]))
