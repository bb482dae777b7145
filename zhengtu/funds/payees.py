"""Who is paid for a household. Agreements lie a storey above: whoever knows them passes a ``PayeeSource`` down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from zhengtu.accounts.sealing import search_index, unseal
from zhengtu.core.funds.payments import Payee
from zhengtu.registry.models import Household

PayeeSource = Callable[[Sequence[Household]], Mapping[str, Sequence[Payee]]]
"""Households -> code -> payees; a household that is absent is paid to the person of its own file."""


def own_payees(households: Sequence[Household]) -> dict[str, list[Payee]]:
    """The person of each household's own file, with the account there."""
    return {household.code: [_own_payee(household)] for household in households}


def payees_of(households: Sequence[Household], *, source: PayeeSource) -> dict[str, list[Payee]]:
    """The payees that the source names; the household's own person where it names none."""
    named = source(households)
    missing = [household for household in households if not named.get(household.code)]
    return {**own_payees(missing), **{code: list(payees) for code, payees in named.items() if payees}}


def _own_payee(household: Household) -> Payee:
    personal = unseal(household.personal_sealed)
    return Payee(str(personal.get("name", "")), str(personal.get("account", "")))


def account_index(account: str) -> str:
    """A keyed hash of an account's number, however blanks divide it."""
    return search_index(account)
