"""Deeds on homes: assign one to a family, give it back, hand it over with the key.

One home one household: the rows are locked and asked, and the database holds it besides. Nobody is assigned a home
against a recorded wish, and nobody out of the order of a drawing or of signing without a reason on file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.act import act
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.queries import Reach
from zhengtu.registry.queries import subject_of
from zhengtu.resettlement.choosing_order import chooses_at, choosing_orders, way_of
from zhengtu.resettlement.facts import ASSIGNED, RELEASED, held_homes
from zhengtu.resettlement.family_actions import ENTER_TERMS, NOTHING_AGREED
from zhengtu.resettlement.models import Home, HomeAssignment
from zhengtu.resettlement.promises import told_homes
from zhengtu.resettlement.queries import Waiting, waiting
from zhengtu.resettlement.recording import new_fact, reason
from zhengtu.resettlement.site_actions import is_accepted

ASSIGN: Final = "home.assign"
HAND_OVER: Final = "fact.record"


def assign_home(
    *, actor: Actor, household: str, home: str, by: str, why: str = "", files: Sequence[OfferedFile], now: datetime
) -> str:
    """Assign a home to a family that waits; returns the deed's key.

    Args:
        by: ``lot``, ``signing`` or ``plan``.
        why: needed where the home is of another type or site than agreed, was told to another family that waits, or the
            family is not the next to choose.

    Raises:
        Refused: no right, nothing owed, a recorded wish for another way, the home or the family taken, out of turn
            without a reason, or no paper.
    """
    with act(actor, ASSIGN, on=subject_of(household), at=now) as deed:
        today = deed.recorded_on
        rows = Home.objects.select_for_update(of=("self",)).select_related("building__site")
        row = rows.filter(pk=home, code__startswith=household[:4]).first()
        given = {"home": home, "by": by, "reason": why.strip()}
        reasons: list[Reason] = []
        fact = new_fact(ASSIGNED, household, today, given, today=today, files=files, reasons=reasons)
        family = next(iter(waiting(Reach(codes=(household,)), on=today)), None)
        if row is None:
            reasons.append(reason("no_home", N_("There is no home %(home)s."), N_("Choose a free home."), home=home))
        elif family is None:
            reasons.append(reason("not_waiting", N_("Household %(household)s waits for no home."), household=household))
        else:
            deed.lock([row.code[:6]])
            reasons += assignment_reasons(family, row, by=by, why=why, today=today)
        return deed.record(facts=[fact], evidence=kept_files(files, reasons))


def assignment_reasons(family: Waiting, home: Home, *, by: str, why: str, today: date) -> list[Reason]:
    """Why a family may not be assigned a home."""
    found = []
    taken = HomeAssignment.objects.filter(home=home).first()
    if taken is not None:
        found.append(reason(
            "taken", N_("Home %(home)s is assigned already."), N_("Choose a free home."), home=home.code,
        ))
    if family.home:
        found.append(reason(
            "has_home", N_("The family has home %(home)s."), N_("Record that it gives the home back first."),
            home=family.home,
        ))
    site = home.building.site
    if family.wish not in ("", way_of(site)):
        found.append(reason(
            "against_wish", N_("The family chose another way on record: %(way)s."),
            N_("Nobody is assigned against a recorded wish; record a new wish with its form first."),
            way=f"choice:way_chosen.way.{family.wish}",
        ))
    terms = family.terms
    if terms is None:
        found.append(reason("nothing_agreed", NOTHING_AGREED, ENTER_TERMS, household=family.household))
    elif not why.strip() and not (
        terms.home_type == home.home_type and (terms.site in ("", site.code) or chooses_at(family, site))
    ):
        found.append(reason(
            "not_as_agreed", N_("The home is of another type or site than the family's agreement says."),
            N_("Choose a home as agreed, or enter the reason for which the family takes this one."),
        ))
    others = [one for one in told_homes(home.code, on=today).get(home.code, ()) if one != family.household]
    if others and not why.strip():
        found.append(reason(
            "told_elsewhere", N_("Home %(home)s was told to household %(household)s, which waits for it."),
            N_("Choose another home, or enter why that promise is not kept."), home=home.code, household=others[0],
        ))
    if by in ("lot", "signing") and not found and not why.strip():
        first = next(iter(choosing_orders(site.code, on=today)[by]), "")
        if first != family.household:
            found.append(reason(
                "out_of_turn", N_("By %(by)s, %(first)s is the next to choose."),
                N_("Let the family choose that is next, or enter why it is passed over."),
                by=f"choice:home_assigned.by.{by}", first=first or "—",
            ))
    return found


def release_home(*, actor: Actor, household: str, why: str, now: datetime) -> str:
    """Record that a family gives its home back before it was handed over; returns the deed's key.

    Raises:
        Refused: no right, no home, handed over already, or no reason.
    """
    with act(actor, ASSIGN, on=subject_of(household), at=now) as deed:
        held = held_homes(Reach(codes=(household,)), on=deed.recorded_on).get(household)
        if held is None:
            raise Refused(reason("nothing_held", N_("Household %(household)s has no home."), household=household))
        reasons: list[Reason] = []
        if not waiting(Reach(codes=(household,)), on=deed.recorded_on):
            reasons.append(reason("handed_over", N_("The home was handed over; it is no longer given back.")))
        given = {"home": held.home, "reason": why.strip()}
        fact = new_fact(
            RELEASED, household, deed.recorded_on, given, today=deed.recorded_on, files=(), reasons=reasons
        )
        if reasons:
            raise Refused(*reasons)
        deed.lock([held.home[:6]])
        return deed.record(facts=[fact])


def hand_over(
    *, actor: Actor, household: str, handed_over_on: date, files: Sequence[OfferedFile], now: datetime
) -> str:
    """Record that a family came home: its home handed over with note and key; the subsidy ends by its rule.

    Args:
        files: the note on the home (``housing_handover``) and the note on the key (``key_note``).

    Returns:
        the deed's key.

    Raises:
        Refused: no right, no home assigned, a building that was not accepted, the wrong order, or a note missing.
    """
    with act(actor, HAND_OVER, on=subject_of(household), at=now) as deed:
        held = held_homes(Reach(codes=(household,)), on=handed_over_on).get(household)
        reasons: list[Reason] = []
        row = None if held is None else Home.objects.select_related("building__site").filter(pk=held.home).first()
        address = "" if row is None else f"{row.building.site.name}{row.building.name}{row.number}"
        fact = new_fact(
            "resettled", household, handed_over_on, {"address": address}, today=deed.recorded_on, files=files,
            reasons=reasons,
        )
        if row is None:
            reasons.append(reason(
                "nothing_held", N_("Household %(household)s has no home."), N_("Assign a home first."),
                household=household,
            ))
        elif not is_accepted(row.building_id, on=handed_over_on):
            reasons.append(reason(
                "not_accepted", N_("Building %(building)s had not passed its acceptance by that day."),
                N_("Record the acceptance with its photo first; only then a home is delivered."),
                building=row.building_id,
            ))
        if not any(file.kind == "key_note" for file in files):
            reasons.append(reason("key", N_("The note on handing over the keys is missing."), N_("Attach it.")))
        return deed.record(facts=[fact], evidence=kept_files(files, reasons))
