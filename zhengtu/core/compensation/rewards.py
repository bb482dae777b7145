"""Rewards for signing and moving early, for taking cash, and for whole stairwells: decree 590, art. 17.

They come on top of the value and are never taken off it; a day that has not come yet pays nothing and is said.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from zhengtu.core.compensation.case import Case, charge_lines
from zhengtu.core.compensation.facts import Mode, Use
from zhengtu.core.compensation.house_value import dwelling_value_with_minimum
from zhengtu.core.compensation.parameters import Rate
from zhengtu.core.compensation.schedules import Measure
from zhengtu.core.compensation.statement import StatementLine
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused

NON_DWELLINGS: Final = (Use.SHOP, Use.STORAGE, Use.NON_DWELLING)


def signing_rewards(case: Case) -> list[StatementLine]:
    """For dwellings and for other buildings, each by its own tiers."""
    lines = []
    if case.buildings(Use.DWELLING):
        lines += _reward(case, "signing_reward", "signing_reward.dwelling", (Use.DWELLING,))
    if case.buildings(*NON_DWELLINGS):
        lines += _reward(case, "signing_reward", "signing_reward.non_dwelling", NON_DWELLINGS)
    return lines


def moving_reward(case: Case) -> list[StatementLine]:
    """For moving in time, usually within some days of signing."""
    return _reward(case, "moving_reward", "moving_reward", tuple(Use))


def cash_reward(case: Case) -> list[StatementLine]:
    """For choosing cash over an exchange, and for taking a housing voucher for it."""
    if case.option.mode is not Mode.CASH:
        return []
    lines = _reward(case, "cash_reward", "cash_reward", (Use.DWELLING,))
    if case.option.takes_voucher:
        lines += _reward(case, "voucher_reward", "voucher_reward", (Use.DWELLING,))
    return lines


def stairwell_reward(case: Case) -> list[StatementLine]:
    """For every household of a stairwell that signed whole."""
    return _reward(case, "stairwell_reward", "stairwell_reward", (Use.DWELLING,))


def _reward(case: Case, item: str, id: str, uses: tuple[Use, ...]) -> list[StatementLine]:
    rate = case.rules.find(id)
    if rate is None or not case.buildings(*uses):
        return []
    day, start = _day_and_start(case, rate)
    if day is None:
        return []
    tier = rate.tiers.on(day=day, start=start)
    if tier is None:
        return []
    value, end = _value(case, uses), tier.last_day(start=start)
    because = Reason(
        code="compensation.reward",
        message=N_("Done on %(day)s, within the step that ends %(end)s."),
        parameters={"day": day.isoformat(), "end": end.isoformat() if end else "—"},
        source=rate.dated.source,
    )
    return charge_lines(case, item, by=rate, parts=tier, area=case.area(*uses), value=value, because=because)


def _value(case: Case, uses: tuple[Use, ...]) -> Decimal:
    others = tuple(use for use in uses if use is not Use.DWELLING)
    value = dwelling_value_with_minimum(case) if Use.DWELLING in uses else Decimal(0)
    return value + (case.value(*others) if others else Decimal(0))


def _day_and_start(case: Case, rate: Rate) -> tuple[date | None, date | None]:
    option, facts, measure = case.option, case.facts, rate.tiers.measure
    start = facts.signing_opens_on
    if measure is Measure.AFTER_SIGNING:
        return option.vacated_on if option.signed_on else None, option.signed_on
    if rate.tiers.counts_days and start is None:
        raise Refused(
            Reason(
                code="compensation.signing_period_open",
                message=N_("The first day of the signing period, from which %(parameter)s counts, is not on file."),
                parameters={"parameter": rate.parameter.id},
                remedy=N_("Enter the announced signing period."),
            )
        )
    if measure is Measure.SIGNING:
        return option.signed_on, start
    if measure is Measure.VACATING:
        return option.vacated_on, start
    if measure is Measure.STAIRWELL:
        return facts.stairwell_signed_on if option.signed_on else None, start
    if option.signed_on is None or option.vacated_on is None:
        return None, start
    return max(option.signed_on, option.vacated_on), start


def open_rewards(case: Case) -> list[Reason]:
    """Rewards on file that are not counted because their day has not come: warnings of the statement."""
    found = []
    for id in (
        "signing_reward.dwelling",
        "signing_reward.non_dwelling",
        "moving_reward",
        "cash_reward",
        "voucher_reward",
        "stairwell_reward",
    ):
        rate = case.rules.find(id)
        if rate is None or not _concerns(case, id) or _day_and_start(case, rate)[0] is not None:
            continue
        found.append(
            Reason(
                code="compensation.reward_open",
                message=N_("%(parameter)s is not counted: signing or moving has no date yet."),
                parameters={"parameter": id},
                source=rate.dated.source,
            )
        )
    return found


def _concerns(case: Case, id: str) -> bool:
    if id == "signing_reward.non_dwelling":
        return bool(case.buildings(*NON_DWELLINGS))
    if id == "moving_reward":
        return bool(case.buildings())
    if not case.buildings(Use.DWELLING):
        return False
    if id == "cash_reward":
        return case.option.mode is Mode.CASH
    return id != "voucher_reward" or case.option.takes_voucher
