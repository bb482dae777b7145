"""Collect the drawn histories into one table of facts, in the order in which they were recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from zhengtu.jobs.demonstration.fabric import Ints
from zhengtu.jobs.demonstration.histories import History, Households
from zhengtu.jobs.demonstration.model import FACT_KINDS, OPTIONS, SUBJECT_KINDS, FactTable

LONGEST_LAG = 5
"""Most days between what happened and its recording; one more where it waits for another's recording."""
CHAIN = (
    "registered", "surveyed", "valued", "served", "signed", "decided", "paid", "vacated", "demolished", "resettled"
)
RECORDED_ORDER = (
    "registered",
    "surveyed",
    "unregistered_recognised",
    "valued",
    "valuation_report_served",
    "options_offered",
    "land_options_offered",
    "signed",
    "decided",
    "decision_served",
    "land_decision_served",
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


@dataclass(frozen=True)
class Told:
    """One project's history with the rows of its first section and household, and whom its households are.

    `unregistered` marks households with unregistered floor area.
    """

    history: History
    homes: Households
    regime: str
    first_section: int
    first_household: int
    unregistered: np.ndarray


def collect_facts(told_projects: Iterable[Told], *, seed: int, today: date) -> FactTable:
    """Return all facts up to today, sorted by the day of recording."""
    columns = _Columns()
    rng = np.random.default_rng([seed, 6])
    for told in told_projects:
        recorded = _add_households(columns, rng, told)
        _add_sections(columns, rng, told, recorded["vacated"])
    joined = {name: np.concatenate(getattr(columns, name)) for name in vars(columns)}
    order = np.lexsort((joined["kind"], joined["recorded"]))
    joined = {name: column[order] for name, column in joined.items()}
    on = np.datetime64(today, "D")
    of_section = joined["kind"] == RECORDED_ORDER.index("handed_over")
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


def _add_sections(columns: _Columns, rng: np.random.Generator, told: Told, vacated_recorded: Ints) -> None:
    """Add the handings over, each recorded after the last vacating of its section was."""
    handed_over, sections = told.history.handed_over, len(told.history.announced)
    known = np.full(sections, -(10**7))
    np.maximum.at(known, told.homes.section, vacated_recorded)
    recorded = np.maximum(handed_over + rng.integers(0, LONGEST_LAG + 1, sections), known + 1)
    columns.add("handed_over", told.first_section + np.arange(sections), handed_over, recorded)


def _add_households(columns: _Columns, rng: np.random.Generator, told: Told) -> dict[str, Ints]:
    """Add the chain of each household; each step is recorded at least a day after the one it rests on."""
    history = told.history
    rows = told.first_household + np.arange(len(history.registered))
    last = np.full(len(rows), -(10**7))
    recorded: dict[str, Ints] = {}
    for kind in CHAIN:
        happened: Ints = getattr(history, kind)
        lag = np.minimum(rng.geometric(0.45, len(rows)) - 1, LONGEST_LAG)
        day = np.maximum(happened + lag, last + 1)
        if kind == "demolished":
            day = np.maximum(day, _last_of(told.homes.building, recorded["vacated"]) + 1)
        recorded[kind] = day
        last = np.where(happened <= 0, day, last)
    option = np.where(history.exchange, OPTIONS.index("exchange"), OPTIONS.index("cash"))
    more: dict[str, dict[str, Ints]] = {
        "valued": {"amount": history.value_yuan},
        "signed": {"amount": history.amount_yuan, "option": option},
        "decided": {"amount": history.amount_yuan, "option": np.full(len(rows), OPTIONS.index("cash"))},
        "paid": {"amount": history.amount_yuan},
    }
    for kind in CHAIN:
        if kind != "served":
            columns.add(kind, rows, getattr(history, kind), recorded[kind], **more.get(kind, {}))
    _add_notices(columns, told, rows, recorded)
    exchanging = np.flatnonzero(history.exchange)
    columns.add(
        "resettlement_promised",
        rows[exchanging],
        history.signed[exchanging],
        recorded["signed"][exchanging],
        promised=history.promised_for[exchanging],
    )
    return recorded


def _add_notices(columns: _Columns, told: Told, rows: Ints, recorded: dict[str, Ints]) -> None:
    """Add what was served on the households and recognised of their buildings; nothing under the old regime."""
    if told.regime == "LEGACY_DEMOLITION":
        return
    history, land = told.history, told.regime == "COLLECTIVE_LAND"
    part = np.unique(told.homes.jurisdiction, return_inverse=True)[1][told.homes.section]
    recognised = _last_of(part, history.surveyed) + 2
    some = np.flatnonzero(told.unregistered)
    columns.add("unregistered_recognised", rows[some], recognised[some], recognised[some] + LONGEST_LAG)
    if not land:
        columns.add("valuation_report_served", rows, history.served, recorded["served"])
    offered = "land_options_offered" if land else "options_offered"
    columns.add(offered, rows, history.served, recorded["served"])
    told_of = "land_decision_served" if land else "decision_served"
    columns.add(told_of, rows, history.decided + 2, np.maximum(history.decided + 2, recorded["decided"] + 1))


def _last_of(group: Ints, days: Ints) -> Ints:
    """Return for each member the latest day of its group."""
    latest = np.full(int(group.max()) + 1, -(10**7))
    np.maximum.at(latest, group, days)
    return np.asarray(latest[group])
