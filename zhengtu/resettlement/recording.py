"""What every deed about homes checks alike: attributes, day, order and papers; everything wrong is told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.ledger.fact_kinds import checked_attributes, evidence_reasons, order_reasons
from zhengtu.ledger.act import NewFact
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.ledger.projection import milestone_dates
from zhengtu.ledger.rulebook import current_rulebook


def new_fact(
    kind: str, subject: str, on: date, given: Mapping[str, Any], *, today: date, files: Sequence[OfferedFile],
    reasons: list[Reason],
) -> NewFact:
    """The fact, and into ``reasons`` what speaks against it: its fields, its day, its order and its papers."""
    rules = current_rulebook().fact_kinds[kind]
    attributes, wrong = checked_attributes(rules, given)
    dates = milestone_dates([subject]).get(subject, {}) if rules.after or rules.milestone else {}
    reasons += wrong
    reasons += order_reasons(rules, happened_on=on, today=today, dates=dates, corrects=False)
    reasons += evidence_reasons(rules, attached=[file.kind for file in files])
    return NewFact(kind_of(subject), subject, kind, on, attributes)


def reason(code: str, message: str, remedy: str = "", **parameters: object) -> Reason:
    """A reason of this app."""
    return Reason(code=f"resettlement.{code}", message=message, parameters=parameters, remedy=remedy)
