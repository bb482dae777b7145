"""Reads of payment orders: every door asks for the actor and gives only the rows in scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery, Sum

from zhengtu.core.authority.actor import Actor
from zhengtu.core.funds.payments import Balance, OrderState, OrderStep, step_reasons, verb_of
from zhengtu.core.kernel.reasons import Reason
from zhengtu.funds.balances import COMMITMENTS, balances_of
from zhengtu.funds.models import (
    BankReply,
    LineState,
    PaymentLine,
    PaymentOrder,
    PaymentOrderStep,
    PaymentRun,
    RunStage,
)
from zhengtu.funds.payment_actions import hands_of
from zhengtu.ledger.models import Fact
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household, Participation
from zhengtu.registry.queries import households_for, participations_for, scope_of, subject_of

SILENT_AFTER = timedelta(minutes=2)


def orders_for(actor: Actor, *, verb: str = "payment.view") -> QuerySet[PaymentOrder]:
    """Orders in scope."""
    return PaymentOrder.objects.filter(_reach(actor, verb)).select_related("project", "maker", "checker", "authoriser")


def runs_for(actor: Actor, *, verb: str = "payment.view") -> QuerySet[PaymentRun]:
    """Bulk runs in scope, the latest first."""
    return PaymentRun.objects.filter(_reach(actor, verb)).select_related("project", "order").order_by("-pk")


def _reach(actor: Actor, verb: str) -> Q:
    scope = scope_of(actor, verb=verb)
    reach = Q(project__client__in=scope.clients) | Q(project__lead__in=scope.leads)
    for prefix in scope.prefixes:
        reach |= Q(participation__startswith=prefix)
    for code in scope.subjects:
        reach |= Q(project=code) | Q(participation=code)
    return reach


def listed_orders(actor: Actor) -> QuerySet[PaymentOrder]:
    """Orders in scope with what the list shows of each."""
    prepared = PaymentOrderStep.objects.filter(order=OuterRef("pk"), step=OrderStep.PREPARE)
    return orders_for(actor).annotate(
        line_count=Count("lines", distinct=True), total_yuan=Sum("lines__amount_yuan"),
        paid_yuan=Sum("lines__amount_yuan", filter=Q(lines__state=LineState.PAID)),
        prepared_at=Subquery(prepared.values("deed__recorded_at")[:1]),
    )


def payable_parts(actor: Actor) -> list[tuple[str, Participation]]:
    """(code, part of a project) for which the actor may make orders."""
    parts = participations_for(actor, verb="payment.prepare").select_related("project", "jurisdiction")
    return sorted(
        ((f"{part.jurisdiction_id}-{part.project_id.split('-')[1]}", part) for part in parts), key=lambda pair: pair[0]
    )


@dataclass(frozen=True, slots=True)
class DueHousehold:
    """A household to which something is still due."""

    household: Household
    balance: Balance
    promised_on: date


def due_households(participation: str, *, leaving_out: str = "") -> list[DueHousehold]:
    """Households of one part of a project to which something may still be ordered, the longest waiting first.

    Args:
        leaving_out: an order whose lines do not count as under way.
    """
    promised = dict(
        Fact.objects.filter(subject__startswith=f"{participation}-", kind__in=COMMITMENTS)
        .values_list("subject").annotate(first=Min("happened_on"))
    )
    balances = balances_of(sorted(promised), leaving_out=leaving_out)
    open_ones = [code for code, balance in balances.items() if balance.open_yuan > 0]
    rows = Household.objects.filter(pk__in=open_ones)
    found = [DueHousehold(row, balances[row.code], promised[row.code]) for row in rows]
    return sorted(found, key=lambda one: (one.promised_on, one.household.code))


@dataclass(frozen=True, slots=True)
class StepOffer:
    """A step that could come next: the verb, and why this actor may not take it (nothing: they may)."""

    step: OrderStep
    reasons: Sequence[Reason]


def next_steps(actor: Actor, order: PaymentOrder) -> list[StepOffer]:
    """The steps that the order's state has open, for this actor."""
    state, subject = OrderState(order.state), subject_of(order.participation)
    authority = current_rulebook().authority
    offers = []
    for step in OrderStep:
        if step is OrderStep.PREPARE or step_reasons(step, state=state, hands=hands_of(order), person=""):
            continue
        denied = authority.may(actor=actor, verb=verb_of(step, state=state), subject=subject)
        reasons = [denied] if denied else step_reasons(
            step, state=state, hands=hands_of(order), person=actor.person
        )
        offers.append(StepOffer(step, reasons))
    return offers


def steps_of(order: PaymentOrder) -> list[PaymentOrderStep]:
    """Who did what, in order."""
    return list(order.steps.select_related("person", "deed").order_by("pk"))


def replies_of(order: PaymentOrder) -> list[BankReply]:
    """The bank's replies with their counts, the latest first."""
    replies = list(order.replies.select_related("deed").prefetch_related("lines").order_by("-pk"))
    for reply in replies:
        reply.counts = dict(Counter(line.outcome for line in reply.lines.all()))  # type: ignore[attr-defined]
    return replies


@dataclass(frozen=True, slots=True)
class MatchedLine:
    """A line of an order beside what is due and what the bank answered last."""

    line: PaymentLine
    balance: Balance
    answer: Any


def matched_lines(order: PaymentOrder, *, lines: Sequence[PaymentLine]) -> list[MatchedLine]:
    """The three-way match of some lines of an order."""
    balances = balances_of(sorted({line.household_id for line in lines}))
    answers: dict[str, Any] = {}
    references = [line.reference for line in lines]
    for reply in order.replies.order_by("pk"):
        for answer in reply.lines.filter(reference__in=references):
            held = answers.get(answer.reference)
            if held is None or answer.outcome != "repeated":
                answers[answer.reference] = answer
    return [MatchedLine(line, balances[line.household_id], answers.get(line.reference)) for line in lines]


def lines_of(order: PaymentOrder) -> QuerySet[PaymentLine]:
    """The lines of an order."""
    return order.lines.select_related("household").order_by("reference")


@dataclass(frozen=True, slots=True)
class HouseholdPayments:
    """What the dossier shows of a household's payments."""

    balance: Balance
    lines: Sequence[PaymentLine]
    signed_for: frozenset[str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is due and nothing was ordered."""
        return self.balance.due_yuan is None and not self.lines


def household_payments(household: str, *, known: date | None = None) -> HouseholdPayments:
    """Balance, orders and receipts of one household; cancelled orders are left out."""
    lines = PaymentLine.objects.filter(household=household).exclude(order__state=OrderState.CANCELLED)
    received = Fact.objects.filter(subject=household, kind="payment_received").values_list(
        "attributes__reference", flat=True
    )
    return HouseholdPayments(
        balance=balances_of([household], known=known)[household],
        lines=list(lines.select_related("order").order_by("reference")),
        signed_for=frozenset(str(reference) for reference in received),
    )


def paid_line_for(actor: Actor, reference: str, *, verb: str) -> PaymentLine | None:
    """A paid line whose household the actor reaches with the verb."""
    return (
        PaymentLine.objects.filter(
            reference=reference, state=LineState.PAID, household__in=households_for(actor, verb=verb)
        ).select_related("household__section__project", "order").first()
    )


def payment_day(line: PaymentLine) -> date:
    """The day on which a paid line was paid."""
    deed, _, ordinal = line.fact.rpartition("/")
    return Fact.objects.get(deed_id=deed, ordinal=int(ordinal)).happened_on


def is_silent(run: PaymentRun, *, now: datetime) -> bool:
    """Whether a run says that it is being worked on and gave no sign of life for a while."""
    return run.stage == RunStage.RUNNING and now - run.beaten_at > SILENT_AFTER
