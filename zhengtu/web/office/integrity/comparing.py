"""One ruler on screen: a household beside its nearest twins, and a project's unit prices by class."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengtu.campaign.queries import names_in_reach
from zhengtu.campaign.unit_prices import project_prices
from zhengtu.casework.equal_treatment import EqualTreatment, equal_treatment_of
from zhengtu.casework.queries import household_for
from zhengtu.core.compensation.twins import Twin
from zhengtu.core.integrity.prices import PriceClass, PriceOutlier
from zhengtu.core.kernel.money import total
from zhengtu.registry.queries import projects_for
from zhengtu.web.office.cockpit.sentences import kept, name_of
from zhengtu.web.office.integrity.words import fact_name, fact_value, item_name
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import as_of

CLASSES_DRAWN = 12
DOTS_DRAWN = 300


@requires("household.view")
@require_safe
def twins(request: HttpRequest, code: str) -> HttpResponse:
    """A household beside the households most like it, and what explains the difference, to the fen."""
    actor, dates = request.actor, as_of(request)  # type: ignore[attr-defined]
    household = household_for(actor, code)
    if household is None:
        raise Http404
    found = equal_treatment_of(actor, household, on=dates.on)
    return render(request, "integrity/twins.html", {
        "household": household, "dates": dates, "found": found,
        "mine": None if found.mine is None else {
            "total": found.mine.statement.total, "price": found.mine.unit_price, "area": found.mine.area_m2,
            "is_chosen": found.mine.option.signed_on is not None,
        },
        "twins": [_twin(twin, found, kept(dates)) for twin in found.twins],
        "prices_href": reverse("project.prices", args=[household.section.project_id]) + kept(dates),
    })


def _twin(twin: Twin, found: EqualTreatment, query: str) -> dict[str, Any]:
    row = found.households[twin.household]
    items = [
        {
            "name": item_name(item.item), "mine": item.mine, "theirs": item.theirs,
            "difference": item.mine - item.theirs, "unexplained": item.unexplained,
            "facts": [
                (fact_name(fact.fact), fact_value(fact.fact, fact.mine), fact_value(fact.fact, fact.theirs))
                for fact in item.facts
            ],
        }
        for item in twin.items
    ]
    return {
        "twin": twin, "household": row, "href": reverse("household.view", args=[twin.household]) + query,
        "likeness": 1 - twin.distance, "items": items, "unexplained_count": len(twin.unexplained),
        "explained": total([item.mine - item.theirs - item.unexplained for item in twin.items]),
        "unexplained": total([item.unexplained for item in twin.items]),
    }


@requires("household.view")
@require_safe
def prices(request: HttpRequest, code: str) -> HttpResponse:
    """Unit prices of a project by class, the odd ones with what explains them or does not."""
    actor, dates = request.actor, as_of(request)  # type: ignore[attr-defined]
    project = projects_for(actor, verb="household.view").defer("shape").filter(pk=code).first()
    if project is None:
        raise Http404
    found = project_prices(actor, project, on=dates.on)
    names = names_in_reach()
    classes = [_class(one, names, kept(dates)) for one in found.classes]
    return render(request, "integrity/prices.html", {
        "project": project, "dates": dates, "found": found, "classes": classes,
        "odd_count": sum(not odd["odd"].is_explained for one in classes for odd in one["outliers"]),
        "explained_count": sum(odd["odd"].is_explained for one in classes for odd in one["outliers"]),
        "chart": {
            "classes": [one["chart"] for one in classes[:CLASSES_DRAWN]],
            "words": {"median": _("median"), "price": _("yuan per m²"), "explained": _("explained"),
                      "unexplained": _("not explained"), "households": _("households")},
        },
    })


def _class(one: PriceClass, names: dict[str, tuple[str, str]], query: str) -> dict[str, Any]:
    parts = [
        name_of(value, names) if name == "place" else fact_value(name, value)
        for name, value in one.group if value and not (name == "parameter_set" and value == "standard")
    ]
    values = [price for _household, price in one.prices]
    odd = {outlier.household: outlier for outlier in one.outliers}
    step = max(1, len(one.prices) // DOTS_DRAWN)
    label = _(" · ").join(parts)
    return {
        "label": label, "one": one, "count": len(one.prices), "least": values[0], "most": values[-1],
        "outliers": [_outlier(outlier, query) for outlier in one.outliers],
        "chart": {
            "label": label, "count": len(values),
            "box": [float(value) for value in (values[0], one.lower, one.median, one.upper, values[-1])],
            "dots": [float(price) for household, price in one.prices[::step] if household not in odd],
            "odd": [
                {"price": float(outlier.unit_price), "code": outlier.household, "isExplained": outlier.is_explained}
                for outlier in one.outliers
            ],
        },
    }


def _outlier(outlier: PriceOutlier, query: str) -> dict[str, Any]:
    return {
        "odd": outlier, "href": reverse("household.twins", args=[outlier.household]) + query,
        "excesses": [
            {
                "name": item_name(excess.item), "per_m2": excess.per_m2,
                "facts": [
                    (fact_name(name), fact_value(name, mine), fact_value(name, usual))
                    for name, mine, usual in excess.facts
                ],
            }
            for excess in outlier.excesses
        ],
    }
