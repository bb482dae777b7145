"""The list of directives in reach: how each stands, for whom it waits, when it is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from zhengtu.campaign.queries import names_in_reach
from zhengtu.core.authority.actor import Actor
from zhengtu.core.directives.standing import BY_URGENCY, DirectiveStanding, Rung, State
from zhengtu.core.kernel.codes import project_of
from zhengtu.directives import page_queries, queries
from zhengtu.web.office.cockpit.sentences import Names, name_of
from zhengtu.web.office.directives import words
from zhengtu.web.office.directives.piles import PILES
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

Rows = Sequence[DirectiveStanding]


@requires("directive.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """All directives in reach, the most urgent first."""
    actor, dates, names = request.actor, as_of(request), names_in_reach()  # type: ignore[attr-defined]
    rows = queries.directives_for(actor, on=dates.on, known=dates.known)
    sources = page_queries.source_titles(rows)
    table = Table(
        name="directives", title=_("Directives"), request=request, rows=rows, sort="light",
        columns=_columns(dates, names, sources), filters=_filters(rows, names, sources, actor),
        row_href=lambda row: words.page_of(row.code, dates),
        empty_text=_("No directive has been set yet. They come out of a text that is read, or out of a review."),
    )
    if table.wants_export:
        return table.export()
    return render(request, "directives/list.html", {
        "table": table.render_context(), "dates": dates, "tab": "list", "reads_texts": page_queries.reads_texts(actor),
    })


def _columns(dates: AsOf, names: Names, sources: dict[int, str]) -> list[Column]:
    def href(row: DirectiveStanding) -> str:
        return words.page_of(row.code, dates)

    return [
        Column("number", _("Number"), href=href, width=22),
        Column("light", _("Light"), kind="light", value=words.light_of, width=40),
        Column("matter", _("Matter"), width=60),
        Column("lead", _("Lead unit"), value=lambda row: name_of(row.lead, names), width=20),
        Column("joint", _("Jointly responsible"), value=lambda row: words.unit_list(row.joint, names), width=24,
               is_shown=False),
        Column("assisting", _("Assisting"), value=lambda row: words.unit_list(row.assisting, names), width=24,
               is_shown=False),
        Column("officer", _("Responsible person"), is_shown=False),
        Column("due_on", _("Due on"), kind="date"),
        Column("overdue_workdays", _("Overdue"), kind="integer", unit=_("workdays"),
               value=lambda row: row.overdue_workdays or None),
        Column("state", pgettext_lazy("directives", "State"), value=lambda row: words.state_label(row.state)),
        Column("waits_for", _("Waits for"), value=lambda row: words.short_unit(row.waits_for, names)),
        Column("rung", _("Escalated to"), value=lambda row: words.rung_label(row.rung) or None, is_shown=False),
        Column("done", _("Done by the ledger"), kind="share", value=_done_share, is_shown=False),
        Column("projects", _("Projects"), value=lambda row: words.unit_list(row.projects, names), width=30,
               is_shown=False),
        Column("setter", pgettext_lazy("directives", "Set by"), value=lambda row: name_of(row.setter, names),
               is_shown=False),
        Column("set_on", _("Set on"), kind="date", is_shown=False),
        Column("source", _("Source"), value=lambda row: sources.get(row.source), is_shown=False, width=30),
        Column("closed_on", _("Closed on"), kind="date", is_shown=False),
    ]


def _done_share(row: DirectiveStanding) -> float | None:
    return row.progress.done / row.progress.total if row.progress and row.progress.total else None


def _filters(rows: Rows, names: Names, sources: dict[int, str], actor: Actor) -> list[Filter]:
    units = {unit for row in rows for unit in (row.lead, *row.joint, *row.assisting)}
    places = {project_of(code) for row in rows for code in row.projects}
    return [
        Filter("text", _("Number or matter"), paths=("number", "code", "matter")),
        Filter("pile", _("On my desk"), kind="choice", choices=[(id, pile.title) for id, pile in PILES.items()],
               apply=lambda found, id: PILES[id].of(found, actor)),
        Filter("stage", _("Open or closed"), kind="choice", apply=_by_stage,
               choices=[("open", pgettext_lazy("directives", "Open")), ("closed", _("Closed or cancelled"))]),
        Filter("state", pgettext_lazy("directives", "State"), kind="choice", choices=[
            (str(state), words.state_label(state)) for state in State
        ]),
        Filter("light", _("Light"), kind="choice", apply=_by_colour,
               choices=[(str(colour), words.colour_label(colour)) for colour in BY_URGENCY]),
        Filter("unit", _("Unit"), kind="choice", choices=_named(units, names), apply=_by_unit),
        Filter("waits", _("Waits for"), kind="choice", paths=("waits_for",),
               choices=_named({row.waits_for for row in rows if row.waits_for}, names)),
        Filter("project", _("Project"), kind="choice", choices=_named(places, names), apply=_by_project),
        Filter("setter", pgettext_lazy("directives", "Set by"), kind="choice",
               choices=_named({row.setter for row in rows}, names)),
        Filter("source", _("Source"), kind="choice", choices=[(str(key), title) for key, title in sources.items()]),
        Filter("rung", _("Escalated to"), kind="choice", choices=[
            (str(rung), words.rung_label(rung)) for rung in Rung if rung != Rung.NONE
        ]),
        Filter("overdue", _("Overdue only"), kind="flag", paths=("overdue_workdays",)),
        Filter("due_on", _("Due on"), kind="dates"),
    ]


def _named(codes: set[str], names: Names) -> list[tuple[str, object]]:
    return [(code, name_of(code, names)) for code in sorted(codes)]


def _by_stage(rows: Rows, stage: str) -> Rows:
    return [row for row in rows if words.is_open(row) == (stage == "open")]


def _by_colour(rows: Rows, colour: str) -> Rows:
    return [row for row in rows if row.colour == colour]


def _by_unit(rows: Rows, unit: str) -> Rows:
    return [row for row in rows if unit in (row.lead, *row.joint, *row.assisting)]


def _by_project(rows: Rows, project: str) -> Rows:
    return [row for row in rows if project in {project_of(code) for code in row.projects}]


def due_within(rows: Rows, *, start: date, end: date) -> list[Any]:
    """Open directives whose last day lies from ``start`` to ``end``, both included."""
    return [row for row in rows if words.is_open(row) and row.due_on and start <= row.due_on <= end]
