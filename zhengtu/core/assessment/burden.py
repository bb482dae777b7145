"""What people type: fields counted from facts, month by month, and whether it falls.

Central rules against formalism bind the platform as they bind units: nothing is typed twice, and what is typed for one
household and for one step of a household is counted and shown.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from zhengtu.core.assessment.scheme import AssessmentRules

DAY_FIELD: Final = "happened_on"
_DERIVED: Final = ("sha256", "digest")
_COMPARED_MONTHS: Final = 3


@dataclass(frozen=True, slots=True)
class KindCount:
    """Facts of one kind that were recorded in a month by people, not out of files.

    Attributes:
        given: attribute -> how many of the facts carry it.
    """

    kind: str
    facts: int
    given: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BurdenMonth:
    """What was typed in a month.

    Attributes:
        fields: by kind of fact, the most first.
        households: registered by the end of the month.
        steps: facts of the month that brought a household or section on: what the typing was for.
    """

    month: date
    fields: Mapping[str, int]
    households: int
    steps: int

    @property
    def total(self) -> int:
        """All fields typed in the month."""
        return sum(self.fields.values())

    @property
    def per_household(self) -> float | None:
        """Fields typed in the month for each registered household; None without any."""
        return self.total / self.households if self.households else None

    @property
    def per_step(self) -> float | None:
        """Fields typed for each step of a household or section; None in a month without any."""
        return self.total / self.steps if self.steps else None


def typed_fields(
    counts: Sequence[KindCount], *, form_kinds: Collection[str], rules: AssessmentRules
) -> dict[str, int]:
    """Kind of fact -> fields that people typed, the most first; kinds of which nothing is typed are left out.

    Args:
        form_kinds: kinds of facts that a form takes, so that their day is typed too.
    """
    found = {one.kind: _typed(one, form_kinds=form_kinds, rules=rules) for one in counts}
    return dict(sorted(((kind, fields) for kind, fields in found.items() if fields), key=lambda row: (-row[1], row[0])))


def _typed(count: KindCount, *, form_kinds: Collection[str], rules: AssessmentRules) -> int:
    named = rules.typed.get(count.kind)
    if named is not None:
        return sum(count.facts if name == DAY_FIELD else count.given.get(name, 0) for name in named)
    day = count.facts if count.kind in form_kinds else 0
    return day + sum(times for name, times in count.given.items() if not name.endswith(_DERIVED))


@dataclass(frozen=True, slots=True)
class Tendency:
    """Fields for each step: over the last whole months and over as many before."""

    before: float
    after: float

    @property
    def is_falling(self) -> bool:
        """Whether less is typed than before."""
        return self.after < self.before


def tendency(months: Sequence[BurdenMonth]) -> Tendency | None:
    """Whether less is typed for each step; None where there are too few months.

    Args:
        months: whole months, earliest first.
    """
    if len(months) < 2:
        return None
    span = min(_COMPARED_MONTHS, len(months) // 2)
    before, after = months[-2 * span:-span], months[-span:]
    steps = sum(one.steps for one in before), sum(one.steps for one in after)
    if not all(steps):
        return None
    fields = sum(one.total for one in before), sum(one.total for one in after)
    return Tendency(float(Fraction(fields[0], steps[0])), float(Fraction(fields[1], steps[1])))
