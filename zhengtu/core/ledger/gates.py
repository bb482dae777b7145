"""Gates that look beyond one fact: the rest of its history, its section, and who recorded what before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.ledger.fact_kinds import FactKind, order_reasons
from zhengtu.core.ledger.milestones import ENDED_BY, MilestoneDates

DatedKind = tuple[str, date]
"""Kind of a standing fact and the date it happened."""


def pulled_step_reasons(
    kinds: Mapping[str, FactKind],
    *,
    before: MilestoneDates,
    after: MilestoneDates,
    standing: Sequence[DatedKind],
) -> list[Reason]:
    """Which later steps a correction or withdrawal would leave without what they need.

    What contradicted itself before already (history from before the platform) is not held against it.

    Args:
        before: milestones before the correction.
        after: milestones with it.
        standing: the facts that count after the correction.
    """
    known = _contradictions(kinds, dates=before, standing=standing)
    found = _contradictions(kinds, dates=after, standing=standing)
    return [
        replace(reason, code="ledger.pulled_step", remedy=N_("Correct or withdraw the later step first."))
        for reason in found
        if reason not in known
    ]


def _contradictions(
    kinds: Mapping[str, FactKind], *, dates: MilestoneDates, standing: Sequence[DatedKind]
) -> list[Reason]:
    ended_before = _ended_before(kinds, dates=dates, standing=standing)
    return [
        reason
        for kind, happened_on in standing
        if kind in kinds
        if not (happened_on <= ended_before and _turns_on_leaving(kinds[kind]))
        for reason in order_reasons(
            kinds[kind], happened_on=happened_on, today=happened_on, dates=dates, corrects=True
        )
    ]


def _ended_before(kinds: Mapping[str, FactKind], *, dates: MilestoneDates, standing: Iterable[DatedKind]) -> date:
    """The last day on which somebody was found living there before the leaving that counts; the least day for none."""
    since = min((dates[milestone] for milestone in ENDED_BY if milestone in dates), default=date.min)
    return max(
        (on for kind, on in standing if kind in kinds and kinds[kind].milestone in ENDED_BY.values() and on < since),
        default=date.min,
    )


def _turns_on_leaving(kind: FactKind) -> bool:
    """Whether the dates say nothing any more of such a fact of an earlier leaving, nor of what that needed."""
    turning = {*ENDED_BY, *ENDED_BY.values()}
    return kind.milestone in turning or any(not turning.isdisjoint(group) for group in kind.after)


def handover_reasons(
    *, happened_on: date, unvacated: int, last_vacated_on: date | None, source: str
) -> list[Reason]:
    """Why a section may not be handed over on that day: somebody still lives there.

    Args:
        unvacated: registered households of the section that are not vacated.
        last_vacated_on: the latest vacating among the others, or None without any.
        source: statute and article.
    """
    if unvacated:
        return [
            Reason(
                code="ledger.households_remain",
                message=N_("%(count)s households of the section are not vacated."),
                parameters={"count": unvacated},
                source=source,
                remedy=N_("Record the vacating of each household first."),
            )
        ]
    if last_vacated_on is not None and last_vacated_on > happened_on:
        return [
            Reason(
                code="ledger.before_last_vacating",
                message=N_("The section's last household was vacated on %(held)s, after %(on)s."),
                parameters={"held": last_vacated_on.isoformat(), "on": happened_on.isoformat()},
                source=source,
                remedy=N_("The earliest possible date is %(held)s."),
            )
        ]
    return []


def handed_over_section_reasons(*, vacated_on: date | None, handed_over_on: date | None) -> list[Reason]:
    """Why a household's vacating may not be moved so: its section was handed over before that day.

    Args:
        vacated_on: the vacating after the correction, or None when it would be gone.
        handed_over_on: when the section was handed over, or None.
    """
    if handed_over_on is None or (vacated_on is not None and vacated_on <= handed_over_on):
        return []
    return [
        Reason(
            code="ledger.section_handed_over",
            message=N_("The section was handed over on %(on)s; every household must be vacated by then."),
            parameters={"on": handed_over_on.isoformat()},
            remedy=N_("Correct or withdraw the handing over of the section first."),
        )
    ]


def both_hands_reasons(
    verb: str, *, done: Iterable[str], exclusive: Iterable[tuple[str, str]]
) -> list[Reason]:
    """Why one person may not do this too: they did what excludes it, on the same subject.

    Args:
        done: verbs that the person has used on the subject.
        exclusive: pairs of verbs from ``authority.yaml``.
    """
    held = set(done)
    clashes = [other for pair in exclusive if verb in pair for other in pair if other != verb and other in held]
    return [
        Reason(
            code="authority.both_hands",
            message=N_("You did “%(done)s” here; the same person may not also do “%(verb)s”."),
            parameters={"done": f"verb:{other}", "verb": f"verb:{verb}"},
            remedy=N_("Ask a colleague who had no part in it."),
        )
        for other in clashes
    ]


def matter_reasons(kind: str, *, open_matters: int) -> list[Reason]:
    """Why a matter may not be closed: none is open."""
    if kind != "matter_closed" or open_matters > 0:
        return []
    return [
        Reason(
            code="ledger.no_open_matter",
            message=N_("No matter is open here."),
            remedy=N_("List the matter first."),
        )
    ]
