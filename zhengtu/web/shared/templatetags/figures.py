"""Template tags for figures, dates and rulebook labels."""

from __future__ import annotations

from django import template

register = template.Library()
