"""Rules of the procedures whose source nobody has checked: the list for counsel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zhengtu.core.procedure.steps import Confidence, Label, Procedures


@dataclass(frozen=True, slots=True)
class RuleToVerify:
    """One rule of one version of a procedure.

    Attributes:
        kind: ``step``, ``period`` or ``right``.
        of: label of the step that a period belongs to; else empty.
    """

    version: str
    regime: str
    kind: str
    id: str
    number: str
    label: Label
    of: Label
    confidence: Confidence
    source: str
    note: Label = ("", "")


def rules_to_verify(procedures: Procedures) -> Iterator[RuleToVerify]:
    """Steps, periods and rights that are not verified, in the order of the files."""
    for procedure in procedures.versions:
        version, regime = procedure.version, procedure.regime
        for step in procedure.steps.values():
            if step.confidence is not Confidence.VERIFIED:
                yield RuleToVerify(
                    version, regime, "step", step.id, step.number, step.label, ("", ""), step.confidence, step.source,
                    step.note,
                )
            for period in step.periods:
                if period.confidence is not Confidence.VERIFIED:
                    yield RuleToVerify(
                        version, regime, "period", f"{step.id}.{period.id}", step.number, period.label, step.label,
                        period.confidence, period.source,
                    )
        for right in procedure.rights.values():
            if right.confidence is not Confidence.VERIFIED:
                yield RuleToVerify(
                    version, regime, "right", right.id, "", right.label, ("", ""), right.confidence, right.source
                )
