"""Addresses of what is known of the truth of reported figures."""

from __future__ import annotations

from django.urls import path, re_path

from zhengtu.web.office.truth import page, replies, sources

urlpatterns = [
    path("truth/", page.view, name="truth.view"),
    path("truth/patrol/", page.patrol, name="truth.patrol"),
    path("truth/sources/", sources.view, name="source.import"),
    re_path(r"^truth/(?P<code>\d{6}-I\d+)/photos/(?P<sha256>[0-9a-f]{64})/$", page.photo, name="truth.photo"),
    path("households/<str:code>/reply/", replies.give, name="household.reply"),
]
