"""No asset paid twice: what a household's payment lays claim to, and what an earlier claim says against it.

A claim is kept as a keyed hash of its text, so that the register names nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason

_BLANKS: Final = re.compile(r"[\s,，.。;；:：、\-—_（）()#]+")


class AssetKind(StrEnum):
    """What is claimed."""

    HOUSEHOLD = "household"
    BUILDING = "building"
    PARCEL = "parcel"
    PROPERTY = "property"
    OWNER = "owner"


ASSET_LABELS: Final[Mapping[AssetKind, str]] = {
    AssetKind.HOUSEHOLD: N_("Household"), AssetKind.BUILDING: N_("Building"), AssetKind.PARCEL: N_("Parcel"),
    AssetKind.PROPERTY: N_("Owner and address"), AssetKind.OWNER: N_("Owner and account"),
}


@dataclass(frozen=True, slots=True)
class Asset:
    """What of a household can be compensated once.

    Attributes:
        building: code, or empty.
        room: within the building, or empty.
        parcel: code, or empty.
        is_sole_in_building: whether no other household has part of the building; then it is claimed whole.
        is_sole_on_parcel: the same of the parcel.
        identity_index: keyed hash of the owner's identity number.
        account_index: keyed hash of the account.
        is_other_property: whether somebody confirmed, with a reason, that the same owner is paid for another property.
    """

    household: str
    building: str = ""
    room: str = ""
    parcel: str = ""
    is_sole_in_building: bool = False
    is_sole_on_parcel: bool = False
    address: str = ""
    identity_index: str = ""
    account_index: str = ""
    is_other_property: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing claimed; ``text`` is hashed before it is kept."""

    kind: AssetKind
    text: str


def claims_of(asset: Asset) -> list[Claim]:
    """Everything that a payment for the household claims."""
    claims = [Claim(AssetKind.HOUSEHOLD, asset.household)]
    if asset.building and asset.is_sole_in_building:
        claims.append(Claim(AssetKind.BUILDING, asset.building))
    elif asset.building and plain(asset.room):
        claims.append(Claim(AssetKind.BUILDING, f"{asset.building}|{plain(asset.room)}"))
    if asset.parcel and asset.is_sole_on_parcel:
        claims.append(Claim(AssetKind.PARCEL, asset.parcel))
    if asset.identity_index and plain(asset.address):
        claims.append(
            Claim(AssetKind.PROPERTY, f"{asset.identity_index}|{plain(asset.address)}|{plain(asset.room)}")
        )
    if asset.identity_index and asset.account_index:
        other = f"|{asset.household}" if asset.is_other_property else ""
        claims.append(Claim(AssetKind.OWNER, f"{asset.identity_index}|{asset.account_index}{other}"))
    return claims


def plain(text: str) -> str:
    """A number or address without blanks and marks, in capitals, so that ways of writing do not matter."""
    return _BLANKS.sub("", text).upper()


@dataclass(frozen=True, slots=True)
class EarlierPayment:
    """Whose claim stands in the way.

    Attributes:
        order: the order that pays it, or empty for what was paid before orders were kept.
        on: the day of the order or payment.
    """

    kind: AssetKind
    household: str
    order: str
    on: date


def claim_reasons(
    household: str, *, claims: Iterable[Claim], held: Mapping[Claim, EarlierPayment]
) -> list[Reason]:
    """Why the household may not be paid: something that it claims is another household's claim."""
    reasons = []
    for claim in claims:
        earlier = held.get(claim)
        if earlier is None or earlier.household == household:
            continue
        is_owner = claim.kind is AssetKind.OWNER
        reasons.append(
            Reason(
                code="payment.same_owner" if is_owner else "payment.paid_twice",
                message=(
                    N_("%(household)s: this owner and account are already paid for %(earlier)s (%(order)s, %(on)s).")
                    if is_owner
                    else N_("%(household)s: “%(asset)s” is already paid to %(earlier)s (%(order)s, %(on)s).")
                ),
                parameters={
                    "household": household, "asset": f"label:{ASSET_LABELS[claim.kind]}", "earlier": earlier.household,
                    "order": earlier.order or "—", "on": earlier.on.isoformat(),
                },
                remedy=(
                    N_("If it is another property of the same owner, confirm that with a reason in the order.")
                    if is_owner
                    else N_("Compare both files. An asset is paid once, whichever project or year.")
                ),
            )
        )
    return reasons
