"""The funds light: which rule of ``rulebook/lights/funds.yaml`` holds on a day, since when, and why in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from zhengtu.core.funds.history import AccountHistory, Course, DaySum
from zhengtu.core.funds.outlook import Outlook
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import ZERO, grouped
from zhengtu.core.kernel.reasons import Reason

RULES: Final = (
    "arrivals_below_commitments", "arrivals_below_budget", "plan_late_and_running_out", "running_out", "plan_late",
    "proof_differs",
)
_YUAN_PER_WAN: Final = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class LightRule:
    """One rule: its light and numbers; ``sources`` names the statute by regime."""

    id: str
    light: str
    label: tuple[str, str]
    days: int = 0
    within_days: int = 0
    sources: Mapping[str, str] = field(default_factory=dict)
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Light:
    """A light with the rule that gives it; green and idle have none."""

    name: str
    rule: str = ""
    reason: Reason | None = None
    since_on: date | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What the rules look at."""

    history: AccountHistory
    on: date
    planned: Course
    arrived: Course
    outlook: Outlook | None
    proof_difference_yuan: Decimal | None


def light_of(seen: Seen, *, rules: Sequence[LightRule]) -> Light:
    """The light of the first rule that holds; green where none does, idle where nothing has begun."""
    checks = {
        "arrivals_below_commitments": _below_commitments,
        "arrivals_below_budget": _below_budget,
        "plan_late_and_running_out": _late_and_running_out,
        "running_out": _running_out,
        "plan_late": _plan_late,
        "proof_differs": _proof_differs,
    }
    for rule in rules:
        found = checks[rule.id](seen, rule)
        if found is not None:
            return found
    is_idle = not (
        seen.arrived.by(seen.on) or seen.history.commitments.count_by(seen.on) or seen.history.payments.by(seen.on)
    )
    return Light("idle" if is_idle else "green")


def wan(amount: Decimal) -> str:
    """Yuan as grouped 10k yuan to two decimals, halves away from zero, for sentences."""
    return grouped(amount / _YUAN_PER_WAN)


def run_since(
    upper: Course, lower: Course, *, on: date, upper_lag_days: int = 0
) -> date | None:
    """First day of the unbroken run, up to ``on``, of days on which ``upper`` lay above ``lower``; None: it does not.

    Args:
        upper_lag_days: ``upper`` is read so many days earlier.
    """
    lag = timedelta(days=upper_lag_days)
    days = sorted({day + lag for day in upper.days if day + lag <= on} | {day for day in lower.days if day <= on})
    start = None
    for day in days:
        start = (start or day) if upper.by(day - lag) > lower.by(day) else None
    return start


def _below_commitments(seen: Seen, rule: LightRule) -> Light | None:
    commitments = seen.history.commitments
    since = run_since(commitments, seen.arrived, on=seen.on, upper_lag_days=rule.days)
    if since is None:
        return None
    promised, arrived = commitments.by(seen.on - timedelta(days=rule.days)), seen.arrived.by(seen.on)
    message = N_(
        "%(arrived)s 10k yuan have arrived, %(promised)s 10k yuan are promised by agreements and decisions: "
        "%(short)s 10k yuan are missing since %(since)s."
    )
    return _light(seen, rule, message, since, arrived=wan(arrived), promised=wan(promised),
                  short=wan(promised - arrived))


def _below_budget(seen: Seen, rule: LightRule) -> Light | None:
    """Once the bank's proof let the decision pass, the whole budget has to have come in."""
    proof = seen.history.proof
    if proof is None:
        return None
    budget = Course([DaySum(proof.on, proof.budget_yuan)])
    since = run_since(budget, seen.arrived, on=seen.on, upper_lag_days=rule.days)
    if since is None:
        return None
    arrived = seen.arrived.by(seen.on)
    message = N_(
        "%(arrived)s 10k yuan have arrived by bank papers, the budget that has to come in is %(budget)s 10k yuan: "
        "%(short)s 10k yuan are missing since %(since)s."
    )
    return _light(seen, rule, message, since, arrived=wan(arrived), budget=wan(proof.budget_yuan),
                  short=wan(proof.budget_yuan - arrived))


def _late_plan_since(seen: Seen, rule: LightRule) -> date | None:
    """Since when planned money is missing, where some of it is so many days late."""
    if seen.planned.by(seen.on - timedelta(days=rule.days + 1)) <= seen.arrived.by(seen.on):
        return None
    return run_since(seen.planned, seen.arrived, on=seen.on, upper_lag_days=1)


def _late_and_running_out(seen: Seen, rule: LightRule) -> Light | None:
    since = _late_plan_since(seen, rule)
    ends = _runs_out(seen, rule)
    if since is None or ends is None:
        return None
    message = N_(
        "%(late)s 10k yuan planned to have come in are late since %(since)s, and the account runs out on %(ends)s."
    )
    return _light(seen, rule, message, since, late=wan(_late(seen)), ends=ends.isoformat())


def _running_out(seen: Seen, rule: LightRule) -> Light | None:
    ends = _runs_out(seen, rule)
    if ends is None:
        return None
    message = N_("At the pace of signing the account runs out on %(ends)s unless money comes in.")
    return _light(seen, rule, message, None, ends=ends.isoformat())


def _plan_late(seen: Seen, rule: LightRule) -> Light | None:
    since = _late_plan_since(seen, rule)
    if since is None:
        return None
    message = N_("%(late)s 10k yuan planned to have come in are late since %(since)s.")
    return _light(seen, rule, message, since, late=wan(_late(seen)))


def _proof_differs(seen: Seen, rule: LightRule) -> Light | None:
    if not seen.proof_difference_yuan:
        return None
    message = N_("The bank's proof and the recorded movements differ by %(difference)s 10k yuan.")
    return _light(seen, rule, message, None, difference=wan(seen.proof_difference_yuan))


def _runs_out(seen: Seen, rule: LightRule) -> date | None:
    """The day on which the account runs out, nothing more coming in, where it is that near."""
    ends = seen.outlook.runs_out_on if seen.outlook is not None else None
    return ends if ends is not None and (ends - seen.on).days <= rule.within_days else None


def _late(seen: Seen) -> Decimal:
    return max(ZERO, seen.planned.by(seen.on - timedelta(days=1)) - seen.arrived.by(seen.on))


def _light(seen: Seen, rule: LightRule, message: str, since: date | None, **parameters: str) -> Light:
    if since is not None:
        parameters["since"] = since.isoformat()
    reason = Reason(
        code=f"funds.{rule.id}", message=message, parameters=parameters,
        source=rule.sources.get(seen.history.regime, ""),
    )
    return Light(rule.light, rule.id, reason, since)
