"""What the wall shows: the filter as it stands in the address, and which places it leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import numpy as np
import numpy.typing as npt
from django.http import QueryDict

from zhengtu.registry.map_index import MapSection
from zhengtu.registry.map_states import LEVELS, OVERDUE_BIT, RANKS, AreaDays, states_on
from zhengtu.registry.models import Project

Marks = npt.NDArray[np.bool_]
_STATE_MASK = OVERDUE_BIT - 1


@dataclass(frozen=True, slots=True)
class WallFilter:
    """An empty part lets everything through; parts are joined by “and”, values of one part by “or”."""

    lists: frozenset[str] = frozenset()
    jurisdictions: frozenset[str] = frozenset()
    projects: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    overdue_only: bool = False

    @classmethod
    def of_query(cls, query: QueryDict) -> WallFilter:
        """Read ``list, district, project, state`` (each may repeat) and ``overdue=1``; unknown states are left out."""
        return cls(
            lists=frozenset(filter(None, query.getlist("list"))),
            jurisdictions=frozenset(filter(None, query.getlist("district"))),
            projects=frozenset(filter(None, query.getlist("project"))),
            states=frozenset(query.getlist("state")) & frozenset(RANKS),
            overdue_only=query.get("overdue") == "1",
        )

    def query(self) -> str:
        """The same filter as a query string without its question mark; parts in a fixed order."""
        pairs = [("list", value) for value in sorted(self.lists)]
        pairs += [("district", value) for value in sorted(self.jurisdictions)]
        pairs += [("project", value) for value in sorted(self.projects)]
        pairs += [("state", value) for value in RANKS if value in self.states]
        pairs += [("overdue", "1")] if self.overdue_only else []
        return urlencode(pairs)

    def sections(self, sections: Iterable[MapSection], *, projects: Iterable[Project]) -> set[str]:
        """Codes of the sections that list, district and project leave; state and delay are asked place by place."""
        listed = {
            project.code for project in projects
            if not self.lists or any(held.code in self.lists for held in project.start_lists.all())
        }
        return {
            section.code for section in sections
            if section.project in listed
            and (not self.jurisdictions or section.jurisdiction in self.jurisdictions)
            and (not self.projects or section.project in self.projects)
        }

    def passing(self, states: npt.NDArray[np.uint8]) -> Marks:
        """Which places pass by state and delay."""
        passing = np.ones(len(states), dtype=bool)
        if self.states:
            wanted = np.zeros(len(RANKS), dtype=bool)
            wanted[[RANKS.index(state) for state in self.states]] = True
            passing &= wanted[states & _STATE_MASK]
        if self.overdue_only:
            passing &= (states & OVERDUE_BIT) > 0
        return passing


@dataclass(frozen=True, slots=True)
class LevelStates:
    """One level of one area on a date: rank of each place, and whether the filter leaves it."""

    ranks: npt.NDArray[np.uint8]
    is_shown: Marks


def filtered_states(
    days: AreaDays, *, wall_filter: WallFilter, sections: set[str], on: date
) -> dict[str, LevelStates]:
    """Every level of an area as the filter leaves it."""
    left = np.array([False, *(code in sections for code in days.households.sections)], dtype=bool)
    found = {}
    for level in LEVELS:
        states = states_on(days, level=level, on=on)
        place = {
            "section": np.arange(1, len(left)), "parcel": days.parcels.section,
            "building": days.buildings.section, "household": days.households.section + 1,
        }[level]
        found[level] = LevelStates(states & np.uint8(_STATE_MASK), left[place] & wall_filter.passing(states))
    return found


def counts_by_state(levels: Iterable[LevelStates]) -> list[int]:
    """How many shown places stand at each rank, in the order of ``RANKS``."""
    counts = np.zeros(len(RANKS), dtype=np.int64)
    for level in levels:
        counts += np.bincount(level.ranks[level.is_shown], minlength=len(RANKS))
    return [int(count) for count in counts]
