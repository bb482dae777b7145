"""The part of the rulebook about money: lights of the dedicated accounts, and how bank statements are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from zhengtu.core.funds.lights import RULES, LightRule
from zhengtu.core.funds.need import ForecastRules
from zhengtu.core.funds.standing import FundsRules
from zhengtu.core.kernel.money import decimal_of
from zhengtu.core.rules.reading import RulebookInvalid, known_source, label_pair, read_entries

STATEMENT_COLUMNS: Final = (
    "booked_on", "credit_yuan", "debit_yuan", "balance_yuan", "reference", "counterparty", "summary",
)
_LIGHTS: Final = ("red", "yellow")


@dataclass(frozen=True, slots=True)
class StatementColumn:
    """A column of a bank statement with the headings that banks give it."""

    id: str
    label: tuple[str, str]
    headings: Sequence[str]
    is_required: bool

    def is_headed(self, heading: str) -> bool:
        """Whether a heading means this column, as they are compared."""
        return plain_heading(heading) in map(plain_heading, self.headings)


@dataclass(frozen=True, slots=True)
class FundsRulebook:
    """Everything that the rulebook says about money.

    Attributes:
        rules: forecast and lights, as ``standing_of`` takes them.
        columns: columns of a bank statement.
        window_days: days between a record and the bank's booking within which they may be the same money.
        labels: label group -> id -> (Chinese, English).
    """

    rules: FundsRules
    columns: Sequence[StatementColumn]
    window_days: int
    labels: Mapping[str, Mapping[str, tuple[str, str]]]


def load_funds(folder: Path, *, sources: Mapping[str, tuple[str, str]]) -> FundsRulebook:
    """Read and check ``lights/funds.yaml`` and ``funds/bank_statement.yaml``.

    Raises:
        RulebookInvalid: naming the file and the entry that is wrong.
    """
    raw = read_entries(folder / "lights" / "funds.yaml")
    lights = _lights(raw["rules"], sources=sources)
    statement = read_entries(folder / "funds" / "bank_statement.yaml")
    columns = _columns(statement["columns"])
    return FundsRulebook(
        rules=FundsRules(forecast=_forecast(raw["forecast"]), lights=lights),
        columns=columns, window_days=_count(statement["matching"], "window_days", where="bank_statement.yaml"),
        labels={
            "funds_light": {rule.id: rule.label for rule in lights},
            "statement_column": {column.id: column.label for column in columns},
        },
    )


def _forecast(raw: Mapping[str, Any]) -> ForecastRules:
    where = "lights/funds.yaml: forecast"
    weeks = raw.get("need_weeks")
    if not isinstance(weeks, list) or weeks != sorted(set(weeks)) or not weeks or min(weeks) < 1:
        raise RulebookInvalid(f"{where}: need_weeks is a list of growing weeks, not {weeks!r}")
    rules = ForecastRules(
        window_weeks=_count(raw, "window_weeks", where=where), least_weeks=_count(raw, "least_weeks", where=where),
        least_agreements=_count(raw, "least_agreements", where=where),
        least_payments=_count(raw, "least_payments", where=where),
        lag_window_days=_count(raw, "lag_window_days", where=where),
        spread_factor=decimal_of(raw.get("spread_factor")), horizon_days=_count(raw, "horizon_days", where=where),
        need_weeks=tuple(weeks), coverage_weeks=_count(raw, "coverage_weeks", where=where),
    )
    if not 2 <= rules.least_weeks <= rules.window_weeks:
        raise RulebookInvalid(f"{where}: least_weeks lies between 2 and window_weeks")
    if max(*weeks, rules.coverage_weeks) * 7 > rules.horizon_days:
        raise RulebookInvalid(f"{where}: horizon_days ends before the weeks of need")
    return rules


def _lights(raw: Mapping[str, Any], *, sources: Mapping[str, tuple[str, str]]) -> tuple[LightRule, ...]:
    if sorted(raw) != sorted(RULES):
        raise RulebookInvalid(f"lights/funds.yaml: rules are exactly {', '.join(RULES)}")
    rules = []
    for id, entry in raw.items():
        where = f"lights/funds.yaml: {id}"
        if entry.get("light") not in _LIGHTS:
            raise RulebookInvalid(f"{where}: light is one of {', '.join(_LIGHTS)}")
        rules.append(LightRule(
            id=id, light=entry["light"], label=label_pair(entry.get("label"), where=where),
            days=_count(entry, "days", where=where, otherwise=0),
            within_days=_count(entry, "within_days", where=where, otherwise=0),
            sources={
                regime: known_source(source, sources=sources, where=where)
                for regime, source in entry.get("sources", {}).items()
            },
            confidence=entry.get("confidence", ""),
        ))
    return tuple(rules)


def _columns(raw: Mapping[str, Any]) -> tuple[StatementColumn, ...]:
    if tuple(raw) != STATEMENT_COLUMNS:
        raise RulebookInvalid(f"bank_statement.yaml: columns are exactly {', '.join(STATEMENT_COLUMNS)}, in order")
    columns = tuple(
        StatementColumn(
            id=id, label=label_pair(entry.get("label"), where=f"bank_statement.yaml: {id}"),
            headings=tuple(entry["headings"]),
            is_required=bool(entry["required"]),
        )
        for id, entry in raw.items()
    )
    headings = [plain_heading(heading) for column in columns for heading in column.headings]
    if len(headings) != len(set(headings)):
        raise RulebookInvalid("bank_statement.yaml: a heading means two columns")
    return columns


def plain_heading(heading: str) -> str:
    """A heading as it is compared: without blanks, brackets' content, case and units in brackets."""
    text = heading.replace("（", "(").replace("）", ")")
    return "".join(text.partition("(")[0].split()).lower()


def _count(raw: Mapping[str, Any], name: str, *, where: str, otherwise: int | None = None) -> int:
    value = raw.get(name, otherwise)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise RulebookInvalid(f"{where}: {name} is a whole number of at least 0, not {value!r}")
    return value
