"""How texts say when something is due, from ``rulebook/language``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.language.due_rules import (
    CONTEXTS,
    WORD_GROUPS,
    DuePattern,
    DueRules,
    Festival,
    Meaning,
    Numerals,
)
from zhengtu.core.rules.reading import RulebookInvalid, read_entries

_PIECE = re.compile(r"(?<!\?P)<([a-z_]+)>")
_YEARS = range(2000, 2101)
"""Years for which a festival on the same civil day is known."""


def load_due_rules(folder: Path, *, calendar: WorkCalendar) -> DueRules:
    """Patterns and words of ``language/due.yaml`` with the festivals of ``language/festivals.yaml``.

    Raises:
        RulebookInvalid: naming the file and the entry that is wrong.
    """
    raw = read_entries(folder / "language" / "due.yaml")
    festivals = _festivals(read_entries(folder / "language" / "festivals.yaml"))
    names = "|".join(re.escape(name) for name in sorted(festivals, key=len, reverse=True))
    pieces = {**raw["pieces"], "before": raw["context"]["before"], "festival_names": names}
    pieces["festival"] = f"(?P<festival>{names})"
    if set(raw["words"]) != set(WORD_GROUPS):
        raise RulebookInvalid(f"due.yaml: words are exactly {', '.join(WORD_GROUPS)}")
    numerals = raw["numerals"]
    return DueRules(
        patterns=[_pattern(entry, pieces=pieces) for entry in raw["patterns"]],
        contexts={name: _compiled(raw["context"].get(name), pieces=pieces, where=name) for name in CONTEXTS},
        words=raw["words"],
        units={unit: (measure, factor) for unit, (measure, factor) in raw["units"].items()},
        numerals=Numerals(numerals["digits"], numerals["ten"], numerals["hundred"]),
        festivals=festivals,
        calendar=calendar,
        longest_clause=raw["longest_clause"],
    )


def _pattern(entry: Mapping[str, Any], *, pieces: Mapping[str, str]) -> DuePattern:
    id = entry["id"]
    if entry["means"] not in list(Meaning):
        raise RulebookInvalid(f"due.yaml: {id} means the unknown {entry['means']}")
    regex = _compiled(entry["pattern"], pieces=pieces, where=id)
    rrule = entry.get("rrule", "")
    unknown = set(re.findall(r"{(\w+)}", rrule)) - set(regex.groupindex)
    if unknown:
        raise RulebookInvalid(f"due.yaml: {id}: the recurrence uses {', '.join(unknown)}, which no group gives")
    return DuePattern(
        id=id,
        meaning=Meaning(entry["means"]),
        regex=regex,
        is_inherent=entry.get("inherent", False),
        verb_suffices=entry.get("verb_suffices", True),
        rolls=entry.get("rolls", True),
        rrule=rrule,
    )


def _compiled(pattern: Any, *, pieces: Mapping[str, str], where: str) -> re.Pattern[str]:
    """The expression with its pieces put in, pieces within pieces too."""
    if not isinstance(pattern, str):
        raise RulebookInvalid(f"due.yaml: {where} needs an expression")
    for _ in range(4):
        unknown = set(_PIECE.findall(pattern)) - set(pieces)
        if unknown:
            raise RulebookInvalid(f"due.yaml: {where} uses the unknown piece {', '.join(sorted(unknown))}")
        pattern = _PIECE.sub(lambda found: f"(?:{pieces[found[1]]})", pattern)
    try:
        return re.compile(pattern)
    except re.error as error:
        raise RulebookInvalid(f"due.yaml: {where}: {error}") from error


def _festivals(raw: Mapping[str, Any]) -> dict[str, Festival]:
    """Name -> festival, under each of its names."""
    days: dict[str, dict[int, date]] = {}
    for id, entry in raw["festivals"].items():
        if "each_year" in entry:
            month, day = entry["each_year"]
            days[id] = {year: date(year, month, day) for year in _YEARS}
        elif "from" in entry:
            base, offset = entry["from"]
            if base not in days:
                raise RulebookInvalid(f"festivals.yaml: {id} is counted from {base}, which does not stand before it")
            days[id] = {year: day + timedelta(days=offset) for year, day in days[base].items()}
        else:
            days[id] = {day.year: day for day in entry["days"]}
            if len(days[id]) != len(entry["days"]):
                raise RulebookInvalid(f"festivals.yaml: {id} has two days in one year")
    found: dict[str, Festival] = {}
    for id, entry in raw["festivals"].items():
        festival = Festival(id, tuple(entry["names"]), days[id])
        for name in festival.names:
            if name in found:
                raise RulebookInvalid(f"festivals.yaml: {name} names both {found[name].id} and {id}")
            found[name] = festival
    return found
