"""Addresses: teams, their levelling over projects, and the corridors that outstanding land cuts."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
