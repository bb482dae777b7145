"""The gate: why a fact may not be recorded of a step, with article and earliest lawful date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.procedure.applicability import Applies, applies
from zhengtu.core.procedure.case_facts import CaseFacts, StepFact, latest
from zhengtu.core.procedure.invariants import predicates_of
from zhengtu.core.procedure.periods import finish_of
from zhengtu.core.procedure.question import Obstacle, ObstacleKind, Question, obstacle
from zhengtu.core.procedure.steps import OUTSIDE_ACTORS, Act, Bound, Procedure, Step

ANNOUNCEMENT_SERVICE_DAYS = 30
"""A document announced to somebody who cannot be found counts as served after so many days (Civil Procedure Law,
art. 95)."""
_FAR_AHEAD = date(9000, 1, 1)


def gate(
    *, proposed: StepFact, facts: CaseFacts, procedure: Procedure, calendar: WorkCalendar, today: date
) -> list[Reason]:
    """Why the proposed fact may not be recorded; empty when it may.

    Imported history (``is_verified`` False) is held against nothing that merely is not recorded, but it must lie
    before the platform's first day, and nothing that recorded dates exclude is taken.

    Args:
        facts: what is recorded so far, without the proposed fact.
        today: no fact lies after it.
    """
    step = procedure.steps.get(proposed.step)
    if step is None:
        return [
            Reason("procedure.unknown_step", N_("This procedure has no step “%(step)s”."), {"step": proposed.step})
        ]
    question = Question(step, proposed.happened_on, facts, procedure, calendar, proposed)
    found = [*_date_reasons(question, today=today), *_recorded_before(question), *case_obstacles(question)]
    if proposed.is_verified:
        found += _paper_obstacles(question)
        reasons = [one.reason for one in found]
        if not _is_outside(step):
            after = facts.with_fact(proposed, step=step)
            reasons += pulled_steps(before=facts, after=after, procedure=procedure, calendar=calendar)
        return reasons
    return [one.reason for one in found if one.kind is ObstacleKind.CONTRADICTION]


def offer_reasons(
    *, step: Step, facts: CaseFacts, procedure: Procedure, calendar: WorkCalendar, today: date
) -> list[Reason]:
    """Why the step may not be taken today, before any fact of it is written down; empty when it may."""
    question = Question(step, today, facts, procedure, calendar)
    return [one.reason for one in (*_recorded_before(question), *case_obstacles(question))]


def _is_outside(step: Step) -> bool:
    """Whether the deed is somebody else's, to be recorded whenever it becomes known; moving out is not."""
    return step.actor in OUTSIDE_ACTORS and step.act is not Act.VACATING


def case_obstacles(question: Question) -> list[Obstacle]:
    """What the case holds against the step on that day: that it does not apply, its order, its conditions."""
    if applies(question.step, facts=question.facts, procedure=question.procedure, on=question.on) is Applies.NO:
        return [
            obstacle(
                "not_applicable", N_("“%(step)s” does not apply to this case as it stood on %(on)s."),
                question=question, source=question.step.source,
                remedy=N_("Record what makes it apply first, if it does."),
            )
        ]
    found = list(_order(question))
    for predicate in predicates_of(question.step):
        found += predicate(question)
    return found


def _order(question: Question) -> Iterable[Obstacle]:
    for group in question.step.needs:
        yield from _group_obstacles(question, group, must_be_finished=True)
    for group in question.step.needs_begun:
        yield from _group_obstacles(question, group, must_be_finished=False)


def applicable_of(
    group: Iterable[str], question: Question, *, assumed: frozenset[str] = frozenset()
) -> list[Step]:
    """The steps of a group that the case has, and those assumed; others that do not apply ask for nothing."""
    return [
        step
        for step in map(question.procedure.steps.__getitem__, group)
        if step.id in assumed
        or latest(step.id, facts=question.facts, procedure=question.procedure, on=question.on) is not None
        or applies(step, facts=question.facts, procedure=question.procedure, on=question.on) is not Applies.NO
    ]


def _group_obstacles(question: Question, group: tuple[str, ...], *, must_be_finished: bool) -> list[Obstacle]:
    candidates = applicable_of(group, question)
    if not candidates:
        return []
    found = []
    for step in candidates:
        hindrance = _need_obstacle(question, step, must_be_finished=must_be_finished)
        if hindrance is None:
            return []
        found.append(hindrance)
    known = [one for one in found if one.earliest_on is not None]
    return known[:1] or (found if len(found) == 1 else [_missing(question, candidates)])


def _need_obstacle(question: Question, step: Step, *, must_be_finished: bool) -> Obstacle | None:
    """Why one needed step does not carry the question's; None when it does."""
    facts, procedure = question.facts, question.procedure
    fact = latest(step.id, facts=facts, procedure=procedure, on=question.on)
    if fact is None:
        later = latest(step.id, facts=facts, procedure=procedure, on=_FAR_AHEAD)
        if later is None:
            return _missing(question, [step])
        return obstacle(
            "before_its_step", N_("“%(step)s” on %(on)s would come before “%(needs)s” on %(held)s."),
            question=question, source=question.step.source, kind=ObstacleKind.CONTRADICTION,
            earliest_on=later.happened_on, remedy=N_("The earliest lawful date is %(earliest)s."),
            needs=f"step:{step.id}", held=later.happened_on.isoformat(),
        )
    if not must_be_finished:
        return None
    finish = finish_of(fact, step=step, facts=facts, procedure=procedure, calendar=question.calendar)
    if finish.day is None:
        return obstacle(
            "period_cut_short", N_("“%(needs)s” did not last its full period, or its first day is not recorded."),
            question=question, source=_period_source(step), remedy=N_("Publish or serve it again for the full period."),
            needs=f"step:{step.id}",
        )
    if question.on >= finish.day:
        return None
    return obstacle(
        "period_runs", N_("The period of “%(needs)s” runs until %(until)s."),
        question=question, source=_period_source(step), kind=ObstacleKind.CONTRADICTION, earliest_on=finish.day,
        remedy=N_("The earliest lawful date is %(earliest)s."),
        needs=f"step:{step.id}", until=(finish.day - timedelta(days=1)).isoformat(),
    )


def _period_source(step: Step) -> str:
    return next((period.source for period in step.periods if period.bound is Bound.AT_LEAST), step.source)


def _missing(question: Question, candidates: list[Step]) -> Obstacle:
    return obstacle(
        "step_missing", N_("“%(step)s” needs “%(needs)s” first, and none is recorded."),
        question=question, source=question.step.source, remedy=N_("Record that step with its evidence first."),
        needs="|".join(f"step:{step.id}" for step in candidates),
    )


def _date_reasons(question: Question, *, today: date) -> Iterable[Obstacle]:
    if question.on > today:
        yield obstacle(
            "in_the_future", N_("The date %(on)s lies in the future; today is %(today)s."),
            question=question, source="", kind=ObstacleKind.CONTRADICTION,
            remedy=N_("Record a fact on or after the day it happened."), today=today.isoformat(),
        )
    since = question.facts.platform_since
    assert question.proposed is not None
    if not question.proposed.is_verified and (since is None or question.on >= since):
        yield obstacle(
            "not_history", N_("Only what happened before %(since)s may be imported unverified."),
            question=question, source="", kind=ObstacleKind.CONTRADICTION,
            remedy=N_("Record it with its evidence instead."), since=since.isoformat() if since else "—",
        )


def _recorded_before(question: Question) -> Iterable[Obstacle]:
    step = question.step
    held = latest(step.id, facts=question.facts, procedure=question.procedure, on=_FAR_AHEAD)
    if held is None:
        # What has ended may be taken anew, but only after it ended.
        ended = [one for one in question.facts.by_step.get(step.id, ()) if one.ended_on is not None]
        held = next((one for one in ended if one.ended_on is not None and question.on <= one.ended_on), None)
    if held is not None and not step.repeats:
        yield obstacle(
            "already_recorded", N_("“%(step)s” is already recorded for %(held)s."),
            question=question, source="", kind=ObstacleKind.CONTRADICTION,
            remedy=N_("Correct the recorded fact instead."), held=held.happened_on.isoformat(),
        )


def _paper_obstacles(question: Question) -> list[Obstacle]:
    """What the proposed fact itself lacks: evidence, dates, attributes, a lawful day of service."""
    fact, step = question.proposed, question.step
    assert fact is not None
    found = [
        obstacle(
            "evidence_missing", N_("“%(step)s” needs evidence: %(evidence)s."), question=question, source=step.source,
            remedy=N_("Attach the file and record again."), evidence=f"evidence:{kind}",
        )
        for kind in step.evidence if kind not in fact.evidence
    ]
    absent = [name for name in step.requires if fact.date_of(name) is None] + [
        one.name for one in step.attributes.values() if one.is_required and fact.attributes.get(one.name) in (None, "")
    ]
    found += [
        obstacle(
            "field_missing", N_("“%(step)s” needs the field “%(field)s”."), question=question, source=step.source,
            remedy=N_("Fill it in as the form shows."), field=f"attribute:{step.recorded_by}.{name}",
        )
        for name in absent
    ]
    return found + _service_obstacles(question, fact) + _cap_obstacles(question, fact)


def _service_obstacles(question: Question, fact: StepFact) -> list[Obstacle]:
    if fact.served_on is None:
        return []
    days = ANNOUNCEMENT_SERVICE_DAYS if fact.attributes.get("method") == "announcement" else 0
    earliest = fact.happened_on + timedelta(days=days)
    if fact.served_on >= earliest:
        return []
    return [
        obstacle(
            "served_too_early", N_("Service on %(served)s is not lawful before %(lawful)s."), question=question,
            source="civil-procedure-law#95", remedy=N_("Count the day of service by its method."),
            served=fact.served_on.isoformat(), lawful=earliest.isoformat(),
        )
    ]


def _cap_obstacles(question: Question, fact: StepFact) -> list[Obstacle]:
    found = []
    for period in question.step.periods:
        declared = fact.date_of(period.declared) if period.bound is Bound.CAP else None
        start = fact.date_of(period.counted_from.field)
        if declared is None or start is None:
            continue
        last = question.calendar.last_day(period.period, start_on=start)
        if declared > last.on:
            found.append(
                obstacle(
                    "longer_than_allowed",
                    N_("“%(step)s” until %(declared)s is longer than allowed; the last day is %(last)s."),
                    question=question, source=period.source, remedy=N_("Shorten it to %(last)s or less."),
                    declared=declared.isoformat(), last=last.on.isoformat(),
                )
            )
    return found


def contradictions(
    *,
    facts: CaseFacts,
    procedure: Procedure,
    calendar: WorkCalendar,
    since: date = date.min,
    apart_from: Sequence[StepFact] = (),
) -> list[Reason]:
    """Recorded, verified steps, dated from ``since`` on, that their own day's facts no longer carry.

    Such are left when something outside the administration becomes known late (an action brought before the
    court application, say); they are shown until the step is withdrawn or cured.
    """
    reasons: list[Reason] = []
    for fact in facts.all_facts():
        step = procedure.steps.get(fact.step)
        if step is None or fact.happened_on < since or not fact.is_verified or _is_outside(step):
            continue
        if any(fact is one for one in apart_from):
            continue
        question = Question(step, fact.happened_on, facts.without(fact), procedure, calendar, fact)
        reasons += [one.reason for one in case_obstacles(question)]
    return reasons


def pulled_steps(
    *, before: CaseFacts, after: CaseFacts, procedure: Procedure, calendar: WorkCalendar
) -> list[Reason]:
    """Which recorded steps a change (a fact more, corrected or withdrawn) would leave without what they need."""
    old, new = list(before.all_facts()), list(after.all_facts())
    changed = [fact for fact in new if fact not in old] + [fact for fact in old if fact not in new]
    # What lies before the first changed fact cannot see it.
    since = min((fact.happened_on for fact in changed), default=date.max)
    known = contradictions(facts=before, procedure=procedure, calendar=calendar, since=since)
    found = contradictions(facts=after, procedure=procedure, calendar=calendar, since=since, apart_from=changed)
    return [
        Reason(
            code="procedure.pulled_step", message=reason.message, parameters=reason.parameters,
            source=reason.source, remedy=N_("Correct or withdraw the later step first."),
        )
        for reason in found
        if reason not in known
    ]
