"""Addresses of this area."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhengtu.web.office.cockpit import page

urlpatterns: list[URLPattern] = [
    path("cockpit/", page.view, name="cockpit.view"),
]
