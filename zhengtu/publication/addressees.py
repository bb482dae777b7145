"""Whom a bulletin is addressed to: the units that may be chosen, and how they stand in its distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from zhengtu.accounts.models import Unit, UnitKind
from zhengtu.core.bulletins.wording import KindRules, Writer

_SEVERAL: Final = 2
"""From so many units of a kind on they may be named together."""


def units_addressed(city: str, kind: KindRules) -> list[str]:
    """Codes of the units that a kind of bulletin goes to by itself."""
    return [unit.code for unit in units_offered(city, kind) if unit.kind in kind.goes_to]


def units_offered(city: str, kind: KindRules) -> list[Unit]:
    """Units of a city that a kind of bulletin may go to, one kind of unit after the other, by code within each."""
    order = list(kind.may_go_to)
    rows = Unit.objects.filter(code__startswith=city[:4], kind__in=order).order_by("code")
    return sorted(rows, key=lambda unit: order.index(unit.kind))


def addressed_to(city: str, codes: Sequence[str], writer: Writer) -> str:
    """The units as a distribution names them.

    All units of a kind together where every one of them is addressed; those of one kind divided by the list's comma,
    kinds by the sentence's, as documents do.
    """
    rules, chosen = writer.rules, set(codes)
    order = [UnitKind.CITY.value, *rules.all_of]
    rows = [unit for unit in Unit.objects.filter(code__startswith=city[:4]).order_by("code") if unit.kind in order]
    said = []
    for unit_kind in order:
        units = [unit for unit in rows if unit.kind == unit_kind]
        names = [unit.name for unit in units if unit.code in chosen]
        if len(names) == len(units) >= _SEVERAL and unit_kind in rules.all_of:
            said.append(rules.all_of[unit_kind])
        elif names:
            said.append(writer.word("between").join(names))
    return writer.word("between_kinds").join(said)
