"""Addresses of service of notices."""

from __future__ import annotations

from django.urls import path

from zhengtu.web.office.service import notices, page

urlpatterns = [
    path("service/<str:code>/", page.view, name="service.view"),
    path("notices/<str:code>/", notices.listing, name="notice.list"),
    path("notices/<str:code>/<slug:notice>/", notices.making, name="notice.make"),
]
