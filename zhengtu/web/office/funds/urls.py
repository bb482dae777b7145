"""Addresses of the funds wall."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
