"""From the proof of a figure to the address of the rows behind it, on the bulletin's own two dates."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from zhengtu.core.bulletins.figures import Period
from zhengtu.core.bulletins.proofs import Proof, proof_from
from zhengtu.core.kernel.codes import is_code

_REACHED = {"settled": "settled", "vacated": "left_home"}
"""Figure -> what the list of households calls those that it counts: also those that stand further."""


def proof_href(text: str, period: Period) -> str:
    """The address of the rows that prove a figure; empty where nothing does or the page is unknown."""
    if not text:
        return ""
    proof = proof_from(text)
    try:
        return _address(proof, period)
    except NoReverseMatch:
        return ""


def _address(proof: Proof, period: Period) -> str:
    dates = {"on": period.as_of_on.isoformat(), "known": period.known_on.isoformat()}
    place = _place(proof.place)
    if proof.what in ("households", *_REACHED):
        rows = {"reached": _REACHED[proof.what]} if proof.what in _REACHED else {}
        if proof.is_change and (period.as_of_on - period.since_on).days in (7, 30):
            rows["within"] = str((period.as_of_on - period.since_on).days)
        if proof.is_ranked:
            rows["ranked"] = "1"
        return _with("household.list", {**place, **rows, **dates})
    if proof.what in ("verified", "contradicted"):
        return _with("household.list", {**place, "cleared": proof.what, **dates})
    if proof.what == "after_inspection":
        return _with("truth.view", dates)
    if proof.what in ("projects", "sections"):
        return _with("project.list" if proof.what == "projects" else "section.list", {**place, **dates})
    if proof.what == "handed_over":
        changed = {"changed": "1"} if proof.is_change and _is_week(period) else {}
        return _with("section.list", {**place, "state": "handed_over", **changed, **dates})
    if proof.what in ("red", "yellow"):
        return _with("schedule.view", {**place, "light": proof.what, **dates})
    if proof.what in ("deadline", "deadline_sections"):
        name = "household.list" if proof.what == "deadline" else "section.list"
        return _with(name, {"deadline": proof.place, **dates})
    if proof.what == "part":
        return _with("schedule.of", dates, proof.place)
    if proof.what == "money":
        return _with("funds.account", dates, proof.place) if proof.place else _with("funds.view", dates)
    if proof.what == "directive":
        return reverse("directive.view", args=[proof.place])
    if proof.what in ("directives", "overdue_directives"):
        return _with("directive.list", {**({"overdue": "1"} if proof.what == "overdue_directives" else {}), **dates})
    if proof.what == "homes":
        return _with("household.list", {**place, "overdue": "0", **dates})
    return reverse("review.list") if proof.what == "promises" else ""


def _is_week(period: Period) -> bool:
    return period.as_of_on - period.since_on == timedelta(days=7)


def _place(code: str) -> dict[str, str]:
    return {"district": code} if is_code("jurisdiction", code) and not code.endswith("00") else {}


def _with(name: str, query: dict[str, str], *arguments: str) -> str:
    address = reverse(name, args=arguments)
    return f"{address}?{urlencode(query)}" if query else address
