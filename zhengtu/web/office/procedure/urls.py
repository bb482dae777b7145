"""Addresses of a project's statutory procedure."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
