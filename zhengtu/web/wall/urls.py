"""Addresses of the wall."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from zhengtu.web.wall import findings, lights, page, places, sheet, states, tiles

urlpatterns: list[URLPattern] = [
    path("", page.view, name="wall.view"),
    path("index", page.index, name="wall.index"),
    path("states", states.states, name="wall.states"),
    path("lights", lights.lights, name="wall.lights"),
    path("days", states.days, name="wall.days"),
    path("findings", findings.findings, name="wall.findings"),
    path("search", places.search, name="wall.search"),
    path("card/<str:code>", places.card, name="wall.card"),
    path("outlines/<str:name>", page.ground, name="wall.outlines"),
    re_path(
        r"^tiles/(?P<area>\d{6}(?:-[0-9a-f]{16})?)/(?P<version>[0-9a-f]{16})\.pmtiles$", tiles.tiles, name="wall.tiles"
    ),
    path("print", sheet.sheet, name="wall.print"),
]
