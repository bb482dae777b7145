"""Addresses: teams, their levelling over projects, and the corridors that outstanding land cuts."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhengtu.web.office.teams import corridors, levelling, teams

urlpatterns: list[URLPattern] = [
    path("teams/", teams.listing, name="team.list"),
    path("teams/enter", teams.enter, name="team.enter"),
    path("teams/levelling/", levelling.listing, name="levelling.list"),
    path("teams/levelling/start", levelling.start, name="levelling.start"),
    path("teams/levelling/<int:number>/", levelling.view, name="levelling.view"),
    path("teams/levelling/<int:number>/progress", levelling.progress, name="levelling.progress"),
    path("teams/levelling/<int:number>/work", levelling.work, name="levelling.work"),
    path("teams/<str:code>/", teams.view, name="team.view"),
    path("teams/<str:code>/change", teams.change, name="team.change"),
    path("corridors/", corridors.listing, name="corridor.list"),
    path("corridors/<str:code>/", corridors.view, name="corridor.view"),
]
