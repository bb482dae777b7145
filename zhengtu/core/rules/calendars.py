"""The working-day calendar from ``rulebook/calendars``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from zhengtu.core.kernel.work_calendar import CalendarYear, CountingRule, FixedHoliday, WorkCalendar
from zhengtu.core.rules.reading import RulebookInvalid, known_source, label_pair, read_entries


def load_calendar(folder: Path, *, sources: Mapping[str, tuple[str, str]]) -> WorkCalendar:
    """Every year held, the fixed holidays and the statutes' ways of counting.

    Raises:
        RulebookInvalid: naming the file and the entry that is wrong.
    """
    counting_file = folder / "calendars" / "counting.yaml"
    raw = read_entries(counting_file)
    known_source(raw["fixed_holidays_source"], sources=sources, where=counting_file.name)
    years = [_year(path) for path in sorted((folder / "calendars").glob("[0-9][0-9][0-9][0-9].yaml"))]
    return WorkCalendar(
        years={year.year: year for year in years},
        fixed_holidays=tuple(
            FixedHoliday(
                month=entry["month"],
                day=entry["day"],
                name=label_pair(entry["name"], where=counting_file.name),
                from_year=entry.get("from_year", 0),
            )
            for entry in raw["fixed_holidays"]
        ),
        counting_rules={
            id: _counting_rule(id, entry, sources=sources, where=f"{counting_file.name}: {id}")
            for id, entry in raw["counting"].items()
        },
    )


def _counting_rule(
    id: str, entry: Mapping[str, Any], *, sources: Mapping[str, tuple[str, str]], where: str
) -> CountingRule:
    known_source(id, sources=sources, where=where)
    return CountingRule(
        id=id,
        working_up_to=entry.get("working_up_to", 0),
        working_figures=frozenset(entry.get("working_figures", ())),
        rolls_over=entry["rolls_over"],
        source=known_source(entry["source"], sources=sources, where=where),
    )


def _year(path: Path) -> CalendarYear:
    raw = read_entries(path)
    rest: dict[date, tuple[str, str]] = {}
    make_up: set[date] = set()
    for entry in raw["holidays"]:
        name = label_pair(entry["name"], where=path.name)
        first, last = entry["from"], entry["until"]
        if first > last or {first.year, last.year} != {raw["year"]}:
            raise RulebookInvalid(f"{path.name}: {name[1]} must lie within {raw['year']}, its end not before its start")
        rest.update({first + timedelta(days=offset): name for offset in range((last - first).days + 1)})
        make_up.update(entry.get("make_up", ()))
    for day in sorted(make_up):
        if day in rest or day.weekday() < 5 or day.year != raw["year"]:
            raise RulebookInvalid(f"{path.name}: {day} cannot be a make-up working day")
    if raw["is_published"] and "notice" not in raw:
        raise RulebookInvalid(f"{path.name}: a published year names its notice")
    if str(raw["year"]) != path.stem:
        raise RulebookInvalid(f"{path.name}: the file is named for another year than {raw['year']}")
    notice = raw.get("notice", {})
    return CalendarYear(
        year=raw["year"],
        is_published=raw["is_published"],
        rest_days=rest,
        make_up_days=frozenset(make_up),
        source=f"{notice['title']} {notice['address']}" if notice else "",
    )
