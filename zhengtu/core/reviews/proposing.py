"""From a week to the agenda of its review: which items are dealt with together, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zhengtu.core.reviews.agenda import PROMISE_KINDS, PROMISES, Agenda, AgendaItem, AgendaKind, AgendaMatter
from zhengtu.core.reviews.agenda_items import items_of
from zhengtu.core.reviews.week import WeekInReview


def agenda_of(week: WeekInReview, *, priorities: Mapping[str, int]) -> Agenda:
    """The agenda that follows from a week.

    Args:
        priorities: kind -> its place in the order, from ``rulebook/reviews``.
    """
    groups: dict[str, list[AgendaItem]] = {}
    for item in items_of(week, priorities=priorities):
        groups.setdefault(matter_key(item), []).append(item)
    matters = [AgendaMatter(key, sorted(items, key=lambda one: one.order)) for key, items in groups.items()]
    return Agenda(
        city=week.city, rhythm=week.rhythm, on=week.on, known_on=week.known_on, since=week.since,
        last_review=week.last_review, kept=dict(week.kept_count),
        matters=sorted(matters, key=lambda matter: matter.items[0].order),
        names=_named(week.names, matters), total=week.total, parts_missing=week.parts_missing,
    )


def matter_key(item: AgendaItem) -> str:
    """Where an item is dealt with: kept and pending promises together, all else with its project, or with the unit
    that answers for it where it is about no single project."""
    if item.kind in (AgendaKind.PROMISE_KEPT, AgendaKind.PROMISE_DUE):
        return PROMISES
    if item.project:
        return item.project
    if item.kind in PROMISE_KINDS.values():
        return PROMISES
    return item.units[0] if item.units else item.key


def _named(names: Mapping[str, tuple[str, str]], matters: Iterable[AgendaMatter]) -> dict[str, tuple[str, str]]:
    """Only the names that the agenda needs, so that what is frozen stays small."""
    codes: set[str] = set()
    for matter in matters:
        codes.add(matter.key)
        for item in matter.items:
            codes.update((item.subject, item.project, item.jurisdiction, *item.units))
            if item.blocker is not None:
                codes.add(item.blocker.unit)
    return {code: names[code] for code in sorted(codes) if code in names}
