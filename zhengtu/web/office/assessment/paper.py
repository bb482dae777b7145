"""The pack of an assessment as a PDF: the ranking, and of each card its criteria and what was not done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext, ngettext, pgettext
from django.views.decorators.http import require_safe

from zhengtu.accounts.queries import unit_names
from zhengtu.assessment.models import Assessment
from zhengtu.assessment.queries import may_see_card, scheme_of, standing_ranking
from zhengtu.assessment.scoring_units import Placed
from zhengtu.core.assessment.scheme import Criterion, Scheme
from zhengtu.core.assessment.scoring import CountedCase
from zhengtu.core.kernel.codes import city_of
from zhengtu.press.document import Block, Document, Heading, Layout, Paragraph, Table, TableColumn
from zhengtu.press.pdf import to_pdf
from zhengtu.registry.queries import is_demonstration
from zhengtu.web.office.assessment.ranking import assessment_or_404, placed_for
from zhengtu.web.office.assessment.words import about_case, period_of, scheme_name
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language

_LISTED: Final = 20
"""Cases that were not done which the paper lists of one criterion; the workbook holds them all."""


@requires("assessment.view")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The PDF: every card for whoever sees all, the ranking and the own card for a unit."""
    assessment = assessment_or_404(request, code)
    today: date = request.today  # type: ignore[attr-defined]
    actor = request.actor  # type: ignore[attr-defined]
    scheme, placed = scheme_of(assessment), standing_ranking(assessment, today=today)
    names = {unit: in_language(pair) for unit, pair in unit_names([one.ranked.unit for one in placed]).items()}
    blocks: list[Block] = [*_about(assessment), Heading(gettext("Ranking")), _ranking(placed, names)]
    for one in placed:
        unit = one.ranked.unit
        if may_see_card(actor, assessment, unit):
            blocks += _card(placed_for(actor, one, city=city_of(code)), scheme, names.get(unit, unit))
    content = to_pdf(Document(
        title=scheme_name(assessment), subtitle=period_of(assessment), blocks=blocks, layout=Layout.FORM,
        language="en" if (get_language() or "").startswith("en") else "zh-Hans", is_sealed=False,
        note=gettext("Derived from the records of the ledger; nobody typed anything for it."),
        mark=gettext("Demonstration data") if is_demonstration(city_of(code)) else "",
    ))
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, f"{code}.pdf") or "attachment"
    return answer


def _about(assessment: Assessment) -> list[Block]:
    if assessment.published_on is None or assessment.known_on is None:
        return [Paragraph(gettext("under way, as the ledger has it today"), is_indented=False)]
    told = gettext("published on %(day)s") % {"day": assessment.published_on.isoformat()}
    known = f"{gettext('As known on')} {assessment.known_on.isoformat()}"
    return [
        Paragraph(f"{told} · {known}", is_indented=False),
        Paragraph(f"{gettext('Fingerprint of the scorecards')} {assessment.cards_sha256}", is_indented=False),
    ]


def _ranking(placed: Sequence[Placed], names: dict[str, str]) -> Table:
    columns = [
        TableColumn(pgettext("ranking", "Place"), is_number=True, width=0.6), TableColumn(gettext("Unit"), width=2.2),
        TableColumn(gettext("Of 100"), is_number=True), TableColumn(gettext("Grade")),
        TableColumn(gettext("Could be placed")), TableColumn(gettext("Places won"), is_number=True),
    ]
    rows = [
        [
            str(one.ranked.rank), names.get(one.ranked.unit, one.ranked.unit), str(one.ranked.per_hundred),
            in_language(one.band.label) if one.band else "", _places(one),
            f"{one.ranked.moved:+d}" if one.ranked.moved else "–",
        ]
        for one in placed
    ]
    return Table(columns, rows)


def _places(one: Placed) -> str:
    best, worst = one.ranked.best_rank, one.ranked.worst_rank
    return str(best) if best == worst else f"{best} – {worst}"


def _card(one: Placed, scheme: Scheme, name: str) -> Iterator[Block]:
    """A unit's heading, its criteria with their sum, and what was not done of each."""
    card = one.card.card
    counted = [criterion for criterion in scheme.criteria if criterion.id not in card.unmeasured]
    yield Heading(f"{name} {one.ranked.per_hundred}")
    yield Table(
        [
            TableColumn(gettext("Criterion"), width=2.4), TableColumn(gettext("Points won"), is_number=True),
            TableColumn(gettext("Of points"), is_number=True), TableColumn(gettext("Was due"), is_number=True),
            TableColumn(gettext("Counted as done"), is_number=True), TableColumn(gettext("Events"), is_number=True),
        ],
        [_criterion(criterion, one) for criterion in counted],
        total=[gettext("Together"), str(card.total), str(card.of_points), "", "", ""],
    )
    for criterion in counted:
        missed = [case for case in one.card.measured[criterion.id].cases if case.done < case.due]
        if missed:
            yield from _missed(in_language(criterion.label), missed)


def _criterion(criterion: Criterion, one: Placed) -> list[str]:
    known = one.card.measured[criterion.id]
    return [
        in_language(criterion.label), str(one.card.card.of(criterion.id)), str(criterion.points),
        str(known.due) if known.cases else "", str(known.done) if known.cases else "",
        str(len(known.events)) if known.events else "",
    ]


def _missed(criterion: str, cases: Sequence[CountedCase]) -> Iterator[Block]:
    yield Table(
        [
            TableColumn(gettext("Subject"), width=2.2), TableColumn(gettext("What"), width=1.8),
            TableColumn(gettext("Due on")), TableColumn(gettext("Done on")),
        ],
        [
            [
                case.subject, about_case(case), case.due_on.isoformat() if case.due_on else "",
                case.done_on.isoformat() if case.done_on else "",
            ]
            for case in cases[:_LISTED]
        ],
        caption=f"{criterion}: {gettext('not counted as done')}",
    )
    if len(cases) > _LISTED:
        hidden = len(cases) - _LISTED
        text = ngettext(
            "%(hidden)s more case stands in the pack.", "%(hidden)s more cases stand in the pack.", hidden
        ) % {"hidden": hidden}
        yield Paragraph(text, is_indented=False)
