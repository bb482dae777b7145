"""Entitlements, wishes, hardships and homes as plain values, folded from the standing facts of a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import Count

from zhengtu.core.compensation.payer_shares import PayerSpan, payer_spans
from zhengtu.ledger.models import Fact
from zhengtu.ledger.queries import Reach, standing_fact_rows

VIEW: Final = "resettlement.view"
AGREED: Final = "entitlement_agreed"
CHOSEN: Final = "way_chosen"
HARDSHIP: Final = "hardship_recognised"
ASSIGNED: Final = "home_assigned"
RELEASED: Final = "home_released"
SETTLED: Final = "area_settled"
TITLE: Final = "title_registered"
_FEW: Final = 200


@dataclass(frozen=True, slots=True)
class Terms:
    """What a household is owed, and on which terms it waits.

    Attributes:
        payer: code of the unit that pays the subsidy; payer_kind: public_finance, state_enterprise or
            private_enterprise.
        home_type: id in ``rulebook/resettlement/home_types``; home_area_m2: agreed area of the home.
        site: code of the agreed site, or empty.
        given_up_area_m2: area that the subsidy counts.
        moved_out_on: first day of transition; agreed_months: its agreed length.
        rule: id in ``rulebook/compensation/transition``, or empty; agreed_yuan_m2_month, overdue_multiplier: what the
            agreement itself says, or None.
        rooms, persons: those that a rule by room or by person counts; pay_every_months: the agreement's own rhythm.
        takes_debts: whether the payer took over what the payer before it owed.
        cash_yuan: sum agreed for money instead of a home, or None.
        agreed_on, fact: day and key of the fact that it follows from.
    """

    payer: str
    payer_kind: str
    home_type: str
    home_area_m2: Decimal
    site: str
    given_up_area_m2: Decimal
    moved_out_on: date
    agreed_months: int
    rule: str
    agreed_yuan_m2_month: Decimal | None
    overdue_multiplier: Decimal | None
    rooms: int | None
    persons: int | None
    pay_every_months: int | None
    takes_debts: bool
    in_turnover_housing: bool
    may_choose_cash: bool
    cash_yuan: Decimal | None
    agreed_on: date
    fact: str


class ToldFact(NamedTuple):
    """A standing fact without its deed: what a list of thousands of families needs of it."""

    subject: str
    kind: str
    happened_on: date
    attributes: dict[str, Any]
    deed_id: str
    ordinal: int

    @property
    def reference(self) -> str:
        """``deed/ordinal``."""
        return f"{self.deed_id}/{self.ordinal}"


@dataclass(frozen=True, slots=True)
class HeldHome:
    """A home that a household has been assigned; fact: the key of the assignment."""

    home: str
    household: str
    by: str
    assigned_on: date
    fact: str


def terms_of_fact(fact: Fact | ToldFact) -> Terms:
    """An ``entitlement_agreed`` as terms."""
    return terms_told(fact.attributes, on=fact.happened_on, reference=fact.reference)


def terms_told(told: Mapping[str, Any], *, on: date, reference: str) -> Terms:
    """Attributes of an ``entitlement_agreed`` as terms."""
    return Terms(
        payer=told["payer"], payer_kind=told["payer_kind"], home_type=told["home_type"],
        home_area_m2=Decimal(str(told["home_area_m2"])), site=told.get("site", ""),
        given_up_area_m2=Decimal(str(told["given_up_area_m2"])),
        moved_out_on=date.fromisoformat(told["moved_out_on"]), agreed_months=int(told["agreed_months"]),
        rule=told.get("rule", ""), agreed_yuan_m2_month=_number(told, "agreed_yuan_m2_month"),
        overdue_multiplier=_number(told, "overdue_multiplier"), rooms=_count(told, "rooms"),
        persons=_count(told, "persons"), pay_every_months=_count(told, "pay_every_months"),
        takes_debts=told.get("takes_debts") == "yes",
        in_turnover_housing=told.get("in_turnover_housing") == "yes",
        may_choose_cash=told.get("may_choose_cash") == "yes", cash_yuan=_number(told, "cash_yuan"), agreed_on=on,
        fact=reference,
    )


def terms_within(reach: Reach, *, on: date, known: date | None = None) -> dict[str, Terms]:
    """Household -> its terms of a day: those agreed last."""
    rows = told_in_order((AGREED,), reach=reach, on=on, known=known)
    return {row.subject: terms_of_fact(row) for row in rows}


def payers_within(
    households: Sequence[str], *, on: date, known: date | None = None
) -> dict[str, tuple[PayerSpan, ...]]:
    """Household -> its payers until a day, one after another."""
    if not households:
        return {}
    told: dict[str, list[PayerSpan]] = {}
    for row in told_in_order((AGREED,), reach=Reach(codes=tuple(households)), on=on, known=known):
        terms = terms_of_fact(row)
        told.setdefault(row.subject, []).append(
            PayerSpan(terms.payer, terms.payer_kind, terms.agreed_on, takes_debts=terms.takes_debts)
        )
    return {household: payer_spans(spans) for household, spans in told.items()}


def payers_changed(reach: Reach, *, on: date, known: date | None = None) -> set[str]:
    """Households that had more than one payer until a day."""
    told = Fact.objects.filter(reach.condition("subject"), kind=AGREED, happened_on__lte=on).values("subject")
    often = told.annotate(times=Count("ordinal")).filter(times__gt=1).values_list("subject", flat=True)
    return {code for code, spans in payers_within(list(often), on=on, known=known).items() if len(spans) > 1}


def wishes_within(reach: Reach, *, on: date, known: date | None = None) -> dict[str, str]:
    """Household -> the way that it chose last."""
    rows = told_in_order((CHOSEN,), reach=reach, on=on, known=known)
    return {row.subject: str(row.attributes["way"]) for row in rows}


def wish_days_within(
    reach: Reach, *, on: date, known: date | None = None
) -> dict[str, dict[str, list[date]]]:
    """Household -> way -> days on which it put that wish on record."""
    found: dict[str, dict[str, list[date]]] = {}
    for row in told_in_order((CHOSEN,), reach=reach, on=on, known=known):
        found.setdefault(row.subject, {}).setdefault(str(row.attributes["way"]), []).append(row.happened_on)
    return found


def hardships_within(reach: Reach, *, on: date, known: date | None = None) -> dict[str, tuple[str, ...]]:
    """Household -> hardships recognised of it, sorted."""
    found: dict[str, set[str]] = {}
    for row in told_in_order((HARDSHIP,), reach=reach, on=on, known=known):
        found.setdefault(row.subject, set()).add(str(row.attributes["hardship"]))
    return {household: tuple(sorted(kinds)) for household, kinds in found.items()}


def held_homes(reach: Reach, *, on: date, known: date | None = None) -> dict[str, HeldHome]:
    """Household -> the home that it has on a day: assigned, and not given back since."""
    return held_of(told_in_order((ASSIGNED, RELEASED), reach=reach, on=on, known=known))


def held_of(rows: Iterable[Fact | ToldFact]) -> dict[str, HeldHome]:
    """The same from standing facts in their order."""
    found: dict[str, HeldHome] = {}
    for row in rows:
        home = str(row.attributes["home"])
        if row.kind == ASSIGNED:
            found[row.subject] = HeldHome(home, row.subject, str(row.attributes["by"]), row.happened_on, row.reference)
        elif row.subject in found and found[row.subject].home == home:
            del found[row.subject]
    return found


def told_in_order(
    kinds: Sequence[str], *, reach: Reach, on: date, known: date | None = None
) -> list[ToldFact]:
    """Facts of these kinds by the day that they happened on, and those of one day in the order of recording."""
    rows = standing_fact_rows(kinds, reach=reach, on=on, known=known)
    ordered = rows.order_by("happened_on", "deed__recorded_at", "deed_id", "ordinal")
    return list(map(ToldFact._make, ordered.values_list(*ToldFact._fields)))


def reach_around(codes: Collection[str]) -> Reach:
    """These codes where they are few, else the divisions that they lie in: who takes out what he asked for reads less.

    Not for what somebody may see: it reaches further than the codes.
    """
    if len(codes) <= _FEW:
        return Reach(codes=tuple(sorted(codes)))
    return Reach(prefixes=tuple(sorted({code[:6] for code in codes})))


def _number(told: Mapping[str, Any], name: str) -> Decimal | None:
    value = told.get(name)
    return None if value in (None, "") else Decimal(str(value))


def _count(told: Mapping[str, Any], name: str) -> int | None:
    value = told.get(name)
    return None if value in (None, "") else int(value)
