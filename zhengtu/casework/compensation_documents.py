"""Statement and agreement as documents: Word and PDF are made of the same values, and none has a blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, gettext, pgettext

from zhengtu.casework.agreement_queries import option_in, statement_in
from zhengtu.casework.models import Agreement, AgreementState
from zhengtu.casework.statement_words import (
    SpokenGroup,
    label_in,
    owed_by,
    spoken_groups,
    spoken_notes,
    spoken_payee,
)
from zhengtu.core.compensation.agreement_terms import NOT_APPLICABLE, AgreedDates, Term, terms_of
from zhengtu.core.compensation.facts import Mode
from zhengtu.core.compensation.statement import Statement
from zhengtu.core.kernel.money import grouped
from zhengtu.press.document import Block, Document, Heading, Paragraph, Signatures, Table, TableColumn
from zhengtu.registry.models import Household, Regime

Names = Mapping[str, Any]
"""``household`` and ``payees`` as they are written: masked, or in full for whoever may see them."""


def statement_document(
    household: Household, *, statement: Statement, name: str, is_demonstration: bool
) -> Document:
    """The itemised statement handed to a family.

    Args:
        name: of the owner, masked or in full.
    """
    way = spoken_way(statement.mode)
    intro = gettext("%(code)s, %(address)s. Owner: %(name)s. Way of compensation: %(way)s. Rules as of %(on)s.") % {
        "code": household.code, "address": household.address or "–", "name": name, "way": way,
        "on": statement.valued_on.isoformat(),
    }
    return Document(
        title=gettext("Statement of compensation"), number=household.code,
        blocks=[Paragraph(intro, is_indented=False), *_statement_blocks(statement, reasons=True)],
        mark=_mark(is_demonstration=is_demonstration, is_draft=False), language=_language(),
    )


def agreement_document(
    agreement: Agreement, *, names: Names, is_demonstration: bool
) -> Document:
    """The agreement with every term of decree 590, art. 25, its statement and its payees.

    Raises:
        Refused: when a term is missing; there is no document then.
    """
    statement = statement_in(agreement)
    dates = AgreedDates(agreement.sign_on, agreement.pay_by, agreement.move_out_by)
    terms = terms_of(statement=statement, option=option_in(agreement), dates=dates)
    blocks: list[Block] = [*_opening(agreement, name=names["household"])]
    blocks += [block for number, term in enumerate(terms, start=1) for block in _term_blocks(number, term)]
    blocks += [Heading(_numbered(len(terms) + 1, gettext("Payees"))), _payee_table(agreement, names["payees"])]
    blocks += [Heading(_numbered(len(terms) + 2, gettext("Statement"))), *_statement_blocks(statement, reasons=False)]
    digest = gettext("Statement digest (SHA-256): %(digest)s") % {"digest": agreement.statement_digest}
    blocks += [
        Paragraph(digest, is_indented=False),
        Signatures([gettext("Party A (seal)"), gettext("Party B (signature)")]),
    ]
    is_draft = agreement.state in (AgreementState.DRAFT, AgreementState.CANCELLED)
    return Document(
        title=_title(agreement), number=agreement.number, blocks=blocks, language=_language(),
        mark=_mark(is_demonstration=is_demonstration, is_draft=is_draft),
    )


def _title(agreement: Agreement) -> str:
    if agreement.previous_id:
        return gettext("Supplementary agreement on compensation")
    if agreement.household.section.project.regime == Regime.STATE_LAND:
        return gettext("Agreement on compensation for houses expropriated on state-owned land")
    return gettext("Agreement on compensation and resettlement for expropriated land")


def _opening(agreement: Agreement, *, name: str) -> list[Block]:
    """The parties, the law they agree under, and what a supplement takes the place of."""
    household = agreement.household
    project = household.section.project
    parties = gettext(
        "Party A: the house expropriation department of %(unit)s. Party B: %(name)s, owner of %(address)s"
        " (%(code)s), affected by the project %(project)s."
    ) % {
        "unit": _named(household.section.jurisdiction), "name": name, "address": household.address or "–",
        "code": household.code, "project": _named(project),
    }
    basis = (
        gettext(
            "Both agree as follows under the Regulation on the Expropriation of Houses on State-owned Land, art. 25."
        )
        if project.regime == Regime.STATE_LAND
        else gettext("Both agree as follows under the Land Administration Law, art. 47 and 48.")
    )
    blocks: list[Block] = [Paragraph(parties), Paragraph(basis)]
    if agreement.previous_id:
        blocks.append(
            Paragraph(
                gettext("This supplementary agreement takes the place of agreement %(number)s. Reason: %(reason)s")
                % {"number": agreement.previous_id, "reason": agreement.reason}
            )
        )
    return blocks


def spoken_term(term: Term) -> tuple[str, str]:
    """A term's heading and what is agreed under it, or that it does not apply."""
    clauses = [gettext(message) % given for message, given in term.clauses]
    return gettext(term.label), " ".join(clauses) or gettext(NOT_APPLICABLE)


def _term_blocks(number: int, term: Term) -> list[Block]:
    heading, text = spoken_term(term)
    return [Heading(_numbered(number, heading)), Paragraph(text)]


def _numbered(number: int, text: str) -> str:
    """A heading with its number, as official documents count."""
    numbers = pgettext("heading numbers", "1. |2. |3. |4. |5. |6. |7. |8. |9. |10. |11. |12. ").split("|")
    return f"{numbers[number - 1]}{text}"


def _statement_blocks(statement: Statement, *, reasons: bool) -> list[Block]:
    columns = [
        TableColumn(gettext("Item"), width=2.2), TableColumn(gettext("Computation"), width=2.6),
        TableColumn(gettext("Source"), width=2.2), TableColumn(gettext("Sum (yuan)"), is_number=True, width=1.5),
    ]
    groups = spoken_groups(statement)
    total = [gettext("Total"), "", "", grouped(statement.total)]
    blocks: list[Block] = [Table(columns, [row for group in groups for row in _rows(group)], total)]
    if len(owed_by(statement)) > 1:
        blocks.append(
            Paragraph("; ".join(f"{payee}: {grouped(amount)}" for payee, amount in owed_by(statement)),
                      is_indented=False)
        )
    if reasons:
        blocks.append(Heading(gettext("Why each line applies"), level=2))
        blocks += [
            Paragraph(f"{line.label}: {line.because.message} {line.because.source}".strip(), is_indented=False)
            for group in groups for line in group.lines
        ]
        notes = [*spoken_notes(statement.entitlements), *spoken_notes(statement.warnings)]
        if notes:
            blocks.append(Heading(gettext("To be noted"), level=2))
            blocks += [Paragraph(note.message, is_indented=False) for note in notes]
    return blocks


def _rows(group: SpokenGroup) -> list[Sequence[str]]:
    return [
        (
            f"{line.label} ({line.subject})" if line.subject else line.label, line.computation,
            line.source or line.because.source, grouped(line.amount),
        )
        for line in group.lines
    ]


def _payee_table(agreement: Agreement, payees: Sequence[tuple[str, str]]) -> Table:
    columns = [
        TableColumn(gettext("Payee"), width=2), TableColumn(gettext("Account"), width=2),
        TableColumn(gettext("Share (yuan)"), is_number=True, width=1.5),
    ]
    rows = [
        (name or spoken_payee(payee.kind), account or "–", grouped(payee.share_yuan))
        for payee, (name, account) in zip(agreement.payees.order_by("ordinal"), payees, strict=True)
    ]
    return Table(columns, rows, (gettext("Total"), "", grouped(agreement.amount_yuan)))


def spoken_way(mode: Mode | str) -> str:
    """The way of compensation in words."""
    return {
        Mode.CASH: gettext("Cash compensation"), Mode.EXCHANGE: gettext("Exchange of title"),
        Mode.RESITE: gettext("New homestead"),
    }[Mode(mode)]


def _mark(*, is_demonstration: bool, is_draft: bool) -> str:
    marks = [gettext("Draft, not signed")] if is_draft else []
    if is_demonstration:
        marks.append(gettext("Demonstration data"))
    return " · ".join(marks)


def _named(thing: Any) -> str:
    return label_in((thing.name, thing.name_en or thing.name))


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh-Hans"
