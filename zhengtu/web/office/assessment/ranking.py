"""The ranking of one assessment, its publication, and the check that published cards come out the same again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from zhengtu.accounts.queries import unit_names
from zhengtu.assessment.actions import publish_assessment
from zhengtu.assessment.behind import as_seen_by
from zhengtu.assessment.checking import check_publication
from zhengtu.assessment.models import Assessment
from zhengtu.assessment.queries import (
    ADOPT,
    TRY,
    appeals_for,
    assessment_for,
    cities_of,
    last_day_of_appeal,
    may,
    may_see_card,
    own_units,
    scheme_of,
    sees_all_cards,
    standing_ranking,
)
from zhengtu.assessment.scoring_units import Placed, units_scored
from zhengtu.core.assessment.scheme import Scheme
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.web.office.assessment.words import period_of, scheme_name
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label

_BAR: float = 160.0
"""Width of the drawing of a score with its interval."""


def assessment_or_404(request: HttpRequest, code: str) -> Assessment:
    """The assessment, where it lies in the reader's scope.

    Raises:
        Http404: there is none that the reader may see.
    """
    found = assessment_for(request.actor, code)  # type: ignore[attr-defined]
    if found is None:
        raise Http404(code)
    return found


def placed_for(actor: Actor, placed: Placed, *, city: str) -> Placed:
    """A unit's place with its card as the reader may see it."""
    return replace(placed, card=as_seen_by(actor, placed.card, city=city))


@requires("assessment.view")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The units by their score."""
    return ranking_page(request, assessment_or_404(request, code))


def ranking_page(
    request: HttpRequest, assessment: Assessment, *, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    """The page; a unit sees every place, and the way to its own card alone."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    scheme, placed = scheme_of(assessment), standing_ranking(assessment, today=today)
    city = city_of(assessment.code)
    scored = units_scored(city, scheme=scheme)
    names = {code: in_language(pair) for code, pair in unit_names(scored).items()}
    is_whole = sees_all_cards(actor, assessment)
    last = last_day_of_appeal(assessment)
    ranked = {one.ranked.unit for one in placed}
    return render(request, "assessment/ranking.html", {
        "assessment": assessment, "scheme": scheme_name(assessment), "period": period_of(assessment),
        "rows": [_row(one, scheme, names, actor=actor, assessment=assessment, is_whole=is_whole) for one in placed],
        "criteria": _criteria(scheme), "is_whole": is_whole,
        "unranked": [names[unit] for unit in scored if unit not in ranked and unit in names],
        "is_moved": any(one.ranked.moved is not None for one in placed),
        "appeals": [
            {"row": one, "unit": in_language((one.unit.name, one.unit.name_en or one.unit.name)),
             "criterion": rulebook_label(group="result", id=one.criterion)}
            for one in appeals_for(actor, assessment)
        ],
        "last_day_of_appeal": last, "is_appeal_open": last is not None and today <= last,
        "bands": [{"name": in_language(band.label), "from": band.from_points} for band in scheme.bands],
        "reasons": reasons, "is_over": today >= assessment.until_on, "tab": "list",
        "may_adopt": may(actor, ADOPT, city=city), "may_try": bool(cities_of(actor, TRY)),
        "full_points": scheme.full_points,
    }, status=status)


@requires("assessment.adopt")
@require_POST
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Freeze the cards and make them known."""
    assessment = assessment_or_404(request, code)
    try:
        publish_assessment(actor=request.actor, code=code, now=request.now)  # type: ignore[attr-defined]
    except Refused as refused:
        return ranking_page(request, assessment, reasons=refused.reasons, status=409)
    messages.success(request, gettext("The scores are published; each unit sees its own card."))
    return redirect("assessment.view", code=code)


@requires("assessment.try")
@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Make the published cards again as known on their day, and say whether they are the same."""
    assessment = assessment_or_404(request, code)
    found = check_publication(code)
    if found is None:
        raise Http404(code)
    names = {code: in_language(pair) for code, pair in unit_names({one[0] for one in found.differences}).items()}
    return render(request, "assessment/check.html", {
        "assessment": assessment, "scheme": scheme_name(assessment), "period": period_of(assessment), "check": found,
        "differences": [
            {"unit": names.get(unit, unit), "criterion": criterion, "published": held, "made": made}
            for unit, criterion, held, made in found.differences
        ],
    })


def _criteria(scheme: Scheme) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "name": in_language(one.label), "points": one.points, "bonus": one.bonus}
        for one in scheme.criteria
    ]


def _row(
    placed: Placed, scheme: Scheme, names: dict[str, str], *, actor: Actor, assessment: Assessment, is_whole: bool
) -> dict[str, Any]:
    ranked, card = placed.ranked, placed.card.card
    low, high = (end * 100 / card.of_points for end in (card.low, card.high))
    parts: list[dict[str, Any]] = []
    if is_whole:
        parts = [
            {"criterion": one.id, "points": None if one.id in card.unmeasured else card.of(one.id), "of": one.points}
            for one in scheme.criteria
        ]
    return {
        "unit": ranked.unit, "name": names.get(ranked.unit, ranked.unit), "ranked": ranked,
        "moved": ranked.moved, "places_lost": -(ranked.moved or 0),
        "band": in_language(placed.band.label) if placed.band else "", "band_id": placed.band.id if placed.band else "",
        "total": card.total, "of_points": card.of_points, "parts": parts,
        "bar": interval_bar(low, ranked.per_hundred, high), "low": low.quantize(Decimal("0.01")),
        "high": high.quantize(Decimal("0.01")), "is_estimated": low != high,
        "is_own": ranked.unit in own_units(actor), "is_open": may_see_card(actor, assessment, ranked.unit),
        "corrections": len(placed.card.corrections),
    }


def interval_bar(low: Decimal, middle: Decimal, high: Decimal) -> dict[str, Any]:
    """A score of a hundred with its ends, as lengths of a drawing; what lies beyond a hundred is cut."""
    ends = [float(min(max(value, Decimal(0)), Decimal(100))) * _BAR / 100 for value in (low, middle, high)]
    return {
        "low": f"{ends[0]:.1f}", "middle": f"{ends[1]:.1f}", "width": f"{max(ends[2] - ends[0], 0.0):.1f}",
        "of": f"{_BAR:.0f}",
    }
