"""The card of one unit: each criterion with its points, and the cases and events that these follow from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from zhengtu.accounts.queries import unit_names
from zhengtu.assessment.actions import appeal_score
from zhengtu.assessment.behind import Openings, openings
from zhengtu.assessment.models import Appeal, Assessment
from zhengtu.assessment.queries import (
    APPEAL,
    appeals_for,
    last_day_of_appeal,
    may,
    may_see_card,
    scheme_of,
    standing_ranking,
)
from zhengtu.assessment.scoring_units import Placed
from zhengtu.core.assessment.scheme import Criterion, Measure
from zhengtu.core.assessment.scoring import CountedCase, Measured
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.assessment.ranking import assessment_or_404, interval_bar, placed_for
from zhengtu.web.office.assessment.words import (
    about_case,
    difficulty_words,
    fact_page,
    period_of,
    scheme_name,
    subject_name,
    subject_page,
)
from zhengtu.web.office.dossier.recording import given_files
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label

_SHOWN_CASES: Final = 20
"""Cases of a criterion that the page lists, those that cost points first; the pack holds them all."""


@requires("assessment.view")
@require_safe
def view(request: HttpRequest, code: str, unit: str) -> HttpResponse:
    """The card of a unit in scope; ``?line=criterion|reference`` opens the form of an appeal against that line."""
    return _page(request, code, unit)


@requires("assessment.appeal")
@require_POST
def appeal(request: HttpRequest, code: str, unit: str) -> HttpResponse:
    """Appeal against a line of the own card."""
    _placed(request, assessment_or_404(request, code), unit)
    criterion, _, reference = request.POST.get("line", "").partition("|")
    try:
        appeal_score(
            actor=request.actor, code=code, unit=unit, criterion=criterion, reference=reference,  # type: ignore[attr-defined]
            text=request.POST.get("text", ""), files=given_files(request), now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return _page(request, code, unit, reasons=refused.reasons, status=409)
    messages.success(request, gettext("The appeal is lodged; the inspection office decides it."))
    return redirect("assessment.card", code=code, unit=unit)


def _placed(request: HttpRequest, assessment: Assessment, unit: str) -> tuple[Placed, int]:
    """The unit's place and how many are ranked.

    Raises:
        Http404: the reader does not see that card, or there is none.
    """
    if not may_see_card(request.actor, assessment, unit):  # type: ignore[attr-defined]
        raise Http404(unit)
    placed = standing_ranking(assessment, today=request.today)  # type: ignore[attr-defined]
    found = next((one for one in placed if one.ranked.unit == unit), None)
    if found is None:
        raise Http404(unit)
    return placed_for(request.actor, found, city=city_of(assessment.code)), len(placed)  # type: ignore[attr-defined]


def _page(
    request: HttpRequest, code: str, unit: str, *, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    assessment = assessment_or_404(request, code)
    placed, of = _placed(request, assessment, unit)
    scheme, card = scheme_of(assessment), placed.card.card
    opened = _openings(actor, placed)
    appeals = {(one.criterion, one.reference): one for one in appeals_for(actor, assessment, unit=unit)}
    last = last_day_of_appeal(assessment)
    may_appeal = last is not None and today <= last and may(actor, APPEAL, city=city_of(code), unit=unit)
    line = request.POST.get("line") or request.GET.get("line", "")
    opened_first = line.partition("|")[0] if line else _costliest(scheme.criteria, placed)
    low, high = (end * 100 / card.of_points for end in (card.low, card.high))
    return render(request, "assessment/card.html", {
        "assessment": assessment, "scheme": scheme_name(assessment), "period": period_of(assessment), "unit": unit,
        "name": in_language(unit_names([unit])[unit]), "placed": placed, "ranked": placed.ranked, "of": of,
        "places_lost": -(placed.ranked.moved or 0),
        "band": in_language(placed.band.label) if placed.band else "", "card": card,
        "low": low.quantize(Decimal("0.01")), "high": high.quantize(Decimal("0.01")),
        "bar": interval_bar(low, placed.ranked.per_hundred, high),
        "criteria": [
            {**_criterion(one, placed, opened, appeals), "is_open": one.id == opened_first}
            for one in scheme.criteria if one.id not in card.unmeasured
        ],
        "unmeasured": [in_language(one.label) for one in scheme.criteria if one.id in card.unmeasured],
        "corrections": [
            {"one": one, "criterion": rulebook_label(group="result", id=one.criterion),
             "href": fact_page(one.fact, opened)}
            for one in placed.card.corrections
        ],
        "may_appeal": may_appeal, "last_day_of_appeal": last, "line": line if may_appeal else "",
        "line_text": _line_text(line, placed, opened), "text": request.POST.get("text", ""), "reasons": reasons,
        "appeals": [_appeal(one) for one in appeals.values()],
    }, status=status)


def _costliest(criteria: Sequence[Criterion], placed: Placed) -> str:
    """The criterion that costs the unit most points; empty where none costs any."""
    card = placed.card.card
    lost = [(one.points - card.of(one.id), one.id) for one in criteria if one.id not in card.unmeasured]
    most = max(lost, default=(Decimal(0), ""), key=lambda pair: pair[0])
    return most[1] if most[0] > 0 else ""


def _openings(actor: Actor, placed: Placed) -> Openings:
    subjects, facts = set(), {one.fact for one in placed.card.corrections}
    for known in placed.card.measured.values():
        for case in _shown(known):
            subjects.add(case.subject)
            facts.update(case.facts)
        for event in known.events:
            subjects.add(event.subject)
            facts.add(event.reference)
    return openings(actor, subjects=subjects - {""}, facts=facts)


def _shown(known: Measured) -> list[CountedCase]:
    """Cases that cost points first, as many as the page lists."""
    return sorted(known.cases, key=lambda case: case.done >= case.due)[:_SHOWN_CASES]


def _criterion(
    criterion: Criterion, placed: Placed, opened: Openings, appeals: Mapping[tuple[str, str], Appeal]
) -> dict[str, Any]:
    known = placed.card.measured[criterion.id]
    result = current_rulebook().assessment.results.get(criterion.id)
    points = placed.card.card.of(criterion.id)
    is_compared = criterion.is_adjusted and known.expected is not None and known.expected > 0
    return {
        "id": criterion.id, "name": in_language(criterion.label), "points": points, "of": criterion.points,
        "bonus": criterion.bonus, "measure": str(criterion.measure), "known": known, "source": criterion.source,
        "counts": in_language(result.counts) if result else "",
        "explained": in_language(result.explained) if result else "", "is_compared": is_compared,
        "share": float(min(points / criterion.points, Decimal(1))),
        "cases": (rows := [_case(one, criterion, opened, appeals) for one in _shown(known)]),
        "has_about": any(row["about"] for row in rows), "has_facts": any(row["facts"] for row in rows),
        "hidden": max(0, len(known.cases) - _SHOWN_CASES),
        "lines": _lines(criterion, placed, opened, appeals) if criterion.measure is Measure.EVENTS else [],
    }


def _case(
    case: CountedCase, criterion: Criterion, opened: Openings, appeals: Mapping[tuple[str, str], Appeal]
) -> dict[str, Any]:
    return {
        "name": subject_name(case.subject, opened), "code": case.subject, "href": subject_page(case.subject, opened),
        "about": about_case(case), "case": case, "is_done": case.done >= case.due,
        "difficulty": difficulty_words(case.difficulty), "line": f"{criterion.id}|{case.reference}",
        "facts": [page for one in case.facts if (page := fact_page(one, opened))],
        "appeal": appeals.get((criterion.id, case.reference)),
    }


def _lines(
    criterion: Criterion, placed: Placed, opened: Openings, appeals: Mapping[tuple[str, str], Appeal]
) -> list[dict[str, Any]]:
    """The points to start from, each event, and what was taken back."""
    rows = []
    seen = {event.reference: event for event in placed.card.measured[criterion.id].events}
    for line in placed.card.card.lines:
        if line.criterion != criterion.id:
            continue
        event = seen.get(line.event.reference) if line.event else None
        rows.append({
            "points": line.points, "is_capped": line.is_capped, "event": event,
            "name": rulebook_label(group="result_event", id=f"{criterion.id}.{event.kind}") if event else "",
            "subject": subject_name(event.subject, opened) if event else "",
            "href": subject_page(event.subject, opened) if event else "",
            "fact": fact_page(event.reference, opened) if event else "",
            "line": f"{criterion.id}|{event.reference}" if event else "",
            "appeal": appeals.get((criterion.id, event.reference)) if event else None,
        })
    return rows


def _line_text(line: str, placed: Placed, opened: Openings) -> str:
    """The line that an appeal would be about, in words."""
    criterion, _, reference = line.partition("|")
    known = placed.card.measured.get(criterion)
    if known is None:
        return ""
    told = [(case.reference, case.subject, about_case(case)) for case in known.cases] + [
        (event.reference, event.subject, rulebook_label(group="result_event", id=f"{criterion}.{event.kind}"))
        for event in known.events
    ]
    found = next((one for one in told if one[0] == reference), None)
    if found is None:
        return ""
    words = [rulebook_label(group="result", id=criterion), subject_name(found[1], opened), found[2]]
    return " · ".join(word for word in words if word)


def _appeal(row: Appeal) -> dict[str, Any]:
    return {"row": row, "criterion": rulebook_label(group="result", id=row.criterion)}
