"""Claims among payers and where they stand, and payments to families that another than the agreed payer made.

A claim is seen by officials who see its family, or its project where it is about no single family, and by the two units
that it is between. What a family was paid or is owed never depends on it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform

from zhengtu.campaign.reach import reach_of
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.compensation.payer_shares import holder_of
from zhengtu.core.kernel.codes import project_of
from zhengtu.core.kernel.money import ZERO
from zhengtu.core.resettlement.claims import (
    AgeBand,
    ClaimAccount,
    ClaimMove,
    ClaimStep,
    age_bands,
    band_of_age,
    claim_account,
)
from zhengtu.ledger.models import Fact
from zhengtu.ledger.queries import Reach, standing_fact_rows
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import projects_for, scope_of
from zhengtu.resettlement.facts import VIEW, ToldFact, payers_changed, payers_within, told_in_order
from zhengtu.resettlement.models import AdvanceClaim, Entitlement
from zhengtu.resettlement.subsidy_payments import PAID

KINDS: Final = tuple(str(step) for step in ClaimStep)
WHAT: Final = ("subsidy", "home", "money")


@dataclass(frozen=True, slots=True)
class ClaimEvent:
    """One step of a claim with the deed that holds its papers; said: the outcome, where it was settled."""

    move: ClaimMove
    deed: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as it stands by the end of a day.

    Attributes:
        days: days since the advance, until the day or until nothing was open any more.
        payment: the deed or fact of the payments to families that it stands for, or empty.
    """

    row: AdvanceClaim
    account: ClaimAccount
    days: int
    events: Sequence[ClaimEvent] = field(default=(), repr=False)
    payment: str = ""

    @property
    def code(self) -> str:
        """Its code."""
        return self.row.code

    @property
    def is_open(self) -> bool:
        """Whether anything is still to be repaid or settled."""
        return self.account.open > 0

    @property
    def band(self) -> AgeBand | None:
        """The band of its age while it is open."""
        return band_of_age(self.days, bands()) if self.is_open else None


@dataclass(frozen=True, slots=True)
class UnclaimedAdvance:
    """Payments of one deed to families of a project that another unit made than their agreements name.

    Attributes:
        payment: what a claim on it names: the fact where it is one, else the deed.
        household: the family, where it is one.
    """

    payment: str
    project: str
    household: str
    paid_by: str
    agreed: str
    paid_on: date
    families: int
    amount: Decimal


def bands() -> tuple[AgeBand, ...]:
    """Bands of age by the rulebook."""
    return age_bands(current_rulebook().promises.ageing_days)


def claims_for(
    actor: Actor, *, on: date, known: date | None = None, project: str = "", verb: str = VIEW
) -> list[Claim]:
    """Claims in the actor's reach that were opened by a day, by code; with ``project`` those of one."""
    scope = scope_of(actor, verb=verb)
    seen = Q(advanced_by__in=scope.clients) | Q(claimed_from__in=scope.clients)
    if scope.prefixes or scope.clients or scope.leads:
        projects = projects_for(actor, verb=verb).values_list("code", flat=True)
        seen |= reach_of(actor, verb=verb).condition("household") | Q(household="", project__in=list(projects))
    rows = AdvanceClaim.objects.filter(seen, advanced_on__lte=on)
    if project:
        rows = rows.filter(project=project)
    return _standing(rows.select_related("advanced_by", "claimed_from").order_by("code"), on=on, known=known)


def claim_for(
    actor: Actor, code: str, *, on: date, known: date | None = None, verb: str = VIEW
) -> Claim | None:
    """One claim, or None where the actor does not reach it."""
    return next((one for one in claims_for(actor, on=on, known=known, verb=verb) if one.code == code), None)


def claim_standing(code: str) -> Claim:
    """A claim with all that is recorded of it, for deeds.

    Raises:
        LookupError: there is none.
    """
    found = _standing(AdvanceClaim.objects.filter(pk=code).select_related("advanced_by", "claimed_from"), on=date.max)
    if not found:
        raise LookupError(code)
    return found[0]


def claim_subject(row: AdvanceClaim) -> Subject:
    """A claim with what decides who may act on it: its district by the family, and who advanced."""
    return Subject(code=row.household or row.project, clients=frozenset({row.advanced_by_id}))


def _standing(rows: Collection[AdvanceClaim], *, on: date, known: date | None = None) -> list[Claim]:
    held = list(rows)
    facts: dict[str, list[ToldFact]] = {}
    codes = tuple(row.code for row in held)
    if codes:
        for fact in told_in_order(KINDS, reach=Reach(codes=codes), on=on, known=known):
            facts.setdefault(fact.subject, []).append(fact)
    return [_claim(row, facts[row.code], on=on) for row in held if row.code in facts]


def _claim(row: AdvanceClaim, facts: Sequence[ToldFact], *, on: date) -> Claim:
    events = [
        ClaimEvent(
            ClaimMove(ClaimStep(fact.kind), fact.happened_on, Decimal(fact.attributes["amount_yuan"])), fact.deed_id,
            str(fact.attributes.get("outcome", "")),
        )
        for fact in facts
    ]
    account = claim_account(event.move for event in events)
    payment = next((str(fact.attributes.get("payment", "")) for fact in facts if fact.kind == ClaimStep.OPENED), "")
    until = account.closed_on or on
    return Claim(row, account, (until - row.advanced_on).days if until != date.max else 0, events, payment)


def unclaimed_for(
    actor: Actor, *, on: date, known: date | None = None, verb: str = VIEW
) -> list[UnclaimedAdvance]:
    """Payments by another than the agreed payer for which no claim was opened, the oldest first.

    A family sees none of them: it was paid, and who bears it is no matter of its own.
    """
    scope = scope_of(actor, verb=verb)
    if not (scope.prefixes or scope.clients or scope.leads):
        return []
    return unclaimed(reach_of(actor, verb=verb), on=on, known=known)


def unclaimed(reach: Reach, *, on: date, known: date | None = None) -> list[UnclaimedAdvance]:
    """The same within a reach."""
    groups: dict[tuple[str, str, str, str], list[Fact]] = {}
    for fact, agreed in advanced_payments(reach, on=on, known=known):
        groups.setdefault((fact.deed_id, project_of(fact.subject), fact.attributes["payer"], agreed), []).append(fact)
    claimed = _claimed()
    found = []
    for (deed, project, paid_by, agreed), facts in groups.items():
        left = [fact for fact in facts if fact.reference not in claimed and deed not in claimed]
        if left:
            families = {fact.subject for fact in left}
            found.append(UnclaimedAdvance(
                payment=left[0].reference if len(left) == 1 else deed, project=project,
                household=next(iter(families)) if len(families) == 1 else "", paid_by=paid_by, agreed=agreed,
                paid_on=min(fact.happened_on for fact in left), families=len(families),
                amount=sum((Decimal(fact.attributes["amount_yuan"]) for fact in left), ZERO),
            ))
    return sorted(found, key=lambda one: (one.paid_on, one.payment))


def advanced_payments(reach: Reach, *, on: date, known: date | None = None) -> list[tuple[Fact, str]]:
    """Payments by another than the unit that owed those days on the day of payment, each with the unit that did.

    Who owed them is whom the family's agreement names; where its payer changed, whose time they are of.
    """
    agreed = Entitlement.objects.filter(household=OuterRef("subject")).values("payer")
    changed = sorted(payers_changed(reach, on=on, known=known))
    rows = standing_fact_rows((PAID,), reach=reach, on=on, known=known).annotate(
        paid_by=KeyTextTransform("payer", "attributes"), agreed_payer=Subquery(agreed),
    )
    others = ~Q(paid_by=F("agreed_payer")) | Q(subject__in=changed)
    spans = payers_within(changed, on=on, known=known) if changed else {}
    found = []
    for row in rows.exclude(agreed_payer=None).filter(others):
        owed_by = row.agreed_payer
        if row.subject in spans:
            day = date.fromisoformat(row.attributes["from_on"])
            owed_by = holder_of(spans[row.subject], day, on=row.happened_on).payer
        if row.paid_by != owed_by:
            found.append((row, owed_by))
    return found


def _claimed() -> set[str]:
    """Payments that a claim stands for."""
    codes = tuple(AdvanceClaim.objects.values_list("code", flat=True))
    rows = standing_fact_rows((str(ClaimStep.OPENED),), reach=Reach(codes=codes), on=date.max) if codes else ()
    return {str(row.attributes["payment"]) for row in rows if "payment" in row.attributes}
