"""Who inspects what: inspectors drawn by the same seed, at least two together, never where they belong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from zhengtu.core.kernel.draw import drawn_order
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused

LEAST_INSPECTORS: Final = 2
PURPOSE: Final = "inspector"


@dataclass(frozen=True, slots=True)
class Inspector:
    """Somebody who may inspect.

    Attributes:
        recused: jurisdictions where they may not: their own and former units, those of relatives as declared.
    """

    person: str
    recused: frozenset[str] = frozenset()


def drawn_teams(
    places: Mapping[str, int], *, inspectors: Sequence[Inspector], seed: str, together: int = LEAST_INSPECTORS
) -> dict[str, tuple[str, ...]]:
    """Inspectors of each jurisdiction, so that the work is shared evenly and chance decides the rest.

    Places are served by the number of their households, greatest first; each takes the free inspectors with the least
    work so far, ties in the order that the seed draws for that place.

    Args:
        places: jurisdiction -> households to see there.

    Raises:
        Refused: naming the jurisdiction for which too few are left who need not recuse themselves.
    """
    if together < LEAST_INSPECTORS:
        raise ValueError("nobody inspects alone")
    work = {one.person: 0 for one in inspectors}
    teams: dict[str, tuple[str, ...]] = {}
    for place, households in sorted(places.items(), key=lambda item: (-item[1], item[0])):
        free = [one.person for one in inspectors if place not in one.recused]
        if len(free) < together:
            raise Refused(Reason(
                code="inspection.too_few_inspectors",
                message=N_("%(place)s: %(free)s inspectors need not recuse themselves, and %(need)s go together."),
                parameters={"place": place, "free": str(len(free)), "need": str(together)},
                source="government-inspection-regulation-2020#17",
                remedy=N_("Name more inspectors, or borrow some from another office."),
            ))
        order = {person: rank for rank, person in enumerate(drawn_order(free, seed=seed, purpose=f"{PURPOSE}/{place}"))}
        team = sorted(free, key=lambda person: (work[person], order[person]))[:together]
        for person in team:
            work[person] += households
        teams[place] = tuple(team)
    return teams
