"""Cases as plain values, folded from their facts: what they rest on, and what was said and decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from zhengtu.core.assessment.accountability import CaseEvent, CaseEventKind, CaseState, case_state
from zhengtu.ledger.models import Fact

OPENED: Final = "case_opened"
EXTENDED: Final = "case_extended"
GROUND_LOST: Final = "case_ground_lost"
TOLD: Final = "case_told"
EVENTS: Final[Mapping[str, CaseEventKind]] = {
    "case_stated": CaseEventKind.STATEMENT, "case_decided": CaseEventKind.DECISION,
    "case_appealed": CaseEventKind.APPEAL, "case_appeal_decided": CaseEventKind.APPEAL_DECISION,
    "case_closed": CaseEventKind.CLOSING, "case_withdrawn": CaseEventKind.WITHDRAWAL,
}
"""Kind of fact -> what happened to the case."""
SET_ASIDE: Final = "upheld"
CHANGED: Final = "changed"
WAITS: Final = "waits"
"""What became of an appeal: outcomes of ``case_appeal_decided``, and that none is recorded yet."""


@dataclass(frozen=True, slots=True)
class HeldGround:
    """A ground of a case as it was entered.

    Attributes:
        met_on: the rule's day; entered_on: the day on which it was entered.
        basis: references of facts (``deed/ordinal``).
        lost_on: the day on which the ledger no longer bore it out; None while it stands.
    """

    about: str
    met_on: date
    entered_on: date
    deed: str
    due_on: date | None = None
    measured: str = ""
    basis: tuple[str, ...] = ()
    lost_on: date | None = None

    @property
    def key(self) -> tuple[str, date]:
        """What makes it the same ground when it is found again."""
        return self.about, self.met_on


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One thing that was said or decided in a case.

    Attributes:
        by: code of the person; empty where the platform acted by rule.
        text: the statement or reason; outcome: what was decided, a choice of the fact's kind.
        instead: of a changed decision, the outcome that takes the place of the first.
        lapsed_on: of a decision without a statement, the day until which the unit might have made one.
    """

    kind: str
    on: date
    by: str
    deed: str
    text: str = ""
    outcome: str = ""
    instead: str = ""
    lapsed_on: date | None = None


@dataclass(frozen=True, slots=True)
class CaseLife:
    """Everything that the ledger holds of a case, in order.

    Attributes:
        opened_on: the day on which it was opened, whatever day its first ground was met on.
        told_on: the day on which the unit was told of it; None while nobody of the unit could be told.
        heard_until: last day of its period for a statement, as it was told.
    """

    opened_on: date | None = None
    told_on: date | None = None
    heard_until: date | None = None
    grounds: Sequence[HeldGround] = ()
    steps: Sequence[CaseStep] = ()
    events: Sequence[CaseEvent] = field(default=())

    @property
    def standing(self) -> list[HeldGround]:
        """Grounds that the ledger still bears out."""
        return [one for one in self.grounds if one.lost_on is None]

    def state(self, *, on: date) -> CaseState:
        """The state by the end of a day."""
        return case_state(self.events, on=on, heard_until=self.heard_until)

    @property
    def outcome(self) -> str:
        """What stands decided, a choice of ``case_decided``; empty where nothing is, or an appeal set it aside."""
        decided, appeal = self.last("case_decided"), self.last("case_appeal_decided")
        if decided is None or (appeal is not None and appeal.outcome == SET_ASIDE):
            return ""
        return appeal.instead if appeal is not None and appeal.outcome == CHANGED else decided.outcome

    @property
    def appeal_outcome(self) -> str:
        """What became of the appeal: ``waits``, or a choice of ``case_appeal_decided``; empty without one."""
        appealed, decided = self.last("case_appealed"), self.last("case_appeal_decided")
        return decided.outcome if decided is not None else WAITS if appealed is not None else ""

    def last(self, kind: str) -> CaseStep | None:
        """The last step of a kind."""
        return next((step for step in reversed(self.steps) if step.kind == kind), None)


class _Deed(NamedTuple):
    recorded_on: date
    actor: str


class _Fact(NamedTuple):
    """What a life reads of a fact; a late building gives a case thousands, too many to make models of."""

    kind: str
    happened_on: date
    attributes: Mapping[str, str]
    deed_id: str
    deed: _Deed


def lives_of(codes: Collection[str]) -> dict[str, CaseLife]:
    """Case -> its life, in one question."""
    rows: dict[str, list[_Fact]] = defaultdict(list)
    facts = Fact.objects.filter(subject__in=set(codes)).order_by("deed__recorded_at", "deed__number", "ordinal")
    for subject, *held, recorded_on, actor in facts.values_list(
        "subject", "kind", "happened_on", "attributes", "deed_id", "deed__recorded_on", "deed__actor"
    ):
        rows[subject].append(_Fact(*held, _Deed(recorded_on, actor)))
    return {code: _life(rows[code]) for code in codes}


def _life(facts: Sequence[_Fact]) -> CaseLife:
    grounds: dict[tuple[str, date], HeldGround] = {}
    lost: list[HeldGround] = []
    steps, opened_on = [], None
    told_on: date | None = None
    heard_until: date | None = None
    for fact in facts:
        given, recorded_on = fact.attributes, fact.deed.recorded_on
        if fact.kind == OPENED:
            opened_on = recorded_on
        elif fact.kind == TOLD:
            told_on, heard_until = recorded_on, date.fromisoformat(given["until"])
        elif fact.kind == EXTENDED:
            ground = HeldGround(
                about=given["about"], met_on=fact.happened_on, entered_on=recorded_on, deed=fact.deed_id,
                due_on=date.fromisoformat(given["due_on"]) if given.get("due_on") else None,
                measured=given.get("measured", ""), basis=tuple(given.get("basis", "").split()),
            )
            grounds[ground.key] = ground
        elif fact.kind == GROUND_LOST:
            taken = grounds.pop((given["about"], date.fromisoformat(given["met_on"])), None)
            if taken is not None:
                lost.append(HeldGround(
                    about=taken.about, met_on=taken.met_on, entered_on=taken.entered_on, deed=taken.deed,
                    due_on=taken.due_on, measured=taken.measured, basis=taken.basis, lost_on=recorded_on,
                ))
        elif fact.kind in EVENTS:
            steps.append(CaseStep(
                kind=fact.kind, on=recorded_on, by=fact.deed.actor, deed=fact.deed_id,
                text=given.get("statement") or given.get("reason", ""), outcome=given.get("outcome", ""),
                instead=given.get("instead", ""),
                lapsed_on=date.fromisoformat(given["lapsed_on"]) if given.get("lapsed_on") else None,
            ))
    return CaseLife(
        opened_on=opened_on, told_on=told_on, heard_until=heard_until,
        grounds=sorted((*grounds.values(), *lost), key=lambda one: (one.met_on, one.about)),
        steps=steps, events=[CaseEvent(EVENTS[step.kind], step.on, step.deed, step.lapsed_on) for step in steps],
    )
