"""To whom an agreement's sum goes: who they are is sealed, what is masked may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhengtu.accounts.sealing import seal, search_index, unseal
from zhengtu.casework.models import Agreement, AgreementPayee, PayeeKind
from zhengtu.core.compensation.agreement_terms import payable, share_reasons
from zhengtu.core.compensation.statement import Payee, Statement
from zhengtu.core.kernel.masking import mask_identity, mask_name
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import ZERO
from zhengtu.core.kernel.reasons import Reason
from zhengtu.registry.models import Household


@dataclass(frozen=True, slots=True)
class NewPayee:
    """A payee as entered: a person of the household with an account, the collective, or the social security fund."""

    kind: str
    name: str
    account: str
    bank: str
    share_yuan: Decimal
    identity_number: str = ""


def default_payees(household: Household, statement: Statement) -> list[NewPayee]:
    """The registered owner takes what is the household's; land and social security go to their own payees."""
    payees = []
    due = statement.of_payee(Payee.HOUSEHOLD)
    if due > 0:
        personal = unseal(household.personal_sealed)
        payees.append(
            NewPayee(
                kind=PayeeKind.HOUSEHOLD, name=str(personal.get("name", "")), account=str(personal.get("account", "")),
                bank=str(personal.get("bank", "")), identity_number=str(personal.get("identity_number", "")),
                share_yuan=due,
            )
        )
    for payee, kind in ((Payee.COLLECTIVE, PayeeKind.COLLECTIVE), (Payee.SOCIAL_SECURITY, PayeeKind.SOCIAL_SECURITY)):
        if statement.of_payee(payee) > 0:
            payees.append(
                NewPayee(kind=kind, name="", account="", bank="", share_yuan=statement.of_payee(payee))
            )
    return payees


def payee_reasons(payees: Sequence[NewPayee], *, statement: Statement) -> list[Reason]:
    """What speaks against these payees: shares that do not make up the sum, a person without name or account."""
    reasons = share_reasons(amount=payable(statement), shares=[payee.share_yuan for payee in payees])
    for payee in payees:
        if payee.kind == PayeeKind.HOUSEHOLD and not (payee.name.strip() and payee.account.strip()):
            reasons.append(
                Reason(
                    code="agreement.payee_incomplete",
                    message=N_("A payee of the household has no name or no account."),
                    source="state-council-decree-590#25",
                    remedy=N_("Enter who is paid and the account that the payee names."),
                )
            )
    for payee, kind in ((Payee.COLLECTIVE, PayeeKind.COLLECTIVE), (Payee.SOCIAL_SECURITY, PayeeKind.SOCIAL_SECURITY)):
        given = sum((one.share_yuan for one in payees if one.kind == kind), ZERO)
        if given != max(statement.of_payee(payee), ZERO):
            reasons.append(
                Reason(
                    code="agreement.fund_share",
                    message=N_(
                        "What the law gives to the collective or to social security is %(due)s yuan, not %(given)s."
                    ),
                    parameters={"due": str(statement.of_payee(payee)), "given": str(given)},
                    source="land-administration-law#48",
                    remedy=N_("Enter the share as the statement has it."),
                )
            )
    return reasons


def payee_rows(payees: Sequence[NewPayee], *, agreement: str) -> list[AgreementPayee]:
    """Rows of an agreement's payees, with what identifies them sealed."""
    return [
        AgreementPayee(
            agreement_id=agreement, ordinal=ordinal, kind=payee.kind,
            personal_sealed=seal({
                "name": payee.name.strip(), "identity_number": payee.identity_number.strip(),
                "account": "".join(payee.account.split()), "bank": payee.bank.strip(),
            }),
            name_masked=mask_name(payee.name), name_index=search_index(payee.name),
            account_masked=mask_identity("".join(payee.account.split())), account_index=search_index(payee.account),
            share_yuan=payee.share_yuan,
        )
        for ordinal, payee in enumerate(payees, start=1)
    ]


def masked_payees(agreement: Agreement) -> list[tuple[str, str]]:
    """(name, account) of each payee, masked, in their order."""
    return list(agreement.payees.order_by("ordinal").values_list("name_masked", "account_masked"))


def full_payees(agreement: Agreement) -> list[tuple[str, str]]:
    """(name, account) of each payee in full: for whoever may see them, after the look was recorded."""
    opened = [unseal(payee.personal_sealed) for payee in agreement.payees.order_by("ordinal")]
    return [(str(one["name"]), f"{one['account']} {one['bank']}".strip()) for one in opened]
