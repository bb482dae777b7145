"""Parameters and their values in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import get_language, gettext

from zhengtu.core.authority.actor import Actor
from zhengtu.core.compensation.parameters import Kind, Parameter, Value
from zhengtu.core.compensation.schedules import Charge, Tier
from zhengtu.core.kernel.codes import city_of
from zhengtu.ledger.rulebook import current_compensation
from zhengtu.web.shared import figure_text

SHARES = frozenset({"share", "share_per_month"})


def word(group: str, id: object) -> str:
    """What the rulebook calls an id of that group, e.g. a place, a unit, a key of a table."""
    return current_compensation().name(group=group, id=str(id), language=get_language() or "")


def place_of(actor: Actor) -> str:
    """The division code whose values the actor's pages show: the city of the first post."""
    return city_of(actor.postings[0].unit) if actor.postings else ""


def places_of(place: str, project: str = "") -> tuple[str, ...]:
    """Nation, province, city and district of a division code, and the project where one is named."""
    return ("CN", place[:2], place[:4], place[:6], *([project] if project else []))


def place_name(place: str) -> str:
    """A place in words; a project keeps its code."""
    return word("places", place)


def number_text(number: Decimal, unit: str) -> str:
    """A number as it is read: shares in percent, the rest grouped without idle zeros."""
    if unit in SHARES:
        return f"{(number * 100).normalize():f}%"
    whole, _, rest = f"{number:f}".partition(".")
    rest = rest.rstrip("0")
    return figure_text.grouped(int(whole)) + (f".{rest}" if rest else "")


def with_unit(number: Decimal, unit: str) -> str:
    """The same with its unit."""
    text = number_text(number, unit)
    return text if unit in ("share", "factor") else f"{text} {word('units', unit)}"


def value_lines_of(parameter: Parameter, value: Value | None) -> list[str]:
    """A value in words, one line for each of its parts."""
    if value is None:
        return [figure_text.NOTHING]
    if isinstance(value, Decimal):
        return [with_unit(value, parameter.unit)]
    if isinstance(value, str):
        return [word("choices", value)]
    if parameter.kind is Kind.TABLE and isinstance(value, Mapping):
        return [f"{word('keys', key)} {with_unit(number, parameter.unit)}" for key, number in value.items()]
    if isinstance(value, Charge):
        return _parts(value)
    assert not isinstance(value, Mapping)
    return [
        gettext("counted by: %(measure)s") % {"measure": word("measures", value.measure.value)},
        *(gettext("%(by)s: %(parts)s") % {"by": _until(tier), "parts": gettext(", ").join(_parts(tier))}
          for tier in value.tiers),
    ]


def value_text(parameter: Parameter, value: Value | None) -> str:
    """The same as one text."""
    if parameter.kind is Kind.TABLE and isinstance(value, Mapping):
        entries = [f"{word('keys', key)} {number_text(number, parameter.unit)}" for key, number in value.items()]
        return f"{gettext('; ').join(entries)} ({word('units', parameter.unit)})"
    return gettext("; ").join(value_lines_of(parameter, value))


def _until(tier: Tier) -> str:
    if tier.until_on is not None:
        return gettext("until %(day)s") % {"day": tier.until_on.isoformat()}
    return gettext("within %(days)s days") % {"days": tier.until_day}


def _parts(item: Charge | Tier) -> list[str]:
    units = current_compensation().part_units
    held = ((name, getattr(item, name, None)) for name in units)
    return [f"{word('parts', name)} {with_unit(number, units[name])}" for name, number in held if number is not None]
