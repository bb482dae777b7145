"""Row changes of findings: a run's own, which follow from facts, and those of deeds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import orjson
from django.db import connection

from zhengtu.campaign.models import (
    Finding,
    FindingAnswer,
    FindingClosing,
    FindingQuestion,
    FindingRun,
    FindingState,
    RunStage,
)
from zhengtu.core.integrity.findings import Finding as Found
from zhengtu.core.kernel.codes import jurisdiction_of
from zhengtu.ledger.act import OpenDeed
from zhengtu.ledger.writes import reason_as_json

_SHOWN = ("detector", "subjects", "projects", "jurisdictions", "people", "sentence", "rows", "digest")


def hold_findings(city: str) -> None:
    """Wait for any other run of the city to end its writing; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"findings:{city}"])


def put_finding(found: Found, *, city: str, today: date, held: Finding | None) -> bool:
    """Write a finding as this run saw it; returns whether it is new.

    A closed finding that shows something else than when it was closed, or that comes back after it was gone,
    is open again.
    """
    shown = _columns(found)
    if held is None:
        Finding.objects.create(key=found.key, city=city, found_on=today, seen_on=today, **shown)
        return True
    is_back = held.gone_on is not None
    is_other = held.digest != shown["digest"]
    for name in _SHOWN:
        setattr(held, name, shown[name])
    held.seen_on, held.gone_on = today, None
    if held.state == FindingState.CLOSED and (is_back or is_other):
        held.state, held.reopened_on = FindingState.NEW, today
    held.save(update_fields=[*_SHOWN, "seen_on", "gone_on", "state", "reopened_on"])
    return False


def _columns(found: Found) -> dict[str, Any]:
    sentence = reason_as_json(found.sentence)
    rows = [{"subject": row.subject, "fact": row.fact, "figures": [list(pair) for pair in row.figures]}
            for row in found.rows]
    return {
        "detector": found.detector, "subjects": list(found.subjects), "projects": list(found.projects),
        "jurisdictions": sorted({jurisdiction_of(code) for code in found.subjects}), "people": sorted(found.people),
        "sentence": sentence, "rows": rows,
        "digest": sha256(orjson.dumps([sentence, rows], option=orjson.OPT_SORT_KEYS)).hexdigest(),
    }


def set_gone(keys: Iterable[str], *, today: date) -> None:
    """Note that a run did not find these any more."""
    Finding.objects.filter(key__in=list(keys), gone_on=None).update(gone_on=today)


def insert_run(*, city: str, project: str, person: str, at: datetime) -> FindingRun:
    """A run that waits for its turn; ``person`` is empty for the nightly one."""
    return FindingRun.objects.create(city=city, project=project, asked_by_id=person or None, asked_at=at)


def set_run(run: int, **columns: Any) -> None:
    """Note how far a run is."""
    FindingRun.objects.filter(pk=run).update(**columns)


def claim_run(run: int) -> bool:
    """Take a run that nobody works on yet, or that stopped half-way."""
    waiting = FindingRun.objects.filter(pk=run, stage__in=[RunStage.QUEUED, RunStage.RUNNING])
    return waiting.update(stage=RunStage.RUNNING, progress=0) == 1


def insert_question(
    deed: OpenDeed, finding: Finding, *, unit: str, place: str, text: str, due_on: date
) -> FindingQuestion:
    """Put a finding to a unit; needs the recorded deed."""
    question = FindingQuestion.objects.create(
        finding=finding, unit_id=unit, place=place, text=text, due_on=due_on, asked_by_id=deed.actor.person,
        asked_at=deed.at, deed=deed.id,
    )
    _set_state(finding, FindingState.ASKED)
    return question


def insert_answer(deed: OpenDeed, question: FindingQuestion, *, text: str, is_last: bool) -> None:
    """Keep an answer; needs the recorded deed. ``is_last``: no other question of the finding waits for one."""
    FindingAnswer.objects.create(
        question=question, text=text, answered_by_id=deed.actor.person, answered_at=deed.at, deed=deed.id
    )
    if is_last:
        _set_state(question.finding, FindingState.ANSWERED)


def insert_closing(deed: OpenDeed, finding: Finding, *, outcome: str, text: str) -> None:
    """Close a finding on what it shows now; needs the recorded deed."""
    FindingClosing.objects.create(
        finding=finding, outcome=outcome, text=text, digest=finding.digest, closed_by_id=deed.actor.person,
        closed_at=deed.at, deed=deed.id,
    )
    _set_state(finding, FindingState.CLOSED)


def _set_state(finding: Finding, state: FindingState) -> None:
    Finding.objects.filter(pk=finding.pk).update(state=state)


def locked_finding(key: str) -> Finding | None:
    """The finding with that key, row-locked until the transaction ends."""
    return Finding.objects.select_for_update().filter(pk=key).first()
