"""Field teams: the list, one team with what was entered of it, entering and changing one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengtu.campaign.levelling_queries import latest_levelling, result_of
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.reasons import Refused
from zhengtu.registry.models import Team, TeamSkill
from zhengtu.registry.queries import scope_of
from zhengtu.registry.team_actions import change_team, enter_team
from zhengtu.registry.team_queries import (
    MANAGE,
    standing_versions,
    team_history_for,
    team_places_for,
    team_units_for,
    teams_for,
)
from zhengtu.web.office.cockpit.sentences import is_english, kept
from zhengtu.web.office.records.filters import district_filter
from zhengtu.web.office.teams.forms import TeamForm, spans_text, values_of
from zhengtu.web.office.teams.load_chart import load_charts
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.figure_text import NOTHING
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter
from zhengtu.web.shared.templatetags.figures import named


@require_safe
@requires("schedule.view")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Teams in reach that serve on the page's day or later."""
    dates = as_of(request)
    actor = request.actor  # type: ignore[attr-defined]
    teams = teams_for(actor, on=dates.on, known=dates.known)
    table = Table(
        name="teams", title=_("Teams"), request=request, rows=teams, columns=team_columns(dates), per_page=100,
        filters=[
            district_filter(
                actor, verb="schedule.view",
                apply=lambda rows, code: [row for row in rows if row.jurisdiction_id == code],
            ),
            Filter("skill", _("Skill"), kind="choice", choices=TeamSkill.choices),
            Filter("name", _("Name or code"), paths=("name", "name_en", "code")),
        ],
        empty_text=_("No team is entered yet."),
        source=_("Teams as entered by deed"),
    )
    if table.wants_export:
        return table.export()
    district = request.GET.get("district", "")
    levelling = latest_levelling(actor, jurisdiction=district)
    found = result_of(levelling) if levelling else None
    return render(request, "teams/teams.html", {
        "levelling": levelling, "charts": load_charts(found.loads) if found else [],
        "table": table.render_context(), "dates": dates, "tab": "teams",
        "may_manage": bool(team_places_for(actor)),
        "counts": _counts(teams, dates),
    })


def team_columns(dates: AsOf) -> list[Column]:
    """Columns of a table of teams."""
    return [
        Column(
            "name", _("Team"), width=28, value=team_name,
            href=lambda row: reverse("team.view", args=[row.code]) + kept(dates),
        ),
        Column("code", _("Code"), kind="code", is_shown=False),
        Column("jurisdiction", _("District"), value=lambda row: named(row.jurisdiction)),
        Column("skill", _("Skill"), value=lambda row: row.get_skill_display()),
        Column("unit", _("Belongs to"), value=lambda row: named(row.unit)),
        Column("members", _("People"), kind="integer"),
        Column(
            "pace", _("Pace"), kind="decimal", unit=_("households per day"), value=lambda row: row.households_per_day,
        ),
        Column("from_on", _("From"), kind="date"),
        Column("until_on", _("Ends before"), kind="date"),
        Column("days_off", _("Days off"), value=lambda row: spans_text(row.days_off) or NOTHING, width=24),
    ]


def team_name(team: Team) -> str:
    """A team's name in the current language."""
    return team.name_en if is_english() and team.name_en else team.name


def _counts(teams: list[Team], dates: AsOf) -> list[dict[str, object]]:
    """How many teams and people serve on the day, skill by skill."""
    serving = [team for team in teams if team.from_on <= dates.on]
    return [
        {
            "label": skill.label, "teams": sum(team.skill == skill for team in serving),
            "people": sum(team.members for team in serving if team.skill == skill),
            "to_come": sum(team.skill == skill for team in teams) - sum(team.skill == skill for team in serving),
        }
        for skill in TeamSkill
    ]


@require_safe
@requires("schedule.view")
def view(request: HttpRequest, code: str) -> HttpResponse:
    """One team in reach with everything that was entered of it."""
    dates = as_of(request)
    actor = request.actor  # type: ignore[attr-defined]
    versions = [one for one in team_history_for(actor, code=code) if not dates.known or one.recorded_on <= dates.known]
    if not versions:
        raise Http404(code)
    standing = standing_versions(versions, on=dates.on)
    team = standing[0] if standing else versions[0]
    return render(request, "teams/team.html", {
        "team": team, "versions": versions, "dates": dates, "tab": "teams", "name": team_name(team),
        "days_off": spans_text(team.days_off), "extra_days": spans_text(team.extra_days), "is_over": not standing,
        "may_change": _may_manage(actor, team.jurisdiction_id) and dates.is_today,
    })


@require_http_methods(["GET", "POST"])
@requires("team.manage")
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a team."""
    actor = request.actor  # type: ignore[attr-defined]
    place = request.GET.get("district", "")
    initial = {"from_on": request.today, "jurisdiction": place, "unit": place}  # type: ignore[attr-defined]
    form = _form(request, actor, initial)
    if request.method == "POST" and form.is_valid():
        try:
            team = enter_team(actor=actor, terms=form.terms(), now=request.now)  # type: ignore[attr-defined]
        except Refused as refused:
            return _form_page(request, form, reasons=refused.reasons)
        messages.success(request, gettext("The team %(name)s is entered.") % {"name": team_name(team)})
        return redirect("team.view", code=team.code)
    return _form_page(request, form)


@require_http_methods(["GET", "POST"])
@requires("team.manage")
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Let other terms hold of a team, or let it end."""
    actor = request.actor  # type: ignore[attr-defined]
    versions = team_history_for(actor, code=code, verb=MANAGE)
    if not versions:
        raise Http404(code)
    team = versions[0]
    form = _form(request, actor, values_of(team))
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("version", "")
        held = next((one for one in versions if str(one.version) == seen), team)
        try:
            change_team(actor=actor, team=held, terms=form.terms(), now=request.now)  # type: ignore[attr-defined]
        except Refused as refused:
            return _form_page(request, form, team=team, reasons=refused.reasons)
        messages.success(request, gettext("The team %(name)s is changed.") % {"name": team_name(team)})
        return redirect("team.view", code=code)
    return _form_page(request, form, team=team)


def _form(request: HttpRequest, actor: Actor, initial: dict[str, object]) -> TeamForm:
    return TeamForm(
        request.POST if request.method == "POST" else None, places=team_places_for(actor),
        units=team_units_for(actor), initial=initial,
    )


def _form_page(request: HttpRequest, form: TeamForm, *, team: Team | None = None, reasons: Any = ()) -> HttpResponse:
    is_refused = bool(reasons) or (request.method == "POST" and bool(form.errors))
    return render(request, "teams/form.html", {
        "form": form, "team": team, "reasons": reasons, "tab": "teams", "name": team_name(team) if team else "",
    }, status=409 if is_refused else 200)


def _may_manage(actor: Actor, jurisdiction: str) -> bool:
    return scope_of(actor, verb=MANAGE).covers(Subject(jurisdiction))
