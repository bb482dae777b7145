"""What every page shows: whose view it is, the dates of its figures, the demonstration mark."""

from __future__ import annotations

from django.http import HttpRequest


def page_chrome(request: HttpRequest) -> dict[str, object]:
    """Template context of every page."""
    return {}
