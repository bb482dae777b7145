"""The form in which a fact is recorded: which fields a kind has, and what came back from the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from zhengtu.casework.actions import OfferedFile, record_fact
from zhengtu.casework.offers import Held, Offer, offers_for, recordable_kind
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.fact_kinds import FactKind
from zhengtu.registry.owners import HeldOwner
from zhengtu.web.shared.reason_text import rulebook_label

OPTIONAL_EVIDENCE = ("photo", "other")
"""Kinds of evidence that may always be added."""

PROOFS = ("personal_digest",)
"""Attributes by which a fact proves what is sealed elsewhere: no form shows or takes them."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form, as the template draws it; ``choices`` holds (value, label) pairs."""

    name: str
    label: str
    type: str
    is_required: bool
    value: str = ""
    choices: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class EvidenceField:
    """A place for files of one kind of evidence."""

    name: str
    label: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A kind that a page of its own records; ``href`` is empty where no such page is built in."""

    kind: FactKind
    href: str


@dataclass(frozen=True, slots=True)
class RecordPanel:
    """The panel “record a fact”: what is lawful now, what is not and why, and the form of the chosen kind."""

    lawful: Sequence[Offer]
    blocked: Sequence[Offer]
    others: Sequence[Offer]
    elsewhere: Sequence[Elsewhere] = ()
    chosen: FactKind | None = None
    happened_on: str = ""
    fields: Sequence[Field] = ()
    evidence: Sequence[EvidenceField] = ()
    reasons: Sequence[Reason] = field(default_factory=tuple)


def attribute_fields(
    kind: FactKind, values: Mapping[str, Any], *, owners: Sequence[HeldOwner] = ()
) -> list[Field]:
    """The fields of a kind with the values to show in them.

    Args:
        owners: of the household, whom a service may have reached.
    """
    return [_owner_field(kind, values, owners) if name == "owner" else _field(kind, name, values)
            for name in kind.attributes if name not in PROOFS]


def _owner_field(kind: FactKind, values: Mapping[str, Any], owners: Sequence[HeldOwner]) -> Field:
    return Field(
        name="attribute-owner", label=rulebook_label(group="attribute", id=f"{kind.id}.owner"), type="choice",
        is_required=len(owners) > 1, value=str(values.get("owner", "") or ("1" if len(owners) == 1 else "")),
        choices=[(str(owner.ordinal), f"{owner.ordinal} {owner.name_masked}") for owner in owners],
    )


def _field(kind: FactKind, name: str, values: Mapping[str, Any]) -> Field:
    attribute = kind.attributes[name]
    return Field(
        name=f"attribute-{name}",
        label=rulebook_label(group="attribute", id=f"{kind.id}.{name}"),
        type=attribute.type,
        is_required=attribute.is_required,
        value=str(values.get(name, "") or ""),
        choices=[
            (value, rulebook_label(group="choice", id=f"{kind.id}.{name}.{value}")) for value in attribute.choices
        ],
    )


def evidence_fields(kind: FactKind, *, are_required: bool = True) -> list[EvidenceField]:
    """Places for the evidence that a kind needs, and for more."""
    needed = [
        EvidenceField(f"evidence-{id}", rulebook_label(group="evidence", id=id), are_required) for id in kind.evidence
    ]
    return needed + [
        EvidenceField(f"evidence-{id}", rulebook_label(group="evidence", id=id), False)
        for id in OPTIONAL_EVIDENCE
        if id not in kind.evidence
    ]


def given_attributes(request: HttpRequest, kind: FactKind) -> dict[str, str]:
    """Attribute values of the form, without surrounding blanks."""
    return {name: request.POST.get(f"attribute-{name}", "").strip() for name in kind.attributes if name not in PROOFS}


def given_files(request: HttpRequest) -> list[OfferedFile]:
    """Files of the form with the role that their field gives them."""
    return [
        OfferedFile(kind=name.removeprefix("evidence-"), name=file.name or "", file=file)
        for name, files in request.FILES.lists()
        if name.startswith("evidence-")
        for file in files
    ]


def given_date(request: HttpRequest) -> date:
    """The date of the form.

    Raises:
        Refused: when it is missing or no date.
    """
    text = request.POST.get("happened_on", "")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(
            Reason(
                code="casework.date_missing",
                message=N_("The date on which it happened is missing or is no date: “%(text)s”."),
                parameters={"text": text},
                remedy=N_("Write it as year-month-day, e.g. 2025-02-14."),
            )
        ) from None


def record_panel(
    request: HttpRequest, *, subject: str, reasons: Sequence[Reason] = (), owners: Sequence[HeldOwner] = (),
    held: Held | None = None, is_in_register: bool = False,
) -> RecordPanel:
    """The panel of a subject; the chosen kind comes from the form that was refused, or from the address.

    Args:
        held: the subject as of now, where it is at hand already.
        is_in_register: whether the household has its page in the register of resettlement and the reader opens it.
    """
    today: date = request.today  # type: ignore[attr-defined]
    every = offers_for(request.actor, subject=subject, today=today, held=held)  # type: ignore[attr-defined]
    offers = [offer for offer in every if not offer.kind.through]
    lawful = [offer for offer in offers if offer.is_lawful]
    wanted = request.POST.get("kind") or request.GET.get("record", "")
    choosable = [offer.kind for offer in offers if offer.is_granted] if reasons else [offer.kind for offer in lawful]
    chosen = next((kind for kind in choosable if kind.id == wanted), None)
    if chosen is None and len(lawful) == 1 and not reasons:
        chosen = lawful[0].kind
    return RecordPanel(
        lawful=lawful,
        blocked=[offer for offer in offers if offer.is_granted and not offer.is_lawful],
        others=[offer for offer in offers if not offer.is_granted],
        elsewhere=[Elsewhere(offer.kind, _page_of(offer.kind, subject, is_in_register=is_in_register))
                   for offer in every if offer.kind.through],
        chosen=chosen,
        happened_on=request.POST.get("happened_on", "") or today.isoformat(),
        fields=attribute_fields(chosen, given_attributes(request, chosen), owners=owners) if chosen else (),
        evidence=evidence_fields(chosen) if chosen else (),
        reasons=reasons,
    )


_PAGES_OF_HOMES: Final[Mapping[str, str]] = {
    "home_promised": "promise.household", "breach_answered": "promise.household",
    "subsidy_paid": "subsidy.household", "cash_settled": "subsidy.household",
}
"""Kinds about a family's home that are not recorded on its page in the register."""


def _page_of(kind: FactKind, subject: str, *, is_in_register: bool) -> str:
    """The page that records such facts of the subject: of homes by kind, else the address ``agreement.of`` …"""
    if kind.through == "resettlement":
        page = _PAGES_OF_HOMES.get(kind.id, "resettlement.household")
        return reverse(page, args=[subject]) if is_in_register else ""
    try:
        return reverse(f"{kind.through}.of", args=[subject])
    except NoReverseMatch:
        return ""


def record_from(request: HttpRequest, *, subject: str) -> str:
    """Record what the form says and tell the user so; returns the deed's key.

    Raises:
        Refused: with everything that speaks against it.
    """
    kind = request.POST.get("kind", "")
    rules, _step = recordable_kind(kind, subject=subject)
    deed = record_fact(
        actor=request.actor,  # type: ignore[attr-defined]
        subject=subject,
        kind=kind,
        happened_on=given_date(request),
        attributes=given_attributes(request, rules),
        files=given_files(request),
        now=request.now,  # type: ignore[attr-defined]
    )
    messages.success(
        request,
        _("“%(kind)s” is recorded as deed %(deed)s.")
        % {"kind": rulebook_label(group="fact", id=kind), "deed": deed},
    )
    return deed
