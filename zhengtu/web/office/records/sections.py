"""Sections: the list, and one section with its deadlines, matters and deeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.campaign import deeds, records
from zhengtu.campaign.facts import SectionStanding
from zhengtu.campaign.queries import names_in_reach
from zhengtu.campaign.reach import may_record
from zhengtu.campaign.trajectory_pages import trajectory_page
from zhengtu.core.ledger.figures import STATE_FIGURES
from zhengtu.inspection.truth import VerifiedCount
from zhengtu.web.office.cockpit.sentences import is_english, kept, late_line, name_of, state_label
from zhengtu.web.office.directives.attention import lines_about
from zhengtu.web.office.records.filters import deadline_filter, district_filter, project_filter, state_filter
from zhengtu.web.office.records.part_outlooks import section_forecast, section_outlook
from zhengtu.web.office.trajectories.page import shown_trajectories
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.beside_cleared import beside, counts_below, counts_of
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

DEEDS_SHOWN = 20


@require_safe
@requires("registry.view")
def listing(request: HttpRequest) -> HttpResponseBase:
    """All sections in reach with their figures on the page's dates."""
    dates = as_of(request)
    actor = request.actor  # type: ignore[attr-defined]

    def left(rows: list[SectionStanding], deadline: str) -> list[SectionStanding]:
        due = {section.code for section in records.sections_due(actor, deadline, on=dates.on, known=dates.known)}
        return [row for row in rows if row.code in due]

    table = Table(
        name="sections", title=_("Sections"), request=request, sort="code",
        rows=records.section_rows(actor, on=dates.on, known=dates.known),
        columns=section_columns(
            dates, names_in_reach(), verified=counts_of(actor, dates, verb="registry.view")
        ),
        filters=[
            Filter("name", _("Name or code"), paths=("name", "name_en", "code")),
            district_filter(actor), project_filter(actor), state_filter(), deadline_filter(actor, dates, left),
            Filter(
                "changed", _("Handed over in 7 days"), kind="flag",
                apply=lambda rows, _value: [row for row in rows if row.change["handed_over_count"] > 0],
            ),
        ],
    )
    if table.wants_export:
        return table.export()
    return render(request, "records/sections.html", {"table": table.render_context(), "dates": dates})


def section_columns(
    dates: AsOf, names: dict[str, tuple[str, str]], *, verified: Mapping[str, VerifiedCount], with_project: bool = True
) -> list[Column]:
    """Columns of a table of sections; every count leads to the households behind it.

    Args:
        verified: section -> how its cleared households stand.
    """

    def households(row: SectionStanding, **more: object) -> str:
        return reverse("household.list") + dates.query(section=row.code, **more)

    columns = [
        Column(
            "name", _("Section"), width=28, value=lambda row: row.name_en if is_english() and row.name_en else row.name,
            href=lambda row: reverse("section.view", args=[row.code]) + kept(dates),
        ),
        Column("code", _("Code"), kind="code", width=22),
        Column(
            "project", _("Project"), width=28, value=lambda row: name_of(row.project, names), is_shown=with_project,
            href=lambda row: reverse("project.view", args=[row.project]) + kept(dates),
        ),
        Column("jurisdiction", _("District"), value=lambda row: name_of(row.jurisdiction, names)),
        Column("state", _("State"), value=lambda row: state_label(row.state)),
        Column("households", _("Households"), kind="integer", href=lambda row: households(row)),
        Column("settled", _("Signed or decided"), kind="integer", href=lambda row: households(row, reached="settled")),
        Column("vacated", _("Vacated"), kind="integer", href=lambda row: households(row, reached="left_home")),
        *verified_columns(lambda row: verified.get(row.code), households),
        Column(
            "overdue", _("Overdue"), kind="integer", value=lambda row: row.figures["overdue_over_0"] or None,
            href=lambda row: households(row, overdue="0"),
        ),
    ]
    return columns + [
        Column(
            figure, state_label(str(state)), kind="integer", is_shown=False,
            value=lambda row, figure=figure: row.figures[figure] or None,
            href=lambda row, state=state: households(row, state=str(state)),
        )
        for state, figure in STATE_FIGURES.items()
    ]


def verified_columns(
    count: Callable[[Any], VerifiedCount | None], households: Callable[..., str]
) -> list[Column]:
    """The share verified of what is reported as cleared, and how many a source contradicts.

    Args:
        count: how a row's cleared households stand; None where there are none.
        households: the address of a row's households, narrowed.
    """

    def told(row: Any) -> VerifiedCount:
        return count(row) or VerifiedCount()

    return [
        Column(
            "verified_share", _("Vacated: verified"), kind="share", value=lambda row: told(row).share,
            href=lambda row: households(row, cleared="verified"),
        ),
        Column(
            "contradicted", _("Vacated: contradicted"), kind="integer",
            value=lambda row: told(row).contradicted or None,
            href=lambda row: households(row, cleared="contradicted"),
        ),
    ]


@require_safe
@requires("registry.view")
def view(request: HttpRequest, code: str) -> HttpResponseBase:
    """One section in reach."""
    dates = as_of(request)
    actor = request.actor  # type: ignore[attr-defined]
    section = records.section_of_actor(actor, code)
    if section is None:
        raise Http404
    standing = records.section_standing(actor, code, on=dates.on, known=dates.known)
    names = names_in_reach()
    found = list(deeds.deeds_about(actor, code, known=dates.known)[:DEEDS_SHOWN])
    deadlines = records.deadlines_of_section(actor, standing)
    plan = records.section_plan(actor, code, on=dates.on, known=dates.known)
    return render(request, "records/section.html", {
        "may_record": may_record(actor, code), "section": section, "standing": standing, "dates": dates,
        "state": state_label(standing.state),
        "directives": lines_about(actor, code, names=names, dates=dates),
        "directives_href": reverse("directive.list") + dates.query(project=section.project_id),
        "late": [
            late_line(item, names=names, dates=dates)
            for item in records.section_matters(code, on=dates.on, known=dates.known)
        ],
        "deadlines": [
            {
                "deadline": deadline, "name": name_of("", {"": deadline.names}),
                "left": standing.households_left(deadline.goal), "is_left": standing.is_left(deadline.goal),
                "forecast": section_forecast(plan, code, deadline),
            }
            for deadline in deadlines
        ],
        "outlook": section_outlook(*plan, code, names, dates) if plan else None,
        **shown_trajectories(trajectory_page(actor, code, on=dates.on, known=dates.known), dates),
        "facts": deeds.facts_about(actor, code, on=dates.on, known=dates.known),
        "deeds": found, "deed_people": deeds.names_of_people(deed.actor for deed in found),
        "parts": [
            {
                "state": str(state), "label": state_label(str(state)), "css": str(state),
                "count": standing.figures[figure],
                "href": reverse("household.list") + dates.query(section=code, state=str(state)),
            }
            for state, figure in STATE_FIGURES.items() if standing.figures[figure]
        ],
        "households_href": reverse("household.list") + dates.query(section=code),
        "settled_href": reverse("household.list") + dates.query(section=code, reached="settled"),
        "vacated_href": reverse("household.list") + dates.query(section=code, reached="left_home"),
        "beside": beside(counts_below([code], dates), dates, section=code),
        "wall_href": reverse("wall.view") + dates.query(place=code),
    })
