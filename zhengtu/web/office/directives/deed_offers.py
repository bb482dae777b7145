"""Which deeds the page of a directive offers its reader now, with what came back of a refused one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse

from zhengtu.core.directives.next_deeds import DirectiveDeed
from zhengtu.core.directives.standing import DirectiveStanding, State
from zhengtu.core.kernel.reasons import Reason
from zhengtu.directives import page_queries, queries
from zhengtu.web.office.cockpit.sentences import Names, name_of
from zhengtu.web.office.directives.deed_forms import DEEDS, DeedField, DeedForm, Part, ShownDeed
from zhengtu.web.office.dossier.recording import EvidenceField
from zhengtu.web.shared.reason_text import rulebook_label

DIVIDE: Final = "divide"
PARTS: Final = 4
"""Rows of the form that divides; further parts are given out in a second turn."""

_LONGER_DAYS: Final = 7
"""By how many days the form proposes to move a last day."""


@dataclass(frozen=True, slots=True)
class Offers:
    """What the reader may do now, and what belongs to the reader's units but is not possible, with the reasons."""

    deeds: Sequence[ShownDeed]
    blocked: Sequence[tuple[object, Sequence[Reason]]]


def offered_deeds(
    request: HttpRequest, row: DirectiveStanding, names: Names, *, refused: str = "", reasons: Sequence[Reason] = ()
) -> Offers:
    """The deeds of a directive for its reader; a deed that was just refused stays open with what was written."""
    actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    known = queries.deeds_open_for(actor, row.code, on=today)
    shown, blocked = [], []
    for form in DEEDS:
        against = known.get(DirectiveDeed(form.id))
        if form.id != refused and (against is None or _has_nobody_below(form, row)):
            continue
        if against and form.id != refused:
            blocked.append((form.title, against))
            continue
        is_refused = form.id == refused
        shown.append(_shown(form, row, names, today=today, given=request.POST if is_refused else {},
                            reasons=reasons if is_refused else (), is_open=is_refused))
    if len(shown) == 1 or (shown and not refused):
        shown[0] = replace(shown[0], is_open=True)
    return Offers(deeds=shown, blocked=blocked)


def _has_nobody_below(form: DeedForm, row: DirectiveStanding) -> bool:
    return form.id == DIVIDE and not page_queries.subordinates_of([row.lead])


def _shown(
    form: DeedForm, row: DirectiveStanding, names: Names, *, today: date, given: Mapping[str, Any],
    reasons: Sequence[Reason], is_open: bool,
) -> ShownDeed:
    below = page_queries.subordinates_of([row.lead]) if form.id == DIVIDE else []
    return ShownDeed(
        id=form.id, title=form.title, button=form.button, href=reverse(f"directive.{form.id}", args=[row.code]),
        fields=[_field(field, form, row, names, today=today, given=given) for field in form.fields],
        evidence=[
            EvidenceField(f"evidence-{kind}", rulebook_label(group="evidence", id=kind), place < form.required_evidence)
            for place, kind in enumerate(form.evidence)
        ],
        hint=form.hint, confirm=form.confirm, is_open=is_open, reasons=reasons,
        units=[(code, name_of(code, names)) for code in below], parts=_parts(row, given) if form.id == DIVIDE else (),
    )


def _parts(row: DirectiveStanding, given: Mapping[str, Any]) -> list[Part]:
    """Rows of the form that divides, with what came back."""
    due_on = row.due_on.isoformat() if row.due_on else ""
    return [
        Part(
            number=number, lead=str(given.get(f"lead-{number}", "")), matter=str(given.get(f"matter-{number}", "")),
            due_on=str(given.get(f"due_on-{number}", due_on)),
        )
        for number in range(1, PARTS + 1)
    ]


def _field(
    field: DeedField, form: DeedForm, row: DirectiveStanding, names: Names, *, today: date, given: Mapping[str, Any]
) -> DeedField:
    if field.type == "unit":
        choices = [
            (code, name_of(code, names)) for code in page_queries.units_to_charge(row.code, setter=row.setter)
            if code != row.lead
        ]
        return replace(field, type="choice", choices=choices, value=str(given.get(field.name, "")))
    if field.type == "objector":
        lead = [row.lead] if row.state is State.OBJECTED and form.id != "release" else []
        choices = [(code, name_of(code, names)) for code in (*lead, *sorted(row.objections))]
        return replace(field, type="choice", choices=choices, value=str(given.get(field.name, "")))
    if field.type == "date":
        asked = row.asks_until if form.id == "grant_extension" else None
        proposed = asked or max(today, row.due_on or today) + timedelta(days=_LONGER_DAYS)
        return replace(field, value=str(given.get(field.name) or proposed.isoformat()))
    return replace(field, value=str(given.get(field.name, field.value)))
