"""One case: what it rests on down to facts, what was said and decided, and the next step of whoever it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from zhengtu.accountability.actions import appeal_decision, close_case, decide_appeal, decide_case, state_case
from zhengtu.accountability.facts import HeldGround
from zhengtu.accountability.models import Case, Tone
from zhengtu.accountability.queries import CasePage, case_for, evidence_of_case, trigger_of
from zhengtu.assessment.behind import Openings
from zhengtu.core.assessment.accountability import CaseState
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.reason_text import spoken_source
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.accountability.words import (
    LIGHTS,
    STATES,
    measured_text,
    name_of,
    opened_for,
    page_of,
    unit_name,
)
from zhengtu.web.office.dossier.recording import given_files
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.downloads import file_response
from zhengtu.web.shared.reason_text import rulebook_label

_SHOWN: Final = 100
"""Grounds that the page lists, the earliest first; the number says how many there are."""


@requires("accountability.view")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The case."""
    return _page(request, code)


@requires("accountability.view")
@require_POST
def step(request: HttpRequest, code: str) -> HttpResponse:
    """Take one step in the case: state, decide, appeal, decide the appeal or close."""
    _seen(request, code)
    given: dict[str, Any] = {"actor": request.actor, "code": code, "now": request.now}  # type: ignore[attr-defined]
    text, outcome, files = request.POST.get("text", ""), request.POST.get("outcome", ""), given_files(request)
    steps: dict[str, Callable[[], str]] = {
        "state": lambda: state_case(**given, text=text, files=files),
        "decide": lambda: decide_case(**given, outcome=outcome, reason=text, files=files),
        "appeal": lambda: appeal_decision(**given, reason=text, files=files),
        "decide_appeal": lambda: decide_appeal(**given, outcome=outcome, reason=text, files=files),
        "close": lambda: close_case(**given),
    }
    what = request.POST.get("what", "")
    if what not in steps:
        return _page(request, code, status=409)
    try:
        steps[what]()
    except Refused as refused:
        return _page(request, code, reasons=refused.reasons, status=409)
    messages.success(request, gettext("It is recorded in the case."))
    return redirect("accountability.view", code=code)


@requires("accountability.view")
@require_safe
def evidence(request: HttpRequest, code: str, sha256: str) -> HttpResponseBase:
    """A file of the case as a download; 404 where case or file is not the reader's."""
    found = evidence_of_case(request.actor, code, sha256)  # type: ignore[attr-defined]
    if found is None:
        raise Http404(sha256)
    return file_response(found.file_id, name=found.name, media_type=found.file.media_type)


def _seen(request: HttpRequest, code: str) -> CasePage:
    page = case_for(request.actor, code, on=request.today)  # type: ignore[attr-defined]
    if page is None:
        raise Http404(code)
    return page


def _page(request: HttpRequest, code: str, *, reasons: Sequence[Reason] = (), status: int = 200) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    page = _seen(request, code)
    row, life, trigger = page.case.row, page.case.life, trigger_of(page.case.row)
    grounds = life.grounds[:_SHOWN]
    opened = opened_for(
        actor, {row.subject, *(one.about for one in grounds)},
        {one for ground in grounds for one in (*ground.basis, f"{ground.deed}/1")},
    )
    door = next(iter(page.doors), "")
    return render(request, "accountability/case.html", {
        "case": page.case, "row": row, "is_praise": row.tone == Tone.PRAISE, "unit": unit_name(row),
        "trigger": rulebook_label(group="trigger", id=row.trigger), "rule": trigger,
        "source": spoken_source(trigger.source) if trigger else "",
        "confidence": trigger.confidence if trigger else "", "state": STATES[page.case.state],
        "light": LIGHTS[page.case.state], "about": name_of(row.subject, opened),
        "about_href": page_of(row.subject, opened),
        "measured": rulebook_label(group="trigger_measured", id=row.trigger) if trigger and trigger.measured else "",
        "grounds": [_ground(row, one, opened) for one in grounds], "hidden": len(life.grounds) - len(grounds),
        "standing": len(life.standing), "timeline": _timeline(page), "door": door,
        "against": page.doors.get(door, ()), "reasons": reasons, "given": request.POST,
        "outcomes": _outcomes(row, door), "is_open": page.case.state is CaseState.OPEN,
        "needs": {"state": "statement", "appeal": "statement"}.get(door, "decision"), "today": today,
    }, status=status)


def _ground(row: Case, ground: HeldGround, opened: Openings) -> Mapping[str, Any]:
    return {
        "one": ground, "name": name_of(ground.about, opened), "href": page_of(ground.about, opened),
        "measured": measured_text(row, ground),
        "facts": [
            reverse("deed.view", args=[deed]) for deed in dict.fromkeys(one.partition("/")[0] for one in ground.basis)
            if deed in opened.deeds
        ],
    }


def _timeline(page: CasePage) -> list[Mapping[str, Any]]:
    """Everything that happened in the case: opened by rule, grounds entered later, then what people said."""
    life, opened_on = page.case.life, page.case.life.opened_on
    later = sorted({one.entered_on for one in life.grounds if one.entered_on != opened_on})
    lost = sorted({one.lost_on for one in life.grounds if one.lost_on is not None})
    rows: list[dict[str, Any]] = [{"on": opened_on, "kind": "case_opened", "count": sum(
        one.entered_on == opened_on for one in life.grounds
    )}]
    rows += [{"on": day, "kind": "case_extended", "count": sum(one.entered_on == day for one in life.grounds)}
             for day in later]
    rows += [{"on": day, "kind": "case_ground_lost", "count": sum(one.lost_on == day for one in life.grounds)}
             for day in lost]
    rows += [
        {
            "on": one.on, "kind": one.kind, "by": page.names.get(one.by, ""), "text": one.text,
            "outcome": rulebook_label(group="choice", id=f"{one.kind}.outcome.{one.outcome}") if one.outcome else "",
            "files": page.files.get(one.deed, ()),
        }
        for one in life.steps
    ]
    rows.sort(key=lambda one: one["on"])
    return [{**one, "name": rulebook_label(group="fact", id=one["kind"])} for one in rows]


def _outcomes(row: Case, door: str) -> list[tuple[str, str]]:
    if door == "decide":
        ids: Sequence[str] = current_rulebook().accountability.outcomes[row.tone]
        kind = "case_decided"
    elif door == "decide_appeal":
        ids, kind = ("dismissed", "upheld"), "case_appeal_decided"
    else:
        return []
    return [(id, rulebook_label(group="choice", id=f"{kind}.outcome.{id}")) for id in ids]
