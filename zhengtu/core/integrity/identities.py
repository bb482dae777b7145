"""Who: the same identity in several files, one account for different people, a payee who is not the owner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhengtu.core.integrity.findings import DetectorRule, Finding, FindingRow, key_of, sorted_findings
from zhengtu.core.kernel.codes import project_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason


@dataclass(frozen=True, slots=True)
class OwnerFile:
    """Whose a household file is; identity and account as keyed hashes, empty where unknown."""

    household: str
    identity: str
    account: str = ""
    registered_on: date | None = None
    fact: str = ""


@dataclass(frozen=True, slots=True)
class PaidTo:
    """To whom a sum goes; owner and payee as keyed hashes.

    Attributes:
        is_authorised: a power of attorney or a notary's paper for this payee lies in the file.
    """

    household: str
    owner: str
    payee: str
    amount: Decimal
    on: date
    fact: str = ""
    is_authorised: bool = False


def _row(file: OwnerFile) -> FindingRow:
    figures = ((N_("Registered on"), file.registered_on.isoformat()),) if file.registered_on else ()
    return FindingRow(file.household, file.fact, figures)


def same_identity(files: Iterable[OwnerFile], *, rule: DetectorRule) -> list[Finding]:
    """Files of one identity, across projects and years."""
    by_identity: dict[str, dict[str, OwnerFile]] = defaultdict(dict)
    for file in files:
        if file.identity:
            by_identity[file.identity][file.household] = file
    found = []
    for identity, held in by_identity.items():
        if len(held) < rule.number("files"):
            continue
        rows = tuple(_row(held[code]) for code in sorted(held))
        sentence = Reason(
            code="integrity.same_identity",
            message=N_("One identity stands in %(files)s household files (projects: %(projects)s)."),
            parameters={"files": len(held), "projects": len({project_of(code) for code in held})},
            source=rule.source,
            remedy=N_("Show by title or survey that each file is a property of its own, paid once."),
        )
        found.append(Finding("same_identity", key_of("same_identity", identity), sentence, rows))
    return sorted_findings(found)


def same_account(files: Iterable[OwnerFile], *, rule: DetectorRule) -> list[Finding]:
    """Accounts that are named for different people."""
    by_account: dict[str, dict[tuple[str, str], OwnerFile]] = defaultdict(dict)
    for file in files:
        if file.account:
            by_account[file.account].setdefault((file.household, file.identity), file)
    found = []
    for account, held in by_account.items():
        people = {identity or household for household, identity in held}
        if len(people) < rule.number("people"):
            continue
        rows = tuple(_row(held[key]) for key in sorted(held, key=lambda key: (key[0], held[key].fact)))
        sentence = Reason(
            code="integrity.same_account",
            message=N_("One account is named for %(people)s different people."),
            parameters={"people": len(people)},
            source=rule.source,
            remedy=N_("Show whose the account is and why the others are paid into it."),
        )
        found.append(Finding("same_account", key_of("same_account", account), sentence, rows))
    return sorted_findings(found)


def payee_not_owner(payments: Iterable[PaidTo], *, rule: DetectorRule) -> list[Finding]:
    """Sums for somebody else than the owner without a paper that says why."""
    by_file: dict[tuple[str, str], list[PaidTo]] = defaultdict(list)
    for payment in payments:
        if payment.owner and payment.payee and payment.owner != payment.payee and not payment.is_authorised:
            by_file[payment.household, payment.payee].append(payment)
    found = []
    for (household, payee), held in by_file.items():
        held.sort(key=lambda payment: (payment.on, payment.fact))
        rows = tuple(
            FindingRow(
                household, payment.fact,
                ((N_("Date"), payment.on.isoformat()), (N_("Amount (yuan)"), f"{payment.amount:.2f}")),
            )
            for payment in held
        )
        sentence = Reason(
            code="integrity.payee_not_owner",
            message=N_("%(amount)s yuan go to a payee who is no owner on file."),
            parameters={"amount": f"{sum((payment.amount for payment in held), Decimal(0)):,.2f}"},
            source=rule.source,
            remedy=N_("File the power of attorney or the succession, or recover the sum."),
        )
        found.append(Finding("payee_not_owner", key_of("payee_not_owner", household, payee), sentence, rows))
    return sorted_findings(found)
