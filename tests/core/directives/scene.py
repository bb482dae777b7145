"""A directive, its facts one by one, and the rules of the rulebook; everything invented."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from zhengtu.core.directives.content import DirectiveContent
from zhengtu.core.directives.life_cycle import DirectiveEvent, Life, life_of
from zhengtu.core.directives.next_deeds import Case
from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.core.rules.rulebook import Rulebook, load_rulebook

SET_ON = date(2025, 2, 7)
DUE_ON = date(2025, 2, 21)
CITY, LEAD, JOINT, OTHER = "220200", "220204", "220202", "220203"


@cache
def rulebook() -> Rulebook:
    """The rulebook in the repository."""
    return load_rulebook(Path(__file__).parents[3] / "rulebook")


def content(**changes: Any) -> DirectiveContent:
    """A directive of the city to one district with another sharing the duty, due in two weeks."""
    values: dict[str, Any] = {
        "code": "220200-D0001", "setter": CITY, "lead": LEAD, "joint": (JOINT,), "assisting": (),
        "matter": "按期完成剩余签约", "due_kind": "date", "due_on": DUE_ON,
    }
    return DirectiveContent(**{**values, **changes})


def event(kind: str, on: date, *, by: str = "p1", recorded_on: date | None = None, **attributes: Any) -> DirectiveEvent:
    """A fact of that directive, known from the day it happened unless said otherwise."""
    known = recorded_on or on
    return DirectiveEvent(
        directive="220200-D0001", kind=f"directive_{kind}", on=on, recorded_on=known,
        recorded_at=datetime.combine(known, time(9), tzinfo=SHANGHAI), by=by, deed=f"d-{kind}-{on}",
        reference=f"d-{kind}-{on}/1", attributes=attributes,
    )


def begun(*events: DirectiveEvent) -> list[DirectiveEvent]:
    """Set and assigned on the first day, then these facts."""
    return [event("set", SET_ON), event("assigned", SET_ON, number="督办〔2025〕1号"), *events]


def life(*events: DirectiveEvent, on: date = date(2025, 12, 31), known: date | None = None, **changes: Any) -> Life:
    """The life after these facts."""
    found = life_of(content(**changes), begun(*events), on=on, known=known)
    assert found is not None
    return found


def case(found: Life, **changes: Any) -> Case:
    """That life as deeds are asked about it."""
    return Case(**{"life": found, "setter": CITY, "joint": (JOINT,), **changes})
