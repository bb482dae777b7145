"""Timeline entries with their attributes in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zhengtu.accounts.queries import unit_names
from zhengtu.casework.facts import RecordedFact
from zhengtu.casework.timeline import TimelineEntry
from zhengtu.core.kernel.masking import mask_identifiers_in
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.dossier.recording import PROOFS
from zhengtu.web.shared.figure_text import grouped
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label

HOME_TYPES = ("home_type", "home")
"""Attributes that may hold the id of a type of homes."""
UNITS = ("payer", "advanced_by", "claimed_from")
"""Attributes that hold the code of a unit."""


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry with (label, text) pairs of its attributes and the unit of whoever recorded it."""

    entry: TimelineEntry
    attributes: list[tuple[str, str]]
    unit: str
    earlier: list[ShownEntry]
    withdrawn_by: ShownEntry | None


def shown_timeline(entries: Iterable[TimelineEntry]) -> list[ShownEntry]:
    """Entries ready to be drawn."""
    known = list(entries)
    every = [one for entry in known for one in (entry, *entry.earlier, *_withdrawals(entry))]
    units = unit_names({one.deed.post[1] for one in every} | units_in(one.fact for one in every))
    return [_shown(entry, units) for entry in known]


def _withdrawals(entry: TimelineEntry) -> list[TimelineEntry]:
    return [entry.withdrawn_by] if entry.withdrawn_by else []


def _shown(entry: TimelineEntry, units: dict[str, tuple[str, str]]) -> ShownEntry:
    unit = entry.deed.post[1]
    return ShownEntry(
        entry=entry,
        attributes=spoken_attributes(entry.fact, units=units),
        unit=in_language(units.get(unit, (unit, unit))),
        earlier=[_shown(older, units) for older in entry.earlier],
        withdrawn_by=_shown(entry.withdrawn_by, units) if entry.withdrawn_by else None,
    )


def units_in(facts: Iterable[RecordedFact]) -> set[str]:
    """Codes of the units that attributes of facts name."""
    return {str(fact.attributes[name]) for fact in facts for name in UNITS if fact.attributes.get(name)}


def spoken_attributes(fact: RecordedFact, *, units: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """(label, text) of a fact's attributes, in the order of the rulebook; numbers of people are masked.

    Args:
        units: code -> names of the units that it names (``units_in``).
    """
    kind = current_rulebook().fact_kinds.get(fact.kind)
    if kind is None:
        return [(name, mask_identifiers_in(str(value))) for name, value in fact.attributes.items()]
    return [
        (
            rulebook_label(group="attribute", id=f"{fact.kind}.{name}"),
            in_language(units[fact.attributes[name]]) if name in UNITS and fact.attributes[name] in units
            else _spoken(fact.kind, name, attribute.type, fact.attributes[name]),
        )
        for name, attribute in kind.attributes.items()
        if name not in PROOFS and fact.attributes.get(name) not in (None, "")
    ]


def _spoken(kind: str, name: str, type: str, value: Any) -> str:
    if type == "choice":
        return rulebook_label(group="choice", id=f"{kind}.{name}.{value}")
    if type == "money":
        return _("%(sum)s yuan") % {"sum": grouped(value, digits=2)}
    if type == "area":
        return f"{grouped(value, digits=2)} m²"
    if name in HOME_TYPES:
        return rulebook_label(group="home_type", id=str(value))
    return mask_identifiers_in(str(value))
