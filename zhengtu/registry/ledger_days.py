"""When each household reached each state: whole jurisdictions read from the ledger as plain arrays.

States as known now come from the milestones; as known on an earlier day from the milestones replayed until then.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from django.db import connection

from zhengtu.core.ledger.milestones import ENDED_BY, STATE_MILESTONES, Milestone, State
from zhengtu.ledger.milestone_queries import replayed_milestones
from zhengtu.registry.map_areas import MapArea

BASE: Final = date(1990, 1, 1)
"""Day 0; an earlier date counts as day 0."""
NEVER: Final = 65_535
"""The day of what has not happened."""

Days = npt.NDArray[np.uint16]
Numbers = npt.NDArray[np.int32]
_ABSENT: Final = 2_147_483_647


@dataclass(frozen=True, slots=True)
class HouseholdDays:
    """Households of an area in the order of their codes: equally long arrays.

    Attributes:
        section: index into ``sections``.
        parcel: map number of the parcel, 0 for none.
        building: map number of the building, 0 for none.
        reached: (n, 7) day from which the household stood at each state or further; ``NEVER`` for not yet.
        overdue_from: day from which it was overdue; ``NEVER`` for never.
        overdue_until: day on which it came home.
        sections: codes of the area's sections.
        handed_over: day on which each section was handed over.
        fallen: indexes of households that somebody moved back into after the vacating, by that day.
        fallen_on: the day of each; ``reached`` tells of the time before it.
        fallen_reached: (m, 7) what takes the place of their days from that day on.
    """

    section: Numbers
    parcel: Numbers
    building: Numbers
    reached: Days
    overdue_from: Days
    overdue_until: Days
    sections: tuple[str, ...]
    handed_over: Days
    fallen: Numbers = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    fallen_on: Days = field(default_factory=lambda: np.zeros(0, dtype=np.uint16))
    fallen_reached: Days = field(default_factory=lambda: np.zeros((0, len(State)), dtype=np.uint16))

    def fallen_by(self, *, on: date) -> int:
        """How many of the fallen have fallen by the end of a day."""
        return int((self.fallen_on <= day_number(on)).sum())

    def with_fallen(self, count: int) -> HouseholdDays:
        """The households as they stand once the first so many have fallen."""
        reached = self.reached.copy()
        reached[self.fallen[:count]] = self.fallen_reached[:count]
        return replace(self, reached=reached)


def day_number(day: date) -> int:
    """Days from 1 January 1990."""
    return (day - BASE).days


def ledger_position() -> str:
    """A digest of the heads of all chains: it changes with every deed, and what is read at one stays true at it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(md5(string_agg(chain || number || hash, ',' ORDER BY chain)), '') FROM ledger_chainhead"
        )
        return str(cursor.fetchone()[0])


def household_days(area: MapArea, *, known: date | None = None) -> HouseholdDays:
    """Read an area's households from the ledger.

    Args:
        known: only facts recorded by the end of this day count; None for all.
    """
    sections, handed_over = _section_rows(area, known=known)
    place = {code: index for index, code in enumerate(sections)}
    columns = [
        f"least({', '.join(f'm.{milestone}_on' for milestone in STATE_MILESTONES[state])})" for state in State
    ]
    columns += ["m.promised_on", "m.resettled_on", f"m.{ENDED_BY[Milestone.VACATED]}_on"]
    numbers = ", ".join(f"coalesce({column} - DATE '{BASE.isoformat()}', {_ABSENT})" for column in columns)
    table, parameters = _milestones(known=known)
    rows = _integers(
        f"""
        SELECT x.place, coalesce(p.map_number, 0), coalesce(b.map_number, 0), {numbers}
        FROM registry_household h
        JOIN unnest(%s::text[]) WITH ORDINALITY AS s(code, at) ON h.section_id = s.code COLLATE "C"
        CROSS JOIN LATERAL (SELECT (s.at - 1)::int AS place) x
        LEFT JOIN registry_parcel p ON p.code = h.parcel_id
        LEFT JOIN registry_building b ON b.code = h.building_id
        LEFT JOIN {table} m ON m.subject = h.code
        ORDER BY h.code
        """,
        [list(place), *parameters],
        width=3 + len(columns),
    )
    days = _as_days(rows[:, 3:])
    promised, resettled = rows[:, -3], days[:, -2]
    fallen = np.flatnonzero(days[:, -1] != NEVER)
    fallen = fallen[np.argsort(days[fallen, -1], kind="stable")].astype(np.int32)
    lasting = days[fallen, : len(State)]
    lasting[:, list(State).index(State.VACATED)] = NEVER
    overdue_from = _as_days(np.where(promised == _ABSENT, _ABSENT, promised.astype(np.int64) + 1))
    overdue_from = np.where(resettled > overdue_from, overdue_from, NEVER).astype(np.uint16)
    return HouseholdDays(
        section=rows[:, 0], parcel=rows[:, 1], building=rows[:, 2],
        reached=at_least(days[:, : len(State)]),
        overdue_from=overdue_from, overdue_until=resettled, sections=sections, handed_over=handed_over,
        fallen=fallen, fallen_on=days[fallen, -1], fallen_reached=at_least(lasting),
    )


@dataclass(frozen=True, slots=True)
class Places:
    """Parcels or buildings by map number; place 0 is none.

    Attributes:
        section: index plus one of the section that each lies in, 0 where the area has no such number.
        ordinal: the number at the end of its code, with a million added where it is written with six digits.
    """

    section: npt.NDArray[np.uint16]
    ordinal: Numbers


def places(kind: Literal["parcel", "building"], *, sections: tuple[str, ...]) -> Places:
    """Where the parcels or buildings of these sections stand, and how their codes end."""
    rows = _integers(
        f"""
        SELECT p.map_number, s.at::int,
            substr(split_part(p.code, '-', 4), 2)::int
            + CASE length(split_part(p.code, '-', 4)) WHEN 7 THEN 1000000 ELSE 0 END
        FROM registry_{kind} p
        JOIN unnest(%s::text[]) WITH ORDINALITY AS s(code, at) ON p.section_id = s.code COLLATE "C"
        WHERE p.map_number IS NOT NULL
        """,
        [list(sections)],
        width=3,
    )
    size = int(rows[:, 0].max(initial=0)) + 1
    section, ordinal = np.zeros(size, dtype=np.uint16), np.zeros(size, dtype=np.int32)
    section[rows[:, 0]], ordinal[rows[:, 0]] = rows[:, 1], rows[:, 2]
    return Places(section=section, ordinal=ordinal)


def at_least(days: Days) -> Days:
    """Days of reaching each state or any later one, from the days of reaching each; columns in lawful order."""
    return np.ascontiguousarray(np.minimum.accumulate(days[:, ::-1], axis=1)[:, ::-1])


def _as_days(numbers: npt.NDArray[np.integer]) -> Days:
    return np.where(numbers == _ABSENT, NEVER, np.clip(numbers, 0, NEVER - 1)).astype(np.uint16)


def _section_rows(area: MapArea, *, known: date | None) -> tuple[tuple[str, ...], Days]:
    table, parameters = _milestones(known=known)
    of_sections = "" if area.sections is None else "AND s.code = ANY(%s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.code, coalesce(m.handed_over_on - DATE '{BASE.isoformat()}', {_ABSENT}) "
            f"FROM registry_section s LEFT JOIN {table} m ON m.subject = s.code "
            f"WHERE s.jurisdiction_id = %s {of_sections} ORDER BY s.code",
            [*parameters, area.jurisdiction, *([] if area.sections is None else [list(area.sections)])],
        )
        rows = cursor.fetchall()
    return tuple(code for code, _ in rows), _as_days(np.array([day for _, day in rows], dtype=np.int64))


def _milestones(*, known: date | None) -> tuple[str, list[object]]:
    """A table of one row per subject with a date for each milestone, with its parameters."""
    if known is None:
        return "ledger_milestones", []
    replay, parameters = replayed_milestones(known)
    return f"({replay})", parameters


def _integers(query: str, parameters: list[object], *, width: int) -> Numbers:
    """Rows of ``width`` integers, none null, as one array; the binary form is read without a loop."""
    # The driver's own cursor: Django's wrapper of it takes no parameters for COPY while debugging.
    with connection.cursor() as cursor, cursor.cursor.copy(
        f"COPY ({query}) TO STDOUT (FORMAT BINARY)", parameters
    ) as copy:
        raw = b"".join(bytes(block) for block in copy)
    row = np.dtype([("fields", ">i2"), ("cells", [("length", ">i4"), ("value", ">i4")], (width,))])
    header, trailer = 19, 2
    rows = np.frombuffer(raw, dtype=row, offset=header, count=(len(raw) - header - trailer) // row.itemsize)
    return np.ascontiguousarray(rows["cells"]["value"]).astype(np.int32)
