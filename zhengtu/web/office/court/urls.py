"""Addresses of the application to the court."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
