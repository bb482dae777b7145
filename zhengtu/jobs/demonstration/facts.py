"""Collect the drawn histories into one table of facts, in the order in which they were recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from zhengtu.jobs.demonstration.fabric import Ints
from zhengtu.jobs.demonstration.histories import History
from zhengtu.jobs.demonstration.model import FACT_KINDS, OPTIONS, SUBJECT_KINDS, FactTable

LONGEST_LAG = 5
"""Most days between what happened and its recording."""
CHAIN = ("registered", "surveyed", "valued", "signed", "decided", "paid", "vacated", "demolished", "resettled")
RECORDED_ORDER = (
    "registered",
    "surveyed",
    "expropriation_announced",
    "valued",
    "signed",
    "decided",
    "resettlement_promised",
    "paid",
    "vacated",
    "demolished",
    "handed_over",
    "resettled",
)
"""Order of facts recorded on one day: each after what it rests on."""


@dataclass
class _Columns:
    """Columns under construction, one array per project and kind."""

    kind: list[Ints] = field(default_factory=list)
    subject: list[Ints] = field(default_factory=list)
    happened: list[Ints] = field(default_factory=list)
    recorded: list[Ints] = field(default_factory=list)
    amount: list[Ints] = field(default_factory=list)
    option: list[Ints] = field(default_factory=list)
    promised: list[Ints] = field(default_factory=list)

    def add(self, kind: str, subject: Ints, happened: Ints, recorded: Ints, **more: Ints) -> None:
        """Add the facts of one kind that have happened and been recorded by today."""
        rows = np.flatnonzero((happened <= 0) & (recorded <= 0))
        count = len(rows)
        self.kind.append(np.full(count, RECORDED_ORDER.index(kind)))
        self.subject.append(subject[rows])
        self.happened.append(happened[rows])
        self.recorded.append(recorded[rows])
        for name, absent in (("amount", -1), ("option", 0), ("promised", _ABSENT)):
            given = more[name][rows] if name in more else np.full(count, absent, dtype=np.int64)
            getattr(self, name).append(given)


_ABSENT = 10**7


def collect_facts(histories: Iterable[tuple[History, int, int]], *, seed: int, today: date) -> FactTable:
    """Return all facts up to today, sorted by the day of recording.

    `histories` gives each project's history with the rows of its first section and its first household.
    """
    columns = _Columns()
    rng = np.random.default_rng([seed, 6])
    for told, first_section, first_household in histories:
        _add_sections(columns, rng, told, first_section)
        _add_households(columns, rng, told, first_household)
    joined = {name: np.concatenate(getattr(columns, name)) for name in vars(columns)}
    order = np.lexsort((joined["kind"], joined["recorded"]))
    joined = {name: column[order] for name, column in joined.items()}
    on = np.datetime64(today, "D")
    of_section = np.isin(
        joined["kind"], [RECORDED_ORDER.index(kind) for kind in ("expropriation_announced", "handed_over")]
    )
    promised = (on + joined["promised"]).astype("datetime64[D]")
    promised[joined["promised"] == _ABSENT] = np.datetime64("NaT")
    return FactTable(
        subject_kind=np.where(of_section, SUBJECT_KINDS.index("section"), SUBJECT_KINDS.index("household")).astype(
            np.uint8
        ),
        subject=joined["subject"].astype(np.int32),
        kind=np.array([FACT_KINDS.index(kind) for kind in RECORDED_ORDER], dtype=np.uint8)[joined["kind"]],
        happened_on=on + joined["happened"],
        recorded_on=on + joined["recorded"],
        amount_yuan=joined["amount"].astype(np.int64),
        option=joined["option"].astype(np.uint8),
        promised_on=promised,
    )


def _add_sections(columns: _Columns, rng: np.random.Generator, told: History, first: int) -> None:
    rows = first + np.arange(len(told.announced))
    columns.add("expropriation_announced", rows, told.announced, told.announced)
    columns.add("handed_over", rows, told.handed_over, told.handed_over + rng.integers(0, LONGEST_LAG + 1, len(rows)))


def _add_households(columns: _Columns, rng: np.random.Generator, told: History, first: int) -> None:
    """Add the chain of each household; each step is recorded at least a day after the one it rests on."""
    rows = first + np.arange(len(told.registered))
    last = np.full(len(rows), -(10**7))
    recorded = {}
    for kind in CHAIN:
        happened: Ints = getattr(told, kind)
        lag = np.minimum(rng.geometric(0.45, len(rows)) - 1, LONGEST_LAG)
        day = np.maximum(happened + lag, last + 1)
        recorded[kind] = day
        last = np.where(happened <= 0, day, last)
    option = np.where(told.exchange, OPTIONS.index("exchange"), OPTIONS.index("cash"))
    more: dict[str, dict[str, Ints]] = {
        "valued": {"amount": told.value_yuan},
        "signed": {"amount": told.amount_yuan, "option": option},
        "decided": {"amount": told.amount_yuan},
        "paid": {"amount": told.amount_yuan},
    }
    for kind in CHAIN:
        columns.add(kind, rows, getattr(told, kind), recorded[kind], **more.get(kind, {}))
    exchanging = np.flatnonzero(told.exchange)
    columns.add(
        "resettlement_promised",
        rows[exchanging],
        told.signed[exchanging],
        recorded["signed"][exchanging],
        promised=told.promised_for[exchanging],
    )
