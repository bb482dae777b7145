"""Drafts of agreements: from a household's case and what the parties agree to rows that can be stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from zhengtu.casework.compensation_facts import CompensationCase
from zhengtu.casework.models import Agreement, AgreementPayee
from zhengtu.casework.payees import NewPayee, default_payees, payee_reasons, payee_rows
from zhengtu.casework.statements import statement_of
from zhengtu.core.compensation.agreement_terms import AgreedDates, missing_terms, payable
from zhengtu.core.compensation.assess import CompensationRules
from zhengtu.core.compensation.facts import Option
from zhengtu.core.compensation.facts_reading import as_plain
from zhengtu.core.compensation.statement import Statement
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household


@dataclass(frozen=True, slots=True)
class AgreedTerms:
    """What the parties agree to, beside what follows from facts and rules.

    Attributes:
        payees: None takes the registered owner for what is the household's.
        reason: why a signed agreement is changed; empty for a first one.
    """

    option: Option
    dates: AgreedDates
    payees: Sequence[NewPayee] | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft ready to be stored, with its payees."""

    agreement: Agreement
    statement: Statement
    payees: Sequence[AgreementPayee] = field(default_factory=tuple)


def drafted(
    household: Household,
    *,
    case: CompensationCase,
    rules: CompensationRules,
    terms: AgreedTerms,
    sequence: int,
    previous: Agreement | None = None,
) -> Draft:
    """A draft whose every term is present and whose payees make up the sum.

    Raises:
        Refused: with everything that is missing.
    """
    reasons = missing_terms(option=terms.option, dates=terms.dates)
    try:
        statement = statement_of(case, option=terms.option, rules=rules)
    except Refused as refused:
        raise Refused(*reasons, *refused.reasons) from refused
    payees = default_payees(household, statement) if terms.payees is None else terms.payees
    reasons += payee_reasons(payees, statement=statement)
    if previous is not None and not terms.reason.strip():
        reasons.append(
            Reason(
                code="agreement.reason_missing",
                message=N_("A supplementary agreement says why it changes the one before."),
                remedy=N_("Write the reason."),
            )
        )
    if reasons:
        raise Refused(*reasons)
    number = f"{household.code}-{'B' if previous else 'A'}{sequence:02d}"
    agreement = Agreement(
        number=number, household=household, sequence=sequence, previous=previous, reason=terms.reason.strip(),
        way=terms.option.mode, option=as_plain(terms.option), facts=as_plain(case.facts), valued_on=case.valued_on,
        sign_on=terms.dates.sign_on, pay_by=terms.dates.pay_by, move_out_by=terms.dates.move_out_by,
        statement=statement.to_bytes(), statement_digest=statement.digest, amount_yuan=payable(statement),
        rulebook=current_rulebook().fingerprint,
    )
    return Draft(agreement, statement, payee_rows(payees, agreement=number))


def drafted_under(drafts: Sequence[Draft], *, person: str, on: date, deed: str) -> None:
    """Name who drafted them, on which day and in which deed."""
    for draft in drafts:
        draft.agreement.drafted_by, draft.agreement.drafted_on, draft.agreement.drafted_deed = person, on, deed


def differences(changed: Sequence[tuple[str, Decimal, Decimal]], *, statement: Statement, current: Statement) -> Reason:
    """What a recomputation found otherwise, in one sentence."""
    labels: Mapping[str, str] = {line.item: line.label[0] for line in (*statement.lines, *current.lines)}
    listed = "; ".join(f"{labels[item]} {one} → {other}" for item, one, other in changed)
    return Reason(
        code="agreement.statement_differs",
        message=N_(
            "Recomputed on what is on file now the statement comes to %(now)s yuan instead of %(then)s: %(items)s."
        ),
        parameters={"then": str(statement.total), "now": str(current.total), "items": listed or "—"},
        source="state-council-decree-590#25",
        remedy=N_("Cancel the draft and draft the agreement anew."),
    )
