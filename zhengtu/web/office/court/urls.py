"""Addresses of the application to the court."""

from __future__ import annotations

from django.urls import path

from zhengtu.web.office.court import page

urlpatterns = [
    path("court/<str:code>/", page.view, name="court.view"),
    path("court/<str:code>/bundle/", page.bundle, name="court.bundle"),
]
