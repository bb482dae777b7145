"""Whether sections kept their deadlines and the plan of their baseline, unit by unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Final

from zhengtu.assessment.difficulty_classes import SectionClasses, section_classes
from zhengtu.campaign.baseline_curves import BaselineCurves, baseline_curves
from zhengtu.campaign.facts import SectionStanding
from zhengtu.campaign.plan_facts import BASELINE_SET
from zhengtu.campaign.plan_targets import target_key
from zhengtu.campaign.plan_values import BaselineSet
from zhengtu.campaign.queries import deadlines_of, section_standings
from zhengtu.core.assessment.scoring import CountedCase
from zhengtu.core.assessment.window import Window
from zhengtu.core.planning.plan import TrajectoryPoint
from zhengtu.ledger.models import Fact
from zhengtu.ledger.queries import Reach, standing_facts
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Deadline

Cases = Mapping[str, Sequence[CountedCase]]
"""Unit -> its cases."""

_NEED_HOUSEHOLDS: Final = ("signed", "vacated", "resettled")
_STEPS: Final = {"signed_count": "settled", "vacated_count": "vacated"}
"""Figure of a planned curve -> what a section's standing calls it."""


def deadlines_kept(window: Window) -> Cases:
    """Deadlines of sections that fell due, with whether the goal was reached by the end of the day."""
    days = Deadline.objects.filter(
        campaign__code__startswith=window.city[:4], due_on__gte=window.from_on, due_on__lte=window.on
    ).order_by("due_on").values_list("due_on", flat=True).distinct()
    found: dict[str, dict[tuple[str, str], CountedCase]] = defaultdict(dict)
    reach, classes = Reach(prefixes=(window.city[:4],)), None
    for due_on in days:
        classes = classes or section_classes(window)
        sections = section_standings(reach, on=due_on, known=window.known)
        for deadline in deadlines_of(reach, sections):
            if deadline.due_on != due_on:
                continue
            about = target_key(goal=deadline.goal, due_on=due_on)
            for section in deadline.sections:
                if deadline.goal in _NEED_HOUSEHOLDS and not section.households:
                    continue
                found[section.jurisdiction][section.code, about] = CountedCase(
                    subject=section.code, about=about, done=int(not section.is_left(deadline.goal)), due_on=due_on,
                    difficulty=classes.of(section.code, project=section.project, on=due_on),
                )
    return {unit: [cases[key] for key in sorted(cases)] for unit, cases in found.items()}


def plan_progress(window: Window) -> Cases:
    """Households that should be signed and vacated in the period by the baseline, with how many were.

    What should be reached by the end less what was reached before the period is due, so that what was left behind is
    caught up with; what goes beyond is not counted.
    """
    baselines = _baselines(window)
    if not baselines:
        return {}
    reach, classes = Reach(prefixes=(window.city[:4],)), section_classes(window)
    curves = _curves(baselines, on=window.on)
    now = {one.code: one for one in section_standings(reach, on=window.on, known=window.known)}
    before = {one.code: one for one in section_standings(reach, on=window.before, known=window.known)}
    found: dict[str, list[CountedCase]] = defaultdict(list)
    for part, held in sorted(curves.items()):
        for code, planned in sorted(held.sections.items()):
            if code in now:
                found[now[code].jurisdiction] += _steps(
                    planned, now[code], before.get(code), window=window, classes=classes,
                    fact=baselines[part].reference,
                )
    return {unit: cases for unit, cases in found.items() if cases}


def _steps(
    planned: Mapping[str, Sequence[TrajectoryPoint]], now: SectionStanding, before: SectionStanding | None, *,
    window: Window, classes: SectionClasses, fact: str,
) -> list[CountedCase]:
    cases = []
    for figure, name in _STEPS.items():
        reached_before = getattr(before, name) if before else 0
        due = _planned_by(planned.get(figure, ()), window.on) - reached_before
        if due > 0:
            done = min(max(getattr(now, name) - reached_before, 0), due)
            cases.append(CountedCase(
                subject=now.code, about=figure, due=due, done=done, due_on=window.on, facts=(fact,),
                difficulty=classes.of(now.code, project=now.project, on=window.on),
            ))
    return cases


def _planned_by(curve: Sequence[TrajectoryPoint], on: date) -> int:
    reached = [point.count for point in curve if point.on <= on]
    return int(Decimal(reached[-1]).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)) if reached else 0


def _baselines(window: Window) -> dict[str, Fact]:
    """Part -> the fact of its latest baseline."""
    return {
        fact.subject: fact
        for fact in standing_facts(
            (BASELINE_SET,), reach=Reach(prefixes=(window.city[:4],)), on=window.on, known=window.known
        )
    }


def _curves(baselines: Mapping[str, Fact], *, on: date) -> Mapping[str, BaselineCurves]:
    """Part -> the curves of its baseline. What was known on a day that is over stays as it was, so the curves of
    baselines set by then are kept in memory, under the hash of the deed that set each."""
    keys = tuple(
        (part, BaselineSet(date.fromisoformat(fact.attributes["baseline_on"]), fact.deed_id, fact.deed.recorded_on),
         fact.deed.hash)
        for part, fact in sorted(baselines.items())
    )
    fresh = {part: held for part, held, _ in keys if held.recorded_on >= on}
    over = tuple(key for key in keys if key[1].recorded_on < on and key[1].on < on)
    return {**_settled_curves(over, current_rulebook().fingerprint), **baseline_curves(fresh, on=on)}


@lru_cache(maxsize=16)
def _settled_curves(keys: tuple[tuple[str, BaselineSet, str], ...], rulebook: str) -> Mapping[str, BaselineCurves]:
    return baseline_curves({part: held for part, held, _ in keys}, on=date.max)
