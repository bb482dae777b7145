"""Whom a payment order pays for a household: the payees of its last signed agreement, by their shares."""

from __future__ import annotations

from collections.abc import Sequence

from zhengtu.accounts.sealing import unseal
from zhengtu.casework.models import AgreementPayee
from zhengtu.casework.models.agreement import AgreementState
from zhengtu.core.funds.payments import Payee
from zhengtu.registry.models import Household


def agreement_payees(households: Sequence[Household]) -> dict[str, list[Payee]]:
    """Household -> payees; absent where no agreement is signed: then the person of its own file is paid."""
    rows = AgreementPayee.objects.filter(
        agreement__household__in=households, agreement__state=AgreementState.SIGNED
    ).order_by("agreement__household", "-agreement__sequence", "ordinal")
    last: dict[str, int] = {}
    found: dict[str, list[Payee]] = {}
    for row in rows.select_related("agreement"):
        code, sequence = row.agreement.household_id, row.agreement.sequence
        if last.setdefault(code, sequence) == sequence:
            personal = unseal(row.personal_sealed)
            found.setdefault(code, []).append(
                Payee(str(personal.get("name", "")), str(personal.get("account", "")), row.share_yuan)
            )
    return found
