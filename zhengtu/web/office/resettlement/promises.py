"""The promise ledger: where promises stand by project and by site, and the families behind every figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.accounts.queries import unit_names
from zhengtu.core.authority.actor import Actor
from zhengtu.core.resettlement.promises import Naming, PromiseState
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import projects_for
from zhengtu.resettlement.facts import VIEW
from zhengtu.resettlement.late_figures import late_figures_of
from zhengtu.resettlement.promises import FamilyPromise, PromiseCounts, counts_of, promises_for
from zhengtu.resettlement.spring_festival import before_festival
from zhengtu.web.office.resettlement.late_sum import late_sum
from zhengtu.web.office.resettlement.promise_words import NAMINGS, STATES, HomeWords, state_cell, wish_label
from zhengtu.web.shared.access import opens, requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

_COUNTS: Final[Sequence[tuple[str, object, dict[str, str]]]] = (
    ("families", _("Waiting for a home"), {}),
    ("assigned", _("Home assigned"), {"naming": "assigned"}),
    ("named", _("Home told, not assigned"), {"naming": "told"}),
    ("typed", _("Type and site named"), {"naming": "type"}),
    ("unnamed", _("None named yet"), {"naming": "none"}),
    ("late", _("Past the day of the agreement"), {"late": "1"}),
    ("broken", _("Past the promise in force"), {"state": "broken"}),
    ("foreseen", _("Breach foreseen"), {"state": "foreseen"}),
    ("holds", _("Expected to hold"), {"state": "holds"}),
    ("later", _("Due in more than a year"), {"state": "later"}),
    ("undated", _("No day on file"), {"state": "undated"}),
    ("unanswered", _("Breach unanswered"), {"answered": "no"}),
)
"""Figures of the ledger: name, label, and the filter of the list that counts the same families."""
_CARDS: Final = ("families", "late", "broken", "foreseen", "unanswered", "assigned", "named", "unnamed")
_NAMED: Final[dict[str, tuple[object, Callable[[FamilyPromise], bool]]]] = {
    "assigned": (_("Home assigned"), lambda one: bool(one.waiting.home)),
    "told": (_("Home told, not assigned"), lambda one: one.named.naming is Naming.HOME and not one.waiting.home),
    "type": (NAMINGS[Naming.TYPE], lambda one: one.named.naming is Naming.TYPE),
    "none": (NAMINGS[Naming.NONE], lambda one: one.named.naming is Naming.NONE),
}
"""How far a home is named, in the filter of the list."""


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of projects and districts of some promises."""

    projects: dict[str, str]
    units: dict[str, tuple[str, str]]

    def project(self, code: str) -> str:
        """A project's name."""
        return self.projects.get(code, code)

    def unit(self, code: str) -> str:
        """A unit's name."""
        return in_language(self.units[code]) if code in self.units else code


@requires("resettlement.view")
@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """Where the promises in the actor's scope stand, by project and by site; every figure leads to its families."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    promises = promises_for(actor, on=dates.on, known=dates.known)
    names, homes = _names(actor, promises), HomeWords(promises)
    return render(request, "resettlement/promises.html", {
        "dates": dates, "cards": _cells(counts_of(promises), dates, only=_CARDS),
        "late_sum": late_sum(late_figures_of(promises, on=dates.on), dates),
        "festival": before_festival(promises, on=dates.on) if promises else None,
        "options_href": reverse("options.list") if opens(actor, "options.try") else "",
        "heads": [label for _name, label, _filter in _COUNTS], "rules": current_rulebook().promises,
        "groups": [
            (_("By project"), _("Project"),
             _groups(promises, "project", lambda one: one.waiting.project, names.project, dates)),
            (_("By site"), _("Site"), _groups(promises, "site", lambda one: one.named.site, homes.site, dates)),
        ],
        "families_href": reverse("promise.families") + dates.query(),
    })


def _groups(
    promises: Sequence[FamilyPromise], name: str, key: Callable[[FamilyPromise], str], named: Callable[[str], str],
    dates: AsOf,
) -> list[dict[str, Any]]:
    by_key: dict[str, list[FamilyPromise]] = {}
    for one in promises:
        by_key.setdefault(key(one), []).append(one)
    rows = [
        {"name": named(code), "counts": counts, "cells": _cells(counts, dates, **{name: code or "none"})}
        for code, counts in ((code, counts_of(some)) for code, some in by_key.items())
    ]
    return sorted(rows, key=lambda row: (-row["counts"].breaches, -row["counts"].families, row["name"]))


def _cells(
    counts: PromiseCounts, dates: AsOf, *, only: Sequence[str] = (), **more: str
) -> list[dict[str, Any]]:
    return [
        {"id": name, "label": label, "count": getattr(counts, name), "of": counts.families,
         "href": reverse("promise.families") + dates.query(**filters, **more)}
        for name, label, filters in sorted(_COUNTS, key=lambda one: only.index(one[0]) if one[0] in only else 0)
        if not only or name in only
    ]


@requires("resettlement.view")
@require_safe
def families(request: HttpRequest) -> HttpResponseBase:
    """Families that wait one by one: home, days, chance, state, and what was done; the same rows as a workbook."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    promises = promises_for(actor, on=dates.on, known=dates.known)
    names, homes = _names(actor, promises), HomeWords(promises)
    table = Table(
        name="promises", title=_("Promise ledger"), rows=promises, request=request, sort="promised_on",
        columns=_columns(names, homes), filters=_filters(promises, names, homes),
        row_href=lambda one: reverse("promise.household", args=[one.household]) + dates.query(),
        source=_("Promises and works as recorded; chances by the platform's assumptions on the stages of the works."),
        empty_text=_("No family waits here."),
    )
    if table.wants_export:
        return table.export()
    return render(request, "resettlement/promise_families.html", {"table": table.render_context(), "dates": dates})


def _names(actor: Actor, promises: Sequence[FamilyPromise]) -> _Names:
    projects = projects_for(actor, verb=VIEW).values_list("code", "name", "name_en")
    return _Names(
        {code: in_language((name, name_en or name)) for code, name, name_en in projects},
        unit_names({one.waiting.jurisdiction for one in promises}),
    )


def _columns(names: _Names, homes: HomeWords) -> list[Column]:
    levels = current_rulebook().promises.levels

    def day(level: float) -> Callable[[FamilyPromise], date | None]:
        return lambda one: one.outlook.day_at(level) if one.outlook else None

    return [
        Column("household", _("Household"), kind="code", width=24),
        Column("project", _("Project"), value=lambda one: names.project(one.waiting.project), width=28),
        Column("jurisdiction", _("District"), value=lambda one: names.unit(one.waiting.jurisdiction), is_shown=False),
        Column("home", _("Home"), value=lambda one: homes.home(one.named), width=36),
        Column("state", _("State of the promise"), kind="light", value=state_cell, width=36),
        Column("due_on", _("Agreed for"), kind="date", value=lambda one: one.waiting.due_on),
        Column("months_late", _("Months late"), kind="integer", value=lambda one: one.waiting.months_late or None),
        Column("told_on", _("Told on"), kind="date", value=lambda one: one.told and one.told.told_on, is_shown=False),
        Column("promised_on", _("Day that counts"), kind="date", value=lambda one: one.promised_on),
        Column("chance", _("Chance that it holds"), kind="chance", value=lambda one: one.chance),
        Column("early", _("Forecast, early"), kind="date", value=day(levels[0]), is_shown=False),
        Column("middle", _("Forecast, middle"), kind="date", value=day(levels[1])),
        Column("late", _("Forecast, late"), kind="date", value=day(levels[2])),
        Column("wish", _("Wish"), value=lambda one: wish_label(one.waiting.wish) or None, is_shown=False),
        Column("answered_on", _("Answered on"), kind="date",
               value=lambda one: one.answers[0].on if one.answers else None),
        Column("measure", _("What was done"), value=lambda one: one.answers[0].measure if one.answers else None,
               is_shown=False, width=40),
    ]


def _filters(promises: Sequence[FamilyPromise], names: _Names, homes: HomeWords) -> list[Filter]:
    return [
        Filter("household", _("Household"), kind="text"),
        Filter("state", _("State of the promise"), kind="choice",
               choices=[(str(key), label) for key, (_c, label) in STATES.items()],
               apply=lambda rows, text: [one for one in rows if one.state is PromiseState(text)]),
        Filter("naming", _("Home"), kind="choice", choices=[(key, label) for key, (label, _is) in _NAMED.items()],
               apply=lambda rows, text: list(filter(_NAMED[text][1], rows))),
        Filter("late", _("Past the day of the agreement"), kind="flag",
               apply=lambda rows, _text: [one for one in rows if one.waiting.is_late]),
        Filter("renewed", _("Told a later day that has not passed"), kind="flag",
               apply=lambda rows, _text: [
                   one for one in rows if one.waiting.is_late and one.state is not PromiseState.BROKEN
               ]),
        Filter("answered", _("Breach"), kind="choice", choices=[("no", _("unanswered")), ("yes", _("answered"))],
               apply=lambda rows, text: [
                   one for one in rows if one.is_breach and one.is_answered == (text == "yes")
               ]),
        Filter("project", _("Project"), kind="choice",
               choices=_choices({one.waiting.project for one in promises}, names.project),
               apply=lambda rows, text: [one for one in rows if one.waiting.project == text]),
        Filter("site", _("Site"), kind="choice", choices=_choices({one.named.site for one in promises}, homes.site),
               apply=lambda rows, text: [one for one in rows if (one.named.site or "none") == text]),
        Filter("jurisdiction", _("District"), kind="choice",
               choices=_choices({one.waiting.jurisdiction for one in promises}, names.unit),
               apply=lambda rows, text: [one for one in rows if one.waiting.jurisdiction == text]),
    ]


def _choices(codes: set[str], named: Callable[[str], str]) -> list[tuple[str, str]]:
    return sorted(((code or "none", named(code)) for code in codes), key=lambda one: one[1])
