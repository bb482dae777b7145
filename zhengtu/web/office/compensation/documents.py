"""Statements and agreements as Word, PDF and Excel; names in full only for whoever may see them, and noted."""

from __future__ import annotations

from io import BytesIO

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhengtu.casework.actions import unmask
from zhengtu.casework.compensation_documents import agreement_document, spoken_way, statement_document
from zhengtu.casework.payees import full_payees, masked_payees
from zhengtu.casework.statement_words import spoken_groups
from zhengtu.casework.statements import ways_of
from zhengtu.core.compensation.statement import Statement
from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.core.kernel.codes import city_of
from zhengtu.press.document import Document
from zhengtu.press.pdf import to_pdf
from zhengtu.press.spreadsheet import SheetColumn, write_workbook
from zhengtu.press.word import to_docx
from zhengtu.registry.models import Household
from zhengtu.registry.queries import is_demonstration
from zhengtu.web.office.compensation.agreement import agreement_or_404
from zhengtu.web.office.compensation.statement import household_or_404, tried_house
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import as_of

_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@requires("household.view")
@require_safe
def statement(request: HttpRequest, code: str, way: str, format: str) -> HttpResponse:
    """The statement of one way; there is none where something is missing (404)."""
    household = household_or_404(request, code)
    ways = ways_of(household.code, on=as_of(request).on, tried=tried_house(request))
    found = next((one.statement for one in ways if one.option.mode == way), None)
    if found is None:
        raise Http404
    name = f"{household.code}-{way}.{format}"
    if format == "xlsx":
        return _answer(_workbook(request, household, found), name, format)
    document = statement_document(
        household, statement=found, name=household.name_masked,
        is_demonstration=is_demonstration(city_of(household.code)),
    )
    return _answer(_set(document, format), name, format)


@requires("household.view")
@require_safe
def agreement(request: HttpRequest, number: str, format: str) -> HttpResponse:
    """The agreement with masked names."""
    row = agreement_or_404(request, number)
    names = {"household": row.household.name_masked, "payees": masked_payees(row)}
    document = agreement_document(
        row, names=names, is_demonstration=is_demonstration(city_of(row.household_id))
    )
    return _answer(_set(document, format), f"{number}.{format}", format)


@requires("household.unmask")
@require_POST
def agreement_in_full(request: HttpRequest, number: str, format: str) -> HttpResponse:
    """The agreement as it is signed, with names and accounts in full; the look is recorded with its purpose."""
    row = agreement_or_404(request, number)
    personal = unmask(
        actor=request.actor, household=row.household, now=request.now,  # type: ignore[attr-defined]
        purpose=_("Agreement %(number)s with names in full") % {"number": number},
    )
    names = {"household": personal["name"], "payees": full_payees(row)}
    document = agreement_document(
        row, names=names, is_demonstration=is_demonstration(city_of(row.household_id))
    )
    answer = _answer(_set(document, format), f"{number}.{format}", format)
    answer["Cache-Control"] = "no-store"
    return answer


def _set(document: Document, format: str) -> bytes:
    return to_docx(document) if format == "docx" else to_pdf(document)


def _answer(content: bytes, name: str, format: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=_TYPES[format], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _workbook(request: HttpRequest, household: Household, statement: Statement) -> bytes:
    target = BytesIO()
    lines = [(group.label, line) for group in spoken_groups(statement) for line in group.lines]
    write_workbook(
        target, sheet_name=_("Statement of compensation"),
        columns=[
            SheetColumn(_("Group"), width=18), SheetColumn(_("Item"), width=24), SheetColumn(_("About"), width=26),
            SheetColumn(_("Computation"), width=40), SheetColumn(_("Sum (yuan)"), "money", 18),
            SheetColumn(_("Parameter"), width=28), SheetColumn(_("Source"), width=40),
            SheetColumn(_("Why it applies"), width=60),
        ],
        rows=[
            *(
                [label, line.label, line.subject, line.computation, line.amount, line.parameter,
                 line.source or line.because.source, line.because.message]
                for label, line in lines
            ),
            [_("Total"), None, None, None, statement.total, None, None, None],
        ],
        particulars_name=_("About this table"),
        particulars=[
            (_("Household"), household.code), (_("Way of compensation"), spoken_way(statement.mode)),
            (_("Rules as of"), statement.valued_on.isoformat()), (_("Statement digest"), statement.digest),
            (_("Rules fingerprint"), statement.rulebook),
        ],
        created=request.now.astimezone(SHANGHAI).replace(tzinfo=None),  # type: ignore[attr-defined]
    )
    return target.getvalue()
