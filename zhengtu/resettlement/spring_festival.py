"""Who is home before the Spring Festival, the day by which families are to be helped whatever payers dispute."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.resettlement.promises import FamilyPromise

_FESTIVAL: Final = "spring_festival"


@dataclass(frozen=True, slots=True)
class BeforeFestival:
    """Families that wait, and how many of them are expected home on the eve of the festival as the works stand.

    Attributes:
        expected: sum of the families' chances; whoever has no home named or left counts nothing.
        late: families past the day of their agreement; expected_late: those of them expected home.
    """

    festival_on: date
    days_left: int
    families: int
    expected: float
    late: int
    expected_late: float


def next_spring_festival(*, on: date) -> date | None:
    """The first one after a day; None where the rulebook knows none."""
    return current_rulebook().due.next_festival(_FESTIVAL, after=on)


def eve_of(festival_on: date) -> date:
    """The last day before a festival, by which what is due before it is due."""
    return festival_on - timedelta(days=1)


def before_festival(promises: Iterable[FamilyPromise], *, on: date) -> BeforeFestival | None:
    """Families of a promise ledger who are home before the next Spring Festival; None where none is known."""
    festival = next_spring_festival(on=on)
    if festival is None:
        return None
    eve, chances, late = eve_of(festival), list[float](), list[float]()
    for one in promises:
        chance = 0.0 if one.outlook is None else one.outlook.chance_by(eve)
        chances.append(chance)
        if one.waiting.is_late:
            late.append(chance)
    return BeforeFestival(festival, (festival - on).days, len(chances), sum(chances), len(late), sum(late))
