"""Rows of the funds wall: one account, or the accounts of one client together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from zhengtu.core.kernel.money import ZERO
from zhengtu.funds.funding_queries import AccountRow, gathered
from zhengtu.web.office.funds.wording import light_sentence, name_of

_SEVERITY: Final = ("red", "yellow", "green", "idle")


@dataclass(frozen=True, slots=True)
class FundsLine:
    """Accounts shown as one row. Money is bound to its account: what one lacks another does not lend."""

    key: str
    name: str
    rows: Sequence[AccountRow]

    @property
    def row(self) -> AccountRow:
        """The account with the gravest light."""
        return min(self.rows, key=lambda row: (_SEVERITY.index(row.standing.light.name), row.code))

    @property
    def account(self) -> Any:
        return self.rows[0].account

    @property
    def planned(self) -> Decimal | None:
        return self._known("planned_yuan")

    @property
    def arrived(self) -> Decimal | None:
        return self._known("arrived_yuan")

    @property
    def committed(self) -> Decimal | None:
        return self._known("committed_yuan")

    @property
    def paid(self) -> Decimal | None:
        return self._known("paid_yuan")

    @property
    def balance(self) -> Decimal | None:
        return self._known("balance_yuan")

    @property
    def missing(self) -> Decimal:
        return gathered(self.rows, "missing_yuan")

    @property
    def late(self) -> Decimal:
        return gathered(self.rows, "late_yuan")

    @property
    def budget(self) -> Decimal | None:
        budgets = [row.history.proof.budget_yuan for row in self.rows if row.history.proof is not None]
        return sum(budgets, ZERO) if budgets else None

    def _known(self, figure: str) -> Decimal | None:
        """The sum of a figure; None where nothing has begun."""
        amount = gathered(self.rows, figure)
        return amount if amount or any(row.standing.light.name != "idle" for row in self.rows) else None

    def need(self, weeks: int) -> Decimal | None:
        """Need over the coming weeks of the accounts that have a forecast; None where none has."""
        outlooks = [row.standing.outlook for row in self.rows if row.standing.outlook is not None]
        return sum((outlook.needs[weeks].likely_yuan for outlook in outlooks), ZERO) if outlooks else None

    @property
    def forecast_count(self) -> int:
        """Accounts with enough data for a forecast."""
        return sum(row.standing.outlook is not None for row in self.rows)

    @property
    def coverage(self) -> Decimal | None:
        """The least of its accounts: money of one does not pay for another."""
        known = [row.standing.outlook.coverage for row in self.rows if row.standing.outlook is not None]
        return min((one for one in known if one is not None), default=None)

    @property
    def runs_out_on(self) -> date | None:
        """The earliest of its accounts."""
        known = [row.standing.outlook.runs_out_on for row in self.rows if row.standing.outlook is not None]
        return min((one for one in known if one is not None), default=None)

    @property
    def light(self) -> tuple[str, str]:
        """The gravest light, with its sentence."""
        light = self.row.standing.light
        return light.name, light_sentence(light)

    @property
    def severity(self) -> int:
        return _SEVERITY.index(self.row.standing.light.name)


def by_account(rows: Sequence[AccountRow]) -> list[FundsLine]:
    """One row per account."""
    return [FundsLine(row.code, name_of(row.account.project), [row]) for row in rows]


def by_client(rows: Sequence[AccountRow]) -> list[FundsLine]:
    """One row per client."""
    groups: dict[str, list[AccountRow]] = defaultdict(list)
    for row in rows:
        groups[row.account.project.client_id].append(row)
    return [FundsLine(code, name_of(group[0].account.client), group) for code, group in sorted(groups.items())]
