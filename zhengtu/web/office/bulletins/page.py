"""One bulletin as it reads, each figure a link to its proof, with the deeds that are possible now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from zhengtu.core.authority.actor import Actor
from zhengtu.core.bulletins.figures import NamedFigures, PlaceFigures, fingerprint
from zhengtu.core.bulletins.text import BulletinText
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.publication.documents import MEDIA_TYPES, Issue, bulletin_files
from zhengtu.publication.models import Bulletin, BulletinStage
from zhengtu.publication.queries import KEPT_STAGES, bulletin_for, kind_of_bulletin, may, previous_released
from zhengtu.publication.week_figures import ledger_figures, period_of_bulletin, plans_ready, released_figures
from zhengtu.publication.wording import bulletin_text
from zhengtu.web.office.bulletins.listing import LIGHTS
from zhengtu.web.office.bulletins.proof_links import proof_href
from zhengtu.web.office.bulletins.writing import addressee_groups, is_usual, remark_text
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.downloads import file_response, made_response
from zhengtu.web.shared.languages import in_language

_WRITABLE = (BulletinStage.DRAFT, BulletinStage.RETURNED)
_PLANS_WANTING = Reason(
    "bulletins.plans", N_("The plans of its dates are still being computed."), remedy=N_("Try again in a minute.")
)


def bulletin_or_404(request: HttpRequest, code: str) -> Bulletin:
    """The bulletin, where it lies in the reader's scope.

    Raises:
        Http404: there is none that the reader may see.
    """
    bulletin = bulletin_for(request.actor, code)  # type: ignore[attr-defined]
    if bulletin is None:
        raise Http404(code)
    return bulletin


@requires("bulletin.view")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The bulletin of a code."""
    return bulletin_page(request, bulletin_or_404(request, code))


def bulletin_page(
    request: HttpRequest, bulletin: Bulletin, *, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    """The page; a draft's figures follow from the ledger now, a released one's are those that were kept."""
    named = _figures(bulletin)
    today: date = request.today  # type: ignore[attr-defined]
    issued_on = civil_date(at=bulletin.released_at) if bulletin.released_at else today
    text = bulletin_text(named, remarks=bulletin.remarks, issued_on=issued_on) if named else None
    return render(request, "bulletins/bulletin.html", {
        "bulletin": bulletin, "kind": in_language(kind_of_bulletin(bulletin).label),
        "light": LIGHTS[BulletinStage(bulletin.stage)], "reasons": reasons,
        "parts": _parts(text, bulletin, request) if text else [], "is_ready": named is not None,
        "groups": addressee_groups(bulletin, request), "count": len(bulletin.addressees),
        "is_usual": is_usual(bulletin),
        "sha256": fingerprint(named.figures) if named else "", "is_kept": bulletin.stage in KEPT_STAGES,
        "before": _compared(bulletin, named), "may": _possible(request.actor, bulletin),  # type: ignore[attr-defined]
    }, status=status)


@requires("bulletin.view")
@require_safe
def download(request: HttpRequest, code: str, ending: str) -> HttpResponseBase:
    """A file of the bulletin: the kept one once it went out, before that made anew and marked as a draft."""
    bulletin = bulletin_or_404(request, code)
    name = f"{kind_of_bulletin(bulletin).label[0]}-{bulletin.from_on.isoformat()}.{ending}"
    if bulletin.stage in KEPT_STAGES and bulletin.released_at:
        digest = {"docx": bulletin.word_id, "pdf": bulletin.pdf_id, "xlsx": bulletin.annex_id}[ending]
        return file_response(digest or "", name=name, media_type=MEDIA_TYPES[ending])
    named = _figures(bulletin)
    if named is None:
        return bulletin_page(request, bulletin, reasons=[_PLANS_WANTING], status=409)
    today: date = request.today  # type: ignore[attr-defined]
    issue = Issue(number=None, issued_on=today, addressees=bulletin.addressees)
    content = bulletin_files(named, remarks=bulletin.remarks, issue=issue)[ending]
    return made_response(content, name=name, media_type=MEDIA_TYPES[ending])


def _figures(bulletin: Bulletin) -> NamedFigures | None:
    """Its figures; None while the plans of its dates are being computed."""
    if bulletin.released_at is not None:
        return released_figures(bulletin)
    period = period_of_bulletin(bulletin)
    city = city_of(bulletin.code)
    return ledger_figures(city, kind=bulletin.kind, period=period) if plans_ready(city, period) else None


def _parts(text: BulletinText, bulletin: Bulletin, request: HttpRequest) -> list[dict[str, Any]]:
    period = period_of_bulletin(bulletin)

    def linked(cells: Sequence[Any]) -> list[dict[str, str]]:
        return [{"text": one.text, "href": proof_href(one.proof, period)} for one in cells]

    return [
        {
            "id": part.id, "heading": part.heading,
            "paragraphs": [linked(sentence) for sentence in part.paragraphs if sentence],
            "tables": [
                {
                    "caption": table.caption, "columns": table.columns,
                    "rows": [list(zip(table.columns, linked(row), strict=True)) for row in table.rows],
                    "total": list(zip(table.columns, linked(table.total), strict=True)) if table.total else [],
                }
                for table in part.tables
            ],
            "remarks": part.remarks, "takes_remarks": part.takes_remarks,
            "remark_text": remark_text(bulletin, part.id, request),
        }
        for part in text.parts
    ]


def _compared(bulletin: Bulletin, named: NamedFigures | None) -> dict[str, Any] | None:
    """The same figures of the last bulletin that was released, with what changed since."""
    before = previous_released(bulletin)
    if before is None or named is None:
        return None
    held, now = released_figures(before).figures, named.figures
    rows: list[tuple[str, int, int]] = [
        (gettext("Signed or decided"), held.total.settled, now.total.settled),
        (gettext("Vacated"), held.total.vacated, now.total.vacated),
        (gettext("Sections handed over"), held.total.handed_over, now.total.handed_over),
        (gettext("Parts with a red light"), held.total.red, now.total.red),
        (gettext("Overdue directives"), held.total.overdue, now.total.overdue),
    ]
    ranks = {one.code: one.rank for one in held.places}
    return {
        "bulletin": before,
        "rows": [{"name": name, "before": old, "now": new, "change": new - old} for name, old, new in rows],
        "moved": [
            {"name": in_language(named.names[place.code]), "rank": place.rank, "moved": ranks[place.code] - place.rank}
            for place in now.places if _has_moved(place, ranks)
        ],
    }


def _has_moved(place: PlaceFigures, ranks: dict[str, int | None]) -> bool:
    before = ranks.get(place.code)
    return place.rank is not None and before is not None and before != place.rank


def _possible(actor: Actor, bulletin: Bulletin) -> dict[str, bool]:
    """What the actor may do with it now."""
    kind = kind_of_bulletin(bulletin)
    drafts, releases = may(actor, kind.draft, bulletin), may(actor, kind.release, bulletin)
    stage, is_own = bulletin.stage, actor.person in bulletin.written_by
    return {
        "write": drafts and stage in _WRITABLE,
        "release": releases and stage == BulletinStage.SUBMITTED and not is_own,
        "withdraw": (drafts and stage in _WRITABLE) or (releases and stage == BulletinStage.RELEASED),
    }
