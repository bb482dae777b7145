"""Reads of agreements: in scope, with what was paid and vacated since, and whether they are performed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import (
    Case,
    CharField,
    DateField,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat

from zhengtu.casework.facts import RecordedFact
from zhengtu.casework.models import Agreement, AgreementRun, AgreementState
from zhengtu.core.authority.actor import Actor
from zhengtu.core.compensation.facts import Option
from zhengtu.core.compensation.facts_reading import option_from
from zhengtu.core.compensation.statement import Statement, statement_from_bytes
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.ledger.milestone_queries import reached
from zhengtu.ledger.models import Fact, Milestones
from zhengtu.registry.models import Household
from zhengtu.registry.queries import households_for, projects_for

PAYING_KINDS = ("paid", "compensation_deposited", "land_compensation_deposited")
PERFORMED, SUPPLEMENTED = "performed", "supplemented"
OPEN_STATES = (AgreementState.DRAFT, AgreementState.CHECKED)
_MONEY = DecimalField(max_digits=18, decimal_places=2)


def agreements_for(actor: Actor, *, verb: str = "household.view") -> QuerySet[Agreement]:
    """Agreements of households in scope, each with ``paid_yuan``, ``vacated_on`` and ``standing``.

    ``standing`` is the stored state, or ``performed`` where all of a signed one is paid or deposited and the
    household has moved out, or ``supplemented`` where a later signed one took its place.
    """
    return with_standing(Agreement.objects.filter(household__in=households_for(actor, verb=verb)))


def with_standing(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """The rows with what follows from facts: ``paid_yuan``, ``vacated_on``, ``standing``."""
    reference = Concat(
        OuterRef("deed_id"), Value("/"), Cast(OuterRef("ordinal"), TextField()), output_field=TextField()
    )
    superseded = Exists(Fact.objects.filter(supersedes=reference).exclude(supersedes=""))
    paid = (
        Fact.objects.filter(~superseded, subject=OuterRef("household_id"), kind__in=PAYING_KINDS)
        .order_by().values("subject")
        .annotate(sum=Sum(Cast(KeyTextTransform("amount_yuan", "attributes"), _MONEY))).values("sum")
    )
    lasting = reached(Milestone.VACATED, on=date.max)
    vacated = Milestones.objects.filter(lasting, subject=OuterRef("household_id")).values("vacated_on")
    later = Agreement.objects.filter(
        household=OuterRef("household_id"), state=AgreementState.SIGNED, sequence__gt=OuterRef("sequence")
    )
    signed = Q(state=AgreementState.SIGNED)
    return rows.annotate(
        paid_yuan=Coalesce(Subquery(paid, output_field=_MONEY), Value(0), output_field=_MONEY),
        vacated_on=Subquery(vacated, output_field=DateField()),
        is_replaced=Exists(later),
    ).annotate(
        standing=Case(
            When(signed & Q(is_replaced=True), then=Value(SUPPLEMENTED)),
            When(signed & Q(vacated_on__isnull=False, paid_yuan__gte=F("amount_yuan")), then=Value(PERFORMED)),
            default=F("state"), output_field=CharField(),
        )
    )


def agreement_for(actor: Actor, number: str) -> Agreement | None:
    """The agreement with that number, or None where it does not exist for this actor."""
    return (
        agreements_for(actor)
        .select_related("household__section__project", "household__section__jurisdiction", "previous")
        .filter(pk=number).first()
    )


def agreements_of(household: str) -> list[Agreement]:
    """All agreements of one household, the latest first."""
    return list(with_standing(Agreement.objects.filter(household=household)).order_by("-sequence"))


def statement_in(agreement: Agreement) -> Statement:
    """The frozen statement."""
    return statement_from_bytes(bytes(agreement.statement))


def option_in(agreement: Agreement) -> Option:
    """The option that the agreement is made under."""
    return option_from(agreement.option)


def open_agreement(household: str) -> Agreement | None:
    """The household's draft or checked agreement, or None."""
    return Agreement.objects.filter(household=household, state__in=OPEN_STATES).first()


def last_signed(household: str) -> Agreement | None:
    """What the household is bound by: the agreement signed last, or None."""
    return Agreement.objects.filter(household=household, state=AgreementState.SIGNED).order_by("-sequence").first()


def agreement_behind(fact: RecordedFact) -> Agreement | None:
    """The agreement whose signing recorded the fact; None for history that no agreement stands behind."""
    return Agreement.objects.filter(household=fact.subject, signed_deed=fact.deed).first()


def runs_for(actor: Actor) -> QuerySet[AgreementRun]:
    """Bulk runs in projects where the actor may draft agreements, the latest first."""
    projects = projects_for(actor, verb="agreement.draft")
    return AgreementRun.objects.filter(project__in=projects).select_related("project", "section").order_by("-pk")


def households_by_code(codes: Sequence[str]) -> dict[str, Household]:
    """Households as a batch of agreements needs them; whoever asks has checked the scope."""
    return Household.objects.filter(pk__in=codes).select_related("section__project").in_bulk()
