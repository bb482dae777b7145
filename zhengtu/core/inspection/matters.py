"""What an inspection looks at, as data: which reported households, what may be found there, what contradicts a report.

The entries stand in ``rulebook/inspection/matters.yaml``; nothing here knows a matter by its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Repeats(StrEnum):
    """What is left in peace for the quiet days after an inspection of the same matter."""

    PLACE = "place"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class SiteAnswer:
    """One thing that may be found on site.

    Attributes:
        label: (Chinese, English).
        is_false: whether it contradicts the report; None: it tells nothing, as where nobody opens.
        is_cleared: whether it says that the house is empty; None: it says nothing about that.
        is_moved_back: whether somebody lives again in a house that was vacated.
        violation: conduct that it shows, a choice of ``violation_found``; empty for none.
    """

    id: str
    label: tuple[str, str]
    is_false: bool | None = None
    is_cleared: bool | None = None
    is_moved_back: bool = False
    violation: str = ""


@dataclass(frozen=True, slots=True)
class InspectedMatter:
    """One matter.

    Attributes:
        label: (Chinese, English).
        asks: what is to be told on site, (Chinese, English).
        reported: milestones in lawful order; a household is a candidate of the furthest of them that it had reached,
            and these are the strata within each jurisdiction.
        unless: milestones that take a household off the list once reached.
        forms: forms of inspection in which it is looked at.
        answers: id -> answer, in the order of the form.
        figure: the milestone whose reported figure its discrepancy discounts, or empty for none. A weighted draw
            discounts nothing.
        quiet_days: calendar days without a second inspection of the same.
        quiet_for: what is left in peace so long.
        expected_rate: share of false reports thought possible before anything is seen.
        source: what the duty that is checked rests on.
    """

    id: str
    label: tuple[str, str]
    asks: tuple[str, str]
    reported: Sequence[str]
    forms: Sequence[str]
    answers: Mapping[str, SiteAnswer]
    unless: Sequence[str] = ()
    figure: str = ""
    quiet_days: int = 90
    quiet_for: Repeats = Repeats.PLACE
    expected_rate: float = 0.1
    source: str = ""


@dataclass(frozen=True, slots=True)
class SourceLists:
    """How lists of independent sources are read.

    Attributes:
        columns: ``household``, ``said_on`` and ``is_cleared`` -> what their headings are usually called.
        yes: what says that a house is cleared; no: what says that it is not.
    """

    columns: Mapping[str, Sequence[str]]
    yes: Sequence[str]
    no: Sequence[str]


@dataclass(frozen=True, slots=True)
class InspectionRules:
    """The rules of inspections.

    Attributes:
        matters: id -> matter.
        least_per_stratum: households drawn of each stratum at least.
        together: inspectors who go together.
        farthest_m: metres from the house beyond which a check on site needs its reason.
        repair_days: calendar days within which a repair is due where the conclusion says nothing else.
        most_households: households of one inspection at most.
        source_lists: how lists of independent sources are read.
    """

    matters: Mapping[str, InspectedMatter]
    least_per_stratum: int
    together: int
    farthest_m: float
    repair_days: int
    most_households: int
    source_lists: SourceLists
    labels: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)
