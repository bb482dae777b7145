"""Addresses of a project's statutory procedure."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhengtu.web.office.procedure import completion, page

urlpatterns: list[URLPattern] = [
    path("procedures/<str:code>/", page.view, name="procedure.view"),
    path("procedures/<str:code>/completion/", completion.view, name="procedure.completion"),
]
