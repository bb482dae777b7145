"""Addresses of this area."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from zhengtu.web.office.records import deeds, households, projects, sections

urlpatterns: list[URLPattern] = [
    path("projects/", projects.listing, name="project.list"),
    path("projects/<str:code>/", projects.view, name="project.view"),
    path("sections/", sections.listing, name="section.list"),
    path("sections/<str:code>/", sections.view, name="section.view"),
    path("households/", households.listing, name="household.list"),
    path("ledger/", deeds.listing, name="ledger.view"),
    path("ledger/refusals/", deeds.refusals, name="refusal.list"),
    path("ledger/deeds/<str:code>/", deeds.view, name="deed.view"),
    re_path(r"^evidence/(?P<sha256>[0-9a-f]{64})/$", deeds.evidence, name="evidence.view"),
]
