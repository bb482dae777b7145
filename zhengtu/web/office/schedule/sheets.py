"""The backward schedule to take away: a workbook of sections and stages, and a wall sheet as PDF."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import IO, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengtu.campaign.plan_queries import VERB
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.core.kernel.codes import city_of
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.press.schedule_sheet import PAPERS, ScheduleSheet, schedule_sheet_pdf
from zhengtu.press.spreadsheet import write_workbook
from zhengtu.registry.queries import is_demonstration
from zhengtu.web.office.schedule.gantt_data import frozen_months
from zhengtu.web.office.schedule.parts import Selection, selection
from zhengtu.web.office.schedule.sheet_rows import (
    frozen_runs,
    rest_runs,
    schedule_lines,
    sheet_columns,
    sheet_row,
    wall_rows,
    wall_span,
    wall_targets,
)
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.chrome import posts_of
from zhengtu.web.shared.figure_text import day, minute

EXPORT: Final = "registry.export"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@requires(VERB)
def view(request: HttpRequest, code: str, format: str) -> HttpResponseBase:
    """``xlsx`` or ``pdf`` (with ``?paper=A0|A1|A3``) of a part, a project or everything in reach."""
    if format not in ("xlsx", "pdf"):
        raise Http404
    chosen = selection(request, code)
    if format == "xlsx":
        require_export(request)
        return _workbook(request, chosen)
    paper = request.GET.get("paper", "A3").upper()
    return _pdf(request, chosen, paper if paper in PAPERS else "A3")


def require_export(request: HttpRequest) -> None:
    """Close a download to whoever may not take rows away.

    Raises:
        PermissionDenied: when they may not.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not current_rulebook().authority.scope(actor=actor, verb=EXPORT):
        raise PermissionDenied(EXPORT)


def file_name(chosen: Selection, ending: str) -> str:
    """The name of a file to take away: what, as of when."""
    return f"{_('Backward schedule')}-{chosen.title}-{day(chosen.dates.on)}.{ending}".replace("/", " ")


def _workbook(request: HttpRequest, chosen: Selection) -> HttpResponseBase:
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - the response closes it
    lines = schedule_lines(chosen.parts, chosen.name_of)
    now = request.now  # type: ignore[attr-defined]
    write_workbook(
        file, sheet_name=_("Backward schedule"), columns=sheet_columns(),
        rows=(sheet_row(number, line, chosen.name_of) for number, line in enumerate(lines, start=1)),
        particulars_name=_("About this table"), created=now.astimezone(SHANGHAI).replace(tzinfo=None),
        particulars=[
            (_("Table"), _("Backward schedule")), (_("What is shown"), chosen.title),
            (_("As of"), day(chosen.dates.on)),
            (_("As known on"), day(chosen.dates.known) if chosen.dates.known else _("now")),
            (_("Rows"), str(len(lines))),
            (_("Exported by"), f"{request.user.name} ({request.user.username})"),  # type: ignore[union-attr]
            (_("Posts"), "; ".join(posts_of(request.actor))),  # type: ignore[attr-defined]
            (_("Exported at"), minute(now)), (_("Source"), source_line()),
            (_("Link"), request.build_absolute_uri()), (_("Rulebook"), current_rulebook().fingerprint),
        ],
    )
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=file_name(chosen, "xlsx"), content_type=_XLSX)


def source_line() -> str:
    """Where the dates come from."""
    return _("Zhengtu: computed from the ledger, the governing procedure and the deadlines; nobody types a date")


def _pdf(request: HttpRequest, chosen: Selection, paper: str) -> HttpResponse:
    fonts = settings.FRONTEND_PACKAGES / "@expo-google-fonts" / "noto-sans-sc"
    pdf = schedule_sheet_pdf(wall_sheet(request, chosen, paper), fonts=fonts)
    response = HttpResponse(pdf, content_type="application/pdf")
    name = f"zhengtu-schedule-{chosen.code}-{chosen.dates.on.isoformat()}-{paper}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def wall_sheet(request: HttpRequest, chosen: Selection, paper: str) -> ScheduleSheet:
    """Everything on the sheet, out of the actor's reach and no further."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates, parts = chosen.dates, chosen.parts
    span = wall_span(parts, dates.on)
    lines = list(posts_of(actor)[:1])
    if len(parts) > 1:
        lines.append(_("what is done and the way over the court are left out"))
    if chosen.missing:
        lines.append(_("%(count)s parts are still being computed and are not on this sheet") % {
            "count": chosen.missing,
        })
    known = [_("as known on %(day)s: later records are left out") % {"day": day(dates.known)}] if dates.known else []
    return ScheduleSheet(
        paper=paper, title=_("%(what)s: backward schedule") % {"what": chosen.title}, lines=tuple(lines),
        date_lines=(day(dates.on), _("as of the end of this day"), *known),
        columns=(
            _("Step or work"), _("Responsible unit"), _("Latest start"), _("Latest end"), _("Float (working days)"),
        ),
        rows=wall_rows(parts, chosen.name_of), start_on=span[0], end_on=span[1], today=dates.on,
        targets=wall_targets(parts), rest=rest_runs(current_rulebook().calendar, span),
        frozen=frozen_runs(frozen_months(parts), span), legend=_legend(parts_have_baseline=any(
            part.baseline for part in parts
        )),
        sources=_sources(request, chosen, paper), page_word=_("Sheet %(page)s of %(pages)s"),
        month_word=_("%(year)s-%(month)s"),
    )


def _legend(*, parts_have_baseline: bool) -> list[tuple[str, str]]:
    shown = [
        ("actual", _("recorded")), ("step", _("statutory step")), ("work", _("work of teams")),
        ("period", _("statutory period")), ("track", _("over decision and court")), ("critical", _("critical")),
        ("late", _("latest days")), ("handover", _("handing over")), ("frozen", _("frozen ground")),
        ("today", _("as of")),
    ]
    return [*shown, ("baseline", _("baseline"))] if parts_have_baseline else shown


def _sources(request: HttpRequest, chosen: Selection, paper: str) -> tuple[str, ...]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    lines = [
        source_line(), _("Float in working days; ■ marks what is too late for its deadline."),
        _("%(paper)s. Printed %(at)s.") % {
            "paper": paper, "at": timezone.localtime().strftime("%Y-%m-%d %H:%M"),
        },
    ]
    if any(is_demonstration(city) for city in {city_of(posting.unit) for posting in actor.postings}):
        lines.insert(0, _("Demonstration data: all people, parcels and figures are invented."))
    return tuple(lines)
