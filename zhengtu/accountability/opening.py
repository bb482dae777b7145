"""The daily rule: cases are opened, extended and withdrawn as the ledger says, by nobody's choice.

The platform acts under the rule (the role ``rule`` of ``authority.yaml``, which no posting holds). Run twice it does
nothing more; run late it enters the same days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from zhengtu.accountability import writes
from zhengtu.accountability.facts import EXTENDED, GROUND_LOST, OPENED, CaseLife, HeldGround, lives_of
from zhengtu.accountability.grounds import grounds_of
from zhengtu.accountability.models import Case
from zhengtu.accountability.telling import tell_extended, tell_opened, tell_withdrawn
from zhengtu.accounts.queries import unit_names
from zhengtu.core.assessment.accountability import CaseState
from zhengtu.core.assessment.triggers import Ground, Trigger
from zhengtu.core.authority.actor import Actor, Posting, Subject
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.rulebook import current_rulebook

VERB: Final = "accountability.examine"
ROLE: Final = "rule"
_TAKES_MORE: Final = (CaseState.OPEN, CaseState.HEARD)
"""States in which a further ground is added; what is decided stays as it was decided, and a new case begins."""


def rule_actor(city: str) -> Actor:
    """Nobody: the platform, acting under the rulebook."""
    return Actor(person="", postings=(Posting(role=ROLE, unit=city_of(city)),))


def open_due_cases(*, city: str, now: datetime) -> list[str]:
    """Open, extend and withdraw the cases of a city as of today; returns the codes of those that changed, in order.

    Args:
        city: division code of the city.
        now: the instant, aware; grounds bear the rule's own days, whenever this runs.
    """
    today, changed = civil_date(at=now), []
    for trigger in current_rulebook().accountability.triggers.values():
        found: dict[tuple[str, str], list[Ground]] = defaultdict(list)
        grounds = grounds_of(trigger, city, on=today)
        known = unit_names({ground.unit for ground in grounds})
        for ground in grounds:
            if ground.unit in known:
                found[ground.unit, ground.subject].append(ground)
        changed += _taken_away(trigger, city, found, now=now)
        for (unit, subject), own in sorted(found.items()):
            changed += _entered(trigger, unit, subject, own, city=city, now=now)
    return sorted(set(changed))


def _entered(
    trigger: Trigger, unit: str, subject: str, found: Sequence[Ground], *, city: str, now: datetime
) -> list[str]:
    """Enter what no case holds yet into the open case, or into a new one."""
    if not _new(found, _lives(trigger, unit, subject).values()):
        return []
    try:
        return [_recorded(trigger, unit, subject, found, city=city, now=now)]
    except _Settled:
        return []


class _Settled(Exception):
    """Another run has entered the same grounds meanwhile."""


def _recorded(
    trigger: Trigger, unit: str, subject: str, found: Sequence[Ground], *, city: str, now: datetime
) -> str:
    with act(rule_actor(city), VERB, on=Subject(code=city_of(city)), at=now) as deed:
        lives = _lives(trigger, unit, subject)  # once more, now that the city's chain is held
        new = _new(found, lives.values())
        if not new:
            raise _Settled
        takes = [code for code, life in lives.items() if life.state(on=deed.recorded_on) in _TAKES_MORE]
        case = Case(
            code=takes[-1] if takes else _next_code(city), tone=trigger.tone, trigger=trigger.id, unit_id=unit,
            subject=subject, met_on=new[0].met_on, basis=[reference for one in new for reference in one.basis],
        )
        facts = [_entry(case.code, ground) for ground in new]
        if not takes:
            opened = {"trigger": trigger.id, "unit": unit, "about": subject}
            facts.insert(0, NewFact("case", case.code, OPENED, new[0].met_on, opened))
        deed.record(facts=facts, because=[_because(trigger, new)])
        if not takes:
            writes.insert_case(case)
    (tell_extended if takes else tell_opened)(case, deed=deed.id, now=now)
    return case.code


def _taken_away(
    trigger: Trigger, city: str, found: Mapping[tuple[str, str], Sequence[Ground]], *, now: datetime
) -> list[str]:
    """Note the grounds that the ledger no longer bears out for their own day; a case left without any is withdrawn."""
    changed = []
    rows = {row.code: row for row in Case.objects.filter(code__startswith=city[:4], trigger=trigger.id)}
    as_of: dict[date, set[tuple[str, str, str, date]]] = {}
    for code, life in sorted(lives_of(rows).items()):
        row = rows[code]
        now_met = {ground.key for ground in found.get((row.unit_id, row.subject), ())}
        lost = [
            ground for ground in life.standing
            if ground.key not in now_met
            and (row.unit_id, row.subject, *ground.key) not in _met_by(trigger, city, ground.met_on, as_of)
        ]
        if lost and life.state(on=civil_date(at=now)) is not CaseState.WITHDRAWN:
            _withdraw(row, life, lost, now=now)
            changed.append(code)
    return changed


def _met_by(
    trigger: Trigger, city: str, day: date, as_of: dict[date, set[tuple[str, str, str, date]]]
) -> set[tuple[str, str, str, date]]:
    """What met the trigger by the end of a day, by what is known now; asked once for each day."""
    if day not in as_of:
        as_of[day] = {(one.unit, one.subject, *one.key) for one in grounds_of(trigger, city, on=day)}
    return as_of[day]


def _withdraw(row: Case, life: CaseLife, lost: Sequence[HeldGround], *, now: datetime) -> None:
    is_over = len(lost) == len(life.standing)
    with act(rule_actor(row.code), VERB, on=Subject(code=row.code), at=now) as deed:
        facts = [
            NewFact("case", row.code, GROUND_LOST, deed.recorded_on, {
                "about": ground.about, "met_on": ground.met_on.isoformat(),
            }) for ground in lost
        ]
        if is_over:
            facts.append(NewFact("case", row.code, "case_withdrawn", deed.recorded_on))
        deed.record(facts=facts, because=[Reason(
            code="accountability.ground_lost",
            message=N_("Corrected facts no longer bear out %(count)s of the grounds for their day."),
            parameters={"count": str(len(lost))},
        )])
    if is_over:
        tell_withdrawn(row, now=now)


def _lives(trigger: Trigger, unit: str, subject: str) -> dict[str, CaseLife]:
    codes = Case.objects.filter(trigger=trigger.id, unit=unit, subject=subject).order_by("code")
    return lives_of(list(codes.values_list("code", flat=True)))


def _new(found: Sequence[Ground], lives: Iterable[CaseLife]) -> list[Ground]:
    held = {ground.key for life in lives for ground in life.standing}
    return [ground for ground in found if ground.key not in held]


def _entry(code: str, ground: Ground) -> NewFact:
    given = {"about": ground.about, "measured": ground.measured, "basis": " ".join(ground.basis)}
    if ground.due_on is not None:
        given["due_on"] = ground.due_on.isoformat()
    return NewFact("case", code, EXTENDED, ground.met_on, {name: value for name, value in given.items() if value})


def _because(trigger: Trigger, new: Sequence[Ground]) -> Reason:
    return Reason(
        code="accountability.met", message=N_("The rule “%(trigger)s” was met on %(day)s."),
        parameters={"trigger": f"trigger:{trigger.id}", "day": new[0].met_on.isoformat()}, source=trigger.source,
    )


def _next_code(city: str) -> str:
    """``220200-A0001``; call it with the city's chain held."""
    start = f"{city_of(city)}-A"
    return f"{start}{Case.objects.filter(code__startswith=start).count() + 1:04d}"
