"""Addresses: teams, their levelling over projects, and the corridors that outstanding land cuts."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhengtu.web.office.teams import corridors

urlpatterns: list[URLPattern] = [
    path("corridors/", corridors.listing, name="corridor.list"),
    path("corridors/<str:code>/", corridors.view, name="corridor.view"),
]
