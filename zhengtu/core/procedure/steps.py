"""A procedure as data: steps, what each needs, how long each takes, which rights each opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.kernel.work_calendar import Period
from zhengtu.core.procedure.acts import OUTSIDE_ACTORS, Act, Actor

__all__ = [
    "OUTSIDE_ACTORS", "SERVICE_METHOD", "Act", "Actor", "Bound", "Clause", "Confidence", "CourtChecklist", "DateField",
    "Label", "ListedItem", "Procedure", "Procedures", "Restart", "Right", "Scope", "Step", "StepAttribute",
    "StepPeriod",
]

Label = tuple[str, str]
"""(Chinese, English)."""


class Scope(StrEnum):
    """What a step is taken for."""

    PROJECT = "project"
    SECTION = "section"
    HOUSEHOLD = "household"


class Confidence(StrEnum):
    """How well a rule's source is known."""

    VERIFIED = "verified"
    SECONDARY = "secondary"
    RECALLED = "recalled"
    DESIGN = "design"


SERVICE_METHOD: Final = "method"
"""The attribute by which a step of a household that serves a document names the way of service."""


class Bound(StrEnum):
    """What a period says."""

    AT_LEAST = "at_least"
    """The step goes on at least so long; what needs it comes after the last day."""
    REMEDY = "remedy"
    """A remedy runs so long; what follows is held back by the rights themselves, which other facts may shorten or
    lengthen. Plans show the full period."""
    AT_MOST = "at_most"
    """The step is due by the last day; later is late and is said to be."""
    CAP = "cap"
    """The step's own declared end may not lie later."""
    ALLOW = "allow"
    """Somebody else may take so long: plans show the full period."""


@dataclass(frozen=True, slots=True)
class DateField:
    """A date of a recorded step: one of its date fields or an attribute; ``step`` empty means the step itself."""

    step: str
    field: str


@dataclass(frozen=True, slots=True)
class StepPeriod:
    """A period of a step with its start and source; ``declared`` is the attribute that a cap bounds."""

    id: str
    label: Label
    bound: Bound
    period: Period
    counted_from: DateField
    source: str
    confidence: Confidence
    declared: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition under which a step applies; exactly one kind of question is asked.

    Attributes:
        recorded: true when any of these steps is recorded.
        not_recorded: true when none of these steps is recorded.
        value: ``step.attribute`` or the name of a case attribute, compared by ``among``, ``above`` or ``at_least``.
        share_of: divisor of ``value`` for a share, in the same notation.
    """

    recorded: tuple[str, ...] = ()
    not_recorded: tuple[str, ...] = ()
    value: str = ""
    share_of: str = ""
    among: tuple[str, ...] = ()
    above: Decimal | None = None
    at_least: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StepAttribute:
    """A typed attribute that the fact of a step carries; types as in the ledger's fact kinds."""

    name: str
    type: str
    label: Label
    is_required: bool = False
    choices: Mapping[str, Label] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Restart:
    """Steps that lose their effect when this step is recorded (with one of ``results``, where any are named)."""

    steps: tuple[str, ...]
    results: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a procedure.

    Attributes:
        id: stable slug.
        number: the step's number in the table of the procedure.
        act: what it does in law, for the invariants.
        scope: project, section or household.
        actor: who decides or does it.
        recorded_by: the fact kind that records it.
        verb: what whoever records it must be allowed to do.
        needs: groups of steps; of each group one must be finished before.
        needs_begun: groups of steps; of each group one must be recorded before.
        conditions: ids of the predicates that must hold.
        evidence: evidence kinds of which each must be attached.
        requires: date fields that its fact must carry (``served_on``, ``published_from``).
        applies_when: all must hold for the step to apply.
        repeats: whether it may be recorded more than once.
        restart: what its recording undoes, or None.
        is_public: whether it is published.
        through: the page that alone records it (``agreement``, ``payment``), or empty.
    """

    id: str
    number: str
    label: Label
    scope: Scope
    actor: Actor
    source: str
    confidence: Confidence
    recorded_by: str
    verb: str
    act: Act = Act.OTHER
    needs: Sequence[tuple[str, ...]] = ()
    needs_begun: Sequence[tuple[str, ...]] = ()
    periods: Sequence[StepPeriod] = ()
    conditions: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    attributes: Mapping[str, StepAttribute] = field(default_factory=dict)
    applies_when: Sequence[Clause] = ()
    repeats: bool = False
    restart: Restart | None = None
    is_public: bool = False
    in_force_from: date | None = None
    in_force_until: date | None = None
    note: Label = ("", "")
    through: str = ""

    @property
    def is_service(self) -> bool:
        """Whether the step serves a document on owners: it names the way of service."""
        return self.scope is Scope.HOUSEHOLD and SERVICE_METHOD in self.attributes

    def is_in_force(self, on: date) -> bool:
        """Whether the step belongs to the procedure on that day."""
        return (self.in_force_from is None or self.in_force_from <= on) and (
            self.in_force_until is None or on < self.in_force_until
        )


@dataclass(frozen=True, slots=True)
class Right:
    """A right of the household that runs from a dated step.

    Attributes:
        counted_from: the date that sets it going; a service, a publication, never an issue.
        period: how long, or None when ``until`` names a date.
        until: the date field that names the last day, or None; with a period the later of both counts.
        untold_period: counted from being told of the right, when the paper did not tell it.
        untold_limit: the longest, counted from the service, when the paper did not tell of the right.
        against: what a proceeding must be directed against to count as this right; empty for any.
        exercised_by: steps that show that the right was used.
        replaced_by: step whose recording puts another right in its place, or empty.
        to: whom the household turns to; ``authority`` names it where the notices know the body's own name.
        how: how the household uses the right.
    """

    id: str
    label: Label
    counted_from: DateField
    period: Period | None
    to: Label
    source: str
    confidence: Confidence
    how: Label = ("", "")
    authority: str = ""
    until: DateField | None = None
    untold_period: Period | None = None
    untold_limit: Period | None = None
    against: str = ""
    exercised_by: tuple[str, ...] = ()
    replaced_by: str = ""
    applies_when: Sequence[Clause] = ()


@dataclass(frozen=True, slots=True)
class ListedItem:
    """A document of the court application, or a ground on which the court refuses it."""

    id: str
    label: Label
    source: str


@dataclass(frozen=True, slots=True)
class CourtChecklist:
    """What an application to the court must hold and what must not stand against it."""

    documents: Mapping[str, ListedItem]
    refusal_grounds: Mapping[str, ListedItem]
    window: Period
    window_source: str


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a procedure, from one step to the next phase's first, in the order of the file."""

    first_step: str
    label: Label


@dataclass(frozen=True)
class Procedure:
    """One version of one regime's procedure.

    Attributes:
        regime: ``state_land`` or ``collective_land``.
        in_force_from: first governing date of this version; it names the version.
        parameters: named figures that clauses use, with their source beside them in the file.
    """

    regime: str
    label: Label
    in_force_from: date
    steps: Mapping[str, Step]
    rights: Mapping[str, Right]
    court: CourtChecklist
    remedies: tuple[str, ...] = ()
    parameters: Mapping[str, Decimal] = field(default_factory=dict)
    phases: tuple[Phase, ...] = ()

    @property
    def version(self) -> str:
        """Name of the version, which a project keeps."""
        return f"{self.regime}@{self.in_force_from.isoformat()}"

    @cached_property
    def restarting(self) -> Mapping[str, tuple[Step, ...]]:
        """Step id -> the steps whose recording makes it lose its effect."""
        found: dict[str, tuple[Step, ...]] = {}
        for step in self.steps.values():
            for name in step.restart.steps if step.restart is not None else ():
                found[name] = (*found.get(name, ()), step)
        return found

    @cached_property
    def _by_act(self) -> Mapping[Act, tuple[Step, ...]]:
        return {act: tuple(step for step in self.steps.values() if step.act is act) for act in Act}

    @cached_property
    def _by_kind(self) -> Mapping[str, Step]:
        return {step.recorded_by: step for step in reversed(list(self.steps.values()))}

    def having(self, act: Act) -> tuple[Step, ...]:
        """The steps that do this act, in the order of the file."""
        return self._by_act[act]

    def recorded_by(self, fact_kind: str) -> Step | None:
        """The step that a fact kind records, or None."""
        return self._by_kind.get(fact_kind)


@dataclass(frozen=True, slots=True)
class Procedures:
    """All versions of all regimes.

    Attributes:
        date_labels: names of the dates that facts of steps carry.
        actor_labels: names of those who decide or do steps.
    """

    versions: Sequence[Procedure]
    date_labels: Mapping[str, Label] = field(default_factory=dict)
    actor_labels: Mapping[str, Label] = field(default_factory=dict)

    def governing(self, *, regime: str, on: date) -> Procedure:
        """The version in force on a project's governing date.

        Raises:
            Refused: when no version reaches back so far, or the regime is unknown.
        """
        fitting = [one for one in self.versions if one.regime == regime and one.in_force_from <= on]
        if not fitting:
            raise Refused(
                Reason(
                    code="procedure.no_version",
                    message=N_("The rulebook holds no procedure “%(regime)s” for %(on)s."),
                    parameters={"regime": f"procedure:{regime}", "on": on.isoformat()},
                    remedy=N_("Enter the procedure that was in force then, or correct the governing date."),
                )
            )
        return max(fitting, key=lambda one: one.in_force_from)

    def named(self, version: str) -> Procedure:
        """The version that a project keeps, by its name.

        Raises:
            KeyError: when there is none of that name.
        """
        for one in self.versions:
            if one.version == version:
                return one
        raise KeyError(version)
