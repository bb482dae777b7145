"""Projects: the list, and one project with its sections, deadlines, matters, curves and deeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.accounts.queries import people_called
from zhengtu.campaign import deeds, records
from zhengtu.campaign.cleared_counts import VerifiedCount
from zhengtu.campaign.corridors import has_corridor
from zhengtu.campaign.facts import DeadlineOf
from zhengtu.campaign.plan_targets import target_key
from zhengtu.campaign.queries import names_in_reach
from zhengtu.campaign.reach import may_record
from zhengtu.campaign.records import ProjectRow
from zhengtu.campaign.unit_prices import may_compare
from zhengtu.core.planning.plan import Colour
from zhengtu.registry.models import ProjectKind, Regime
from zhengtu.web.office.cockpit.sentences import (
    goal_label,
    is_english,
    kept,
    late_line,
    name_of,
    plan_href,
    short_name_of,
    state_label,
)
from zhengtu.web.office.directives.attention import lines_about
from zhengtu.web.office.records.filters import district_filter, list_name, state_filter
from zhengtu.web.office.records.part_outlooks import deadline_standing, part_outlook
from zhengtu.web.office.records.sections import section_columns, verified_columns
from zhengtu.web.office.resettlement.project_block import resettlement_block
from zhengtu.web.office.sponsorship.page import sponsor_block
from zhengtu.web.office.trajectories.page import shown_trajectories
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.beside_cleared import beside, counts_below, counts_of
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import spoken_reason
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter
from zhengtu.web.shared.templatetags.figures import PLAN_LIGHTS

DEEDS_SHOWN = 20
ANNOUNCEMENTS_SHOWN = 5


@require_safe
@requires("registry.view")
def listing(request: HttpRequest) -> HttpResponseBase:
    """All projects in reach with where they stand."""
    dates = as_of(request)
    actor = request.actor  # type: ignore[attr-defined]
    rows = records.project_rows(actor, on=dates.on, known=dates.known)
    names = names_in_reach()
    lists = {entry.code: entry for row in rows for entry in row.project.start_lists.all()}
    table = Table(
        name="projects", title=_("Projects"), rows=rows, request=request, sort="code",
        columns=_columns(dates, names, counts_of(actor, dates, verb="registry.view", by="project")),
        filters=[
            Filter("name", _("Name or code"), paths=("project__name", "project__name_en", "code")),
            district_filter(actor, apply=lambda found, code: [row for row in found if code in row.jurisdictions]),
            Filter("kind", _("Kind"), kind="choice", choices=ProjectKind.choices, paths=("project__kind",)),
            Filter(
                "list", _("List"), kind="choice",
                choices=[(code, list_name(entry)) for code, entry in sorted(lists.items())],
                apply=lambda found, code: [
                    row for row in found if any(entry.code == code for entry in row.project.start_lists.all())
                ],
            ),
            state_filter(),
            Filter("light", _("Light"), kind="choice",
                   choices=[(str(colour), PLAN_LIGHTS[str(colour)]) for colour in Colour.by_urgency()],
                   apply=lambda found, colour: [
                       row for row in found if row.worst is not None and row.worst.light.colour == colour
                   ]),
        ],
    )
    if table.wants_export:
        return table.export()
    return render(request, "records/projects.html", {"table": table.render_context(), "dates": dates})


def _columns(
    dates: AsOf, names: dict[str, tuple[str, str]], verified: Mapping[str, VerifiedCount]
) -> list[Column]:
    def households(row: ProjectRow, **more: object) -> str:
        return reverse("household.list") + dates.query(project=row.code, **more)

    return [
        Column("name", _("Project"), value=_name, href=lambda row: _page(row, dates), width=30),
        Column("code", _("Code"), kind="code"),
        Column(
            "light", _("Light"), kind="light", value=lambda row: _light(row, names), width=44,
            href=lambda row: plan_href(row.worst.code, dates) if row.worst else "",
        ),
        Column("kind", _("Kind"), value=lambda row: str(ProjectKind(row.project.kind).label)),
        Column(
            "jurisdictions", _("Districts"),
            value=lambda row: _(", ").join(short_name_of(code, names) for code in row.jurisdictions),
        ),
        Column("client", _("Client"), value=lambda row: name_of(row.project.client_id, names)),
        Column(
            "lead", _("Lead"), value=lambda row: name_of(row.project.lead_id or "", names), is_shown=False,
        ),
        Column("goal", _("Due for"), value=lambda row: goal_label(row.goal) if row.goal else None),
        Column("due_on", _("Due on"), kind="date"),
        Column("state", _("State"), value=lambda row: state_label(row.state)),
        Column(
            "sections_handed_over", _("Handed over"), kind="integer", unit=_("sections"),
            href=lambda row: reverse("section.list") + dates.query(project=row.code, state="handed_over"),
        ),
        Column(
            "sections_count", _("Sections"), kind="integer",
            href=lambda row: reverse("section.list") + dates.query(project=row.code),
        ),
        Column("households", _("Households"), kind="integer", href=lambda row: households(row)),
        Column(
            "settled", _("Signed or decided"), kind="integer", is_shown=False,
            href=lambda row: households(row, reached="settled"),
        ),
        Column("settled_share", _("Signed or decided"), kind="share",
               href=lambda row: households(row, reached="settled")),
        Column("vacated_share", _("Vacated"), kind="share", href=lambda row: households(row, reached="left_home")),
        *verified_columns(lambda row: verified.get(row.code), households),
        Column("overdue", _("Overdue"), kind="integer", unit=_("households"),
               value=lambda row: row.overdue or None, href=lambda row: households(row, overdue="0")),
    ]


def _name(row: ProjectRow) -> str:
    project = row.project
    return project.name_en if is_english() and project.name_en else project.name


def _light(row: ProjectRow, names: dict[str, tuple[str, str]]) -> tuple[str, str] | None:
    """The most urgent light of the project's parts with its sentence, led by the district where there are several."""
    if row.worst is None:
        return None
    sentence = spoken_reason(row.worst.light.reason).message
    if len(row.plans) > 1:
        sentence = gettext("%(place)s: %(text)s") % {
            "place": short_name_of(row.worst.jurisdiction, names), "text": sentence,
        }
    return str(row.worst.light.colour), sentence


def _page(row: ProjectRow, dates: AsOf) -> str:
    return reverse("project.view", args=[row.code]) + kept(dates)


@require_safe
@requires("registry.view")
def view(request: HttpRequest, code: str) -> HttpResponseBase:
    """One project in reach."""
    dates = as_of(request)
    actor = request.actor  # type: ignore[attr-defined]
    page = records.project_page(actor, code, on=dates.on, known=dates.known)
    if page is None:
        raise Http404
    sections = Table(
        name="project-sections", title=_("Sections"), rows=page.row.sections, request=request, sort="code",
        columns=section_columns(
            dates, page.names, with_project=False, verified=counts_of(actor, dates, verb="registry.view"),
        ), per_page=200,
    )
    if sections.wants_export:
        return sections.export()
    found = list(deeds.deeds_about(actor, code, known=dates.known)[:DEEDS_SHOWN])
    return _page_response(request, page, sections, found, dates)


def _page_response(
    request: HttpRequest, page: records.ProjectPage, sections: Table, found: list[Any], dates: AsOf
) -> HttpResponse:
    project = page.row.project
    return render(request, "records/project.html", {
        "may_record": may_record(request.actor, project.code),  # type: ignore[attr-defined]
        "may_compare": may_compare(request.actor, project),  # type: ignore[attr-defined]
        "sponsorship": sponsor_block(request.actor, project.code, dates),  # type: ignore[attr-defined]
        "homecoming": resettlement_block(
            request.actor, project.code, [part.code for part in project.participations.all()], dates,  # type: ignore[attr-defined]
        ),
        "has_corridor": has_corridor(request.actor, project.code),  # type: ignore[attr-defined]
        "directives": lines_about(request.actor, project.code, names=page.names, dates=dates),  # type: ignore[attr-defined]
        "directives_href": reverse("directive.list") + dates.query(project=project.code),
        "beside": beside(counts_below([one.code for one in page.row.sections], dates), dates, project=project.code),
        "page": page, "row": page.row, "project": project, "dates": dates,
        "kind": ProjectKind(project.kind).label, "regime": Regime(project.regime).label,
        "lists": [list_name(entry) for entry in project.start_lists.all()],
        "deadlines": [_deadline(deadline, page, dates) for deadline in page.deadlines],
        "late": [late_line(item, names=page.names, dates=dates) for item in page.late],
        "table": sections.render_context(),
        "deeds": found, "deed_people": people_called(deed.actor for deed in found),
        "announcements": [
            (fact, _announced_place(fact.subject, page)) for fact in page.announcements[:ANNOUNCEMENTS_SHOWN]
        ],
        "outlooks": [part_outlook(plan, page.names, dates) for plan in page.plans.rows],
        "trajectory_name": in_language(page.trajectories.name) if page.trajectories else "",
        **shown_trajectories(page.trajectories, dates, actor=request.actor),  # type: ignore[attr-defined]
        "households_href": reverse("household.list") + dates.query(project=project.code),
        "settled_href": reverse("household.list") + dates.query(project=project.code, reached="settled"),
        "vacated_href": reverse("household.list") + dates.query(project=project.code, reached="left_home"),
        "overdue_href": reverse("household.list") + dates.query(project=project.code, overdue="0"),
        "handed_href": reverse("section.list") + dates.query(project=project.code, state="handed_over"),
        "wall_href": reverse("wall.view") + dates.query(project=project.code),
    })


def _announced_place(subject: str, page: records.ProjectPage) -> str:
    """The section or the district that an announcement is about."""
    section = next((one for one in page.row.sections if one.code == subject), None)
    if section is not None:
        return in_language((section.name, section.name_en)) or section.name
    return short_name_of(subject[:6], page.names) if "-" in subject else name_of(subject, page.names)


def _deadline(deadline: DeadlineOf, page: records.ProjectPage, dates: AsOf) -> dict[str, Any]:
    left = [section for section in deadline.sections if section.is_left(deadline.goal)]
    key = target_key(goal=deadline.goal, due_on=deadline.due_on)
    return {
        "deadline": deadline, "name": name_of("", {"": deadline.names}), "left": len(left),
        "of": len(deadline.sections), "standing": deadline_standing(page.plans.rows, key, page.names, dates),
        "href": reverse("section.list") + dates.query(project=deadline.project, deadline=key),
    }
