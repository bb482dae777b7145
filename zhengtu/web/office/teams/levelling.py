"""Levelling of teams: ask for one, follow it, read what came of it, take every team's work list away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from zhengtu.campaign.levelling_queries import (
    districts_to_level,
    is_dead,
    is_moving,
    levellings_for,
    result_of,
    section_names,
)
from zhengtu.campaign.levelling_runs import MOST_SECONDS, SECONDS, start_levelling
from zhengtu.campaign.models import LevellingStage, TeamLevelling
from zhengtu.campaign.queries import names_in_reach
from zhengtu.core.kernel.codes import project_of
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.planning.team_outcome import GoalOutcome
from zhengtu.core.planning.team_plan import Levelling
from zhengtu.core.planning.team_work import ListRank
from zhengtu.core.planning.teams import SKILLS
from zhengtu.registry.models import TeamSkill
from zhengtu.registry.team_queries import teams_for
from zhengtu.web.office.cockpit.sentences import goal_label, name_of
from zhengtu.web.office.teams.load_chart import load_charts
from zhengtu.web.office.teams.team_bars import team_board
from zhengtu.web.office.teams.teams import team_name
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter
from zhengtu.web.shared.templatetags.figures import named

LIGHTS = {
    LevellingStage.QUEUED: "idle", LevellingStage.RUNNING: "running", LevellingStage.DONE: "green",
    LevellingStage.FAILED: "red",
}
RANK_NAMES = {
    ListRank.NATIONAL: _("National supervision list"), ListRank.PROVINCIAL: _("Provincial supervision list"),
    ListRank.START: _("Start list"), ListRank.OTHER: _("Other projects"),
}
SOURCES = {
    "rule": _("a plain rule of service"), "solver": _("the solver"), "search": _("the search for better orders"),
}
MISSED_SHOWN = 40


@require_safe
@requires("schedule.view")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Levellings of the districts in reach, and the form that asks for one."""
    return _listing(request)


def _listing(request: HttpRequest, *, reasons: Any = ()) -> HttpResponseBase:
    actor = request.actor  # type: ignore[attr-defined]
    table = Table(
        name="levellings", title=_("Levellings"), request=request, rows=levellings_for(actor),
        row_href=lambda row: reverse("levelling.view", args=[row.pk]),
        columns=[
            Column("jurisdiction", _("District"), value=lambda row: named(row.jurisdiction), sort="jurisdiction__code"),
            Column("on", _("As of"), kind="date"),
            Column("stage", _("State"), kind="light", value=lambda row: (LIGHTS[row.stage], row.get_stage_display())),
            Column("asked_by", _("Asked by"), value=lambda row: row.asked_by.name, sort="asked_by__name"),
            Column("asked_at", _("Asked at"), kind="instant"),
        ],
        empty_text=_("No levelling has been asked for yet."),
    )
    if table.wants_export and not reasons:
        return table.export()
    return render(request, "teams/levellings.html", {
        "table": table.render_context(), "tab": "teams", "districts": districts_to_level(actor), "seconds": SECONDS,
        "most_seconds": MOST_SECONDS, "reasons": reasons,
    }, status=409 if reasons else 200)


@requires("team.manage")
@require_POST
def start(request: HttpRequest) -> HttpResponseBase:
    """Ask for a levelling of one district."""
    actor = request.actor  # type: ignore[attr-defined]
    wanted = request.POST.get("district", "")
    district = next((unit for unit in districts_to_level(actor) if unit.code == wanted), None)
    if district is None:
        raise Http404(wanted)
    text = request.POST.get("seconds", "").strip()
    try:
        levelling = start_levelling(
            actor=actor, jurisdiction=district.code, now=request.now,  # type: ignore[attr-defined]
            seconds=int(text) if text.isdecimal() and len(text) < 6 else 0,
        )
    except Refused as refused:
        return _listing(request, reasons=refused.reasons)
    messages.success(request, gettext("The levelling is queued."))
    return redirect("levelling.view", number=levelling.pk)


@require_safe
@requires("schedule.view")
def view(request: HttpRequest, number: int) -> HttpResponseBase:
    """One levelling: how far it is, or what came of it."""
    levelling = get_object_or_404(levellings_for(request.actor), pk=number)  # type: ignore[attr-defined]
    now = request.now  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "levelling": levelling, "tab": "teams", "light": LIGHTS[LevellingStage(levelling.stage)],
        "is_moving": is_moving(levelling, now=now), "is_dead": is_dead(levelling, now=now),
        "percent": round(100 * levelling.progress),
    }
    found = result_of(levelling)
    if found is not None:
        names = _names(levelling)
        table = _sections_table(request, found, names)
        if table.wants_export:
            return table.export()
        context |= _result_context(request, levelling, found, names) | {"table": table.render_context()}
    return render(request, "teams/levelling.html", context)


@require_safe
@requires("schedule.view")
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """How far a levelling is, for its page."""
    levelling = get_object_or_404(levellings_for(request.actor), pk=number)  # type: ignore[attr-defined]
    return JsonResponse({
        "isMoving": is_moving(levelling, now=request.now),  # type: ignore[attr-defined]
        "percent": round(100 * levelling.progress), "label": str(levelling.get_stage_display()),
    })


@require_safe
@requires("schedule.view")
def work(request: HttpRequest, number: int) -> HttpResponseBase:
    """Every team's work list, week by week."""
    actor = request.actor  # type: ignore[attr-defined]
    levelling = get_object_or_404(levellings_for(actor).exclude(result=None), pk=number)
    found = result_of(levelling)
    assert found is not None
    names = _names(levelling)
    teams = _team_names(request, levelling, found)
    weeks = sorted({one.week_on.isoformat() for one in found.weeks})
    table = Table(
        name="team-work", title=_("Work lists of the teams"), request=request, rows=found.weeks, per_page=100,
        columns=[
            Column("week_on", _("Week from"), kind="date"),
            Column("team", _("Team"), value=lambda row: teams.get(row.team, (row.team, ""))[0], width=28),
            Column("stage", _("Work"), value=lambda row: TeamSkill(row.stage).label),
            Column("project", _("Project"), value=lambda row: name_of(project_of(row.section), names), width=28),
            Column(
                "section", _("Section"), value=lambda row: name_of(row.section, names), width=28,
                href=lambda row: reverse("section.view", args=[row.section]),
            ),
            Column("code", _("Code"), kind="code", value=lambda row: row.section, is_shown=False),
            Column("households", _("Households"), kind="decimal"),
            Column("days", _("Working days"), kind="integer"),
            Column("first_on", _("From day"), kind="date"),
            Column("last_on", _("To day"), kind="date"),
        ],
        filters=[
            Filter(
                "team", _("Team"), kind="choice",
                choices=[(code, name) for code, (name, _skill) in sorted(teams.items())],
            ),
            Filter("stage", _("Work"), kind="choice", choices=TeamSkill.choices),
            Filter(
                "week", _("Week from"), kind="choice", choices=[(week, week) for week in weeks],
                apply=lambda rows, week: [row for row in rows if row.week_on.isoformat() == week],
            ),
        ],
        source=_("Levelling of the district's teams; it moves no date by itself"),
    )
    if table.wants_export:
        return table.export()
    return render(request, "teams/work.html", {
        "table": table.render_context(), "levelling": levelling, "tab": "teams",
    })


def _names(levelling: TeamLevelling) -> Mapping[str, tuple[str, str]]:
    return names_in_reach() | section_names(levelling.jurisdiction_id)


def _team_names(request: HttpRequest, levelling: TeamLevelling, found: Levelling) -> dict[str, tuple[str, str]]:
    """Code -> (name, skill) of the teams that the levelling knew."""
    teams = teams_for(request.actor, on=levelling.on)  # type: ignore[attr-defined]
    names = {one.code: (team_name(one), one.skill) for one in teams if one.jurisdiction_id == levelling.jurisdiction_id}
    for one in found.weeks:
        names.setdefault(one.team, (one.team, str(one.stage)))
    return names


def _sections_table(request: HttpRequest, found: Levelling, names: Mapping[str, tuple[str, str]]) -> Table:
    return Table(
        name="levelled-sections", title=_("Sections before and after"), request=request, rows=found.sections,
        sort="-days_later", per_page=30,
        columns=[
            Column("project", _("Project"), value=lambda row: name_of(project_of(row.section), names), width=28),
            Column(
                "section", _("Section"), value=lambda row: name_of(row.section, names), width=24,
                href=lambda row: reverse("section.view", args=[row.section]),
            ),
            Column("households_left", _("Left"), kind="integer", unit=_("households")),
            Column("opens_m", _("Opens"), kind="integer", unit="m", value=lambda row: int(row.opens_m) or None),
            Column("lawful_on", _("By law at the earliest"), kind="date"),
            Column("alone_on", _("With all teams for itself"), kind="date"),
            Column("levelled_on", _("With the teams shared"), kind="date"),
            Column("days_later", _("Later by"), kind="integer", unit=_("days")),
        ],
    )


def _result_context(
    request: HttpRequest, levelling: TeamLevelling, found: Levelling, names: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    alone = {one.rank: one for one in found.ranks_alone}
    later = [one.days_later for one in found.sections if one.days_later is not None and one.days_later > 0]
    shown = {code: name_of(code, names) for code in {one.section for one in found.weeks}}
    shown |= {one.case: name_of(project_of(one.case), names) for one in found.weeks}
    return {
        "found": found, "source": SOURCES[found.source],
        "left": [(TeamSkill(stage).label, found.households_left.get(stage, 0)) for stage in SKILLS],
        "ranks": [
            {"name": RANK_NAMES[one.rank], "levelled": one, "alone": alone.get(one.rank)} for one in found.ranks
        ],
        "charts": load_charts(found.loads),
        "board": team_board(
            found.weeks, teams=_team_names(request, levelling, found), names=shown, on=found.on
        ),
        "later_count": len(later), "later_most": max(later, default=0),
        "without_team": [(TeamSkill(stage).label, count) for stage, count in found.without_team.items()],
        "one_more": [{"name": TeamSkill(one.stage).label, "more": one} for one in found.one_more],
        "missed": [_missed(one, names) for one in found.missed[:MISSED_SHOWN]], "missed_count": len(found.missed),
        "work_href": reverse("levelling.work", args=[levelling.pk]),
    }


def _missed(one: GoalOutcome, names: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    return {
        "rank": RANK_NAMES[one.goal.rank], "section": name_of(one.goal.section, names),
        "project": name_of(project_of(one.goal.section), names), "goal": goal_label(one.goal.goal),
        "due_on": one.goal.due_on, "reached_on": one.reached_on, "days_late": one.days_late,
        "href": reverse("section.view", args=[one.goal.section]),
    }
