"""Cases of blame and of praise beside each other, each as heavy as the other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhengtu.accountability.models import Tone
from zhengtu.accountability.queries import CaseStanding, cases_for
from zhengtu.assessment.behind import Openings
from zhengtu.core.assessment.accountability import CaseState
from zhengtu.core.authority.actor import Actor
from zhengtu.web.office.accountability.words import LIGHTS, STATES, name_of, opened_for, unit_name
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.reason_text import rulebook_label


@requires("accountability.view")
@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """The cases in scope; ``?state=`` narrows them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    wanted = request.GET.get("state", "")
    cases = cases_for(actor, on=today)
    shown = [case for case in cases if not wanted or str(case.state) == wanted]
    opened = opened_for(actor, {case.row.subject for case in shown}, set())
    return render(request, "accountability/list.html", {
        "tab": "list", "state": wanted,
        "states": [
            {"id": str(state), "name": STATES[state], "count": count}
            for state in CaseState if (count := sum(case.state is state for case in cases))
        ],
        "total": len(cases),
        "columns": [
            {"tone": str(tone), "name": tone.label, "rows": [
                _row(case, opened) for case in shown if case.row.tone == tone
            ]}
            for tone in (Tone.BLAME, Tone.PRAISE)
        ],
    })


def _row(case: CaseStanding, opened: Openings) -> Mapping[str, Any]:
    return {
        "code": case.code, "unit": unit_name(case.row), "trigger": rulebook_label(group="trigger", id=case.row.trigger),
        "about": name_of(case.row.subject, opened), "met_on": case.row.met_on, "grounds": len(case.life.standing),
        "state": STATES[case.state], "light": LIGHTS[case.state],
        "until": case.heard_until if case.state is CaseState.OPEN else None,
    }
