"""Parameters: dated numbers, tables and choices by place, each with its source; looked up for a point in time.

The formulas never see dates: ``parameters.on(date=…, place=…)`` gives the rules as they stood that day there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Final

from zhengtu.core.compensation.schedules import Charge, TierTable
from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused

Label = tuple[str, str]
"""(Chinese, English)."""
Table = Mapping[str, Decimal]
Value = Decimal | str | Table | Charge | TierTable

STANDARD_SET: Final = "standard"
_PROJECT: Final = re.compile(r"^\d{4}00-P\d{4}$")


class Level(StrEnum):
    """Who sets a value; later ones stand closer to the household."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    PROJECT = "project"


class Confidence(StrEnum):
    """How far a value may be relied on; anything but the first two is pointed out in every statement that uses it."""

    VERIFIED = "verified"
    SECONDARY = "secondary"
    RECALLED = "recalled"
    ILLUSTRATIVE = "illustrative"


class Kind(StrEnum):
    """What a value looks like."""

    NUMBER = "number"
    CHOICE = "choice"
    TABLE = "table"
    CHARGE = "charge"
    TIERS = "tiers"


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value, from one day, in one place.

    Attributes:
        place: ``CN``, a prefix of division codes (2 digits a province, 4 a city, 6 a county), or a project's code.
        until_on: first day on which it no longer holds; None while open.
        set_name: ``standard``, or the pilot whose own value this is.
        source: id of the instrument with its article, ``id#article``.
    """

    place: str
    from_on: date
    value: Value
    source: str
    confidence: Confidence
    until_on: date | None = None
    set_name: str = STANDARD_SET
    note: str = ""


@dataclass(frozen=True, slots=True)
class LocalItem:
    """Where a local item applies; an empty set means everywhere."""

    uses: frozenset[str] = frozenset()
    standings: frozenset[str] = frozenset()
    modes: frozenset[str] = frozenset()
    transitions: frozenset[str] = frozenset()
    regimes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One legal quantity with its whole history.

    Attributes:
        unit: e.g. ``yuan_per_m2``; says what a NUMBER multiplies.
        set_by: the only level that may set a value.
        choices: for CHOICE, the texts allowed.
        lapses_after_months: a value older than this may no longer be used (0: never lapses).
        local: set for local items, which any city or project may add.
    """

    id: str
    label: Label
    unit: str
    kind: Kind
    set_by: Level
    values: tuple[DatedValue, ...]
    checked_on: date | None = None
    choices: tuple[str, ...] = ()
    lapses_after_months: int = 0
    lapse_source: str = ""
    local: LocalItem | None = None

    def on(self, *, day: date, places: tuple[str, ...], set_name: str) -> DatedValue | None:
        """The value in force: of the elected set before the standard one, of the closest place, the latest begun."""
        best: tuple[bool, int, date] | None = None
        found: DatedValue | None = None
        for value in self.values:
            if value.from_on > day or (value.until_on is not None and value.until_on <= day):
                continue
            if value.place not in places or value.set_name not in (set_name, STANDARD_SET):
                continue
            rank = (value.set_name == set_name, places.index(value.place), value.from_on)
            if best is None or rank > best:
                best, found = rank, value
        return found


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a rate comes from: a parameter of the rulebook, or the household's own valuation.

    Attributes:
        parameter: id, or empty when the rate is appraised, quoted or agreed.
        value: the parameter's value in force, whole.
        effective_on: the day from which that value holds.
        confidence: None for appraised figures, which their report vouches for.
    """

    parameter: str = ""
    label: Label = ("", "")
    value: str = ""
    unit: str = ""
    place: str = ""
    source: str = ""
    effective_on: date | None = None
    confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """A parameter together with its value in force, and both as a statement's line shows them."""

    parameter: Parameter
    dated: DatedValue
    basis: Basis

    @property
    def number(self) -> Decimal:
        """The value of a NUMBER."""
        assert isinstance(self.dated.value, Decimal), self.parameter.id
        return self.dated.value

    @property
    def choice(self) -> str:
        """The value of a CHOICE."""
        assert isinstance(self.dated.value, str), self.parameter.id
        return self.dated.value

    @property
    def charge(self) -> Charge:
        """The value of a CHARGE."""
        assert isinstance(self.dated.value, Charge), self.parameter.id
        return self.dated.value

    @property
    def tiers(self) -> TierTable:
        """The value of TIERS."""
        assert isinstance(self.dated.value, TierTable), self.parameter.id
        return self.dated.value

    @property
    def table(self) -> Table:
        """The value of a TABLE."""
        assert isinstance(self.dated.value, Mapping), self.parameter.id
        return self.dated.value


@dataclass(frozen=True, slots=True)
class ParametersInForce:
    """The rules of one day in one place.

    Attributes:
        fingerprint: SHA-256 of exactly these rules, not of later ones.
        local_rates: the local items among them, by id.
    """

    on: date
    place: str
    project: str
    set_name: str
    rates: Mapping[str, Rate]
    fingerprint: str
    local_rates: tuple[Rate, ...]

    def find(self, id: str) -> Rate | None:
        """The rate, or None where none is on file."""
        return self.rates.get(id)

    def require(self, id: str) -> Rate:
        """The rate of ``id``.

        Raises:
            Refused: when none is in force, or when it is older than the law lets it become.
        """
        rate = self.rates.get(id)
        if rate is None:
            raise Refused(
                Reason(
                    code="compensation.parameter_missing",
                    message=N_("For %(parameter)s no value is on file in %(place)s on %(on)s."),
                    parameters={"parameter": id, "place": self.project or self.place, "on": self.on.isoformat()},
                    remedy=N_("Add a dated value with its source to the rulebook or to the project's adopted scheme."),
                )
            )
        months = rate.parameter.lapses_after_months
        if months and add_months(rate.dated.from_on, months) < self.on:
            raise Refused(
                Reason(
                    code="compensation.parameter_lapsed",
                    message=N_("The value of %(parameter)s dates from %(from)s and lapsed after %(months)s months."),
                    parameters={"parameter": id, "from": rate.dated.from_on.isoformat(), "months": months},
                    source=rate.parameter.lapse_source,
                    remedy=N_("Enter the adjusted or re-published value."),
                )
            )
        return rate


@dataclass(frozen=True, slots=True)
class Parameters:
    """All parameters with all their values, merged over nation, province, city and project."""

    by_id: Mapping[str, Parameter]
    _views: dict[tuple[date, str, str, str], ParametersInForce] = field(default_factory=dict, compare=False, repr=False)

    def on(self, *, date: date, place: str, project: str = "", set_name: str = STANDARD_SET) -> ParametersInForce:
        """The rules as they stood on ``date`` in ``place`` (a division code), for ``project`` where one is named.

        Args:
            set_name: the parameter set that the project elects, e.g. ``farmland_pilot``.
        """
        key = (date, place, project, set_name)
        if key not in self._views:
            self._views[key] = self._view(*key)
        return self._views[key]

    def _view(self, on: date, place: str, project: str, set_name: str) -> ParametersInForce:
        places = ("CN", place[:2], place[:4], place[:6], *([project] if project else []))
        rates = {}
        for id, parameter in self.by_id.items():
            dated = parameter.on(day=on, places=places, set_name=set_name)
            if dated is not None:
                rates[id] = Rate(parameter, dated, _basis(parameter, dated))
        local = tuple(rate for _, rate in sorted(rates.items()) if rate.parameter.local is not None)
        return ParametersInForce(on, place, project, set_name, rates, _fingerprint(rates), local)

    def merged(self, additions: Iterable[Parameter]) -> Parameters:
        """These parameters with further values and further parameters; the originals stay as they are.

        Raises:
            Refused: when two values claim the same place, day and set.
        """
        by_id = dict(self.by_id)
        for addition in additions:
            known = by_id.get(addition.id)
            by_id[addition.id] = addition if known is None else replace(known, values=(*known.values, *addition.values))
        for parameter in by_id.values():
            check_values(parameter)
        return Parameters(by_id)

    def unchecked_since(self, day: date) -> list[Parameter]:
        """Parameters that nobody has looked at since ``day``, by id: the list for the yearly review."""
        return [p for _, p in sorted(self.by_id.items()) if p.checked_on is None or p.checked_on < day]


def level_of(place: str) -> Level | None:
    """The level that sets values for such a place, or None when it is no place."""
    if place == "CN":
        return Level.NATION
    if _PROJECT.match(place):
        return Level.PROJECT
    if not place.isdigit():
        return None
    return {2: Level.PROVINCE, 4: Level.CITY, 6: Level.CITY}.get(len(place))


def check_values(parameter: Parameter) -> None:
    """Refuse values from the wrong level and values that contradict one another.

    Raises:
        Refused: with one reason for each wrong value.
    """
    reasons = []
    taken: set[tuple[str, date, str]] = set()
    for value in parameter.values:
        given = {"parameter": parameter.id, "place": value.place, "from": value.from_on.isoformat()}
        if level_of(value.place) is not parameter.set_by:
            reasons.append(
                Reason(
                    code="compensation.wrong_level",
                    message=N_("%(parameter)s is set by the %(level)s alone; %(place)s may not set it."),
                    parameters={**given, "level": parameter.set_by.value},
                    remedy=N_("Withdraw the value, or enter it for the level that decides."),
                )
            )
        if (value.place, value.from_on, value.set_name) in taken:
            reasons.append(
                Reason(
                    code="compensation.value_twice",
                    message=N_("%(parameter)s has two values for %(place)s from %(from)s."),
                    parameters=given,
                    remedy=N_("Keep one of them."),
                )
            )
        taken.add((value.place, value.from_on, value.set_name))
    if reasons:
        raise Refused(*reasons)


def _basis(parameter: Parameter, dated: DatedValue) -> Basis:
    return Basis(
        parameter=parameter.id,
        label=parameter.label,
        value=shown(dated.value),
        unit=parameter.unit,
        place=dated.place,
        source=dated.source,
        effective_on=dated.from_on,
        confidence=dated.confidence,
    )


def _fingerprint(rates: Mapping[str, Rate]) -> str:
    digest = sha256()
    for id, rate in sorted(rates.items()):
        dated, parameter = rate.dated, rate.parameter
        stable = (
            id,
            parameter.label,
            parameter.unit,
            parameter.kind.value,
            parameter.set_by.value,
            dated.place,
            dated.from_on.isoformat(),
            dated.set_name,
            shown(dated.value),
            dated.source,
            dated.confidence.value,
        )
        digest.update(repr(stable).encode() + b"\n")
    return digest.hexdigest()


def shown(value: Value) -> str:
    """A value as one line of stable text, for fingerprints, statements and lists."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {number:f}" for key, number in sorted(value.items()))
    return value.as_text()
