"""The right holders of a household as lists may show them; one without rows has its own person as the only owner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from zhengtu.accounts.sealing import unseal
from zhengtu.registry.models import Household, Owner

JOINT: Final = "joint"
"""The share of owners who hold the whole together, without parts."""


@dataclass(frozen=True, slots=True)
class HeldOwner:
    """One owner as lists may show it; who it is stays sealed."""

    ordinal: int
    name_masked: str
    identity_masked: str
    share: str
    sealed: bytes

    def personal(self) -> dict[str, Any]:
        """Who it is, in full; only for whoever recorded a look."""
        return unseal(self.sealed)


def owners_of(household: Household) -> list[HeldOwner]:
    """The owners of a household by ordinal, at least one."""
    return owners_of_all([household])[household.code]


def owners_of_all(households: Iterable[Household]) -> dict[str, list[HeldOwner]]:
    """The owners of several households, read together."""
    held = {household.code: household for household in households}
    found: dict[str, list[HeldOwner]] = {code: [] for code in held}
    for row in Owner.objects.filter(household__in=held).order_by("household", "ordinal"):
        found[row.household_id].append(
            HeldOwner(row.ordinal, row.name_masked, row.identity_masked, row.share, row.personal_sealed)
        )
    for code, owners in found.items():
        if not owners:
            one = held[code]
            owners.append(HeldOwner(1, one.name_masked, one.identity_masked, JOINT, one.personal_sealed))
    return found
