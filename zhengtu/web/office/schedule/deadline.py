"""A deadline with its proof: the chain that breaks it, the honest date, repairs, the two tracks, what is left to do."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhengtu.campaign.plan_queries import VERB
from zhengtu.core.planning.plan import ActivityKind, Certificate, PlannedActivity, TargetOutlook
from zhengtu.web.office.cockpit.sentences import goal_label, kept
from zhengtu.web.office.schedule.gantt_data import state_of
from zhengtu.web.office.schedule.parts import Selection, kind_or_none, proof_address, selection
from zhengtu.web.office.schedule.sheet_rows import status_of
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import spoken_of_places


@require_safe
@requires(VERB)
def view(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Whether the target can be met, and why not."""
    if kind_or_none(code) != "participation":
        raise Http404
    chosen = selection(request, code)
    part = chosen.parts[0].view
    outlook = next((one for one in part.plan.targets if one.target.key == key), None)
    if outlook is None:
        raise Http404
    dates = chosen.dates
    return render(request, "schedule/deadline.html", {
        "chosen": chosen, "dates": dates, "view": part, "outlook": outlook, "state": state_of(outlook),
        "name": in_language(outlook.target.name), "goal": goal_label(outlook.target.goal),
        "sections": [chosen.name_of(section) for section in outlook.target.sections],
        "forecast": part.forecast(target=key), "chain": _chain(outlook.certificate, outlook, chosen),
        "proof": _chain(_shorter_proof(outlook), outlook, chosen), "repairs": _repairs(outlook, chosen),
        "tracks": _tracks(outlook, chosen), "left": _left(outlook, chosen),
        "chart_href": reverse("schedule.of", args=[code]) + kept(dates),
        "targets": [
            {"name": in_language(one.target.name), "due_on": one.target.due_on, "is_current": one is outlook,
             "href": reverse("schedule.deadline", args=[code, one.target.key]) + kept(dates)}
            for one in part.plan.targets
        ],
    })


def _shorter_proof(outlook: TargetOutlook) -> Certificate | None:
    """The shortest proof, where it is another one than the chain of the earliest date."""
    proof, chain = outlook.proof, outlook.certificate
    return proof if proof is not None and chain is not None and len(proof.lines) < len(chain.lines) else None


def _chain(certificate: Certificate | None, outlook: TargetOutlook, chosen: Selection) -> list[dict[str, Any]]:
    """A certificate line by line; a bar shows each line's share of the whole way."""
    if certificate is None:
        return []
    lines = certificate.lines
    first, last = lines[0].from_on, max(lines[-1].until_on, outlook.target.due_on)
    whole = max(1, (last - first).days + 1)
    bars = {one.id: one for one in chosen.parts[0].plan.activities}
    proof = proof_address(chosen.dates)
    return [
        {
            "label": in_language(line.label), "from_on": line.from_on, "until_on": line.until_on,
            "days": (line.until_on - line.from_on).days + 1, "source": line.source,
            "text": spoken_of_places(line.reason, chosen.name_of).message,
            "left": (line.from_on - first).days * 100 / whole,
            "width": ((line.until_on - line.from_on).days + 1) * 100 / whole,
            "where": chosen.name_of(bars[line.activity].subject) if _is_of_section(bars, line.activity) else "",
            "href": proof(bars[line.activity]) if line.activity in bars else "",
            "is_past": line.from_on > outlook.target.due_on,
            "due": ((outlook.target.due_on - first).days + 1) * 100 / whole if outlook.target.due_on >= first else None,
        }
        for line in lines
    ]


def _is_of_section(bars: dict[str, PlannedActivity], id: str) -> bool:
    return id in bars and kind_or_none(bars[id].subject) == "section"


def _repairs(outlook: TargetOutlook, chosen: Selection) -> list[dict[str, Any]]:
    """Lawful repairs: those that meet the deadline first, the cheapest first."""
    found = sorted(
        outlook.repairs,
        key=lambda one: (not one.meets, one.cost_yuan is None, one.cost_yuan or 0, one.earliest_on),
    )
    return [
        {"reason": one.reason, "text": spoken_of_places(one.reason, chosen.name_of).message, "cost": one.cost_yuan,
         "earliest_on": one.earliest_on, "meets": one.meets, "kind": one.kind}
        for one in found
    ]


def _tracks(outlook: TargetOutlook, chosen: Selection) -> list[dict[str, Any]]:
    """The way by agreement and the way over decision and court, on one scale of days."""
    plan = chosen.parts[0].plan
    due = outlook.target.due_on
    ends = [("agreement", outlook.earliest_on), ("decision", outlook.decision_on)]
    known = [end for _kind, end in ends if end is not None]
    if outlook.decision_on is None or not known:
        return []
    last = max(*known, due)
    whole = max(1, (last - plan.on).days)
    return [
        {
            "kind": kind, "end_on": end, "is_late": end is not None and end > due,
            "width": _share(end, plan.on, whole), "due": _share(due, plan.on, whole),
            "days": (end - plan.on).days if end else None,
            "steps": _steps(outlook, chosen, is_decision=kind == "decision"),
        }
        for kind, end in ends
    ]


def _share(day: date | None, start: date, whole: int) -> float:
    return 0 if day is None else max(0, min(100, (day - start).days * 100 / whole))


def _steps(outlook: TargetOutlook, chosen: Selection, *, is_decision: bool) -> list[dict[str, Any]]:
    """What is left on one of the two ways, of the sections that the target is about; each step once, its latest."""
    wanted = {chosen.code, *outlook.target.sections}
    found: dict[str, PlannedActivity] = {}
    for one in chosen.parts[0].plan.activities:
        is_track = one.kind is ActivityKind.TRACK
        if one.is_done or is_track != is_decision or one.subject not in wanted:
            continue
        label = in_language(one.label)
        if label not in found or one.early_end_on > found[label].early_end_on:
            found[label] = one
    return [
        {"label": label, "from_on": one.early_start_on, "until_on": one.early_end_on, "source": one.source}
        for label, one in sorted(found.items(), key=lambda pair: (pair[1].early_start_on, pair[1].early_end_on))
    ]


def _left(outlook: TargetOutlook, chosen: Selection) -> list[dict[str, Any]]:
    """Every remaining step with its latest lawful start, the first that is due first."""
    wanted = {chosen.code, *outlook.target.sections}
    bars = [
        one for one in chosen.parts[0].plan.activities
        if not one.is_done and one.kind is not ActivityKind.TRACK and one.subject in wanted
        and one.late_start_on is not None
    ]
    proof = proof_address(chosen.dates)
    return [
        {
            "label": in_language(one.label), "bar": one, "status": status_of(one, chosen.dates.on),
            "where": chosen.name_of(one.subject) if kind_or_none(one.subject) == "section" else "",
            "unit": chosen.name_of(one.responsible) if one.responsible else "", "href": proof(one),
            "is_late": one.float_days is not None and one.float_days < 0,
        }
        for one in sorted(bars, key=lambda one: (one.late_start_on or date.max, one.subject, one.early_start_on))
    ]
