"""Where one dedicated account stands on a day: every figure of the funds wall, from dated values alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from zhengtu.core.funds.history import AccountHistory, Course, Source
from zhengtu.core.funds.lights import Light, LightRule, Seen, light_of
from zhengtu.core.funds.need import ForecastRules, Trend, owed, trend_of
from zhengtu.core.funds.outlook import Outlook, outlook_of
from zhengtu.core.kernel.money import ZERO
from zhengtu.core.kernel.reasons import Reason


@dataclass(frozen=True, slots=True)
class FundsRules:
    """What the rulebook says about funds."""

    forecast: ForecastRules
    lights: Sequence[LightRule]


@dataclass(frozen=True, slots=True)
class Standing:
    """One account by the end of a day.

    Attributes:
        planned_yuan: what was to have come in by the day; ``planned_in_all_yuan`` whatever the due day.
        late_yuan: what was due before the day and has not come in.
        arrived_by_source: source -> what came in.
        required_yuan: what has to have come in: what is promised, what was paid, the budget proved; the most of these.
        missing_yuan: what is required beyond what came in.
        trend, outlook: None where too little is known; ``not_enough`` then says why.
        proof_difference_yuan: the ledger's balance on the proof's day less the proof; None without a proof.
    """

    on: date
    planned_yuan: Decimal
    planned_in_all_yuan: Decimal
    late_yuan: Decimal
    arrived_yuan: Decimal
    arrived_by_source: Mapping[Source, Decimal]
    committed_yuan: Decimal
    paid_yuan: Decimal
    balance_yuan: Decimal
    owed_yuan: Decimal
    required_yuan: Decimal
    missing_yuan: Decimal
    trend: Trend | None
    outlook: Outlook | None
    not_enough: Sequence[Reason]
    proof_difference_yuan: Decimal | None
    light: Light


def standing_of(history: AccountHistory, *, on: date, rules: FundsRules) -> Standing:
    """Where the account stands by the end of a day."""
    planned, arrived = history.planned_course(), history.arrived_course()
    trend, not_enough = trend_of(history, on=on, rules=rules.forecast)
    outlook = None if trend is None else outlook_of(
        history, trend, on=on, rules=rules.forecast, planned=planned, arrived=arrived
    )
    difference = proof_difference(history, arrived=arrived)
    budget = history.proof.budget_yuan if history.proof is not None else ZERO
    committed, paid, came = history.commitments.by(on), history.payments.by(on), arrived.by(on)
    return Standing(
        on=on, planned_yuan=planned.by(on), planned_in_all_yuan=planned.by(date.max),
        late_yuan=max(ZERO, planned.by(on - timedelta(days=1)) - came),
        arrived_yuan=came, arrived_by_source={source: history.arrived_from(source, by=on) for source in Source},
        committed_yuan=committed, paid_yuan=paid, balance_yuan=came - paid, owed_yuan=owed(history, on=on),
        required_yuan=max(committed, paid, budget), missing_yuan=max(ZERO, max(committed, paid, budget) - came),
        trend=trend, outlook=outlook, not_enough=not_enough, proof_difference_yuan=difference,
        light=light_of(
            Seen(history, on, planned, arrived, outlook, difference), rules=rules.lights
        ),
    )


def proof_difference(history: AccountHistory, *, arrived: Course) -> Decimal | None:
    """The balance that recorded movements give on the day of the bank's proof, less the proof."""
    proof = history.proof
    if proof is None:
        return None
    return arrived.by(proof.on) - history.payments.by(proof.on) - proof.balance_yuan
