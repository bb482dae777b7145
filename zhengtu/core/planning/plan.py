"""A plan as its readers see it: activities with lawful, latest and actual days, targets, certificates, light, curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import Period
from zhengtu.core.planning.plan_case import Stage, Target
from zhengtu.core.procedure.steps import Label


class ActivityKind(StrEnum):
    """What a bar stands for."""

    STEP = "step"
    """A statutory step."""
    PERIOD = "period"
    """A statutory period that has to run out; hatched, and neutral while it runs."""
    WORK = "work"
    """Work of teams on the households of a section."""
    HANDOVER = "handover"
    """The handing over of a section's land."""
    TRACK = "track"
    """A step of the way over a compensation decision to the court, shown beside the agreement."""


@dataclass(frozen=True, slots=True)
class PlannedActivity:
    """One bar. Days are first and last day, both included; a period's last day is the last day that has to pass.

    Attributes:
        id: ``220204-P0001:scheme_published``, ``…:scheme_published.notice``, ``220204-P0001-S01:negotiation``.
        subject: the participation or section it belongs to.
        step: id of the procedure's step; empty for work.
        stage: the stage of household work; None for steps.
        source: statute and article; empty where none asks for it.
        early_start_on, early_end_on: the earliest lawful days from the plan's day on; of what is done, the actual ones.
        late_start_on, late_end_on: the latest days that still meet the nearest target; None where no target needs it.
        actual_start_on, actual_end_on: what the ledger says.
        float_days: working days by which its start or end may slip, whichever may slip less; negative: too late
            already; None: no target.
        driver: id of the activity that decides its earliest start, or empty.
        driver_reason: why it cannot start sooner, in a sentence.
        responsible: unit code, or empty.
        households, households_left: of work: how many it is about, and how many are left.
        may_be_decided: whether a unit may decide its start (the only bars that can be dragged).
        ready_on: the day from which everything before it is there, as recorded; None where something is missing.
        actor: of a step: who decides or does it (``procedure.acts.Actor``), or empty.
        is_held_by_law: whether a dated obstacle of the law, not a decision, keeps it from beginning.
    """

    id: str
    subject: str
    label: Label
    kind: ActivityKind
    early_start_on: date
    early_end_on: date
    late_start_on: date | None
    late_end_on: date | None
    actual_start_on: date | None = None
    actual_end_on: date | None = None
    float_days: int | None = None
    is_critical: bool = False
    step: str = ""
    stage: Stage | None = None
    source: str = ""
    driver: str = ""
    driver_reason: Reason | None = None
    responsible: str = ""
    households: int = 0
    households_left: int = 0
    may_be_decided: bool = False
    ready_on: date | None = None
    actor: str = ""
    is_held_by_law: bool = False

    @property
    def is_done(self) -> bool:
        """Whether the ledger says that it is over."""
        return self.actual_end_on is not None


@dataclass(frozen=True, slots=True)
class PlannedLink:
    """A dependence between two bars: ``FS``, ``SS``, ``FF`` or ``SF`` with a lag in days."""

    before: str
    after: str
    kind: str
    lag_days: int = 0
    is_critical: bool = False


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """One line of the proof that a date cannot be met: from the first day to the last, because of the source.

    Attributes:
        count: how the line is counted: ``step`` (a day, no time of its own), ``period`` (runs out), ``allowed`` (what
            follows may come on its last day), ``work`` (working days) or ``until`` (a day that is recorded).
        period: of a period: its length in law.
        working_days, frozen: of work: how many working days, and the months that do not count.
    """

    activity: str
    label: Label
    from_on: date
    until_on: date
    source: str
    reason: Reason
    count: str = "step"
    period: Period | None = None
    working_days: int = 0
    frozen: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Certificate:
    """The shortest chain that breaks a deadline; whoever adds its lines up finds the earliest honest date.

    Attributes:
        lines: in order; the first starts on the plan's day or on a recorded one, the last ends on ``earliest_on``.
        days_short: calendar days by which the deadline is missed.
    """

    target: str
    earliest_on: date
    days_short: int
    lines: Sequence[CertificateLine]


@dataclass(frozen=True, slots=True)
class Repair:
    """A lawful way to bring the date nearer, checked by computing the plan again with it.

    Attributes:
        kind: ``teams``, ``parallel``, ``deadline`` or ``agreement``.
        cost_yuan: what it costs, None where no price is on file.
        earliest_on: the honest date with it.
        meets: whether the deadline is met with it.
    """

    kind: str
    reason: Reason
    cost_yuan: Decimal | None
    earliest_on: date
    meets: bool


@dataclass(frozen=True, slots=True)
class TargetOutlook:
    """A target against the plan.

    Attributes:
        earliest_on: the earliest honest date by law and teams, the forecast not counted in.
        is_met: whether the ledger says that it is reached.
        decision_on: the earliest date over decisions and the court for what is not settled; None where all is settled.
        needs_agreement: whether only agreement can meet the deadline.
        certificate: the chain that decides ``earliest_on``, where the deadline is missed.
        proof: the chain with the fewest lines that alone leads beyond the deadline, with the day it leads to.
        slack_days: working days between the earliest date and the deadline; negative where it is missed.
    """

    target: Target
    earliest_on: date | None
    is_met: bool
    slack_days: int
    decision_on: date | None
    needs_agreement: bool
    certificate: Certificate | None = None
    proof: Certificate | None = None
    repairs: Sequence[Repair] = ()


class BlockerKind(StrEnum):
    """Whose move it is."""

    CLIENT_MONEY = "client_money"
    DISTRICT = "district"
    APPRAISER = "appraiser"
    APPROVAL = "approval"
    COURT = "court"
    WEATHER = "weather"


@dataclass(frozen=True, slots=True)
class Blocker:
    """The one thing that holds a place up now, with its clock.

    Attributes:
        since: the day from which it holds up; None: withheld from who may not see the accounts.
        until: the day by which it has to be gone for the date to hold, or None.
        unit: code of the unit whose move it is, or empty.
    """

    kind: BlockerKind
    since: date | None
    until: date | None
    unit: str
    reason: Reason


class Colour(StrEnum):
    """The lights; ``running`` is the neutral state of a statutory period."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    RUNNING = "running"
    IDLE = "idle"

    @classmethod
    def by_urgency(cls) -> list[Colour]:
        """Red first."""
        return [cls.RED, cls.YELLOW, cls.RUNNING, cls.GREEN, cls.IDLE]

    @property
    def urgency(self) -> int:
        """Its place in that order, from 0."""
        return self.by_urgency().index(self)


@dataclass(frozen=True, slots=True)
class Light:
    """A colour with its reason in a sentence, by one rule; nobody sets it.

    Attributes:
        rule: id of the rule in ``rulebook/lights/schedule.yaml`` that gave it.
        probability: of the nearest target, 0 to 1; None where the forecast abstains.
        float_days: least float of what is left, in working days; None without a target.
        target: key of the target it is about; empty without one.
    """

    colour: Colour
    rule: str
    reason: Reason
    since: date | None
    blocker: Blocker | None
    probability: float | None = None
    float_days: int | None = None
    target: str = ""


@dataclass(frozen=True, slots=True)
class TrajectoryPoint:
    """What is planned to be reached by the end of a day."""

    on: date
    count: Decimal


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of one part of a project on a day.

    Attributes:
        planned: figure (``signed_count``, ``vacated_count``, ``handed_over_count``) -> planned cumulative curve, from
            the backward plan.
        section_lights: section code -> its light.
        chains: key of a target that is not reached, code of a section, or the part's own code -> ids of the bars that
            decide its date, what comes next first.
        assumptions: what the plan takes for granted (rates of the rulebook, years without a published calendar).
    """

    code: str
    on: date
    activities: Sequence[PlannedActivity]
    links: Sequence[PlannedLink]
    targets: Sequence[TargetOutlook]
    light: Light
    section_lights: Mapping[str, Light] = field(default_factory=dict)
    planned: Mapping[str, Sequence[TrajectoryPoint]] = field(default_factory=dict)
    chains: Mapping[str, Sequence[str]] = field(default_factory=dict)
    assumptions: Sequence[Reason] = ()
