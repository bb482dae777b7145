"""Addresses of plan against actual."""

from __future__ import annotations

from django.urls import path

from zhengtu.web.office.trajectories import page

urlpatterns = [path("trajectories/", page.view, name="trajectory.view")]
