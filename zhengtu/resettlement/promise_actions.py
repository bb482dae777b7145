"""Deeds on promises: tell a family which home it gets and when, and answer a breach.

A day is told only where it holds more likely than not by the rulebook: a promise that is broken when it is made helps
nobody. What the agreement says stands beside it and is not moved by what is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.codes import is_code, kind_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.resettlement.promises import Naming
from zhengtu.ledger.act import act
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.queries import Reach
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import subject_of
from zhengtu.resettlement.models import Home, HomeAssignment, Site
from zhengtu.resettlement.promises import ANSWERED, TOLD, Named, Outlooks, Told, named_of, told_to_others
from zhengtu.resettlement.queries import Waiting, site_of, site_subject, waiting
from zhengtu.resettlement.recording import new_fact, reason

ASSIGN: Final = "home.assign"
TEXT_LIMIT: Final = 1_000
"""Characters of a measure."""


def tell_home(
    *, actor: Actor, household: str, home: str, site: str = "", expected_on: date | None, now: datetime
) -> str:
    """Record which home and which day a family was told; returns the deed's key.

    Args:
        home: code of a home, or id of a type of homes; ``site``: where, with a type.

    Raises:
        Refused: no right, the family waits for no home, another has the home, no such home, a day that has passed or
            that does not hold.
    """
    with act(actor, ASSIGN, on=subject_of(household), at=now) as deed:
        today = deed.recorded_on
        given = {"home": home.strip(), "site": site_of(home.strip()) if "-U" in home else site.strip(),
                 "expected_on": "" if expected_on is None else expected_on.isoformat()}
        reasons: list[Reason] = []
        fact = new_fact(TOLD, household, today, given, today=today, files=(), reasons=reasons)
        family = next(iter(waiting(Reach(codes=(household,)), on=today)), None)
        if family is None:
            reasons.append(reason("not_waiting", N_("Household %(household)s waits for no home."), household=household))
        elif not reasons:
            deed.lock([given["site"][:6]] if is_code("site", given["site"]) else [])
            reasons += _home_reasons(family, given["home"], given["site"], today=today)
        if expected_on is not None and expected_on < today:
            reasons.append(reason(
                "told_past", N_("The day %(day)s has passed."), N_("Tell a day that lies ahead."),
                day=expected_on.isoformat(),
            ))
        elif family is not None and expected_on is not None and not reasons:
            told = Told(given["home"], given["site"], expected_on, today, "")
            reasons += chance_reasons(named_of(family, told), expected_on, today=today)
        if reasons:
            raise Refused(*reasons)
        return deed.record(facts=[fact])


def _home_reasons(family: Waiting, home: str, site: str, *, today: date) -> list[Reason]:
    """What of the home that is told does not hold."""
    if family.home and home != family.home:
        return [reason(
            "has_home", N_("The family has home %(home)s."), N_("Record that it gives the home back first."),
            home=family.home,
        )]
    if is_code("home", home):
        if not Home.objects.filter(pk=home, code__startswith=family.household[:4]).exists():
            return [reason("no_home", N_("There is no home %(home)s."), N_("Choose a free home."), home=home)]
        held = HomeAssignment.objects.filter(home=home).exclude(household=family.household)
        if held.exists() or told_to_others(home, household=family.household, on=today):
            return [reason(
                "taken_or_told", N_("Home %(home)s is assigned or named to another family."),
                N_("Choose a home that is free and named to nobody."), home=home,
            )]
        return []
    if home not in current_rulebook().resettlement.home_types:
        return [reason("no_home", N_("There is no home %(home)s."), N_("Choose a free home."), home=home)]
    if not Site.objects.filter(pk=site, code__startswith=family.household[:4]).exists():
        return [reason(
            "told_nowhere", N_("A type of home is told together with its site."), N_("Choose the site."),
        )]
    return []


def chance_reasons(named: Named, day: date, *, today: date) -> list[Reason]:
    """Why that day is not told for that home: it holds too seldom."""
    rules = current_rulebook().promises
    outlook = Outlooks([named.site], on=today).of(named)
    if outlook is None:
        return [reason(
            "none_left", N_("No such home is left or being built at the site."),
            N_("Name another home, or settle in money or by an existing home as the family wishes."),
        )]
    chance = outlook.chance_by(day)
    if chance >= rules.kept_from:
        return []
    parameters = {"day": day.isoformat(), "percent": round(100 * chance)}
    if named.naming is Naming.TYPE and outlook.covered < rules.kept_from:
        return [reason(
            "too_few", N_("Only %(homes)s such homes are left for %(families)s families; no day holds for them all."),
            N_("Assign the family a home of its own first, then tell the day."),
            homes=outlook.homes, families=outlook.families,
        )]
    return [reason(
        "day_not_held", N_("By %(day)s the home is there with a chance of %(percent)s%% only."),
        N_("Tell a day that holds: families get by what they are told."), **parameters,
    )]


def answer_subject(code: str) -> Subject:
    """What a breach is answered of: a family, the district's part of a project, or a site.

    Raises:
        LookupError: there is no such thing.
    """
    try:
        kind = kind_of(code)
    except ValueError as error:
        raise LookupError(code) from error
    if kind == "site":
        site = Site.objects.filter(pk=code).first()
        if site is None:
            raise LookupError(code)
        return site_subject(site)
    if kind not in current_rulebook().fact_kinds[ANSWERED].subject_kinds:
        raise LookupError(code)
    return subject_of(code)


def answer_breach(
    *, actor: Actor, subject: str, measure: str, files: Sequence[OfferedFile], now: datetime
) -> str:
    """Record what was done about a broken or foreseen breach; returns the deed's key.

    Raises:
        LookupError: there is no such family, part or site.
        Refused: no right, no measure told, or no paper.
    """
    with act(actor, ASSIGN, on=answer_subject(subject), at=now) as deed:
        reasons: list[Reason] = []
        if len(measure) > TEXT_LIMIT:
            reasons.append(reason(
                "too_long", N_("The text has more than %(limit)s characters."), N_("Put the rest into the paper."),
                limit=TEXT_LIMIT,
            ))
        fact = new_fact(
            ANSWERED, subject, deed.recorded_on, {"measure": measure.strip()[:TEXT_LIMIT]}, today=deed.recorded_on,
            files=files, reasons=reasons,
        )
        return deed.record(facts=[fact], evidence=kept_files(files, reasons))
