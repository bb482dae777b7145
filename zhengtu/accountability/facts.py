"""Cases as plain values, folded from their facts: what they rest on, and what was said and decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from zhengtu.core.assessment.accountability import CaseEvent, CaseEventKind, CaseState, case_state
from zhengtu.ledger.models import Fact

OPENED: Final = "case_opened"
EXTENDED: Final = "case_extended"
GROUND_LOST: Final = "case_ground_lost"
EVENTS: Final[Mapping[str, CaseEventKind]] = {
    "case_stated": CaseEventKind.STATEMENT, "case_decided": CaseEventKind.DECISION,
    "case_appealed": CaseEventKind.APPEAL, "case_appeal_decided": CaseEventKind.APPEAL_DECISION,
    "case_closed": CaseEventKind.CLOSING, "case_withdrawn": CaseEventKind.WITHDRAWAL,
}
"""Kind of fact -> what happened to the case."""


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
    """

    kind: str
    on: date
    by: str
    deed: str
    text: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class CaseLife:
    """Everything that the ledger holds of a case, in order.

    Attributes:
        opened_on: the day on which it was opened, whatever day its first ground was met on.
    """

    opened_on: date | None = None
    grounds: Sequence[HeldGround] = ()
    steps: Sequence[CaseStep] = ()
    events: Sequence[CaseEvent] = field(default=())

    @property
    def standing(self) -> list[HeldGround]:
        """Grounds that the ledger still bears out."""
        return [one for one in self.grounds if one.lost_on is None]

    def state(self, *, on: date) -> CaseState:
        """The state by the end of a day."""
        return case_state(self.events, on=on)

    def last(self, kind: str) -> CaseStep | None:
        """The last step of a kind."""
        return next((step for step in reversed(self.steps) if step.kind == kind), None)


def lives_of(codes: Collection[str]) -> dict[str, CaseLife]:
    """Case -> its life, in one question."""
    rows: dict[str, list[Fact]] = defaultdict(list)
    facts = Fact.objects.filter(subject__in=set(codes)).select_related("deed")
    for fact in facts.order_by("deed__recorded_at", "deed__number", "ordinal"):
        rows[fact.subject].append(fact)
    return {code: _life(rows[code]) for code in codes}


def _life(facts: Sequence[Fact]) -> CaseLife:
    grounds: dict[tuple[str, date], HeldGround] = {}
    lost: list[HeldGround] = []
    steps, opened_on = [], None
    for fact in facts:
        given, recorded_on = fact.attributes, fact.deed.recorded_on
        if fact.kind == OPENED:
            opened_on = recorded_on
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
            ))
    return CaseLife(
        opened_on=opened_on, grounds=sorted((*grounds.values(), *lost), key=lambda one: (one.met_on, one.about)),
        steps=steps, events=[CaseEvent(EVENTS[step.kind], step.on, step.deed) for step in steps],
    )
