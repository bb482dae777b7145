"""The week's work list: per unit and team what must be done now, what is late first, until when, why; printable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhengtu.campaign.plan_queries import VERB, plans_standing, week_list
from zhengtu.core.kernel.codes import jurisdiction_of, kind_of, project_of
from zhengtu.core.planning.work_list import WorkItem
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.procedure_cases import participation_of
from zhengtu.web.office.cockpit.sentences import Names, kept, name_of
from zhengtu.web.office.records.filters import district_filter, project_filter
from zhengtu.web.office.schedule.gantt_page import STAGES, stage_label
from zhengtu.web.office.schedule.parts import names_for
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import spoken_reason
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

TOGETHER = "together"
"""In the filter of teams, what no team of one kind does: steps and handing over."""


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One thing to do, with names in the page's language; ``unit`` and ``stage`` are what the filters compare."""

    item: WorkItem
    unit: str
    unit_name: str
    stage: str
    team: str
    what: str
    where: str
    project_name: str
    why: str
    href: str

    @property
    def by_on(self) -> date:
        """The latest day."""
        return self.item.by_on

    @property
    def households(self) -> int | None:
        """How many households; None where it is about none."""
        return self.item.households or None

    @property
    def light(self) -> tuple[str, str]:
        """Late, or due this week."""
        return ("red", _("overdue")) if self.item.is_overdue else ("yellow", _("this week"))

    @property
    def jurisdiction(self) -> str:
        """Code of the district."""
        return jurisdiction_of(self.item.subject)

    @property
    def project(self) -> str:
        """Code of the project."""
        return project_of(self.item.subject)


@require_safe
@requires(VERB)
def view(request: HttpRequest) -> HttpResponseBase:
    """The list, grouped by unit and team; the table's workbook on request."""
    actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    standing = plans_standing(actor, on=dates.on, known=dates.known)
    names = names_for(actor)
    lines = [
        _line(unit, str(stage or ""), item, names, dates)
        for (unit, stage), items in week_list(actor, on=dates.on, known=dates.known).items() for item in items
    ]
    units = sorted({(line.unit, line.unit_name) for line in lines}, key=lambda pair: pair[1])
    table = Table(
        name="week", title=gettext_lazy("The week's work"), request=request, rows=lines, columns=_columns(),
        filters=[
            Filter("unit", gettext_lazy("Responsible unit"), kind="choice", choices=units),
            Filter("stage", gettext_lazy("Team"), kind="choice", apply=_of_team,
                   choices=[*((one, stage_label(one)) for one in STAGES), (TOGETHER, _("steps and handing over"))]),
            district_filter(actor, verb=VERB), project_filter(actor, verb=VERB),
            Filter("overdue", gettext_lazy("Overdue only"), kind="flag",
                   apply=lambda found, _text: [line for line in found if line.item.is_overdue]),
        ],
    )
    if table.wants_export:
        return table.export()
    days = current_rulebook().schedule.horizon_days
    shown = list(table.rows)
    return render(request, "schedule/week.html", {
        "table": table.render_context(), "groups": _groups(shown), "dates": dates, "plans": standing,
        "until_on": dates.on + timedelta(days=days - 1), "count": len(shown),
        "overdue": sum(line.item.is_overdue for line in shown),
        "households": sum(line.item.households for line in shown),
    })


def _of_team(found: list[WeekLine], stage: str) -> list[WeekLine]:
    return [line for line in found if line.stage == ("" if stage == TOGETHER else stage)]


def _line(unit: str, stage: str, item: WorkItem, names: Names, dates: AsOf) -> WeekLine:
    part = participation_of(item.subject)
    is_section = kind_of(item.subject) == "section"
    href = reverse("schedule.of", args=[part]) + kept(dates)
    return WeekLine(
        item=item, unit=unit, unit_name=name_of(unit, names) if unit else _("no unit named"), stage=stage,
        team=stage_label(stage) if stage else _("steps and handing over"), what=in_language(item.label),
        where=name_of(item.subject if is_section else jurisdiction_of(item.subject), names),
        project_name=name_of(project_of(item.subject), names), why=spoken_reason(item.reason).message, href=href,
    )


def _groups(lines: list[WeekLine]) -> list[dict[str, Any]]:
    """Unit -> team -> lines, what is late first."""
    units: dict[str, dict[str, list[WeekLine]]] = {}
    for line in lines:
        units.setdefault(line.unit_name, {}).setdefault(line.team, []).append(line)
    return [
        {"unit": unit, "count": sum(map(len, teams.values())),
         "overdue": sum(line.item.is_overdue for own in teams.values() for line in own),
         "teams": [{"name": team, "lines": own} for team, own in teams.items()]}
        for unit, teams in sorted(units.items(), key=lambda pair: pair[0])
    ]


def _columns() -> list[Column]:
    return [
        Column("unit_name", gettext_lazy("Responsible unit"), width=20), Column("team", gettext_lazy("Team")),
        Column("what", gettext_lazy("What"), width=28), Column("where", gettext_lazy("Where"), width=20),
        Column("project_name", gettext_lazy("Project"), width=28),
        Column("households", gettext_lazy("Households"), kind="integer"),
        Column("by_on", gettext_lazy("Latest day"), kind="date"), Column("light", gettext_lazy("State"), kind="light"),
        Column("why", gettext_lazy("Why"), width=60),
    ]
