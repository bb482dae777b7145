"""Statements of compensation of a household: both ways on a day, or why none can be made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from zhengtu.casework.compensation_facts import CompensationCase, compensation_cases_of, rules_for
from zhengtu.core.compensation.assess import CompensationRules, assess
from zhengtu.core.compensation.facts import Mode, Option, Regime, ReplacementHouse, Transition
from zhengtu.core.compensation.statement import Statement
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused


@dataclass(frozen=True, slots=True)
class Way:
    """One way of compensation: its statement, or what is missing for one.

    Attributes:
        is_chosen: whether the household chose it, signed it, or it was decided.
        is_assumed: whether signing or moving out has no date yet, so that the day asked for was taken.
    """

    option: Option
    statement: Statement | None
    reasons: Sequence[Reason]
    is_chosen: bool
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class TriedHouse:
    """A house that somebody tries out before any is chosen, with the way of transition."""

    house: ReplacementHouse
    transition: Transition
    transition_months: int


def statement_of(case: CompensationCase, *, option: Option, rules: CompensationRules) -> Statement:
    """The statement of a case under an option.

    Raises:
        Refused: with everything that is missing or contradicts the law.
    """
    if case.facts.regime is Regime.LEGACY_DEMOLITION:
        raise Refused(legacy_reason())
    if case.valued_on is None:
        raise Refused(
            Reason(
                code="compensation.no_value_day",
                message=N_("Neither a valuation nor an announcement is on file: no day says which rules apply."),
                source="state-council-decree-590#19",
                remedy=N_("Record the announcement and the household's valuation first."),
            )
        )
    return assess(facts=case.facts, rules=rules, option=option, on=case.valued_on)


def legacy_reason() -> Reason:
    """Why no statement is made in a legacy demolition project: its agreement's own figures hold."""
    return Reason(
        code="compensation.legacy_project",
        message=N_(
            "A project with a demolition permit from before 21 January 2011 goes on by the rules of its time: what the"
            " agreement of this household says holds, and today's statutes give no statement."
        ),
        source="state-council-decree-590#35",
        remedy=N_("Take the figures from the agreement; the resettlement register has them."),
    )


def dated_option(option: Option, *, on: date) -> Option:
    """The option with the day taken for signing and moving out where these have no date yet."""
    signed_on = option.signed_on or on
    return replace(option, signed_on=signed_on, vacated_on=option.vacated_on or max(signed_on, on))


def ways_of(household: str, *, on: date, tried: TriedHouse | None = None) -> list[Way]:
    """Cash and exchange of title for one household as of a day; empty when it is not registered.

    Args:
        tried: a house to compute the exchange with, while none is chosen.
    """
    case = compensation_cases_of([household], on=on).get(household)
    if case is None:
        return []
    rules = rules_for(case.facts.project)
    return [_way(case, mode, rules=rules, on=on, tried=tried) for mode in case.ways]


def _way(case: CompensationCase, mode: Mode, *, rules: CompensationRules, on: date, tried: TriedHouse | None) -> Way:
    option = case.ways[mode]
    if mode is Mode.EXCHANGE and tried is not None and not option.replacements:
        option = replace(
            option, replacements=(tried.house,), transition=tried.transition, transition_months=tried.transition_months
        )
    is_assumed = option.signed_on is None or option.vacated_on is None
    option = dated_option(option, on=on)
    statement, reasons = None, ()
    try:
        statement = statement_of(case, option=option, rules=rules)
    except Refused as refused:
        reasons = tuple(refused.reasons)
    return Way(option, statement, reasons, is_chosen=case.chosen is mode, is_assumed=is_assumed)
