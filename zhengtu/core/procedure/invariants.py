"""What holds whatever the procedure file says and whoever asks: the invariants, by what a step does in law.

There is no argument by which any of them could be switched off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from zhengtu.core.procedure import compensation_predicates as compensation
from zhengtu.core.procedure import court_predicates as court
from zhengtu.core.procedure import decision_predicates as decision
from zhengtu.core.procedure.question import Obstacle, Question
from zhengtu.core.procedure.steps import Act, Step

Predicate = Callable[[Question], list[Obstacle]]

PREDICATES: Final[Mapping[str, Predicate]] = {
    predicate.__name__: predicate
    for predicate in (
        decision.funds_cover_budget,
        decision.buildings_all_recognised,
        decision.household_buildings_recognised,
        decision.remedies_are_stated,
        decision.appraiser_choice_was_open,
        decision.appraiser_is_chosen,
        decision.valuation_day_is_announcement_day,
        decision.value_not_below_market,
        decision.both_options_offered,
        decision.options_were_offered,
        decision.signing_period_is_over,
        decision.review_windows_are_closed,
        decision.registration_is_closed,
        decision.holdouts_are_few,
        decision.zone_price_is_current,
        compensation.compensation_is_in_place,
        compensation.dedicated_account_covers_decision,
        compensation.shared_structure_is_vacated,
        compensation.every_household_is_settled,
        court.no_proceeding_is_pending,
        court.remedies_are_expired,
        court.all_owners_are_served,
        court.move_out_date_has_passed,
        court.not_decided_by_judgment,
        court.within_the_court_window,
        court.demand_period_has_run,
        court.court_papers_are_complete,
        court.court_ruling_is_served,
        court.by_daylight_on_a_working_day,
    )
}
"""Every predicate that a procedure file may name as a condition."""

INVARIANTS: Final[Mapping[Act, tuple[Predicate, ...]]] = {
    # INV-3 the money first; INV-10 no building left unrecognised.
    Act.EXPROPRIATION_DECISION: (decision.funds_cover_budget, decision.buildings_all_recognised),
    Act.LAND_APPLICATION: (decision.funds_cover_budget, decision.buildings_all_recognised),
    # INV-8 never below the market price; INV-7 both ways offered.
    Act.VALUATION: (decision.appraiser_is_chosen, decision.value_not_below_market),
    Act.OPTIONS_OFFERED: (decision.both_options_offered,),
    Act.AGREEMENT: (decision.options_were_offered,),
    # INV-7, INV-9 the remedies are told, INV-10.
    Act.COMPENSATION_DECISION: (
        decision.options_were_offered, decision.remedies_are_stated, decision.household_buildings_recognised,
    ),
    Act.ENFORCEABLE_DECISION: (decision.remedies_are_stated, compensation.compensation_is_in_place),
    Act.DECISION_SERVICE: (decision.remedies_are_stated,),
    # INV-2 compensation first, then moving.
    Act.MOVE_OUT_DATE: (compensation.compensation_is_in_place,),
    Act.VACATING: (compensation.compensation_is_in_place,),
    Act.DEMOLITION: (compensation.compensation_is_in_place, compensation.shared_structure_is_vacated),
    Act.HANDOVER: (compensation.every_household_is_settled,),
    # INV-1 only the court can have a household moved.
    Act.COURT_APPLICATION: (
        court.no_proceeding_is_pending, court.remedies_are_expired, court.demand_period_has_run,
        court.not_decided_by_judgment, court.within_the_court_window, compensation.compensation_is_in_place,
        court.court_papers_are_complete,
    ),
    Act.JUDGMENT_ENFORCEMENT: (court.no_proceeding_is_pending, compensation.compensation_is_in_place),
    # INV-1, INV-2, INV-6 not by night nor on a rest day.
    Act.ENFORCEMENT: (
        court.court_ruling_is_served, court.no_proceeding_is_pending, compensation.compensation_is_in_place,
        court.by_daylight_on_a_working_day,
    ),
}


def predicates_of(step: Step) -> tuple[Predicate, ...]:
    """The invariants of what the step does, and the conditions that the file adds, each once."""
    named = (PREDICATES[name] for name in step.conditions)
    return tuple(dict.fromkeys((*INVARIANTS.get(step.act, ()), *named)))
