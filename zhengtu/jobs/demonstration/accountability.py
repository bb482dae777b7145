"""The demonstration's cases: opened by the rule itself over its ledger; a few are answered, decided and closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import yaml
from django.core.files.base import ContentFile

from zhengtu.accountability.actions import close_case, decide_case, state_case
from zhengtu.accountability.opening import open_due_cases
from zhengtu.accountability.queries import CaseStanding, cases_for
from zhengtu.accounts.queries import actor_of, holder_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import SHANGHAI, civil_date
from zhengtu.jobs.demonstration.acting import actor_called
from zhengtu.ledger.offered_files import OfferedFile

SCRIPT: Final = Path(__file__).with_name("accountability.yaml")
_ROLES: Final = ("district_leader", "client", "department")


def hear_cases(*, city: str, now: datetime) -> int:
    """Run the rule some weeks ago and today, and play the script's cases; returns how many cases stand."""
    script = yaml.safe_load(SCRIPT.read_text(encoding="utf-8"))
    today = civil_date(at=now)
    open_due_cases(city=city, now=_at(today - timedelta(days=script["first_run"]), 3, now))
    open_due_cases(city=city, now=now)
    mayor, heard = actor_called(script["decides"], on=today), set()
    for entry in script["cases"]:
        for case in reversed(cases_for(mayor, on=today)):
            leader = _leader(case, on=today)
            said_on = today - timedelta(days=entry["statement"]["before"])
            is_its = case.row.tone == entry["tone"] and case.row.trigger == entry.get("trigger", case.row.trigger)
            is_open = case.life.opened_on is not None and case.life.opened_on <= said_on
            if leader is not None and is_its and is_open and case.code not in heard:
                heard.add(case.code)
                _play(entry, case.code, leader=leader, mayor=mayor, now=now)
                break
    return len(cases_for(mayor, on=today))


def _play(entry: Mapping[str, Any], code: str, *, leader: Actor, mayor: Actor, now: datetime) -> None:
    today = civil_date(at=now)
    said = entry["statement"]
    state_case(
        actor=leader, code=code, text=said["text"], files=_paper("statement", said["text"]),
        now=_at(today - timedelta(days=said["before"]), 10, now),
    )
    if decided := entry.get("decision"):
        decide_case(
            actor=mayor, code=code, outcome=decided["outcome"], reason=decided["text"],
            files=_paper("decision", decided["text"]), now=_at(today - timedelta(days=decided["before"]), 15, now),
        )
    if closed := entry.get("closed"):
        close_case(actor=mayor, code=code, now=_at(today - timedelta(days=closed["before"]), 16, now))


def _leader(case: CaseStanding, *, on: date) -> Actor | None:
    """Somebody of the unit who may state its case."""
    held = (holder_of(role, unit=case.row.unit_id, on=on) for role in _ROLES)
    return next((actor_of(person, on=on) for person in held if person is not None), None)


def _paper(kind: str, text: str) -> list[OfferedFile]:
    name = f"{kind}.txt"
    return [OfferedFile(kind, name, ContentFile(text.encode(), name=name))]


def _at(on: date, hour: int, now: datetime) -> datetime:
    """That hour of the day, and never later than now."""
    return min(datetime.combine(on, time(hour), tzinfo=SHANGHAI), now)
