"""Deeds on what a family is owed: its agreement, its wish, the difference of area, the title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from zhengtu.accounts.queries import unit_exists
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.ledger.act import act
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.queries import Reach
from zhengtu.ledger.rulebook import current_compensation, current_rulebook
from zhengtu.registry.queries import subject_of
from zhengtu.resettlement.choosing_order import way_of
from zhengtu.resettlement.facts import AGREED, CHOSEN, SETTLED, TITLE, held_homes, terms_within
from zhengtu.resettlement.models import Site
from zhengtu.resettlement.queries import site_of
from zhengtu.resettlement.recording import new_fact, reason
from zhengtu.resettlement.waiting_rights import may_demand

RECORD: Final = "resettlement.record"
_COUNTS: Final = ("rooms", "persons", "pay_every_months")
_MOST: Final = 1000


def record_entitlement(
    *, actor: Actor, household: str, agreed_on: date, given: Mapping[str, Any], files: Sequence[OfferedFile],
    now: datetime,
) -> str:
    """Record what a household's agreement owes it; the one agreed last counts. Returns the deed's key.

    Args:
        given: attributes of ``entitlement_agreed`` as the form or a sheet gives them.

    Raises:
        Refused: no right, before the signing, no agreement attached, or a field that does not hold.
    """
    with act(actor, RECORD, on=subject_of(household), at=now) as deed:
        reasons: list[Reason] = []
        fact = new_fact(AGREED, household, agreed_on, given, today=deed.recorded_on, files=files, reasons=reasons)
        reasons += terms_reasons(fact.attributes, city=f"{household[:4]}00")
        return deed.record(facts=[fact], evidence=kept_files(files, reasons))


def terms_reasons(told: Mapping[str, Any], *, city: str) -> list[Reason]:
    """What of an agreement's terms does not hold, each field by itself."""
    found: list[Reason] = []
    types, rules = current_rulebook().resettlement.home_types, current_compensation().transition_rules
    if "payer" in told and not (str(told["payer"]).startswith(city[:4]) and unit_exists(str(told["payer"]))):
        found.append(reason("payer", _NO_UNIT, _CHOOSE, value=told["payer"]))
    if "home_type" in told and told["home_type"] not in types:
        found.append(reason("home_type", _NO_TYPE, _CHOOSE, value=told["home_type"]))
    elif "home_type" in told and "home_area_m2" in told and not types[told["home_type"]].holds(
        Decimal(told["home_area_m2"])
    ):
        found.append(reason(
            "home_area", N_("A home of %(area)s m² is not of the type “%(type)s”."),
            N_("Correct the area or the type."), area=told["home_area_m2"], type=f"home_type:{told['home_type']}",
        ))
    if "site" in told and not Site.objects.filter(pk=told["site"], code__startswith=city[:4]).exists():
        found.append(reason("site", N_("There is no site “%(value)s” in this city."), _CHOOSE, value=told["site"]))
    if "rule" in told and told["rule"] not in {rule.id for rule in rules}:
        found.append(reason(
            "rule", N_("No rule on transition subsidies “%(value)s” is on file."),
            N_("Choose a rule on file, or leave it empty and enter the agreement's own rate."), value=told["rule"],
        ))
    if ("overdue_multiplier" in told) and "agreed_yuan_m2_month" not in told:
        found.append(reason(
            "multiplier", N_("A multiple without the agreed rate says nothing."), N_("Enter the agreed rate too."),
        ))
    found += [
        reason(name, N_("“%(field)s” is a whole number from 1 to 999."), N_("Correct it, or leave it empty."),
               field=f"attribute:{AGREED}.{name}")
        for name in _COUNTS if name in told and not 0 < int(told[name]) < _MOST
    ]
    if told.get("may_choose_cash") == "no" and "cash_yuan" in told:
        found.append(reason(
            "cash", N_("A sum is given, and yet the family may not choose money."), N_("Correct one of both."),
        ))
    return found


def record_wish(
    *, actor: Actor, household: str, chosen_on: date, way: str, files: Sequence[OfferedFile], now: datetime
) -> str:
    """Record the way that a family chose, with its form; returns the deed's key.

    Raises:
        Refused: no right, nothing on file that is owed, money without a right to it, or a home that it has and would
            have to give back first.
    """
    with act(actor, RECORD, on=subject_of(household), at=now) as deed:
        reasons: list[Reason] = []
        fact = new_fact(
            CHOSEN, household, chosen_on, {"way": way}, today=deed.recorded_on, files=files, reasons=reasons
        )
        reach = Reach(codes=(household,))
        terms = terms_within(reach, on=deed.recorded_on).get(household)
        held = held_homes(reach, on=deed.recorded_on).get(household)
        if terms is None:
            reasons.append(reason("nothing_agreed", NOTHING_AGREED, ENTER_TERMS, household=household))
        elif way == "cash" and not (
            (terms.may_choose_cash and terms.cash_yuan is not None) or may_demand(terms, way, on=chosen_on)
        ):
            reasons.append(reason(
                "no_cash", N_("Neither agreement nor rule gives this family a right to money instead of a home."),
                N_("Supplement the agreement with the right and the sum first."),
            ))
        if held is not None and way != way_of(Site.objects.get(pk=site_of(held.home))):
            reasons.append(reason(
                "has_home", N_("The family has home %(home)s."), N_("Record that it gives the home back first."),
                home=held.home,
            ))
        return deed.record(facts=[fact], evidence=kept_files(files, reasons))


def settle_area(
    *, actor: Actor, household: str, settled_on: date, surveyed_area_m2: object, family_pays_yuan: object = None,
    family_gets_yuan: object = None, files: Sequence[OfferedFile], now: datetime,
) -> str:
    """Record that the difference between agreed and surveyed area is settled; returns the deed's key.

    Raises:
        Refused: no right, not handed over yet, both sides paying, or no paper.
    """
    with act(actor, RECORD, on=subject_of(household), at=now) as deed:
        reasons: list[Reason] = []
        given = {
            "surveyed_area_m2": surveyed_area_m2, "family_pays_yuan": family_pays_yuan,
            "family_gets_yuan": family_gets_yuan,
        }
        fact = new_fact(
            SETTLED, household, settled_on, given, today=deed.recorded_on, files=files, reasons=reasons
        )
        paid = [Decimal(fact.attributes.get(name, "0")) for name in ("family_pays_yuan", "family_gets_yuan")]
        if all(paid):
            reasons.append(reason(
                "both_pay", N_("The family cannot pay and be paid for the same difference."), N_("Enter one of both."),
            ))
        return deed.record(facts=[fact], evidence=kept_files(files, reasons))


def register_title(
    *, actor: Actor, household: str, registered_on: date, number: str, files: Sequence[OfferedFile], now: datetime
) -> str:
    """Record the certificate of title to the new home; returns the deed's key.

    Raises:
        Refused: no right, not handed over yet, no number, or no certificate.
    """
    with act(actor, RECORD, on=subject_of(household), at=now) as deed:
        reasons: list[Reason] = []
        fact = new_fact(
            TITLE, household, registered_on, {"number": number.strip()}, today=deed.recorded_on,
            files=files, reasons=reasons,
        )
        return deed.record(facts=[fact], evidence=kept_files(files, reasons))


NOTHING_AGREED: Final = N_("No entitlement of household %(household)s is on file.")
ENTER_TERMS: Final = N_("Enter what its agreement owes it first.")
_NO_UNIT: Final = N_("“%(value)s” is no unit of this city.")
_NO_TYPE: Final = N_("“%(value)s” is no type of home.")
_CHOOSE: Final = N_("Choose one of the list.")

