"""Naming the right holders of a household anew from the proof of title.

Services name an owner by its ordinal, so an owner to whom anything was served keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from zhengtu.accounts.sealing import personal_digest, seal, search_index, unseal
from zhengtu.casework.offered_files import OfferedFile, kept_files
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.masking import mask_identity, mask_name
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.survey_sheets.identity_numbers import identity_finding
from zhengtu.core.survey_sheets.values import MASK
from zhengtu.ledger.act import NewFact, act
from zhengtu.registry.models import Household
from zhengtu.registry.owners import JOINT, HeldOwner, owners_of
from zhengtu.registry.procedure_cases import OWNERS_NAMED, standing_facts_of
from zhengtu.registry.queries import subject_of
from zhengtu.registry.writes import put_owners

OWNERS_LIMIT: Final = 20
TITLE_EVIDENCE: Final = "title_proof"
_SOURCE: Final = "state-council-decree-590#15"


@dataclass(frozen=True, slots=True)
class GivenOwner:
    """One owner as the form gives it; a masked value means what is held already."""

    name: str
    identity_number: str = ""
    phone: str = ""
    share: str = JOINT

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return not (self.name or self.identity_number or self.phone)


def name_owners(
    *,
    actor: Actor,
    household: Household,
    owners: Sequence[GivenOwner],
    happened_on: date,
    files: Sequence[OfferedFile],
    now: datetime,
) -> str:
    """Name the right holders of a household from its proof of title; returns the deed's key.

    Raises:
        Refused: no right, no proof, a name or share missing or unfit, or an owner already served would be lost.
    """
    with act(actor, "fact.record", on=subject_of(household.code), at=now) as deed:
        held = {owner.ordinal: owner for owner in owners_of(household)}
        given = [owner for owner in owners if not owner.is_empty]
        rows, reasons = _rows(given, held)
        reasons += _shares_reasons(given)
        reasons += _served_reasons(household.code, rows, held)
        if TITLE_EVIDENCE not in {file.kind for file in files}:
            reasons.append(_reason("proof_missing", N_("Naming owners needs the proof of title."), N_("Attach it.")))
        if happened_on > deed.recorded_on:
            reasons.append(_reason("in_the_future", N_("The proof of title cannot be dated in the future.")))
        kept = kept_files(files, reasons)
        digest = personal_digest({str(row["ordinal"]): unseal(row["personal_sealed"]) for row in rows})
        put_owners(household.code, rows)
        fact = NewFact(
            "household", household.code, OWNERS_NAMED, happened_on, {"owners": len(rows), "personal_digest": digest}
        )
        return deed.record(facts=[fact], evidence=kept)


def _rows(
    given: Sequence[GivenOwner], held: Mapping[int, HeldOwner]
) -> tuple[list[dict[str, Any]], list[Reason]]:
    """The rows as they will stand, and what is wrong with what was given."""
    rows, reasons = [], []
    if not 1 <= len(given) <= OWNERS_LIMIT:
        reasons.append(_reason("count", N_("A household has at least one owner and at most twenty."), ""))
    for ordinal, owner in enumerate(given, start=1):
        personal = dict(held[ordinal].personal()) if ordinal in held else {}
        for name in ("name", "identity_number", "phone"):
            value = "".join(getattr(owner, name).split()) if name != "name" else owner.name.strip()
            is_kept = MASK in value or (name == "phone" and not value)
            if is_kept and ordinal in held:
                continue
            personal[name] = value.upper() if name == "identity_number" else value
        if not personal.get("name") or MASK in str(personal.get("name")):
            reasons.append(
                _reason("name_missing", N_("Owner %(number)s has no name."), N_("Write the full name."), number=ordinal)
            )
        identity = str(personal.get("identity_number") or "")
        finding = identity_finding(identity) if identity else None
        if finding is not None and finding[2]:
            reasons.append(
                _reason(
                    "identity", N_("The identity number of owner %(number)s cannot be right."),
                    N_("Compare it with the certificate."), number=ordinal,
                )
            )
        rows.append({
            "ordinal": ordinal, "personal_sealed": seal(personal),
            "name_masked": mask_name(str(personal.get("name") or "")),
            "name_index": search_index(str(personal.get("name") or "")),
            "identity_masked": mask_identity(identity), "identity_index": search_index(identity),
            "share": _share(owner.share) or JOINT,
        })
    return rows, reasons


def _share(text: str) -> str:
    """The share as it is kept: a fraction in lowest terms, or ``joint``; empty where it is neither."""
    text = text.strip()
    if text in ("", JOINT):
        return JOINT
    try:
        part = Fraction(text.replace("%", "")) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        return ""
    return f"{part.numerator}/{part.denominator}" if 0 < part <= 1 else ""


def _shares_reasons(given: Sequence[GivenOwner]) -> list[Reason]:
    shares = [_share(owner.share) for owner in given]
    if "" in shares:
        return [_reason("share", N_("A share is a fraction of the whole, such as 1/2, or joint."), "")]
    parts = [Fraction(share) for share in shares if share != JOINT]
    if parts and (len(parts) != len(shares) or sum(parts) != 1):
        return [_reason("shares", N_("Shares must add up to the whole, or all be joint."), N_("Correct the shares."))]
    return []


def _served_reasons(
    household: str, rows: Sequence[Mapping[str, Any]], held: Mapping[int, HeldOwner]
) -> list[Reason]:
    """Owners to whom something was served stay who they are under their ordinal."""
    served = {
        int(fact.attributes.get("owner") or 1)
        for fact in standing_facts_of([household]).get(household, ())
        if fact.attributes.get("served_on")
    }
    new = {row["ordinal"]: unseal(row["personal_sealed"]) for row in rows}
    lost = [
        ordinal for ordinal in sorted(served & held.keys())
        if not _is_same(held[ordinal].personal(), new.get(ordinal, {}))
    ]
    return [
        _reason(
            "served", N_("Owner %(number)s was already served and cannot become somebody else."),
            N_("Add the new owner as a further one."), number=ordinal,
        )
        for ordinal in lost
    ]


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    identities = [str(who.get("identity_number") or "") for who in (one, other)]
    return identities[0] == identities[1] if all(identities) else one.get("name") == other.get("name")


def _reason(code: str, message: str, remedy: str = "", **parameters: object) -> Reason:
    return Reason(code=f"owners.{code}", message=message, parameters=parameters, source=_SOURCE, remedy=remedy)
