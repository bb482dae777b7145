"""One thing that the mayor's channel shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zhengtu.core.kernel.reasons import Reason


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of the channel.

    Attributes:
        key: kind and key, e.g. ``finding:220200-I0001:220204``; a directive out of it is remembered by that.
        kind: of ``rulebook/channel``; empty where no directive follows it.
        subject: code of what it is about, for its name and link.
        reason: the sentence that says what is so.
        light: red, yellow or running. number: what people call it, e.g. of a directive; title: of an inspection.
        unit: code of the unit that a directive would go to; empty: the mayor chooses.
        places: projects that a directive may name; empty where that would tell of an inspection.
    """

    key: str
    kind: str
    subject: str
    reason: Reason
    light: str
    unit: str = ""
    since_on: date | None = None
    due_on: date | None = None
    number: str = ""
    title: str = ""
    places: Sequence[str] = ()
