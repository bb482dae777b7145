"""The papers of a directive as Word and PDF: the notice, the chasing notice and the red slip."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from zhengtu.core.kernel.reasons import Refused
from zhengtu.directives import queries
from zhengtu.directives.notices_of_directives import directive_notice
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.press.pdf import to_pdf
from zhengtu.press.word import to_docx
from zhengtu.web.office.directives.page import directive_page
from zhengtu.web.shared.access import requires

_TYPES: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf",
}


@requires("directive.view")
@require_safe
def download(request: HttpRequest, code: str, paper: str, format: str) -> HttpResponse:
    """One paper as of today; one that does not fit how the directive stands is refused on its page."""
    today: date = request.today  # type: ignore[attr-defined]
    standing = queries.directive_for(request.actor, code, on=today)  # type: ignore[attr-defined]
    if standing is None or paper not in current_rulebook().directive_papers.papers:
        raise Http404
    try:
        document = directive_notice(standing, events=queries.history_of(code), today=today, paper=paper)
    except Refused as refused:
        return directive_page(request, code, reasons=refused.reasons, status=409)
    answer = HttpResponse(to_pdf(document) if format == "pdf" else to_docx(document), content_type=_TYPES[format])
    answer["Content-Disposition"] = f'attachment; filename="{code}-{paper}.{format}"'
    return answer
