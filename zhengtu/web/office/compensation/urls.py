"""Addresses of statements of compensation and agreements."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
