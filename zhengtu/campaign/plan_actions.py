"""Deeds on the plan: a unit decides when work begins, and which plan is the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from zhengtu.campaign.plan_facts import BASELINE_SET, PLAN_DECIDED, plan_cases
from zhengtu.campaign.plan_queries import plan_codes
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import project_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.ledger.fact_kinds import checked_attributes, evidence_reasons, order_reasons
from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.planning.plan_decisions import Decidable, baseline_reasons, decidable_in, decision_reasons
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Campaign
from zhengtu.registry.procedure_cases import participation_of
from zhengtu.registry.queries import subject_of

VERB: Final = "schedule.decide"
DECIDED, BASELINE = PLAN_DECIDED, BASELINE_SET


@dataclass(frozen=True, slots=True)
class Start:
    """The day on which the work of a stage on a section is to begin."""

    section: str
    stage: Stage
    start_on: date


def decidable(actor: Actor, *, section: str, stage: Stage, on: date) -> Decidable | None:
    """The bar of a stage on a section by what is recorded now, with its window; None where there is none in scope."""
    part = participation_of(section)
    if part not in plan_codes(actor, verb=VERB):
        return None
    case = plan_cases([part], on=on, known=None).get(part)
    if case is None:
        return None
    return decidable_in(case, section=section, stage=stage, rules=current_rulebook().schedule)


def decide_plan(
    *, actor: Actor, section: str, stage: Stage, start_on: date, reason: str, accepts_late: bool = False,
    happened_on: date, files: Sequence[OfferedFile], now: datetime,
) -> str:
    """Record that the work of a stage on a section begins on a day, with the minutes; returns the deed's key.

    Args:
        accepts_late: whether the reason says that the deadline is given up.

    Raises:
        Refused: no right, no such bar, one that no unit decides, before the earliest lawful day, after the latest day
            that meets the deadline and that not said, no reason, no minutes.
    """
    return decide_plans(
        actor=actor, part=participation_of(section), starts=[Start(section, stage, start_on)], reason=reason,
        accepts_late=accepts_late, happened_on=happened_on, files=files, now=now,
    )


def decide_plans(
    *, actor: Actor, part: str, starts: Sequence[Start], reason: str, accepts_late: bool = False, happened_on: date,
    files: Sequence[OfferedFile], now: datetime,
) -> str:
    """Record several starts of one part in one deed: all of them or none; returns the deed's key.

    Raises:
        Refused: as ``decide_plan``, for every start that does not hold; nothing to decide.
    """
    today = civil_date(at=now)
    sections = {one.section for one in starts}
    on = sections.pop() if len(sections) == 1 else part
    with act(actor, VERB, on=subject_of(on), at=now) as deed:
        rules = current_rulebook().fact_kinds[DECIDED]
        reasons = order_reasons(rules, happened_on=happened_on, today=today, dates={}, corrects=False)
        reasons += evidence_reasons(rules, attached=[offered.kind for offered in files])
        facts, given_up = [], []
        for start in starts:
            stored, wrong = checked_attributes(rules, {
                "stage": str(start.stage), "start_on": start.start_on, "reason": reason.strip(),
            })
            found = decidable(actor, section=start.section, stage=start.stage, on=today)
            reasons += [one for one in wrong if one not in reasons]
            reasons += _start_reasons(start, found, part=part, accepts_late=accepts_late)
            if found and found.window.latest_on and start.start_on > found.window.latest_on:
                given_up.append(_given_up(start, found.window.latest_on))
            facts.append(NewFact("section", start.section, DECIDED, happened_on, stored))
        if not starts:
            reasons.append(Reason("schedule.nothing", N_("Nothing is chosen that could be decided.")))
        kept = kept_files(files, reasons)
        return deed.record(facts=facts, evidence=kept, because=given_up)


def _start_reasons(start: Start, found: Decidable | None, *, part: str, accepts_late: bool) -> list[Reason]:
    if found is None or participation_of(start.section) != part:
        return [Reason(
            code="schedule.no_bar", message=N_("The plan has no such work on %(section)s."),
            parameters={"section": start.section}, remedy=N_("Open the chart again."),
        )]
    return decision_reasons(
        found.activity, start_on=start.start_on, window=found.window, accepts_late=accepts_late
    )


def _given_up(start: Start, latest_on: date) -> Reason:
    """What the deed keeps of a decision that misses its deadline."""
    return Reason(
        code="schedule.deadline_given_up",
        message=N_("%(section)s: decided for %(start)s although the latest day that meets the deadline is %(latest)s."),
        parameters={
            "section": start.section, "start": start.start_on.isoformat(), "latest": latest_on.isoformat(),
        },
    )


def set_baseline(
    *, actor: Actor, part: str, baseline_on: date, reason: str, happened_on: date, files: Sequence[OfferedFile],
    now: datetime,
) -> str:
    """Record that the plan of that day is the one to measure against, with the minutes; returns the deed's key.

    Raises:
        Refused: no right, a day ahead or before the campaign, no reason, no minutes.
    """
    today = civil_date(at=now)
    with act(actor, VERB, on=subject_of(part), at=now) as deed:
        rules = current_rulebook().fact_kinds[BASELINE]
        given: Mapping[str, object] = {"baseline_on": baseline_on, "reason": reason.strip()}
        stored, reasons = checked_attributes(rules, given)
        reasons += order_reasons(rules, happened_on=happened_on, today=today, dates={}, corrects=False)
        reasons += evidence_reasons(rules, attached=[offered.kind for offered in files])
        campaign = Campaign.objects.filter(projects__code=project_of(part)).first()
        first_on = campaign.start_on if campaign else None
        reasons += baseline_reasons(baseline_on=baseline_on, today=today, first_on=first_on)
        kept = kept_files(files, reasons)
        return deed.record(facts=[NewFact("participation", part, BASELINE, happened_on, stored)], evidence=kept)

