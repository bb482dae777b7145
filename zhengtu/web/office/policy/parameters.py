"""Compensation parameters: the list with what stands and how far it may be relied on, and each with its history."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.casework.adopted_plans import plan_projects_for, plans_setting
from zhengtu.core.compensation.parameter_uses import uses_of
from zhengtu.core.compensation.parameters import Confidence, Level, Parameter
from zhengtu.core.compensation.scheme_difference import scheme_values
from zhengtu.core.compensation.value_history import RELIABLE, Review, ValueLine, reviewed, value_lines
from zhengtu.ledger.rulebook import current_compensation
from zhengtu.web.office.policy.words import (
    number_text,
    place_name,
    place_of,
    places_of,
    value_lines_of,
    value_text,
    word,
)
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import as_of
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import spoken_source
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter
from zhengtu.web.shared.templatetags.figures import named

LEVELS = [(level.value, level.value) for level in Level]
ABOUT = (("stale", _("lapsed or not checked for long")), ("unsure", _("not reliable")), ("none", _("without a value")))


@requires("policy.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every parameter with the value in force in the actor's city."""
    on = as_of(request).on
    places = places_of(place_of(request.actor))  # type: ignore[attr-defined]
    rows = [
        reviewed(parameter, on=on, places=places)
        for parameter in current_compensation().rules.parameters.by_id.values()
    ]
    table = Table(
        name="parameters", title=_("Compensation parameters"), rows=rows, request=request, per_page=100,
        columns=_columns(), filters=_filters(),
        row_href=lambda row: reverse("policy.parameter", args=[row.parameter.id]),
    )
    if table.wants_export:
        return table.export()
    return render(request, "policy/parameters.html", {
        "table": table.render_context(), "place": place_name(places[2]), "counts": _counts(rows), "tab": "parameters",
    })


def _columns() -> list[Column]:
    def held(row: Review, name: str) -> Any:
        return getattr(row.in_force, name) if row.in_force else None

    return [
        Column("label", _("Compensation parameter"), value=lambda row: in_language(row.parameter.label), width=30),
        Column("id", _("Id"), kind="code", value=lambda row: row.parameter.id, is_shown=False, width=44),
        Column("value", _("Value in force"), width=48, sort="",
               value=lambda row: value_text(row.parameter, row.in_force.value) if row.in_force else None),
        Column("unit", _("Unit"), value=lambda row: word("units", row.parameter.unit), is_shown=False),
        Column("set_by", _("Set by"), value=lambda row: word("levels", row.parameter.set_by.value)),
        Column("from_on", _("In force from"), kind="date", value=lambda row: held(row, "from_on")),
        Column("place", _("Holds in"), is_shown=False,
               value=lambda row: place_name(row.in_force.place) if row.in_force else None),
        Column("source", _("Source"), width=40, is_shown=False,
               value=lambda row: spoken_source(row.in_force.source) if row.in_force else None),
        Column("confidence", _("Reliability"), width=24,
               value=lambda row: word("confidence", row.in_force.confidence.value) if row.in_force else None),
        Column("checked_on", _("Last checked on"), kind="date", value=lambda row: row.parameter.checked_on),
        Column("uses", _("Heads that use it"), width=30, value=lambda row: heads_text(row.parameter.id)),
        Column("history", _("Values on file"), kind="integer", value=lambda row: len(row.parameter.values)),
    ]


def _filters() -> list[Filter]:
    return [
        Filter("name", _("Name or id"), apply=lambda rows, text: [
            row for row in rows
            if text.lower() in " ".join((row.parameter.id, *row.parameter.label)).lower()
        ]),
        Filter("level", _("Set by"), kind="choice", choices=[(id, word("levels", id)) for id, _l in LEVELS],
               apply=lambda rows, text: [row for row in rows if row.parameter.set_by.value == text]),
        Filter("reliability", _("Reliability"), kind="choice",
               choices=[(one.value, word("confidence", one.value)) for one in Confidence],
               apply=lambda rows, text: [
                   row for row in rows if row.in_force and row.in_force.confidence.value == text
               ]),
        Filter("about", _("To look at"), kind="choice", choices=ABOUT, apply=_to_look_at),
    ]


def _to_look_at(rows: list[Review], text: str) -> list[Review]:
    tests = {"stale": lambda row: row.is_stale, "unsure": _is_unsure, "none": lambda row: row.in_force is None}
    return [row for row in rows if tests[text](row)]


def _is_unsure(row: Review) -> bool:
    return row.in_force is not None and row.in_force.confidence not in RELIABLE


def _counts(rows: list[Review]) -> dict[str, int]:
    return {
        "all": len(rows), "held": sum(row.in_force is not None for row in rows),
        "unsure": sum(_is_unsure(row) for row in rows), "stale": sum(row.is_stale for row in rows),
        "none": sum(row.in_force is None for row in rows),
    }


def heads_text(parameter: str) -> str:
    """The heads of compensation that use a parameter, in words."""
    items = current_compensation().rules.items
    return str(_(", ")).join(in_language(items[head].label) for head in uses_of(parameter) if head in items)


@requires("policy.view")
@require_safe
def parameter(request: HttpRequest, id: str) -> HttpResponse:
    """One parameter: what stands, its history by place, what uses it, who looked last."""
    found = current_compensation().rules.parameters.by_id.get(id)
    if found is None:
        raise Http404(id)
    actor, on = request.actor, as_of(request).on  # type: ignore[attr-defined]
    review = reviewed(found, on=on, places=places_of(place_of(actor)))
    lines = value_lines(found)
    return render(request, "policy/parameter.html", {
        "parameter": found, "review": review, "label": in_language(found.label), "tab": "parameters",
        "unit": word("units", found.unit), "kind": word("kinds", found.kind.value),
        "level": word("levels", found.set_by.value), "heads": heads_text(found.id),
        "now": value_lines_of(found, review.in_force.value) if review.in_force else [],
        "confidence": word("confidence", review.in_force.confidence.value) if review.in_force else "",
        "place": place_name(place_of(actor)[:4]),
        "history": [_history_row(found, value) for value in _newest_first(found)],
        "schemes": [
            (plan, named(plan.project), value_lines_of(found, scheme_values(
                current_compensation().rules.parameters, {**plan.plan, "from": plan.from_on}, project=plan.project_id,
            )[found.id]))
            for plan in plans_setting(found.id, projects=plan_projects_for(actor))
        ],
        "charts": charts_of(found, lines, until=on),
    })


def _newest_first(parameter: Parameter) -> list[Any]:
    return sorted(parameter.values, key=lambda value: (value.place, value.set_name, -value.from_on.toordinal()))


def _history_row(parameter: Parameter, value: Any) -> dict[str, Any]:
    return {
        "held": value, "place": place_name(value.place), "set": word("parameter_sets", value.set_name),
        "lines": value_lines_of(parameter, value.value), "confidence": word("confidence", value.confidence.value),
    }


def charts_of(parameter: Parameter, lines: list[ValueLine], *, until: date) -> list[dict[str, Any]]:
    """Step lines to draw: one picture for each unit; a line runs on to ``until`` or to its own later change."""
    units = current_compensation().part_units
    by_unit: dict[str, list[ValueLine]] = defaultdict(list)
    for line in lines:
        by_unit[units.get(line.part, parameter.unit)].append(line)
    tones = {key: tone for tone, key in enumerate(dict.fromkeys((line.place, line.part) for line in lines))}
    return [
        {
            "unit": word("units", unit), "until": until.isoformat(), "isShare": unit.startswith("share"),
            "lines": [
                {
                    "label": _line_label(line, group), "isPilot": line.set_name != "standard",
                    "tone": tones[line.place, line.part],
                    "points": [
                        [day.isoformat(), None if number is None else float(number)] for day, number in line.points
                    ],
                    "last": number_text(last, unit) if (last := line.points[-1][1]) is not None else "",
                }
                for line in group
            ],
        }
        for unit, group in by_unit.items()
    ]


def _line_label(line: ValueLine, group: list[ValueLine]) -> str:
    words = []
    if len({one.place for one in group}) > 1:
        words.append(place_name(line.place))
    if line.part:
        words.append(word("parts" if line.part in current_compensation().part_units else "keys", line.part))
    if line.set_name != "standard":
        words.append(word("short_sets", line.set_name))
    return " · ".join(words) or place_name(line.place)
