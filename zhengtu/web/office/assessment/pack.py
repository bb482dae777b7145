"""The pack of an assessment as a workbook: ranking, criteria and every case behind them, derived from the records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_safe

from zhengtu.accounts.queries import unit_names
from zhengtu.assessment.models import Assessment
from zhengtu.assessment.queries import may_see_card, scheme_of, sees_all_cards, standing_ranking
from zhengtu.assessment.scoring_units import Placed
from zhengtu.core.assessment.scheme import Scheme
from zhengtu.core.kernel.codes import city_of
from zhengtu.press.annex import AnnexColumn, AnnexSheet, annex_workbook
from zhengtu.press.spreadsheet import ROWS_LIMIT, CellValue
from zhengtu.web.office.assessment.ranking import assessment_or_404, placed_for
from zhengtu.web.office.assessment.words import about_case, difficulty_words, period_of, scheme_name
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label

_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires("assessment.view")
@require_safe
def workbook(request: HttpRequest, code: str) -> HttpResponse:
    """The workbook: everything of whoever sees all cards, the ranking and the own card of a unit; as the records stand,
    the same bytes each time."""
    assessment = assessment_or_404(request, code)
    today: date = request.today  # type: ignore[attr-defined]
    actor = request.actor  # type: ignore[attr-defined]
    scheme, placed = scheme_of(assessment), standing_ranking(assessment, today=today)
    names = {unit: in_language(pair) for unit, pair in unit_names([one.ranked.unit for one in placed]).items()}
    city = city_of(code)
    shown = [placed_for(actor, one, city=city) for one in placed if may_see_card(actor, assessment, one.ranked.unit)]
    sheets = [_ranking(placed, names)]
    if shown:
        sheets += [_criteria(shown, scheme, names), _cases(shown, scheme, names), _events(shown, scheme, names)]
    content = annex_workbook(
        sheets, particulars_name=gettext("About this pack"),
        particulars=_particulars(assessment, is_whole=sees_all_cards(actor, assessment)),
        created=datetime.combine(assessment.published_on or today, time()),
    )
    answer = HttpResponse(content, content_type=_TYPE)
    answer["Content-Disposition"] = content_disposition_header(True, f"{code}.xlsx") or "attachment"
    return answer


def _particulars(assessment: Assessment, *, is_whole: bool) -> list[tuple[str, str]]:
    published = assessment.published_on
    return [
        (gettext("Assessment"), assessment.code), (gettext("Scheme"), scheme_name(assessment)),
        (pgettext("assessment", "Period"), period_of(assessment)),
        (gettext("Published on"), published.isoformat() if published else pgettext("assessment", "Under way")),
        (gettext("As known on"), assessment.known_on.isoformat() if assessment.known_on else gettext("now")),
        (gettext("Fingerprint of the scheme"), assessment.scheme_sha256),
        (gettext("Fingerprint of the scorecards"), assessment.cards_sha256 or "–"),
        (gettext("Holds"), gettext("all cards") if is_whole else gettext("the ranking and the own card")),
        (gettext("Made from"), gettext("Derived from the records of the ledger; nobody typed anything for it.")),
    ]


def _ranking(placed: Sequence[Placed], names: dict[str, str]) -> AnnexSheet:
    rows: list[list[CellValue]] = [
        [
            one.ranked.rank, names.get(one.ranked.unit, one.ranked.unit), one.ranked.per_hundred,
            in_language(one.band.label) if one.band else "", one.ranked.best_rank, one.ranked.worst_rank,
            one.ranked.moved if one.ranked.moved is not None else "", one.card.card.total, one.card.card.of_points,
        ]
        for one in placed
    ]
    return AnnexSheet(
        gettext("Ranking"), gettext("Units by their score"), [
            AnnexColumn(pgettext("ranking", "Place"), "integer"), AnnexColumn(gettext("Unit"), width=30),
            AnnexColumn(gettext("Of 100"), "decimal"), AnnexColumn(gettext("Grade")),
            AnnexColumn(gettext("Best place"), "integer"), AnnexColumn(gettext("Worst place"), "integer"),
            AnnexColumn(gettext("Places won"), "integer"), AnnexColumn(gettext("Points won"), "decimal"),
            AnnexColumn(gettext("Of points"), "decimal"),
        ], rows,
    )


def _criteria(placed: Sequence[Placed], scheme: Scheme, names: dict[str, str]) -> AnnexSheet:
    rows: list[list[CellValue]] = []
    for one in placed:
        for criterion in scheme.criteria:
            known = one.card.measured.get(criterion.id)
            if known is None or criterion.id in one.card.card.unmeasured:
                continue
            rows.append([
                names.get(one.ranked.unit, one.ranked.unit), in_language(criterion.label), criterion.points,
                one.card.card.of(criterion.id), known.due, known.done,
                round(known.expected, 2) if criterion.is_adjusted and known.expected is not None else "",
                len(known.events),
            ])
    return AnnexSheet(
        gettext("Criteria"), gettext("Points of each criterion"), [
            AnnexColumn(gettext("Unit"), width=30), AnnexColumn(gettext("Criterion"), width=30),
            AnnexColumn(gettext("Of points"), "decimal"), AnnexColumn(gettext("Points won"), "decimal"),
            AnnexColumn(gettext("Was due"), "integer"), AnnexColumn(gettext("Counted as done"), "integer"),
            AnnexColumn(gettext("To be expected"), "decimal"), AnnexColumn(gettext("Events"), "integer"),
        ], rows,
    )


def _cases(placed: Sequence[Placed], scheme: Scheme, names: dict[str, str]) -> AnnexSheet:
    rows: list[list[CellValue]] = [
        [
            names.get(one.ranked.unit, one.ranked.unit), in_language(criterion.label), case.subject, about_case(case),
            case.due, case.done, case.due_on or "", case.done_on or "", difficulty_words(case.difficulty),
            ", ".join(case.facts),
        ]
        for one in placed for criterion in scheme.criteria
        for case in _known(one, criterion.id, "cases")
    ]
    return AnnexSheet(
        gettext("Cases"), gettext("Every case that a share counts"), [
            AnnexColumn(gettext("Unit"), width=30), AnnexColumn(gettext("Criterion"), width=30),
            AnnexColumn(gettext("Subject"), width=26), AnnexColumn(gettext("What"), width=20),
            AnnexColumn(gettext("Was due"), "integer"), AnnexColumn(gettext("Counted as done"), "integer"),
            AnnexColumn(gettext("Due on"), "date"), AnnexColumn(gettext("Done on"), "date"),
            AnnexColumn(gettext("Difficulty"), width=26), AnnexColumn(gettext("Facts"), width=30),
        ], rows[: ROWS_LIMIT - 10],
    )


def _events(placed: Sequence[Placed], scheme: Scheme, names: dict[str, str]) -> AnnexSheet:
    rows: list[list[CellValue]] = [
        [
            names.get(one.ranked.unit, one.ranked.unit), in_language(criterion.label),
            rulebook_label(group="result_event", id=f"{criterion.id}.{event.kind}"), event.subject, event.on,
            criterion.points_of(event.kind), event.reference,
        ]
        for one in placed for criterion in scheme.criteria
        for event in _known(one, criterion.id, "events")
    ]
    return AnnexSheet(
        gettext("Events"), gettext("Every event that counts for or against"), [
            AnnexColumn(gettext("Unit"), width=30), AnnexColumn(gettext("Criterion"), width=30),
            AnnexColumn(gettext("Event"), width=30), AnnexColumn(gettext("Subject"), width=26),
            AnnexColumn(gettext("Day"), "date"), AnnexColumn(gettext("Points"), "decimal"),
            AnnexColumn(gettext("Facts"), width=30),
        ], rows,
    )


def _known(placed: Placed, criterion: str, what: str) -> Sequence[Any]:
    known = placed.card.measured.get(criterion)
    return getattr(known, what) if known is not None else ()
