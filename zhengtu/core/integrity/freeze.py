"""When: what was registered, split or enlarged after the freeze, and who moved in shortly before the announcement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from zhengtu.core.integrity.findings import Finding, FindingRow, Rules, key_of, sorted_findings
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason

FREEZE_KINDS = ("scope_announced", "freeze_notified", "land_pre_announced", "land_frozen")
"""From the earliest of these on nothing new counts; the first and third are also the announcement of the taking."""
ANNOUNCEMENT_KINDS = ("scope_announced", "land_pre_announced")


@dataclass(frozen=True, slots=True)
class Registration:
    """What the register said of a household from one recording on; the first version has ``replaces`` empty.

    Attributes:
        entered_on: day from which it counts.
        recorded_on: day on which it was written down.
        area_m2: registered and unregistered floor area together; None where unknown.
    """

    household: str
    section: str
    participation: str
    place: str
    entered_on: date
    recorded_on: date
    area_m2: Decimal | None
    members: int | None
    fact: str


@dataclass(frozen=True, slots=True)
class RegisterMove:
    """Persons who moved their household register to a household's address, as the police reported."""

    household: str
    participation: str
    moved_in_on: date
    fact: str


def additions_after_freeze(
    versions: Iterable[Registration], *, freezes: Mapping[str, date], rules: Rules
) -> list[Finding]:
    """Households that entered the register after the freeze and after its section's first register was made.

    One that shares its building or parcel with a household of the first register is a split.

    Args:
        freezes: participation -> day of the freeze.
    """
    first: dict[str, Registration] = {}
    for version in sorted(versions, key=lambda one: (one.recorded_on, one.fact)):
        first.setdefault(version.household, version)
    opened: dict[str, date] = {}
    for one in first.values():
        opened[one.section] = min(opened.get(one.section, one.entered_on), one.entered_on)
    grace = {
        detector: timedelta(days=int(rules[detector].number("grace_days")))
        for detector in ("registered_after_freeze", "split_after_freeze")
    }
    held: dict[str, list[Registration]] = defaultdict(list)
    for one in first.values():
        if one.place and one.entered_on <= opened[one.section] + grace["split_after_freeze"]:
            held[one.place].append(one)
    found = []
    for one in first.values():
        freeze = freezes.get(one.participation)
        if freeze is None or one.entered_on <= freeze:
            continue
        others = [other for other in held.get(one.place, ()) if other.household != one.household]
        detector = "split_after_freeze" if others else "registered_after_freeze"
        if one.entered_on > opened[one.section] + grace[detector]:
            found.append(_addition(detector, one, others, freeze=freeze, source=rules[detector].source))
    return sorted_findings(found)


def _addition(
    detector: str, one: Registration, others: Sequence[Registration], *, freeze: date, source: str
) -> Finding:
    is_split = detector == "split_after_freeze"
    sentence = Reason(
        code=f"integrity.{detector}",
        message=N_("A household entered the register on %(on)s in a building that others held, after the freeze of "
                   "%(freeze)s.") if is_split
        else N_("A household entered the register on %(on)s, %(days)s days after the freeze of %(freeze)s."),
        parameters={
            "on": one.entered_on.isoformat(), "freeze": freeze.isoformat(), "days": (one.entered_on - freeze).days,
        },
        source=source,
        remedy=N_("Show the title or household register from before the freeze, or strike the file."),
    )
    rows = tuple(_version_row(row) for row in (one, *sorted(others, key=lambda other: other.household)))
    return Finding(detector, key_of(detector, one.household), sentence, rows)


def _version_row(version: Registration) -> FindingRow:
    figures = [(N_("Registered on"), version.entered_on.isoformat())]
    if version.recorded_on != version.entered_on:
        figures.append((N_("Recorded on"), version.recorded_on.isoformat()))
    if version.area_m2 is not None:
        figures.append((N_("Floor area (m²)"), f"{version.area_m2:.2f}"))
    if version.members is not None:
        figures.append((N_("Persons"), str(version.members)))
    return FindingRow(version.household, version.fact, tuple(figures))


def enlarged_after_freeze(
    versions: Iterable[Registration], *, freezes: Mapping[str, date], rules: Rules
) -> list[Finding]:
    """Households whose area or persons in the register grew by a change recorded after the freeze."""
    rule = rules["enlarged_after_freeze"]
    by_household: dict[str, list[Registration]] = defaultdict(list)
    for version in versions:
        by_household[version.household].append(version)
    found = []
    for household, held in by_household.items():
        held.sort(key=lambda one: (one.recorded_on, one.fact))
        first, last = held[0], held[-1]
        freeze = freezes.get(first.participation)
        if freeze is None or last.recorded_on <= freeze:
            continue
        area = (last.area_m2 or Decimal(0)) - (first.area_m2 or Decimal(0)) if first.area_m2 is not None else Decimal(0)
        members = (last.members or 0) - first.members if first.members is not None else 0
        if area <= rule.number("area_m2") and members <= rule.number("members"):
            continue
        sentence = Reason(
            code="integrity.enlarged_after_freeze",
            message=N_("After the freeze of %(freeze)s the register of this household changed by %(area)s m² and "
                       "%(members)s persons."),
            parameters={"freeze": freeze.isoformat(), "area": f"{area:+.2f}", "members": f"{members:+d}"},
            source=rule.source,
            remedy=N_("Show what was built, or who lived there, before the freeze."),
        )
        rows = tuple(_version_row(version) for version in held)
        found.append(Finding(rule.id, key_of(rule.id, household), sentence, rows))
    return sorted_findings(found)


def register_moves(moves: Iterable[RegisterMove], *, announced: Mapping[str, date], rules: Rules) -> list[Finding]:
    """Moves to a household's address within the window before the announcement, or after it.

    Args:
        announced: participation -> day of the announcement.
    """
    rule = rules["register_move"]
    window = timedelta(days=int(rule.number("days_before")))
    by_household: dict[str, list[RegisterMove]] = defaultdict(list)
    for move in moves:
        day = announced.get(move.participation)
        if day is not None and move.moved_in_on >= day - window:
            by_household[move.household].append(move)
    found = []
    for household, held in by_household.items():
        held.sort(key=lambda move: (move.moved_in_on, move.fact))
        day = announced[held[0].participation]
        sentence = Reason(
            code="integrity.register_move",
            message=N_("The police list shows moves of household register to this address (%(moves)s, the first on "
                       "%(first)s); "
                       "the taking was announced on %(announced)s."),
            parameters={
                "moves": len(held), "first": held[0].moved_in_on.isoformat(), "announced": day.isoformat(),
            },
            source=rule.source,
            remedy=N_("Show that the persons lived here, or leave them out of what is counted by person."),
        )
        rows = tuple(
            FindingRow(household, move.fact, ((N_("Moved in on"), move.moved_in_on.isoformat()),)) for move in held
        )
        found.append(Finding(rule.id, key_of(rule.id, household), sentence, rows))
    return sorted_findings(found)
