"""Addresses of the funds wall."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhengtu.web.office.funds import account, behind, recording, statements, wall

urlpatterns: list[URLPattern] = [
    path("funds/", wall.view, name="funds.view"),
    path("funds/facts/", behind.view, name="funds.facts"),
    path("funds/<str:code>/", account.view, name="funds.account"),
    path("funds/<str:code>/plan/", recording.plan, name="funds.plan"),
    path("funds/<str:code>/arrival/", recording.arrival, name="funds.record"),
    path("funds/<str:code>/statement/", statements.upload, name="funds.statement"),
    path("funds/<str:code>/explain/", statements.explain, name="funds.explain"),
]
