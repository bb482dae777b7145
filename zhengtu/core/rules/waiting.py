"""The part of the rulebook about families that wait: the watched number of late ones, and lists of subsidies paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from zhengtu.core.rules.funds import StatementColumn, plain_heading
from zhengtu.core.rules.reading import RulebookInvalid, label_pair, read_entries

LIST_COLUMNS: Final = ("household", "name", "from_on", "last_on", "amount_yuan", "paid_on", "payer")
_LIST: Final = "resettlement/subsidy_list.yaml"
_OVERDUE: Final = "resettlement/overdue.yaml"


@dataclass(frozen=True, slots=True)
class WaitingRules:
    """What the rulebook says of families that wait.

    Attributes:
        line_households: number of late families whose crossing the overdue wall tells.
        columns: columns of a list of subsidies paid; lines_limit: how many lines one may have.
    """

    line_households: int
    columns: Sequence[StatementColumn]
    lines_limit: int

    @property
    def labels(self) -> dict[str, dict[str, tuple[str, str]]]:
        """Labels of the columns."""
        return {"subsidy_column": {column.id: column.label for column in self.columns}}


def load_waiting(folder: Path) -> WaitingRules:
    """Read and check ``resettlement/overdue.yaml`` and ``resettlement/subsidy_list.yaml``.

    Raises:
        RulebookInvalid: naming the file and the entry that is wrong.
    """
    overdue = read_entries(folder / "resettlement" / "overdue.yaml")
    listed = read_entries(folder / "resettlement" / "subsidy_list.yaml")
    return WaitingRules(
        line_households=_number(overdue, "line_households", where=_OVERDUE),
        columns=_columns(listed["columns"]), lines_limit=_number(listed, "lines_limit", where=_LIST),
    )


def _columns(raw: Mapping[str, Any]) -> tuple[StatementColumn, ...]:
    if tuple(raw) != LIST_COLUMNS:
        raise RulebookInvalid(f"{_LIST}: columns are exactly {', '.join(LIST_COLUMNS)}, in order")
    columns = tuple(
        StatementColumn(
            id=id, label=label_pair(entry.get("label"), where=f"{_LIST}: {id}"), headings=tuple(entry["headings"]),
            is_required=entry["required"] is True,
        )
        for id, entry in raw.items()
    )
    headings = [plain_heading(heading) for column in columns for heading in column.headings]
    if len(headings) != len(set(headings)):
        raise RulebookInvalid(f"{_LIST}: a heading means two columns")
    return columns


def _number(raw: Mapping[str, Any], name: str, *, where: str) -> int:
    value = raw.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise RulebookInvalid(f"{where}: {name} is a whole number of at least 1, not {value!r}")
    return value
