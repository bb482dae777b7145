"""Addresses of service of notices."""

from __future__ import annotations

from django.urls import path

from zhengtu.web.office.service import page

urlpatterns = [
    path("service/<str:code>/", page.view, name="service.view"),
]
