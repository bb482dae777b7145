"""The order in which drawn houses are visited: from the middle of each group to the nearest one not seen yet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import cos, hypot, radians

Position = tuple[float, float]
_NUMBER = re.compile(r"(\d+)")


def visiting_order(groups: Mapping[str, Sequence[Position]]) -> list[str]:
    """Keys of groups of houses (sections) in the order of a walk that goes to the nearest group each time.

    It starts at the group in the far south-west, so that nothing is left behind it; groups without a known position
    come last, by key. A heuristic: the walk is short, not the shortest.

    Args:
        groups: key -> longitude and latitude of its houses, degrees.
    """
    middles = {key: _middle(places) for key, places in sorted(groups.items()) if places}
    order: list[str] = []
    here = min(middles.values(), key=lambda at: (at[0] + at[1], at), default=(0.0, 0.0))
    while middles:
        key = min(middles, key=lambda one: (_apart(here, middles[one]), one))
        here = middles.pop(key)
        order.append(key)
    return order + sorted(key for key, places in groups.items() if not places)


def by_number(address: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key by which house 9 stands before house 10 of the same street."""
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in _NUMBER.split(address) if part
    )


def _middle(places: Sequence[Position]) -> Position:
    return sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places)


def _apart(here: Position, there: Position) -> float:
    return hypot((there[0] - here[0]) * cos(radians(here[1])), there[1] - here[1])
