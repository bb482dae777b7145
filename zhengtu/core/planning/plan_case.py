"""What a plan of a project's part in one jurisdiction is made from: law, recorded facts, sections, teams, deadlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.procedure.case_facts import CaseFacts
from zhengtu.core.procedure.steps import Label, Procedure


class Stage(StrEnum):
    """Work on the households of a section, in its order; the section's land is handed over after the last."""

    SURVEY = "survey"
    VALUATION = "valuation"
    NEGOTIATION = "negotiation"
    PAYMENT = "payment"
    VACATING = "vacating"
    DEMOLITION = "demolition"


@dataclass(frozen=True, slots=True)
class StageProgress:
    """How far one stage of a section has come: households done, the first and the last day on which one was done."""

    done: int = 0
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class StageRate:
    """How fast a stage goes.

    Attributes:
        households_per_day: households a team does in a working day.
        teams: teams at work on this part of the project.
        least_days: working days that one household takes at least.
        basis: ``teams`` (registered teams), ``observed`` (the last weeks of the ledger) or ``rule`` (the rulebook).
    """

    households_per_day: Decimal
    teams: int
    least_days: int
    basis: str


@dataclass(frozen=True, slots=True)
class Homecoming:
    """Households that were promised a home and have not come home.

    Attributes:
        waiting: all of them.
        overdue: those whose promised day is past.
        overdue_since: the earliest promised day that is past, or None.
    """

    waiting: int = 0
    overdue: int = 0
    overdue_since: date | None = None


@dataclass(frozen=True, slots=True)
class SectionWork:
    """One section with what is done and what is left.

    Attributes:
        handed_over_on: the day its land was handed over, or None.
        opens_m: metres of corridor that its handing over opens; 0 where it closes no gap.
        decided_on: of households with a compensation decision and no agreement that have not moved out, the day of
            each; their negotiation is over and counted as done.
        plan_decisions: stage -> the first day on which the unit decided to begin it, with the deed's number.
    """

    code: str
    name: Label
    order: int
    households: int
    stages: Mapping[Stage, StageProgress]
    handed_over_on: date | None = None
    opens_m: Decimal = Decimal(0)
    decided_on: Sequence[date] = ()
    plan_decisions: Mapping[Stage, tuple[date, str]] = field(default_factory=dict)
    homecoming: Homecoming = Homecoming()


@dataclass(frozen=True, slots=True)
class Target:
    """A deadline that applies to this part of a project, or to one of its sections.

    Attributes:
        goal: ``launched``, ``signed``, ``vacated``, ``handed_over``, ``started`` or ``resettled``.
        sections: codes of the sections it is about.
    """

    key: str
    goal: str
    due_on: date
    name: Label
    sections: Sequence[str]
    source: str = ""


@dataclass(frozen=True, slots=True)
class MoneyStanding:
    """What the dedicated account lets happen: where it stands and since when it holds work up.

    Attributes:
        is_short: whether arrivals do not cover what is signed and decided.
        late_since: the day from which planned money is late, or None.
        expected_on: the day of the next planned arrival, or None.
        runs_out_on: the first day on which the money does not suffice, nothing more coming in; None: not in sight.
    """

    is_short: bool = False
    late_since: date | None = None
    expected_on: date | None = None
    runs_out_on: date | None = None
    payer: str = ""


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """A difficult matter listed in the ledger: whose it is, since when, until when."""

    subject: str
    matter: str
    responsible: str
    since: date
    due_on: date | None
    deed: str


@dataclass(frozen=True, slots=True)
class PlanCase:
    """Everything that the plan of ``220204-P0001`` rests on, on a day.

    Attributes:
        on: the plan's day; what has not begun begins on it at the soonest.
        procedure, facts: the law that governs it and what is recorded; both None where no procedure governs.
        frozen_months: months in which the ground is frozen and nothing is demolished.
        handover_after: the stage after which a section's land is handed over: vacating, or demolition where the site
            has to be clear.
        steps_not_before: id of a step -> the day before which it is not taken, as a scenario or a decision has it.
        responsible: role in the plan (``district``, ``client``, ``appraiser``, ``government``, ``court``) -> unit code.
    """

    code: str
    project: str
    jurisdiction: str
    name: Label
    on: date
    calendar: WorkCalendar
    procedure: Procedure | None
    facts: CaseFacts | None
    sections: Sequence[SectionWork]
    rates: Mapping[Stage, StageRate]
    targets: Sequence[Target]
    money: MoneyStanding = MoneyStanding()
    matters: Sequence[OpenMatter] = ()
    frozen_months: frozenset[int] = frozenset()
    handover_after: Stage = Stage.DEMOLITION
    steps_not_before: Mapping[str, date] = field(default_factory=dict)
    responsible: Mapping[str, str] = field(default_factory=dict)
