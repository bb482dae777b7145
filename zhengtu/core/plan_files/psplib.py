"""PSPLIB ``.sm`` files: one project, one mode per job, renewable resources (Kolisch and Sprecher 1996).

The reader knows the sections by their headings, not by line numbers, and says at which line a file is broken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.scheduling.problem import Activity, Link, Problem, Resource

_PRECEDENCE = "PRECEDENCE RELATIONS"
_REQUESTS = "REQUESTS/DURATIONS"
_AVAILABILITIES = "RESOURCEAVAILABILITIES"


def refuse(line: int, what: str, remedy: str = "") -> NoReturn:
    """Refuse a file because of one of its lines.

    Raises:
        Refused: always.
    """
    raise Refused(
        Reason("plan_files.broken_line", N_("Line %(line)s: %(what)s."), {"line": line, "what": what}, remedy=remedy)
    )


def whole_numbers(text: str, line: int) -> list[int]:
    """The whole numbers of one line, none below zero.

    Raises:
        Refused: something else stands there.
    """
    numbers = []
    for word in text.split():
        if not (word.isascii() and word.isdigit()) or len(word) > 9:
            refuse(line, f"“{word[:40]}” is not a whole number from 0 to 999999999")
        numbers.append(int(word))
    return numbers


def read_psplib(text: str) -> Problem:
    """Jobs, links and resources of a ``.sm`` file; job ids are the file's numbers.

    Raises:
        Refused: a section is missing, a line is no row of numbers, a job has several modes, a successor does not
            exist, a resource is not renewable; the line is named.
    """
    lines = text.splitlines()
    links_at, requests_at = _find(lines, _PRECEDENCE), _find(lines, _REQUESTS)
    capacity_at = _find(lines, _AVAILABILITIES)
    if not links_at < requests_at < capacity_at:
        refuse(capacity_at, "the sections stand in another order than PSPLIB's")
    kinds = _kinds(lines, capacity_at)
    rows = _rows(lines, capacity_at + 1)
    if len(rows) != 1 or len(rows[0][1]) != len(kinds):
        refuse(capacity_at + 2, f"{len(kinds)} capacities are expected")
    resources = tuple(Resource(id=kind, capacity=amount) for kind, amount in zip(kinds, rows[0][1], strict=True))
    successors = _successors(_rows(lines, links_at + 1))
    activities = _activities(_rows(lines, requests_at + 1), kinds)
    for job, (line, names) in successors.items():
        if job not in activities:
            refuse(line, f"job {job} has no row of duration and demands")
        for name in names:
            if name not in successors:
                refuse(line, f"successor {name} of job {job} does not exist")
    for job, (line, _) in activities.items():
        if job not in successors:
            refuse(line, f"job {job} has no row of successors")
    links = tuple(Link(before=job, after=name) for job, (_, names) in successors.items() for name in names)
    return Problem(activities=tuple(activity for _, activity in activities.values()), links=links, resources=resources)


def _find(lines: Sequence[str], heading: str) -> int:
    for number, line in enumerate(lines, start=1):
        if line.strip().upper().startswith(heading):
            return number
    refuse(len(lines), f"the section {heading} is missing", N_("Give a PSPLIB .sm file."))


def _kinds(lines: Sequence[str], heading_at: int) -> list[str]:
    words = lines[heading_at].split() if heading_at < len(lines) else []
    kinds = [f"{kind}{number}" for kind, number in zip(words[::2], words[1::2], strict=False)]
    for kind in kinds:
        if not kind.startswith("R"):
            refuse(heading_at + 1, f"resource {kind} is not renewable (R)")
    if not kinds or len(set(kinds)) != len(kinds):
        refuse(heading_at + 1, "the names of the resources are expected, as in “R 1  R 2”")
    return kinds


def _rows(lines: Sequence[str], heading_at: int) -> list[tuple[int, list[int]]]:
    """Line number and numbers of each row below a table's heading, up to the next line of stars."""
    rows = []
    for number, line in enumerate(lines[heading_at:], start=heading_at + 1):
        if line.startswith("*"):
            break
        if line.strip() and not line.startswith("-"):
            rows.append((number, whole_numbers(line, number)))
    if not rows:
        refuse(heading_at, "the section is empty")
    return rows


def _successors(rows: Sequence[tuple[int, list[int]]]) -> dict[str, tuple[int, list[str]]]:
    found: dict[str, tuple[int, list[str]]] = {}
    for line, row in rows:
        if len(row) < 3:
            refuse(line, "job, modes and number of successors are expected")
        job, modes, count, *after = row
        if modes != 1:
            refuse(line, f"job {job} has {modes} modes; only files with one mode per job are read")
        if len(after) != count:
            refuse(line, f"job {job} is said to have {count} successors, {len(after)} are listed")
        if str(job) in found:
            refuse(line, f"job {job} stands here twice")
        found[str(job)] = line, [str(name) for name in after]
    return found


def _activities(rows: Sequence[tuple[int, list[int]]], kinds: Sequence[str]) -> dict[str, tuple[int, Activity]]:
    found: dict[str, tuple[int, Activity]] = {}
    for line, row in rows:
        if len(row) != 3 + len(kinds):
            refuse(line, f"job, mode, duration and {len(kinds)} demands are expected, {len(row)} numbers stand here")
        job, mode, duration, *amounts = row
        if mode != 1:
            refuse(line, f"job {job} has a mode {mode}; only files with one mode per job are read")
        if str(job) in found:
            refuse(line, f"job {job} stands here twice")
        demands = {kind: amount for kind, amount in zip(kinds, amounts, strict=True) if amount}
        found[str(job)] = line, Activity(id=str(job), duration=duration, demands=demands)
    return found
