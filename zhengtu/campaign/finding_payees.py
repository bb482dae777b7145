"""To whom signed agreements give money, beside who the owners are; compared by keyed hashes, unsealed for no longer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhengtu.accounts.sealing import search_index, unseal
from zhengtu.casework.models import Agreement, AgreementPayee, AgreementState, PayeeKind
from zhengtu.core.integrity.documents import Said
from zhengtu.core.integrity.identities import OwnerFile, PaidTo
from zhengtu.funds.models import LineState, OrderKind, PaymentLine
from zhengtu.ledger.models import Fact
from zhengtu.registry.models import Household
from zhengtu.registry.owners import owners_of_all


@dataclass(frozen=True, slots=True)
class AgreedPayee:
    """A person to whom a signed agreement gives a share; the texts are keyed hashes."""

    household: str
    agreement: str
    is_supplement: bool
    person: str
    account: str
    share_yuan: Decimal
    signed_on: date
    deed: str


def agreed_payees(prefix: str) -> list[AgreedPayee]:
    """Persons of households below a prefix of codes to whom their signed agreements give a share."""
    rows = AgreementPayee.objects.filter(
        agreement__household__code__startswith=prefix, agreement__state=AgreementState.SIGNED,
        kind=PayeeKind.HOUSEHOLD,
    ).select_related("agreement__household").defer(
        "agreement__statement", "agreement__facts", "agreement__household__personal_sealed"
    ).order_by("agreement__household", "agreement__sequence", "ordinal")
    return [
        AgreedPayee(
            household=row.agreement.household_id, agreement=row.agreement.number,
            is_supplement=row.agreement.previous_id is not None,
            person=_payee_person(row),
            account=row.account_index, share_yuan=row.share_yuan, signed_on=row.agreement.signed_on,
            deed=row.agreement.signed_deed,
        )
        for row in rows
    ]


def _payee_person(row: AgreementPayee) -> str:
    """By the identity number; a payee entered without one who has the name on the file is the person of the file."""
    household = row.agreement.household
    person = _person(unseal(row.personal_sealed), name_index=row.name_index)
    is_named_alike = person == f"name {household.name_index}"
    return household.identity_index if is_named_alike and household.identity_index else person


def _person(personal: Mapping[str, object], *, name_index: str) -> str:
    """By the identity number where there is one, else by the name."""
    return search_index(str(personal.get("identity_number") or "")) or f"name {name_index}"


def paid_to(payees: Iterable[AgreedPayee]) -> list[PaidTo]:
    """Shares of persons who are no owner on file, by the last signed agreement of each household."""
    latest: dict[str, str] = {}
    held = list(payees)
    for payee in held:
        latest[payee.household] = payee.agreement
    owners = _owners({payee.household for payee in held})
    return [
        PaidTo(
            payee.household, owner="owner" if payee.person in owners[payee.household] else "owners on file",
            payee="owner" if payee.person in owners[payee.household] else payee.person,
            amount=payee.share_yuan, on=payee.signed_on, fact=payee.deed,
        )
        for payee in held
        if latest[payee.household] == payee.agreement and payee.household in owners
    ]


def _owners(codes: set[str]) -> dict[str, set[str]]:
    """Household -> its owners, by identity number and by name."""
    households = list(Household.objects.filter(pk__in=codes).only(
        "code", "name_masked", "identity_masked", "personal_sealed", "identity_index", "name_index"
    ))
    found = {
        row.code: {row.identity_index or f"name {row.name_index}", f"name {row.name_index}"} for row in households
    }
    for code, owners in owners_of_all(households).items():
        for owner in owners:
            personal = owner.personal()
            index = search_index(str(personal.get("name") or ""))
            found[code] |= {_person(personal, name_index=index), f"name {index}"}
    return found


def paid_beyond(prefix: str) -> list[PaidTo]:
    """Transfers that the bank executed to somebody who is neither an owner on file nor a payee of an agreement."""
    agreed: dict[str, set[str]] = {}
    named = AgreementPayee.objects.filter(
        agreement__household__code__startswith=prefix, agreement__state=AgreementState.SIGNED
    )
    for household, name in named.values_list("agreement__household", "name_index"):
        agreed.setdefault(household, set()).add(f"name {name}")
    lines = list(
        PaymentLine.objects.filter(
            household__code__startswith=prefix, state=LineState.PAID, order__kind=OrderKind.TRANSFER
        ).order_by("household", "reference")
    )
    days = _days_of(lines)
    owners = _owners({line.household_id for line in lines})
    return [
        PaidTo(
            line.household_id, owner="owners on file", payee=f"name {line.payee_index}", amount=line.amount_yuan,
            on=days[line.fact], fact=line.fact,
        )
        for line in lines
        if line.fact in days
        and f"name {line.payee_index}" not in owners[line.household_id] | agreed.get(line.household_id, set())
    ]


def _days_of(lines: Iterable[PaymentLine]) -> dict[str, date]:
    """Reference of a payment's fact -> the day on which it happened."""
    deeds = {line.fact.partition("/")[0] for line in lines}
    rows = Fact.objects.filter(deed__in=deeds, kind="paid").values_list("deed_id", "ordinal", "happened_on")
    return {f"{deed}/{ordinal}": on for deed, ordinal, on in rows}


def party_papers(payees: Iterable[AgreedPayee]) -> list[Said]:
    """Who is paid by the first agreement and by its supplements, as one text for each paper."""
    people: dict[tuple[str, str, str, str], set[str]] = {}
    for payee in payees:
        kind = "agreement_supplemented" if payee.is_supplement else "signed"
        people.setdefault((payee.household, payee.agreement, kind, payee.deed), set()).add(payee.person)
    return [
        Said(household, kind, " ".join(sorted(persons)), deed)
        for (household, _agreement, kind, deed), persons in people.items()
    ]


def account_files(payees: Iterable[AgreedPayee]) -> list[OwnerFile]:
    """The accounts that agreements name, with their persons."""
    return [
        OwnerFile(payee.household, payee.person, payee.account, fact=payee.deed) for payee in payees
    ]


def signed_agreements(project_prefixes: Iterable[str]) -> dict[str, Agreement]:
    """Household -> its last signed agreement, for households below these prefixes."""
    found: dict[str, Agreement] = {}
    for prefix in project_prefixes:
        rows = Agreement.objects.filter(household__code__startswith=prefix, state=AgreementState.SIGNED)
        for row in rows.order_by("household", "sequence"):
            found[row.household_id] = row
    return found
