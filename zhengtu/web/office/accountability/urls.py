"""Addresses of cases."""

from __future__ import annotations

from django.urls import path

from zhengtu.web.office.accountability import case, countdown, listing

urlpatterns = [
    path("accountability/", listing.view, name="accountability.list"),
    path("accountability/countdown/", countdown.view, name="accountability.countdown"),
    path("accountability/<str:code>/", case.view, name="accountability.view"),
    path("accountability/<str:code>/step/", case.step, name="accountability.step"),
    path("accountability/<str:code>/evidence/<str:sha256>/", case.evidence, name="accountability.evidence"),
]
