"""Addresses of the overdue wall and of the subsidy ledger."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhengtu.web.office.resettlement import overdue, subsidies, subsidy_recording

urlpatterns: list[URLPattern] = [
    path("resettlement/overdue/", overdue.view, name="overdue.view"),
    path("resettlement/overdue/families/", overdue.families, name="overdue.families"),
    path("resettlement/subsidies/", subsidies.view, name="subsidy.view"),
    path("resettlement/subsidies/households/<str:code>/", subsidies.household, name="subsidy.household"),
    path("resettlement/subsidies/households/<str:code>/pay/", subsidy_recording.pay, name="subsidy.pay"),
    path("resettlement/subsidies/households/<str:code>/settle/", subsidy_recording.settle, name="subsidy.settle"),
    path("resettlement/subsidies/<str:code>/", subsidies.project, name="subsidy.project"),
    path("resettlement/subsidies/<str:code>/list/", subsidy_recording.upload, name="subsidy.list"),
]
