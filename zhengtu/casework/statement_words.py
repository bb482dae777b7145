"""A statement in words: lines as quantity × rate, with parameter, source, reason and the evidence asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from django.utils.translation import get_language, gettext

from zhengtu.core.compensation.parameters import Basis, Label
from zhengtu.core.compensation.statement import Group, Payee, Statement, StatementLine
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import ZERO, total
from zhengtu.core.kernel.reasons import Reason
from zhengtu.ledger.models import Evidence, Fact
from zhengtu.ledger.reason_text import SpokenReason, rulebook_label, spoken_reason, spoken_source
from zhengtu.ledger.rulebook import current_compensation, current_rulebook

_UNITS: Final[Mapping[str, str]] = {
    "m2": N_("m²"), "household": N_("household"), "member": N_("person"), "piece": N_("piece"), "yuan": N_("yuan"),
    "month": N_("month"), "months": N_("months"), "moves": N_("moves"), "building": N_("building"),
}
_GROUPS: Final[Mapping[Group, str]] = {
    Group.VALUE: N_("Value of the house"), Group.COMPENSATION: N_("Compensation"), Group.SUBSIDY: N_("Subsidies"),
    Group.REWARD: N_("Rewards"), Group.REPLACEMENT: N_("Houses taken in exchange"),
}
_PAYEES: Final[Mapping[Payee, str]] = {
    Payee.HOUSEHOLD: N_("Household"), Payee.COLLECTIVE: N_("Rural collective"),
    Payee.SOCIAL_SECURITY: N_("Social security fund"),
}
_STANDINGS: Final[Mapping[str, str]] = {
    "": N_("registered"), "recognised": N_("recognised"), "temporary": N_("temporary"),
    "unauthorised": N_("unlawful or unapproved"), "undetermined": N_("not investigated"),
}
_CHOICES: Final = ("item_inventoried.item", "hardship_recognised.hardship", "land_inventoried.crop")
_LEDGER_KINDS: Final[Mapping[str, str]] = {
    "recognition": "recognition_opinion", "signed_agreement": "agreement", "social_security_list": "farmers_list",
}
"""Evidence that a head asks for -> the kind under which the ledger files it, where the names differ."""


@dataclass(frozen=True, slots=True)
class SpokenEvidence:
    """Evidence that a line asks for, and whether such a paper lies in the household's file."""

    label: str
    is_held: bool


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """A line as it is read. ``computation`` is the whole product, e.g. ``86.50 m² × 18 months × 15.00``."""

    label: str
    subject: str
    computation: str
    rate: str
    amount: Decimal
    payee: str
    parameter: str
    value: str
    source: str
    effective_on: str
    because: SpokenReason
    evidence: tuple[SpokenEvidence, ...]


@dataclass(frozen=True, slots=True)
class SpokenGroup:
    """The lines of one group with their sum (yuan)."""

    label: str
    lines: tuple[SpokenLine, ...]
    amount: Decimal


def spoken_groups(statement: Statement, *, held: Collection[str] = ()) -> list[SpokenGroup]:
    """The statement's lines by group, in the order of the law.

    Args:
        held: kinds of evidence in the household's file.
    """
    groups = []
    for group in Group:
        lines = [line for line in statement.lines if line.group is group]
        if lines:
            groups.append(
                SpokenGroup(
                    gettext(_GROUPS[group]), tuple(_spoken(line, held) for line in lines),
                    total([line.amount for line in lines]),
                )
            )
    return groups


def evidence_held(household: str) -> set[str]:
    """Kinds of evidence attached to deeds with a fact about the household."""
    deeds = Fact.objects.filter(subject=household).values("deed_id")
    return set(Evidence.objects.filter(deed__in=deeds).values_list("kind", flat=True))


def spoken_payee(payee: Payee | str) -> str:
    """Whose money it is, in words."""
    return gettext(_PAYEES[Payee(payee)])


def spoken_notes(reasons: Collection[Reason]) -> list[SpokenReason]:
    """Warnings, entitlements or refusals of a statement, with the names of parameters and items in words."""
    return [spoken_reason(_named(reason)) for reason in reasons]


def label_in(label: Label) -> str:
    """The half of a (Chinese, English) pair that the reader wants."""
    return label[1 if (get_language() or "").startswith("en") else 0]


def _spoken(line: StatementLine, held: Collection[str]) -> SpokenLine:
    labels = current_compensation().evidence_labels
    factors = [f"{line.quantity:,f} {gettext(_UNITS[line.unit])}"]
    if line.times_unit:
        factors.append(f"{line.times:,f} {gettext(_UNITS[line.times_unit])}")
    rate = _share(line.rate) if line.unit == "yuan" else f"{line.rate:,f}"
    computation = " × ".join([*factors, rate.replace("-", "−")])
    if line.per != 1:
        computation += f" ÷ {line.per:,f}"
    return SpokenLine(
        label=label_in(line.label), subject=_subject(line), computation=computation, rate=rate, amount=line.amount,
        payee=spoken_payee(line.payee) if line.payee is not Payee.HOUSEHOLD else "",
        parameter=label_in(line.basis.label), value=_value(line.basis),
        source=spoken_source(line.basis.source) if line.basis.source else "",
        effective_on=line.basis.effective_on.isoformat() if line.basis.effective_on else "",
        because=spoken_reason(_named(line.because)),
        evidence=tuple(
            SpokenEvidence(label_in(labels[kind]), _LEDGER_KINDS.get(kind, kind) in held) for kind in line.evidence
        ),
    )


def _share(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f}%"


def _value(basis: Basis) -> str:
    """A value that is one number; tables and tiers are on the policy page."""
    return basis.value if basis.value.replace(".", "").isdigit() else ""


def _subject(line: StatementLine) -> str:
    """What the line is about, in words where it is no code."""
    code, _, standing = line.subject.partition("#")
    if line.group is Group.REPLACEMENT or not line.subject:
        return line.subject
    for choice in _CHOICES:
        if f"{choice}.{line.subject}" in current_rulebook().labels["choice"]:
            return rulebook_label(group="choice", id=f"{choice}.{line.subject}")
    if "-" in code and standing in _STANDINGS:
        return f"{code} {gettext(_STANDINGS[standing])}"
    return line.subject


def _named(reason: Reason) -> Reason:
    """The reason with ids of parameters, items and buildings put as words."""
    parameters = dict(reason.parameters)
    known = current_compensation().rules.parameters.by_id
    for name, value in parameters.items():
        text = str(value)
        if name == "parameter" and text in known:
            parameters[name] = label_in(known[text].label)
        elif name == "building":
            code, _, standing = text.partition("#")
            parameters[name] = f"{code} {gettext(_STANDINGS.get(standing, ''))}".strip() if standing else code
        elif name in ("kind", "crop", "item"):
            for choice in (*_CHOICES, "item_quoted.item"):
                if f"{choice}.{text}" in current_rulebook().labels["choice"]:
                    parameters[name] = f"choice:{choice}.{text}"
    return replace(reason, parameters=parameters)


def owed_by(statement: Statement) -> list[tuple[str, Decimal]]:
    """Payee -> what goes to it (yuan), those with something."""
    sums = ((payee, statement.of_payee(payee)) for payee in Payee)
    return [(spoken_payee(payee), amount) for payee, amount in sums if amount != ZERO]
