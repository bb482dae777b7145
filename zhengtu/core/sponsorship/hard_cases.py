"""Hard cases (难点户): what in a file is unsettled, which lawful remedies were tried and which come next.

A case is about the file: a cause, words about it, remedies with what came of them, and the family's own reply. Nothing
describes a person. State, remedies left and light follow from facts by the rules below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.sponsorship.rules import Remedy, SponsorshipRules

DESCRIBED: Final = "hard_case_described"
TRIED: Final = "remedy_tried"
SOLVED: Final = "hard_case_solved"
REPLIED: Final = "hard_case_replied"
KINDS: Final = (DESCRIBED, TRIED, SOLVED, REPLIED)


class CaseLight(StrEnum):
    """The light of a hard case, the most urgent first; idle is solved."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    IDLE = "idle"


class RemedyState(StrEnum):
    """How a remedy stands in a case."""

    TRIED = "tried"
    OPEN = "open"
    WAITS = "waits"


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A fact of a household as a case needs it; the day it happened counts, then the order of recording."""

    kind: str
    happened_on: date
    deed: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause with what is unsettled, as it was last described."""

    cause: str
    described: str
    described_on: date
    deed: str


@dataclass(frozen=True, slots=True)
class Told:
    """A remedy's result, a reply or the solution, in words, with its day and deed."""

    on: date
    text: str
    deed: str


@dataclass(frozen=True, slots=True)
class RemedyStanding:
    """A remedy in a case: what came of it, or that it is open, or which kinds of fact it waits for."""

    remedy: Remedy
    state: RemedyState
    results: Sequence[Told] = ()
    waits_for: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class HardCase:
    """One household's case on a day.

    Attributes:
        opened_on: day on which the first of its causes was described.
        remedies: those offered for its causes, in the order of the rulebook.
        replies: what the family said of its entry, earliest first.
        solved: how it was solved, in words, or without words by a fact of the kind ``settled_by``; None while open.
        last_step_on: the last day on which a lawful step was taken, else the day it was opened.
        light, reason: follow from the rules of ``hard_case``.
    """

    household: str
    opened_on: date
    causes: Sequence[Cause]
    remedies: Sequence[RemedyStanding]
    replies: Sequence[Told]
    solved: Told | None
    settled_by: str
    last_step_on: date
    light: CaseLight
    reason: Reason

    @property
    def is_open(self) -> bool:
        """Whether it is not solved."""
        return self.solved is None

    @property
    def next_remedy(self) -> Remedy | None:
        """The first remedy that is open and was not tried; None where all were, or the case is solved."""
        left = (one.remedy for one in self.remedies if one.state is RemedyState.OPEN)
        return next(left, None) if self.is_open else None


def hard_case(
    household: str, facts: Iterable[CaseFact], *, rules: SponsorshipRules, regime: str, on: date,
    has_sponsor: bool, broken_promises: int,
) -> HardCase | None:
    """A household's case as its facts tell it by the end of a day; None where none is described by then.

    A case described after it was solved is a new one. The light, the first that holds:

    1. solved, or settled by a fact that settles all of its causes (an agreement signed, a home handed over): idle;
    2. a promise of its sponsor is broken: red;
    3. the family's reply waits for an answer (nothing was recorded of the case since): yellow;
    4. nobody sponsors it, neither the household nor its section or project: yellow;
    5. ``quiet_days`` have passed since the last lawful step: yellow;
    6. else green.

    Args:
        facts: of the household, in the order of recording; corrected and withdrawn ones left out.
        has_sponsor: whether somebody answers for it on that day.
        broken_promises: how many promises about it are broken on that day.
    """
    told = sorted((one for one in facts if one.happened_on <= on), key=lambda one: one.happened_on)
    own = _current(one for one in told if one.kind in KINDS)
    causes = _causes(own)
    if not causes:
        return None
    opened_on = min(one.described_on for one in causes)
    solved = next((_told(one, "result") for one in own if one.kind == SOLVED), None)
    settling = _settling([one.cause for one in causes], told, opened_on=opened_on, rules=rules)
    if solved is None and settling is not None:
        solved = Told(settling.happened_on, "", settling.deed)
    replies = [_told(one, "text") for one in own if one.kind == REPLIED]
    remedies = _remedies([one.cause for one in causes], own, told, rules=rules, regime=regime)
    steps = [result.on for one in remedies for result in one.results if result.on >= opened_on]
    last_step_on = max(steps, default=opened_on)
    unanswered = bool(own) and own[-1].kind == REPLIED
    light, reason = _light(
        solved, broken=broken_promises, is_unanswered=unanswered, has_sponsor=has_sponsor,
        quiet_days=(on - last_step_on).days, rules=rules,
    )
    return HardCase(
        household=household, opened_on=opened_on, causes=causes, remedies=remedies, replies=replies, solved=solved,
        settled_by=settling.kind if settling is not None and solved is not None and not solved.text else "",
        last_step_on=last_step_on, light=light, reason=reason,
    )


def _current(facts: Iterable[CaseFact]) -> list[CaseFact]:
    """The facts of the case that stands: what was described after a solution begins a new one."""
    current: list[CaseFact] = []
    for fact in facts:
        if fact.kind == DESCRIBED and any(one.kind == SOLVED for one in current):
            current = []
        current.append(fact)
    return current


def _causes(facts: Sequence[CaseFact]) -> list[Cause]:
    """Each cause once, as it was last described."""
    latest: dict[str, Cause] = {}
    for fact in facts:
        if fact.kind == DESCRIBED:
            cause = str(fact.attributes["cause"])
            latest[cause] = Cause(cause, str(fact.attributes["described"]), fact.happened_on, fact.deed)
    return list(latest.values())


def _told(fact: CaseFact, name: str) -> Told:
    return Told(fact.happened_on, str(fact.attributes.get(name, "")), fact.deed)


def _remedies(
    causes: Sequence[str], own: Sequence[CaseFact], every: Sequence[CaseFact], *, rules: SponsorshipRules, regime: str
) -> list[RemedyStanding]:
    kinds = {fact.kind for fact in every}
    found = []
    for remedy in rules.offered_for(causes, regime=regime):
        results = [_told(one, "result") for one in own if one.kind == TRIED and one.attributes["remedy"] == remedy.id]
        results += [Told(one.happened_on, "", one.deed) for one in every if one.kind in remedy.facts]
        waits = () if not remedy.after or kinds & set(remedy.after) else tuple(remedy.after)
        state = RemedyState.TRIED if results else RemedyState.WAITS if waits else RemedyState.OPEN
        found.append(RemedyStanding(remedy, state, sorted(results, key=lambda one: one.on), waits))
    return found


def _settling(
    causes: Sequence[str], facts: Sequence[CaseFact], *, opened_on: date, rules: SponsorshipRules
) -> CaseFact | None:
    """The first fact since the case was opened that settles every cause of it."""
    return next(
        (
            fact for fact in facts
            if fact.happened_on >= opened_on and set(causes) <= set(rules.settled_by.get(fact.kind, ()))
        ), None,
    )


def _light(
    solved: Told | None, *, broken: int, is_unanswered: bool, has_sponsor: bool, quiet_days: int,
    rules: SponsorshipRules,
) -> tuple[CaseLight, Reason]:
    if solved is not None:
        return CaseLight.IDLE, Reason("hard_case.solved", N_("Solved on %(on)s."), {"on": solved.on.isoformat()})
    if broken:
        return CaseLight.RED, Reason("hard_case.broken", N_("Promises broken: %(count)s."), {"count": broken})
    if is_unanswered:
        return CaseLight.YELLOW, Reason("hard_case.replied", N_("The family's reply waits for an answer."))
    if not has_sponsor:
        return CaseLight.YELLOW, Reason("hard_case.unsponsored", N_("Nobody sponsors it."))
    if quiet_days >= rules.quiet_days:
        return CaseLight.YELLOW, Reason(
            "hard_case.quiet", N_("No lawful step for %(days)s days."), {"days": quiet_days}
        )
    return CaseLight.GREEN, Reason("hard_case.under_way", N_("A lawful step was taken within the last %(days)s days."),
                                   {"days": rules.quiet_days})

