"""Notices of a household or a part of a project: what can be made, what each lacks, and the document to take away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from zhengtu.casework.notice_values import NoticeSubject
from zhengtu.casework.notices import make_notice, notice_form, notice_offers, notice_subject, notices_of
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.procedure.notices import NUMBER, Notice
from zhengtu.press.document import Document
from zhengtu.press.pdf import to_pdf
from zhengtu.press.word import to_docx
from zhengtu.web.office.cockpit.sentences import is_english
from zhengtu.web.office.dossier.household import is_family
from zhengtu.web.office.dossier.recording import Field
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.downloads import made_response
from zhengtu.web.shared.reason_text import rulebook_label

_FORMATS: Final = {
    "pdf": (to_pdf, "application/pdf"),
    "docx": (to_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
_TEXT_LIMIT: Final = 300


@requires("household.view")
@require_safe
def listing(request: HttpRequest, code: str) -> HttpResponse:
    """Every notice of the subject, with what still stands in its way."""
    subject = _subject_or_404(request, code)
    offers = notice_offers(
        subject, is_family=is_family(request), today=request.today  # type: ignore[attr-defined]
    )
    shown = [{"notice": one.notice, "title": _named(one.notice.title), "reasons": one.reasons} for one in offers]
    return render(request, "service/notices.html", {
        "subject": subject, "code": code,
        "ready": [one for one in shown if not one["reasons"]], "lacking": [one for one in shown if one["reasons"]],
    })


@requires("household.view")
@require_http_methods(["GET", "HEAD", "POST"])
def making(request: HttpRequest, code: str, notice: str) -> HttpResponse:
    """The form of what only its maker knows; a POST gives the finished document as Word or PDF."""
    subject = _subject_or_404(request, code)
    chosen = next((one for one in notices_of(subject, is_family=is_family(request)) if one.id == notice), None)
    if chosen is None:
        raise Http404
    if request.method != "POST":
        return _page(request, subject, chosen)
    owner = request.POST.get("owner", "1")
    given = {name: request.POST.get(f"ask-{name}", "")[:_TEXT_LIMIT] for name in (*chosen.asks, NUMBER)}
    try:
        document = make_notice(
            actor=request.actor, subject=subject, notice=chosen, given=given,  # type: ignore[attr-defined]
            owner=int(owner) if owner.isascii() and owner.isdigit() else 0,
            now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return _page(request, subject, chosen, reasons=refused.reasons, given=given, status=409)
    return printed(document, name=f"{chosen.title[0]}-{code}", format=request.POST.get("format", ""))


def printed(document: Document, *, name: str, format: str) -> HttpResponse:
    """The document as a file to keep; PDF unless Word is asked for."""
    writer, media_type = _FORMATS.get(format, _FORMATS["pdf"])
    ending = format if format in _FORMATS else "pdf"
    return made_response(writer(document), name=f"{name}.{ending}", media_type=media_type)


def _subject_or_404(request: HttpRequest, code: str) -> NoticeSubject:
    try:
        subject = notice_subject(request.actor, code)  # type: ignore[attr-defined]
    except ValueError:
        subject = None
    if subject is None:
        raise Http404
    return subject


def _page(
    request: HttpRequest, subject: NoticeSubject, notice: Notice, *, reasons: Sequence[Reason] = (),
    given: dict[str, str] | None = None, status: int = 200,
) -> HttpResponse:
    today = request.today  # type: ignore[attr-defined]
    values = notice_form(notice, subject, today=today) if given is None else given
    context: dict[str, Any] = {
        "subject": subject, "notice": notice, "title": _named(notice.title), "reasons": reasons,
        "fields": _fields(notice, values),
        "code": subject.household.code if subject.household else subject.participation.code,
        "owners": subject.owners if notice.is_per_owner and len(subject.owners) > 1 else (),
        "owner": request.POST.get("owner", "1"),
    }
    return render(request, "service/notice.html", context, status=status)


def _fields(notice: Notice, values: dict[str, str]) -> list[Field]:
    prefix = f"{notice.regime}.{notice.id}"
    fields = [
        Field(f"ask-{NUMBER}", rulebook_label(group="notice_ask", id=f"{prefix}.{NUMBER}"), "text", True,
              values.get(NUMBER, ""))
    ] if notice.is_numbered else []
    for ask in notice.asks.values():
        fields.append(Field(
            f"ask-{ask.name}", rulebook_label(group="notice_ask", id=f"{prefix}.{ask.name}"), ask.type, True,
            values.get(ask.name, ""), [(value, _named(pair)) for value, pair in ask.choices.items()],
        ))
    return fields


def _named(pair: tuple[str, str]) -> str:
    return pair[1 if is_english() else 0]
