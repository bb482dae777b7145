"""The way to the court: remedies run out, nothing pending, the window open, the papers whole, the ruling served."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.work_calendar import CountedDay, uncertainty_reasons
from zhengtu.core.procedure.case_facts import StepFact
from zhengtu.core.procedure.compensation_predicates import compensated_on
from zhengtu.core.procedure.court_application import application_reasons
from zhengtu.core.procedure.question import Obstacle, ObstacleKind, Question, obstacle
from zhengtu.core.procedure.rights import RightState, rights
from zhengtu.core.procedure.steps import Act

ENFORCEMENT_LAW = "administrative-enforcement-law"
_DAY = timedelta(days=1)
DAY_BEGINS, NIGHT_BEGINS = time(6), time(22)
"""Night is 22:00 to 06:00, as the law on noise pollution defines it."""
_CLOCK = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)$")


@dataclass(frozen=True, slots=True)
class CourtWindow:
    """When an application to the court may be filed.

    Attributes:
        remedies_end: last day of the last remedy; None while the decision is not served.
        earliest_on: first day to apply as far as remedies and the demand notice are concerned.
        last: last day to apply, or None.
    """

    remedies_end: CountedDay | None
    earliest_on: date | None
    last: CountedDay | None


def court_window(question: Question) -> CourtWindow:
    """From the day after the last remedy and the demand's period to three months after the time to sue.

    Administrative Enforcement Law, art. 53 and 54; interpretation of the Administrative Litigation Law, art. 156.
    """
    end = remedies_end(question)
    if end is None:
        return CourtWindow(None, None, None)
    withdrawn = [
        fact.happened_on for fact in question.of_act(Act.JUDGMENT) if fact.attributes.get("result") == "withdrawn"
    ]
    last = question.calendar.last_day(question.procedure.court.window, start_on=max([end.on, *withdrawn]))
    earliest = end.on + _DAY
    demand = question.latest_of(Act.DEMAND_NOTICE)
    if demand is not None and demand.served_on is not None:
        for period in question.procedure.steps[demand.step].periods:
            counted = question.calendar.last_day(period.period, start_on=demand.served_on)
            earliest = max(earliest, counted.on + _DAY)
    return CourtWindow(end, earliest, last)


def remedies_end(question: Question) -> CountedDay | None:
    """The last day of the last remedy against the decision to be enforced; None while no clock runs."""
    periods = rights(
        facts=question.facts, procedure=question.procedure, calendar=question.calendar, today=question.on
    )
    days = [
        period.last
        for period in periods
        if period.right.id in question.procedure.remedies
        and period.last is not None
        and period.state is not RightState.REPLACED
    ]
    return max(days, key=lambda counted: counted.on, default=None)


def no_proceeding_is_pending(question: Question) -> list[Obstacle]:
    """No reconsideration and no action is undecided (decree 590, art. 28(1); Enforcement Law, art. 53)."""
    found = []
    for filed_act, closed_act in (
        (Act.RECONSIDERATION_FILED, Act.RECONSIDERATION_DECIDED),
        (Act.LAWSUIT_FILED, Act.JUDGMENT),
    ):
        closed = question.of_act(closed_act)
        for filed in question.of_act(filed_act):
            if not any(_closes(one, filed) for one in closed):
                found.append(
                    obstacle(
                        "proceeding_pending",
                        N_("“%(proceeding)s” of %(filed)s is not decided."),
                        question=question, source=f"{ENFORCEMENT_LAW}#53", kind=ObstacleKind.CONTRADICTION,
                        remedy=N_("Wait for the decision; record it with its service."),
                        proceeding=f"step:{filed.step}", filed=filed.happened_on.isoformat(),
                    )
                )
    return found


def _closes(closed: StepFact, filed: StepFact) -> bool:
    return closed.happened_on >= filed.happened_on and closed.attributes.get("against") == filed.attributes.get(
        "against"
    )


def remedies_are_expired(question: Question) -> list[Obstacle]:
    """Every remedy against the decision has run out, counted from service (decree 590, art. 28(1))."""
    end = remedies_end(question)
    if end is None:
        return [
            obstacle(
                "decision_not_served",
                N_("The decision is not recorded as served, so no period runs and none can have ended."),
                question=question, source=f"{ENFORCEMENT_LAW}#53",
                remedy=N_("Serve the decision lawfully and record the proof of service."),
            )
        ]
    if question.on > end.on:
        return []
    return [
        obstacle(
            "remedies_run",
            N_("The household may seek reconsideration or sue until %(until)s."),
            question=question, source=f"{ENFORCEMENT_LAW}#53", kind=ObstacleKind.CONTRADICTION,
            earliest_on=end.on + _DAY, remedy=N_("The earliest lawful date is %(earliest)s."),
            until=end.on.isoformat(),
        )
    ]


def all_owners_are_served(question: Question) -> list[Obstacle]:
    """The decision reached each owner of the household (Enforcement Law, art. 38)."""
    count = question.facts.neighbours.unserved_owners
    if count == 0:
        return []
    return [
        obstacle(
            "owners_unserved",
            N_("The decision has not been lawfully served on %(count)s owners."),
            question=question, source=f"{ENFORCEMENT_LAW}#38", kind=ObstacleKind.CONTRADICTION,
            remedy=N_("Serve each of them and record the proof."), count=count,
        )
    ]


def move_out_date_has_passed(question: Question) -> list[Obstacle]:
    """The date to move out has passed, and it lay after the compensation (decree 590, art. 27(1), 28(1))."""
    acts = (Act.COMPENSATION_DECISION, Act.ENFORCEABLE_DECISION, Act.MOVE_OUT_DATE)
    facts = sorted((fact for act in acts for fact in question.of_act(act)), key=lambda fact: fact.happened_on)
    given = [day for fact in facts if (day := fact.date_of("move_out_by")) is not None]
    in_place_on = compensated_on(question)
    source = "state-council-decree-590#28(1)"
    if not given or (in_place_on is not None and given[-1] < in_place_on):
        return [
            obstacle(
                "move_out_date_missing",
                N_("No date to move out is set that lies after the compensation was in place."),
                question=question, source=source,
                remedy=N_("Notify the household of a date to move out and record it."),
            )
        ]
    if question.on > given[-1]:
        return []
    return [
        obstacle(
            "move_out_date_ahead",
            N_("The household may stay until %(until)s."),
            question=question, source=source, kind=ObstacleKind.CONTRADICTION, earliest_on=given[-1] + _DAY,
            remedy=N_("The earliest lawful date is %(earliest)s."), until=given[-1].isoformat(),
        )
    ]


def not_decided_by_judgment(question: Question) -> list[Obstacle]:
    """No judgment upheld the decision; otherwise the judgment is enforced (Litigation Law, art. 95)."""
    judged = [
        fact for fact in question.of_act(Act.JUDGMENT)
        if fact.attributes.get("result") == "dismissed" and fact.attributes.get("against") == "decision"
    ]
    if not judged:
        return []
    return [
        obstacle(
            "judgment_stands",
            N_("A judgment of %(judged)s upheld the decision; the judgment is enforced, not the decision."),
            question=question, source="administrative-litigation-law#95", kind=ObstacleKind.CONTRADICTION,
            remedy=N_("Apply to the court of first instance to enforce its judgment."),
            judged=judged[-1].happened_on.isoformat(),
        )
    ]


def within_the_court_window(question: Question) -> list[Obstacle]:
    """Within three months after the time to sue (Enforcement Law, art. 53; interpretation, art. 156)."""
    last = court_window(question).last
    if last is None or question.on <= last.on:
        return []
    return [
        obstacle(
            "court_window_closed",
            N_("The court had to be applied to by %(until)s."),
            question=question, source=question.procedure.court.window_source, kind=ObstacleKind.CONTRADICTION,
            remedy=N_("The court takes a late application only for good reason; seek counsel."),
            until=last.on.isoformat(),
        )
    ]


def demand_period_has_run(question: Question) -> list[Obstacle]:
    """Ten working days have passed since the demand notice was served (Enforcement Law, art. 54)."""
    demand = question.latest_of(Act.DEMAND_NOTICE)
    end = remedies_end(question)
    if demand is None or demand.served_on is None or end is None:
        return [
            obstacle(
                "demand_missing",
                N_("No demand notice is recorded as served."),
                question=question, source=f"{ENFORCEMENT_LAW}#54", remedy=N_("Serve the demand notice first."),
            )
        ]
    earliest = court_window(question).earliest_on
    if earliest is None or question.on >= earliest:
        return []
    return [
        obstacle(
            "demand_runs",
            N_("The demand's ten working days run until the day before %(earliest)s."),
            question=question, source=f"{ENFORCEMENT_LAW}#54", kind=ObstacleKind.CONTRADICTION,
            earliest_on=earliest, remedy=N_("The earliest lawful date is %(earliest)s."),
        )
    ]


def court_papers_are_complete(question: Question) -> list[Obstacle]:
    """Every paper is there and every ground of refusal answered “no” with a document (SPC 2012-4, art. 2 and 6)."""
    return [Obstacle(reason) for reason in application_reasons(question.facts.dossier, question.procedure)]


def court_ruling_is_served(question: Question) -> list[Obstacle]:
    """A ruling that grants enforcement stands and is served (decree 590, art. 28 and 35; Enforcement Law, art. 13)."""
    rulings = [fact for fact in question.of_act(Act.COURT_RULING) if fact.served_on is not None]
    if any(fact.served_on <= question.on for fact in rulings if fact.served_on is not None):
        return []
    return [
        obstacle(
            "no_court_ruling",
            N_("No ruling of the court that grants enforcement is served by %(on)s."),
            question=question, source=f"{ENFORCEMENT_LAW}#13", kind=ObstacleKind.CONTRADICTION,
            remedy=N_("Only the court can grant enforcement; apply to it."),
        )
    ]


def by_daylight_on_a_working_day(question: Question) -> list[Obstacle]:
    """No enforcement by night, on a rest day or a statutory holiday (Enforcement Law, art. 43(1))."""
    source = f"{ENFORCEMENT_LAW}#43(1)"
    found = []
    if not question.calendar.is_working_day(question.on):
        found.append(
            obstacle(
                "rest_day", N_("%(on)s is a rest day or statutory holiday; nothing is enforced then."),
                question=question, source=source, kind=ObstacleKind.CONTRADICTION,
                earliest_on=question.calendar.next_working_day(question.on).on,
                remedy=N_("The earliest lawful date is %(earliest)s."),
            )
        )
    found += [Obstacle(reason) for reason in uncertainty_reasons(question.calendar.day(question.on))]
    if question.proposed is not None and not _is_by_daylight(question.proposed):
        found.append(
            obstacle(
                "night", N_("The operation is not stated to lie between 06:00 and 22:00."),
                question=question, source=source, kind=ObstacleKind.CONTRADICTION,
                remedy=N_("State when it started and ended; nothing is enforced by night."),
            )
        )
    return found


def _is_by_daylight(fact: StepFact) -> bool:
    times = [str(fact.attributes.get(name, "")) for name in ("started_at", "ended_at")]
    if not all(_CLOCK.match(text) for text in times):
        return False
    start, end = (time.fromisoformat(text) for text in times)
    return DAY_BEGINS <= start <= end <= NIGHT_BEGINS
