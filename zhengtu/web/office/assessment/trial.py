"""A trial of a scheme: other points, the ranking that would follow, nothing kept; and its adoption by the mayor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from zhengtu.accounts.queries import unit_names
from zhengtu.assessment.actions import adopt_assessment
from zhengtu.assessment.queries import ADOPT, TRY, cities_of
from zhengtu.assessment.scoring_units import Placed, cards, places_of, ranking
from zhengtu.core.assessment.scheme import Criterion, Measure, Scheme
from zhengtu.core.assessment.trial import CriterionChange, changed_criteria, changed_scheme
from zhengtu.core.assessment.window import period_before
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.shared.access import opens, requires
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label

_DAY = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks for: a scheme, a period, and what is weighed otherwise."""

    city: str
    scheme: Scheme
    from_on: date
    until_on: date
    changes: Mapping[str, CriterionChange]


@requires("assessment.try")
@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """The form with what the address asks for, and the ranking that would follow; nothing is kept."""
    reasons: Sequence[Reason] = ()
    asked = _plain(request)
    try:
        asked = _asked(request, request.GET)
        changed_scheme(asked.scheme, asked.changes)
    except Refused as refused:
        reasons, asked = refused.reasons, _plain(request)
    return _page(request, asked, reasons=reasons, status=409 if reasons else 200)


@requires("assessment.adopt")
@require_POST
def adopt(request: HttpRequest) -> HttpResponse:
    """Adopt the scheme as it was tried."""
    asked = _plain(request)
    try:
        asked = _asked(request, request.POST)
        code = adopt_assessment(
            actor=request.actor, city=asked.city, scheme=asked.scheme.id, from_on=asked.from_on,  # type: ignore[attr-defined]
            until_on=asked.until_on, changes=asked.changes, now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return _page(request, asked, reasons=refused.reasons, status=409)
    messages.success(request, gettext("The scheme is adopted for the period."))
    return redirect("assessment.view", code=code)


def _page(
    request: HttpRequest, asked: Asked, *, reasons: Sequence[Reason], status: int
) -> HttpResponse:
    today: date = request.today  # type: ignore[attr-defined]
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        tried = changed_scheme(asked.scheme, asked.changes)
    except Refused:
        tried = asked.scheme
    as_is, as_tried = (_ranking(asked, scheme, today=today) for scheme in (asked.scheme, tried))
    changed = changed_criteria(asked.scheme, tried)
    schemes = current_rulebook().assessment.schemes_on(asked.from_on)
    return render(request, "assessment/trial.html", {
        "schemes": [(one.id, in_language(one.label)) for one in schemes], "asked": asked, "tab": "try",
        "last_on": asked.until_on - _DAY, "criteria": [_field(one, tried) for one in asked.scheme.criteria],
        "full_points": tried.full_points, "rows": _rows(as_is, as_tried), "is_changed": bool(changed),
        "changed": [rulebook_label(group="result", id=id) for id in changed],
        "moved": sum(_moved(as_is, as_tried).values()), "reasons": reasons,
        "may_adopt": opens(actor, ADOPT), "may_try": True,
        "hidden": [(name, value) for name, value in request.GET.items() if name not in ("on", "known")],
    }, status=status)


def _ranking(asked: Asked, scheme: Scheme, *, today: date) -> list[Placed]:
    made = cards(asked.city, scheme=scheme, from_on=asked.from_on, until_on=asked.until_on, today=today)
    return ranking(made, scheme=scheme)


def _moved(as_is: Sequence[Placed], as_tried: Sequence[Placed]) -> dict[str, int]:
    """Unit -> 1 where its place would be another, else 0."""
    before = places_of(as_is)
    return {one.ranked.unit: int(before.get(one.ranked.unit) != one.ranked.rank) for one in as_tried}


def _rows(as_is: Sequence[Placed], as_tried: Sequence[Placed]) -> list[dict[str, Any]]:
    before = {one.ranked.unit: one for one in as_is}
    names = {code: in_language(pair) for code, pair in unit_names([one.ranked.unit for one in as_tried]).items()}
    rows = []
    for one in as_tried:
        held = before.get(one.ranked.unit)
        rows.append({
            "name": names.get(one.ranked.unit, one.ranked.unit), "now": one, "before": held,
            "band": in_language(one.band.label) if one.band else "",
            "moved": held.ranked.rank - one.ranked.rank if held else None,
            "places_lost": one.ranked.rank - held.ranked.rank if held else 0,
            "change": one.ranked.per_hundred - held.ranked.per_hundred if held else None,
        })
    return rows


def _field(criterion: Criterion, tried: Scheme) -> dict[str, Any]:
    """A criterion's fields, as they are tried."""
    made = tried.criterion(criterion.id)
    return {
        "id": criterion.id, "name": in_language(criterion.label), "as_is": criterion,
        "points": made.points if made else Decimal(0), "is_share": criterion.measure is Measure.SHARE,
        "is_adjusted": made.is_adjusted if made else criterion.is_adjusted,
        "events": [
            {"kind": kind, "name": rulebook_label(group="result_event", id=f"{criterion.id}.{kind}"), "points": worth}
            for kind, worth in (made or criterion).per_event
        ],
    }


def _plain(request: HttpRequest) -> Asked:
    """The first scheme over the last whole month."""
    today: date = request.today  # type: ignore[attr-defined]
    rules = current_rulebook().assessment
    month = today.replace(day=1)
    first, after = period_before(month, add_months(month, 1))
    city = next(iter(cities_of(request.actor, TRY)), "")  # type: ignore[attr-defined]
    return Asked(city, next(iter(rules.schemes.values())), first, after, {})


def _asked(request: HttpRequest, given: QueryDict) -> Asked:
    """What the form says.

    Raises:
        Refused: an unknown scheme, days or points that cannot be read, or a period that ends before it begins.
    """
    plain = _plain(request)
    scheme = current_rulebook().assessment.schemes.get(given.get("scheme", plain.scheme.id))
    if scheme is None:
        raise Refused(Reason(
            code="assessment.scheme", message=N_("There is no such scheme."), remedy=N_("Choose one of the list.")
        ))
    from_on = _day(given.get("from_on"), plain.from_on)
    last_on = _day(given.get("last_on"), plain.until_on - _DAY)
    if last_on < from_on or (last_on - from_on).days >= 366:
        raise Refused(Reason(
            code="assessment.period", message=N_("A period lasts from one day to a year."),
            remedy=N_("Choose another first or last day."),
        ))
    changes = {one.id: change for one in scheme.criteria if (change := _change(one, given)) is not None}
    return Asked(plain.city, scheme, from_on, last_on + _DAY, changes)


def _change(criterion: Criterion, given: QueryDict) -> CriterionChange | None:
    """What the form weighs otherwise; None where it is sent as it stands or not at all."""
    if f"points.{criterion.id}" not in given:
        return None
    points = _points(given[f"points.{criterion.id}"], criterion.points)
    per_event = {
        kind: _points(given.get(f"each.{criterion.id}.{kind}", ""), worth) for kind, worth in criterion.per_event
    }
    is_adjusted = f"adjusted.{criterion.id}" in given
    is_same = points == criterion.points and per_event == dict(criterion.per_event) and (
        criterion.measure is not Measure.SHARE or is_adjusted == criterion.is_adjusted
    )
    return None if is_same else CriterionChange(points=points, is_adjusted=is_adjusted, per_event=per_event)


def _points(text: str, default: Decimal) -> Decimal:
    if not text.strip():
        return default
    try:
        points = Decimal(text.strip()[:12])
    except InvalidOperation:
        points = Decimal("NaN")
    if not points.is_finite():
        raise Refused(Reason(
            code="assessment.points_text", message=N_("“%(text)s” is no number of points."),
            parameters={"text": text[:20]}, remedy=N_("Write a number, e.g. 12.5."),
        ))
    return points


def _day(text: str | None, default: date) -> date:
    if not text:
        return default
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise Refused(Reason(
            code="assessment.day", message=N_("“%(text)s” is no date."), parameters={"text": text[:20]},
            remedy=N_("Write it as year-month-day, e.g. 2025-02-14."),
        ))
    return day
