"""Addresses of scenarios."""

from __future__ import annotations

from django.urls import path

from zhengtu.web.office.scenarios import listing, scenario, trying

urlpatterns = [
    path("scenarios/", listing.view, name="scenario.list"),
    path("scenarios/new/", trying.view, name="scenario.try"),
    path("scenarios/<int:number>/", scenario.view, name="scenario.view"),
    path("scenarios/<int:number>/progress/", scenario.progress, name="scenario.progress"),
    path("scenarios/<int:number>/again/", scenario.again, name="scenario.again"),
]
