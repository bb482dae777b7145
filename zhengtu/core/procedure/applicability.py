"""Whether a step applies to a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from zhengtu.core.procedure.case_facts import CaseFacts, latest, value_at
from zhengtu.core.procedure.steps import Clause, Procedure, Step


class Applies(StrEnum):
    """The answer; what is unknown is treated as applying until a fact says otherwise."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def applies(step: Step, *, facts: CaseFacts, procedure: Procedure, on: date) -> Applies:
    """Whether the step belongs to this case as it stood by the end of that day."""
    if not step.is_in_force(on):
        return Applies.NO
    return clauses_hold(step.applies_when, facts=facts, procedure=procedure, on=on)


def clauses_hold(clauses: Sequence[Clause], *, facts: CaseFacts, procedure: Procedure, on: date) -> Applies:
    """Whether all clauses hold: one that does not decides; otherwise one that is unknown does."""
    answers = {_holds(clause, facts=facts, procedure=procedure, on=on) for clause in clauses}
    if Applies.NO in answers:
        return Applies.NO
    return Applies.UNKNOWN if Applies.UNKNOWN in answers else Applies.YES


def _holds(clause: Clause, *, facts: CaseFacts, procedure: Procedure, on: date) -> Applies:
    def is_recorded(step: str) -> bool:
        return latest(step, facts=facts, procedure=procedure, on=on) is not None

    if clause.recorded:
        return Applies.YES if any(map(is_recorded, clause.recorded)) else Applies.NO
    if clause.not_recorded:
        return Applies.NO if any(map(is_recorded, clause.not_recorded)) else Applies.YES
    value = value_at(clause.value, facts=facts, procedure=procedure, on=on)
    if value is None:
        # A document may still come; a mark of the registry that nobody set is not set.
        return Applies.UNKNOWN if "." in clause.value else Applies.NO
    if clause.among:
        return Applies.YES if str(value) in clause.among else Applies.NO
    number = Decimal(str(value))
    if clause.share_of:
        whole = value_at(clause.share_of, facts=facts, procedure=procedure, on=on)
        if whole is None or Decimal(str(whole)) == 0:
            return Applies.UNKNOWN
        number /= Decimal(str(whole))
    is_met = (clause.above is None or number > clause.above) and (clause.at_least is None or number >= clause.at_least)
    return Applies.YES if is_met else Applies.NO
