"""The statement: lines of quantity × rate, each with its parameter, source and reason; the total is their sum."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

from zhengtu.core.compensation.facts import Mode, Regime
from zhengtu.core.compensation.facts_reading import as_plain, read_plain
from zhengtu.core.compensation.parameters import Basis, Label
from zhengtu.core.kernel.money import ZERO, total
from zhengtu.core.kernel.reasons import Reason


class Group(StrEnum):
    """What a line is, by law: value comes first and rewards only on top of it."""

    VALUE = "value"
    COMPENSATION = "compensation"
    SUBSIDY = "subsidy"
    REWARD = "reward"
    REPLACEMENT = "replacement"


class Payee(StrEnum):
    """Whose money a line is."""

    HOUSEHOLD = "household"
    COLLECTIVE = "collective"
    SOCIAL_SECURITY = "social_security"


@dataclass(frozen=True, slots=True)
class Item:
    """A head of compensation, from the rulebook: its names, source, payee, and the evidence a line of it needs."""

    id: str
    label: Label
    group: Group
    source: str
    payee: Payee = Payee.HOUSEHOLD
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementLine:
    """``amount = quantity × times × rate ÷ per``, rounded once to the fen.

    Attributes:
        unit: of ``quantity``: m2, household, member, piece, yuan, month.
        times, times_unit: how often or how long (moves, months); 1 where nothing repeats.
        rate: yuan, or a share where the unit is yuan; negative where the household pays.
        per: divisor of a proportion, e.g. the approved months of a temporary building; 1 else.
        subject: the building, land or member the line is about, or empty.
        because: why the line applies.
        evidence: kinds of evidence that must lie in the file.
        also: further parameters that shaped the line, e.g. a least area or the number of moves.
    """

    item: str
    label: Label
    group: Group
    payee: Payee
    quantity: Decimal
    unit: str
    times: Decimal
    times_unit: str
    rate: Decimal
    per: Decimal
    amount: Decimal
    basis: Basis
    because: Reason
    evidence: tuple[str, ...]
    subject: str = ""
    also: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """What one household is due under one option, by the rules of one day.

    Attributes:
        total: yuan; negative when the household pays the difference.
        rulebook: fingerprint of the parameters that were in force, and only of these.
        formulas: names of the formulas applied, with the day from which each holds.
        warnings: what a reader must know before relying on the sum.
        entitlements: what the household may claim besides money.
    """

    household: str
    place: str
    project: str
    regime: Regime
    mode: Mode
    parameter_set: str
    valued_on: date
    lines: tuple[StatementLine, ...]
    total: Decimal
    rulebook: str
    formulas: tuple[str, ...]
    warnings: tuple[Reason, ...] = ()
    entitlements: tuple[Reason, ...] = ()

    def of_item(self, item: str) -> Decimal:
        """The sum of the lines of one item (yuan)."""
        return total([line.amount for line in self.lines if line.item == item])

    def of_group(self, group: Group) -> Decimal:
        """The sum of the lines of one group (yuan)."""
        return total([line.amount for line in self.lines if line.group is group])

    def of_payee(self, payee: Payee) -> Decimal:
        """What goes to one payee (yuan)."""
        return total([line.amount for line in self.lines if line.payee is payee])

    @property
    def difference(self) -> Decimal:
        """Value of the replacement houses less value given up (yuan): positive when the household pays for title."""
        return -self.of_group(Group.REPLACEMENT) - self.of_group(Group.VALUE) if self.mode is Mode.EXCHANGE else ZERO

    def to_bytes(self) -> bytes:
        """The whole statement as canonical JSON: equal statements have equal bytes."""
        return json.dumps(as_plain(self), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @property
    def digest(self) -> str:
        """SHA-256 of ``to_bytes``, for the ledger."""
        return sha256(self.to_bytes()).hexdigest()


def statement_from_bytes(content: bytes) -> Statement:
    """The statement that ``to_bytes`` wrote: it has the same bytes and digest again.

    Raises:
        Refused: when the bytes are no statement.
    """
    return read_plain(Statement, json.loads(content), path="statement")


Items = Mapping[str, Item]
