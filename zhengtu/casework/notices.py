"""Statutory notices made of a household or a part of a project: which there are, what each lacks, and the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import override

from zhengtu.casework.actions import unmask
from zhengtu.casework.notice_values import (
    NoticeSubject,
    date_in_words,
    is_for,
    notice_values,
    recorded_asks,
    rights_rows,
)
from zhengtu.casework.queries import household_for
from zhengtu.casework.rights_clock import rights_clock
from zhengtu.casework.service_lists import service_place_for
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of, kind_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.procedure.case_facts import latest
from zhengtu.core.procedure.gate import offer_reasons
from zhengtu.core.procedure.notices import FilledNotice, Notice, fill
from zhengtu.ledger.reason_text import spoken_reason
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.press.document import Block, Document, Heading, Layout, Paragraph, Signatures, Table, TableColumn
from zhengtu.registry.models import Household, Participation, Section
from zhengtu.registry.owners import owners_of
from zhengtu.registry.procedure_cases import case_of
from zhengtu.registry.queries import households_for, is_demonstration, subject_of

DEMONSTRATION_MARK = N_("Demonstration data, without legal effect")
MASKED_MARK = N_("Names masked; not for service")


@dataclass(frozen=True, slots=True)
class NoticeOffer:
    """A notice with what it lacks apart from what is typed; nothing lacks from one that can be made."""

    notice: Notice
    reasons: Sequence[Reason] = ()


def notice_subject(actor: Actor, code: str, *, known: date | None = None) -> NoticeSubject | None:
    """The household or part of a project with that code in the actor's reach, with masked owners; None without one."""
    if kind_of(code) == "household":
        household = household_for(actor, code)
        return None if household is None else _of_household(household, known=known)
    if kind_of(code) != "participation":
        return None
    place = service_place_for(actor, code)
    case = case_of(code, known=known)
    if place is None or case is None:
        return None
    sections = Section.objects.filter(code__startswith=f"{code}-").order_by("code")
    return NoticeSubject(
        place.participation, case, households=households_for(actor).filter(code__startswith=f"{code}-").count(),
        sections=list(sections.values_list("name", flat=True)),
    )


def _of_household(household: Household, *, known: date | None) -> NoticeSubject | None:
    case = case_of(household.code, known=known)
    part = Participation.objects.select_related("project", "jurisdiction").filter(
        project=household.section.project_id, jurisdiction=household.section.jurisdiction_id
    ).first()
    if case is None or part is None:
        return None
    return NoticeSubject(part, case, household, owners_of(household))


def notices_of(subject: NoticeSubject, *, is_family: bool) -> list[Notice]:
    """The notices that such a subject can have; a family makes only those that belong to no step."""
    code = subject.household.code if subject.household else subject.participation.code
    held = current_rulebook().notices.notices.get(subject.case.procedure.regime, {})
    return [one for one in held.values() if is_for(one, code) and not (is_family and one.step)]


def notice_offers(subject: NoticeSubject, *, is_family: bool, today: date) -> list[NoticeOffer]:
    """Every notice of the subject that applies to it, with what it lacks besides what is typed."""
    offers = []
    case = subject.case
    for notice in notices_of(subject, is_family=is_family):
        early = step_reasons(notice, subject, today=today)
        if any(reason.code == "procedure.not_applicable" for reason in early):
            continue
        values, _ = notice_values(notice, subject, given={}, owner=1, today=today)
        asked = {*notice.asks, "document_number"}
        try:
            fill(notice, values=values | dict.fromkeys(asked, "…"), procedure=case.procedure,
                 notices=current_rulebook().notices)
        except Refused as refused:
            offers.append(NoticeOffer(notice, [*early, *refused.reasons]))
        else:
            offers.append(NoticeOffer(notice, early))
    return offers


def step_reasons(notice: Notice, subject: NoticeSubject, *, today: date) -> list[Reason]:
    """Why the notice's step may not be taken today: its paper would say what is not so.

    The papers of an application to the court are gathered beside it, and do not hold its text back.
    """
    case = subject.case
    step = case.procedure.steps.get(notice.step)
    if step is None or latest(step.id, facts=case.facts, procedure=case.procedure, on=today) is not None:
        return []
    reasons = offer_reasons(
        step=step, facts=case.facts, procedure=case.procedure, calendar=current_rulebook().calendar, today=today
    )
    return [reason for reason in reasons if not reason.code.startswith("court.")]


def notice_form(notice: Notice, subject: NoticeSubject, *, today: date) -> dict[str, str]:
    """What the form shows at first: what is recorded already of the notice's own step."""
    return recorded_asks(notice, subject.case, today=today)


def make_notice(
    *, actor: Actor, subject: NoticeSubject, notice: Notice, given: Mapping[str, str], owner: int, now: datetime
) -> Document:
    """The document, with full names where the actor may see them; that look is recorded as a deed.

    Raises:
        Refused: with one reason for each datum that is missing or unfit.
    """
    today = civil_date(at=now)
    household = subject.household
    is_full = household is not None and _may_unmask(actor, household)
    values, reasons = notice_values(
        notice, replace(subject, is_full=is_full), given=given, owner=owner, today=today
    )
    reasons += step_reasons(notice, subject, today=today)
    if reasons:
        raise Refused(*reasons)
    filled = fill(notice, values=values, procedure=subject.case.procedure, notices=current_rulebook().notices)
    if household is not None and is_full:
        purpose = f"notice:{notice.regime}.{notice.id}"
        unmask(actor=actor, household=household, purpose=purpose, now=now)
    marks = [DEMONSTRATION_MARK] if is_demonstration(city_of(subject.participation.code)) else []
    marks += [MASKED_MARK] if household is not None and not is_full else []
    return document_of(filled, subject=subject, marks=marks, today=today)


def _may_unmask(actor: Actor, household: Household) -> bool:
    place = subject_of(household.code)
    return current_rulebook().authority.may(actor=actor, verb="household.unmask", subject=place) is None


def document_of(
    filled: FilledNotice, *, subject: NoticeSubject, marks: Sequence[str], today: date
) -> Document:
    """The filled notice as plain values for Word and PDF; its marks are in Chinese as its text is."""
    with override("zh-hans"):
        mark = "　".join(spoken_reason(Reason("mark", one)).message for one in marks)
    return Document(
        title=filled.title, blocks=_blocks(filled, subject=subject, today=today), layout=Layout(filled.layout),
        number=filled.number, addressee=filled.addressee, issuer=filled.issuer,
        dated=date_in_words(today) if filled.issuer else "", mark=mark,
    )


def _blocks(filled: FilledNotice, *, subject: NoticeSubject, today: date) -> list[Block]:
    blocks: list[Block] = []
    for part in filled.parts:
        if part.kind == "heading":
            blocks.append(Heading(part.text))
        elif part.kind == "sign":
            blocks.append(Signatures(part.parties))
        elif part.kind == "rights":
            assert subject.household is not None
            blocks.append(_rights_table(subject.household.code, today=today))
        else:
            blocks.append(Paragraph(part.text, is_strong=part.kind == "strong"))
    return blocks


def _rights_table(household: str, *, today: date) -> Table:
    headings = current_rulebook().notices.formats["rights_columns"]
    assert isinstance(headings, list)
    widths = (1.4, 1.1, 1.4, 1.2, 2.0)
    columns = [TableColumn(heading, width=width) for heading, width in zip(headings, widths, strict=True)]
    return Table(columns, rights_rows(rights_clock(household, on=today, known=None)))
