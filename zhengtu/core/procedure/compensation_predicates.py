"""Compensation first, then moving: what must hold before a household moves and a house or section is given up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zhengtu.core.kernel.messages import N_
from zhengtu.core.procedure.case_facts import StepFact
from zhengtu.core.procedure.decision_predicates import HOUSING_REGULATION, LAND_LAW, is_state_land
from zhengtu.core.procedure.question import Obstacle, ObstacleKind, Question, obstacle
from zhengtu.core.procedure.steps import Act


def _source(question: Question) -> str:
    return f"{HOUSING_REGULATION}#27(1)" if is_state_land(question) else f"{LAND_LAW}#48(4)"


def compensated_on(question: Question) -> date | None:
    """The day by which the household's compensation was in place, or None.

    In place is: the whole sum agreed or decided paid or deposited; or, for an exchange of title, the house or the
    turnover housing handed over, and where the household finds its own place a payment made; or, for a decision,
    the dedicated account and the housing verified (decree 590, art. 27(1) and 28(2); Land Administration Law,
    art. 48(4)). Imported payments without a sum count as whole.
    """
    settled = _settlement(question)
    if settled is None:
        return None
    days = [_paid_in_full_on(question, settled), _housed_on(question, settled), _verified_on(question)]
    return min((day for day in days if day is not None), default=None)


def compensation_is_in_place(question: Question) -> list[Obstacle]:
    """Compensation first, then moving (decree 590, art. 27(1); Land Administration Law, art. 48(4))."""
    if compensated_on(question) is not None:
        return []
    payments = [*question.of_act(Act.PAYMENT), *question.of_act(Act.DEPOSIT)]
    settled = _settlement(question)
    if settled is not None and payments:
        due, paid = _amount(settled), sum((_amount(fact) for fact in payments), Decimal(0))
        return [
            obstacle(
                "compensation_short",
                N_("Of %(due)s yuan of compensation, %(paid)s yuan are paid or deposited by %(on)s."),
                question=question, source=_source(question), kind=ObstacleKind.CONTRADICTION,
                remedy=N_("Pay or deposit the rest and record it first."), due=str(due), paid=str(paid),
            )
        ]
    later = question.at(date.max)
    paid_on = compensated_on(later)
    return [
        obstacle(
            "compensation_missing",
            N_("“%(step)s” on %(on)s needs the household's compensation in place first."),
            question=question, source=_source(question), earliest_on=paid_on,
            kind=ObstacleKind.MISSING if paid_on is None else ObstacleKind.CONTRADICTION,
            remedy=N_("Record the payment, the deposit, or the housing handed over, with its evidence."),
        )
    ]


def dedicated_account_covers_decision(question: Question) -> list[Obstacle]:
    """The account that the court is shown holds the sum decided (decree 590, art. 28(2))."""
    settled = _settlement(question)
    if question.proposed is None or settled is None:
        return []
    held, due = Decimal(str(question.proposed.attributes.get("balance_yuan") or 0)), _amount(settled)
    if held >= due:
        return []
    return [
        obstacle(
            "account_short",
            N_("The dedicated account holds %(held)s yuan; %(due)s yuan were decided."),
            question=question, source=f"{HOUSING_REGULATION}#28(2)", kind=ObstacleKind.CONTRADICTION,
            remedy=N_("Pay in the missing amount and record the new balance."), held=str(held), due=str(due),
        )
    ]


def shared_structure_is_vacated(question: Question) -> list[Obstacle]:
    """Nobody who shares the structure still lives there (decree 590, art. 27)."""
    count = question.facts.neighbours.sharing_unvacated
    if count == 0:
        return []
    return [
        obstacle(
            "structure_inhabited",
            N_("%(count)s households that share the building still live there."),
            question=question, source=f"{HOUSING_REGULATION}#27", kind=ObstacleKind.CONTRADICTION,
            remedy=N_("Record the vacating of each of them first."), count=count,
        )
    ]


def every_household_is_settled(question: Question) -> list[Obstacle]:
    """No household of the section is without agreement or decision, or still there (decree 590, art. 27(1))."""
    neighbours = question.facts.neighbours
    found = []
    for count, code, message in (
        (neighbours.unsettled, "households_unsettled",
         N_("%(count)s households of the section have neither agreement nor decision.")),
        (neighbours.unvacated, "households_remain", N_("%(count)s households of the section are not vacated.")),
    ):
        if count:
            found.append(
                obstacle(
                    code, message, question=question, source=_source(question), kind=ObstacleKind.CONTRADICTION,
                    remedy=N_("Settle and vacate each household first."), count=count,
                )
            )
    last = neighbours.last_vacated_on
    if last is not None and last > question.on:
        found.append(
            obstacle(
                "before_last_vacating",
                N_("The section's last household was vacated on %(held)s, after %(on)s."),
                question=question, source=_source(question), kind=ObstacleKind.CONTRADICTION, earliest_on=last,
                remedy=N_("The earliest lawful date is %(earliest)s."), held=last.isoformat(),
            )
        )
    return found


def _settlement(question: Question) -> StepFact | None:
    """The agreement, else the decision, that the compensation follows; an agreement after a decision replaces it."""
    return question.latest_of(Act.AGREEMENT) or question.latest_of(Act.COMPENSATION_DECISION)


def _amount(fact: StepFact) -> Decimal:
    return Decimal(str(fact.attributes.get("amount_yuan") or 0))


def _paid_in_full_on(question: Question, settled: StepFact) -> date | None:
    due, paid = _amount(settled), Decimal(0)
    payments = [*question.of_act(Act.PAYMENT), *question.of_act(Act.DEPOSIT)]
    for fact in sorted(payments, key=lambda payment: payment.happened_on):
        paid += _amount(fact)
        is_unknown = not fact.is_verified and "amount_yuan" not in fact.attributes
        if paid >= due or is_unknown:
            return fact.happened_on
    return None


def _housed_on(question: Question, settled: StepFact) -> date | None:
    if settled.attributes.get("option") != "exchange":
        return None
    payments = question.of_act(Act.PAYMENT)
    for fact in question.of_act(Act.HOUSING_PROVISION):
        if fact.attributes.get("transition") != "self_found":
            return fact.happened_on
        if payments:
            return max(fact.happened_on, payments[0].happened_on)
    return None


def _verified_on(question: Question) -> date | None:
    decided = question.latest_of(Act.COMPENSATION_DECISION)
    checks = question.of_act(Act.COMPENSATION_CHECK)
    return checks[0].happened_on if checks and decided is not None else None
