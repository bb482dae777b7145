"""Fact kinds: what can be recorded of whom, with which attributes, evidence and order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.ledger.milestones import ENDED_BY, Milestone, MilestoneDates, has_reached


@dataclass(frozen=True, slots=True)
class Attribute:
    """A typed attribute of a fact.

    Attributes:
        type: ``text``, ``date``, ``money`` (Decimal yuan), ``area`` (Decimal m²), ``quantity`` (Decimal),
            ``count`` or ``choice``.
        choices: value -> (Chinese, English), for ``choice``.
    """

    name: str
    type: str
    label: tuple[str, str]
    is_required: bool = False
    choices: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FactKind:
    """One kind of fact from ``rulebook/facts.yaml``.

    Attributes:
        subject_kinds: kinds of subject that it is recorded of.
        milestone: the milestone whose date it sets, or None.
        dated_by: attribute that carries that date, when it is not the date it happened.
        after: groups of milestones; of each group at least one must be reached no later.
        evidence: evidence kinds of which each must be attached.
        source: statute and article behind the order, or empty.
        verb: what the recording actor must be allowed to do.
        through: the page that alone records it (``agreement``, ``payment``), or empty: then a form takes it.
        regimes: procedures under which it is recorded; empty for all.
    """

    id: str
    label: tuple[str, str]
    subject_kinds: tuple[str, ...]
    verb: str
    milestone: Milestone | None = None
    dated_by: str = ""
    after: Sequence[Sequence[Milestone]] = ()
    evidence: Sequence[str] = ()
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    source: str = ""
    through: str = ""
    regimes: Sequence[str] = ()

    def milestone_date(self, *, happened_on: date, attributes: Mapping[str, Any]) -> date:
        """The date that the fact sets for its milestone."""
        return date.fromisoformat(attributes[self.dated_by]) if self.dated_by else happened_on


def order_reasons(
    kind: FactKind,
    *,
    happened_on: date,
    today: date,
    dates: MilestoneDates,
    corrects: bool,
) -> list[Reason]:
    """Why a fact of this kind may not be dated so for a subject with these milestones.

    Args:
        dates: milestones without the fact that is being corrected, if one is.
        corrects: whether the fact supersedes another of its kind.
    """
    reasons: list[Reason] = []
    if happened_on > today:
        reasons.append(
            Reason(
                code="ledger.in_the_future",
                message=N_("The date %(on)s lies in the future; today is %(today)s."),
                parameters={"on": happened_on.isoformat(), "today": today.isoformat()},
                remedy=N_("Record a fact on or after the day it happened."),
            )
        )
    milestone = kind.milestone
    if milestone is not None and not corrects and _is_recorded(milestone, happened_on=happened_on, dates=dates):
        reasons.append(
            Reason(
                code="ledger.already_recorded",
                message=N_("“%(kind)s” is already recorded for %(held)s."),
                parameters={"kind": f"fact:{kind.id}", "held": dates[milestone].isoformat()},
                remedy=N_("Correct the recorded fact instead."),
            )
        )
    reasons.extend(missing_before(kind, happened_on=happened_on, dates=dates))
    return reasons


def _is_recorded(milestone: Milestone, *, happened_on: date, dates: MilestoneDates) -> bool:
    """Whether what is recorded leaves no room for another fact of the milestone; what ended may begin anew."""
    if milestone not in dates or milestone is Milestone.PROMISED:
        return False
    ended_on = dates.get(ENDED_BY[milestone]) if milestone in ENDED_BY else None
    return ended_on is None or happened_on <= ended_on


def missing_before(kind: FactKind, *, happened_on: date, dates: MilestoneDates) -> Iterable[Reason]:
    """Which milestones that the kind comes after are not reached by that day."""
    for group in kind.after:
        held = [dates[milestone] for milestone in group if milestone in dates]
        ended = [
            dates[ENDED_BY[milestone]] for milestone in group
            if milestone in ENDED_BY and ENDED_BY[milestone] in dates and ENDED_BY[milestone] is not kind.milestone
            and not has_reached(dates, milestone, on=happened_on)
        ]
        needs = "|".join(f"milestone:{milestone}" for milestone in group)
        if not held:
            yield Reason(
                code="ledger.step_missing",
                message=N_("“%(kind)s” needs “%(needs)s” first, and none is recorded."),
                parameters={"kind": f"fact:{kind.id}", "needs": needs},
                source=kind.source,
                remedy=N_("Record that step with its evidence first."),
            )
        elif min(held) > happened_on:
            yield Reason(
                code="ledger.before_its_step",
                message=N_("“%(kind)s” on %(on)s would come before “%(needs)s” on %(held)s."),
                parameters={
                    "kind": f"fact:{kind.id}", "needs": needs,
                    "on": happened_on.isoformat(), "held": min(held).isoformat(),
                },
                source=kind.source,
                remedy=N_("The earliest possible date is %(held)s."),
            )
        elif ended:
            yield Reason(
                code="ledger.step_ended",
                message=N_("“%(kind)s” needs “%(needs)s” first, and that ended on %(held)s: somebody moved back."),
                parameters={"kind": f"fact:{kind.id}", "needs": needs, "held": max(ended).isoformat()},
                source=kind.source,
                remedy=N_("Record with its evidence that the house was vacated anew."),
            )


def later_steps_reasons(
    kinds: Mapping[str, FactKind], *, dates: MilestoneDates
) -> list[Reason]:
    """Why a set of milestone dates contradicts itself: some step stands before one that it needs.

    Asked after a correction or a withdrawal, so that no past step is pulled from under a later one.
    """
    reasons: list[Reason] = []
    for kind in kinds.values():
        if kind.milestone is not None and kind.milestone in dates and not kind.dated_by:
            reasons.extend(missing_before(kind, happened_on=dates[kind.milestone], dates=dates))
    return reasons


def evidence_reasons(kind: FactKind, *, attached: Iterable[str]) -> list[Reason]:
    """Which required evidence is missing."""
    held = set(attached)
    return [
        Reason(
            code="ledger.evidence_missing",
            message=N_("“%(kind)s” needs evidence: %(evidence)s."),
            parameters={"kind": f"fact:{kind.id}", "evidence": f"evidence:{needed}"},
            source=kind.source,
            remedy=N_("Attach the file and record again."),
        )
        for needed in kind.evidence
        if needed not in held
    ]


def checked_attributes(kind: FactKind, given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Reason]]:
    """Attributes as they are stored (decimals and dates as text), and what is wrong with them."""
    stored: dict[str, Any] = {}
    reasons: list[Reason] = []
    for name in given:
        if name not in kind.attributes:
            reasons.append(_attribute_reason(kind, name, N_("“%(kind)s” has no field “%(field)s”.")))
    for name, attribute in kind.attributes.items():
        value = given.get(name)
        if value is None or value == "":
            if attribute.is_required:
                reasons.append(_attribute_reason(kind, name, N_("“%(kind)s” needs the field “%(field)s”.")))
            continue
        try:
            stored[name] = _stored_value(attribute, value)
        except (ValueError, InvalidOperation):
            reasons.append(
                _attribute_reason(kind, name, N_("In “%(kind)s” the field “%(field)s” cannot be “%(value)s”."), value)
            )
    return stored, reasons


def _attribute_reason(kind: FactKind, name: str, message: str, value: object = "") -> Reason:
    return Reason(
        code="ledger.attribute",
        message=message,
        parameters={"kind": f"fact:{kind.id}", "field": f"attribute:{kind.id}.{name}", "value": str(value)},
        remedy=N_("Fill it in as the form shows."),
    )


def _stored_value(attribute: Attribute, value: Any) -> Any:
    if attribute.type == "date":
        return value.isoformat() if isinstance(value, date) else date.fromisoformat(str(value)).isoformat()
    if attribute.type in ("money", "area", "quantity"):
        number = Decimal(str(value))
        if not number.is_finite() or number < 0:
            raise ValueError(value)
        return str(number.quantize(Decimal("0.01")))
    if attribute.type == "count":
        count = int(value)
        if count < 0:
            raise ValueError(value)
        return count
    if attribute.type == "choice" and value not in attribute.choices:
        raise ValueError(value)
    return str(value)
