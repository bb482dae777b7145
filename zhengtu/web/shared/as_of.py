"""The two clocks of a page, read from its address: ``?on=`` (as of) and ``?known=`` (as known on)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class AsOf:
    """The dates a page stands for.

    Attributes:
        on: facts that happened by the end of this day count.
        known: facts recorded by the end of this day count; None for all that is known now.
    """

    on: date
    known: date | None
    today: date

    @property
    def is_today(self) -> bool:
        return self.on == self.today and self.known is None

    def query(self, **more: object) -> str:
        """The query string that keeps both dates (today's are left out) and adds more parameters."""
        parameters: dict[str, object] = {}
        if self.on != self.today:
            parameters["on"] = self.on.isoformat()
        if self.known is not None:
            parameters["known"] = self.known.isoformat()
        parameters.update({name: value for name, value in more.items() if value not in (None, "")})
        return f"?{urlencode(parameters)}" if parameters else "?"


def as_of(request: HttpRequest) -> AsOf:
    """Dates from the address; what is missing, malformed or later than today means today."""
    today: date = request.today  # type: ignore[attr-defined]
    on = _date(request.GET.get("on"))
    known = _date(request.GET.get("known"))
    return AsOf(
        on=min(on, today) if on else today,
        known=known if known and known < today else None,
        today=today,
    )


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
