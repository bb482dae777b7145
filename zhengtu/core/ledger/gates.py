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
    kinds: Mapping[str, FactKind], *, dates: MilestoneDates, standing: Iterable[DatedKind]
) -> list[Reason]:
    return [
        reason
        for kind, happened_on in standing
        if kind in kinds
        if not _was_ended_since(kinds[kind], happened_on, dates)
        for reason in order_reasons(
            kinds[kind], happened_on=happened_on, today=happened_on, dates=dates, corrects=True
        )
    ]


def _was_ended_since(kind: FactKind, happened_on: date, dates: MilestoneDates) -> bool:
    """Whether the fact belongs to a vacating that another one has followed: the dates say nothing of it any more."""
    return any(
        kind.milestone is end and milestone in dates and happened_on < dates[milestone]
        for milestone, end in ENDED_BY.items()
    )


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
