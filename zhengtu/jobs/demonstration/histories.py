"""Dated histories of households and sections, drawn from a plausible random process.

Days are whole numbers counted from today; NEVER marks what has not happened and is not in sight. Each household's days
never decrease along registered, surveyed, valued, signed or decided, paid, vacated, demolished, resettled. What lies
after today is dropped when the facts are collected: the process is drawn to its end, today cuts it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhengtu.jobs.demonstration.fabric import Floats, Ints
from zhengtu.jobs.demonstration.script import ProjectScript, read_script

NEVER = 10**6
SCHEME_DISCLOSURE = 52
"""Days between the last survey and what the scheme leads to: the announcement on state-owned land, the first
agreements on collective land. The scheme is disclosed for thirty of them, and holidays may lengthen that."""
SIGNING_PERIOD = 90
"""Days of the signing period that the announcement states; a compensation decision may follow."""
APPRAISER_CHOSEN = 3
PREVIEW_DAYS = (5, 9)
"""Days after the announcement on which the preliminary valuations hang out."""
APPROVAL_TAKES = 38
"""Days from the report on the agreements to the announcement of the approval of collective land."""
SIGNED_SHARE = 0.92
"""Share of agreements on collective land with which the approval is applied for."""
DAYS_A_MONTH = 30.4375
MONTHS_TO_HOMES = (18, 30)
"""Agreed months between signing and the new home in overdue projects."""
EARLIER_PROMISES = (1250, 2200)
"""Days since the promised day of the earlier wave of families: more than 5,000 once waited at the same time."""
EARLIER_WAVE_HOME = (-1210, -280)
"""Days between which that wave came home; then the count was below 5,000 until newer promises were broken."""
LATE_PART = 0.03
"""Part of the earlier wave that came home only in the last months."""


@dataclass(frozen=True)
class Households:
    """The households of one project: section and building (rows counted within the project), and what they own."""

    section: Ints
    building: Ints
    jurisdiction: list[str]
    dwelling: np.ndarray
    registered_m2: Floats
    unregistered_m2: Floats


@dataclass(frozen=True)
class History:
    """Days and sums of one project. `announced` and `handed_over` are by section, all else by household."""

    announced: Ints
    handed_over: Ints
    registered: Ints
    surveyed: Ints
    valued: Ints
    served: Ints
    signed: Ints
    decided: Ints
    paid: Ints
    vacated: Ints
    demolished: Ints
    promised_for: Ints
    resettled: Ints
    exchange: np.ndarray
    value_yuan: Ints
    amount_yuan: Ints


def history(rng: np.random.Generator, project: ProjectScript, homes: Households) -> History:
    """Return the history of one project, overdue in resettlement or in the course of expropriation."""
    return _overdue(rng, project, homes) if project.overdue else _under_way(rng, project, homes)


def _under_way(rng: np.random.Generator, project: ProjectScript, homes: Households) -> History:
    sections, count, section = len(homes.jurisdiction), len(homes.section), homes.section
    collective = project.regime == "COLLECTIVE_LAND"
    pace = np.array([read_script()["jurisdictions"][code]["pace"] for code in homes.jurisdiction])
    announced = np.array([project.announced[code] for code in homes.jurisdiction])
    delay = _signing_delay(rng, section, pace)
    appraising = 1 + rng.integers(0, 19, count)
    spread = rng.integers(0, 10, sections)
    opened = announced + 5 + spread
    before = announced
    if collective:
        before = _agreeing_from(homes, announced, (spread[section] + appraising + delay))
        opened = before + spread
    registered = (before - SCHEME_DISCLOSURE - rng.integers(55, 75, sections))[section] + rng.integers(0, 9, count)
    surveyed = np.minimum(registered + 2 + _waiting(rng, 11, count), (before - SCHEME_DISCLOSURE)[section])
    valued = opened[section] + appraising
    served = valued + 1 if collective else np.maximum(valued + 1, announced[section] + PREVIEW_DAYS[1] + 1)
    signing = np.maximum(valued + delay, served)
    # On collective land those are stuck who had not signed when the agreements were reported.
    reported = announced - APPROVAL_TAKES + 1 if collective else None
    signing = _stalled(rng, project, signing, opened, section, reported=reported)
    deciding = np.maximum(announced, opened)[section] + SIGNING_PERIOD + 16 + rng.integers(0, 60, count)
    by_decision = (rng.random(count) < 0.22) & (deciding < signing)
    signed, decided = np.where(by_decision, NEVER, signing), np.where(by_decision, deciding, NEVER)
    settled = np.minimum(signed, decided)
    payable = np.maximum(settled, announced[section]) if collective else settled
    paid, vacated = _paid_and_vacated(rng, project, payable)
    demolished = _demolition(rng, homes.building, vacated)
    handed_over = _last(vacated, section, sections) + rng.integers(6, 16, sections)
    exchange = (rng.random(count) < np.where(homes.dwelling, 0.38, 0.12)) & ~by_decision
    promised_for = signed + np.round(rng.integers(24, 37, count) * DAYS_A_MONTH).astype(int)
    value, amount = _sums(rng, project, homes, exchange, early=settled - opened[section] < 45)
    return History(
        announced=announced,
        handed_over=handed_over,
        registered=registered,
        surveyed=surveyed,
        valued=valued,
        served=served,
        signed=signed,
        decided=decided,
        paid=paid,
        vacated=vacated,
        demolished=demolished,
        promised_for=np.where(exchange, promised_for, NEVER),
        resettled=np.full(count, NEVER),
        exchange=exchange,
        value_yuan=value,
        amount_yuan=amount,
    )


def _paid_and_vacated(rng: np.random.Generator, project: ProjectScript, payable: Ints) -> tuple[Ints, Ints]:
    """Return the days of payment and of moving out; one client is slow to pay, some families are slow to move."""
    count = len(payable)
    slow = 1.7 if project.client == "220200-railway-investment" else 1.0
    paid = payable + 3 + _waiting(rng, 8 * slow, count)
    vacated = paid + 2 + _waiting(rng, 12, count) + np.where(rng.random(count) < 0.05, _waiting(rng, 55, count), 0)
    return paid, vacated


def _agreeing_from(homes: Households, announced: Ints, signing: Ints) -> Ints:
    """Return by section the day from which agreements on collective land are made, so that enough are signed in time.

    `signing` is each household's day of signing counted from that day; the share that the application for approval
    asks for is reached when the agreements are reported.
    """
    return announced - APPROVAL_TAKES - _mostly_signed(homes, signing)


def _announced_after(homes: Households, signing: Ints) -> Ints:
    """Return by section the day of the announcement that follows agreements made on these days."""
    return _mostly_signed(homes, signing) + APPROVAL_TAKES


def _mostly_signed(homes: Households, signing: Ints) -> Ints:
    """Return by section the day on which the jurisdiction's agreements suffice to apply for the approval."""
    jurisdiction = np.array(homes.jurisdiction)
    found = np.full(len(jurisdiction), 60)
    for division in set(homes.jurisdiction):
        mine = jurisdiction == division
        days = np.sort(signing[mine[homes.section]])
        if len(days):
            found[mine] = days[int(np.ceil(SIGNED_SHARE * len(days))) - 1]
    return found


def _waiting(rng: np.random.Generator, mean: float, count: int) -> Ints:
    return np.floor(rng.exponential(mean, count)).astype(int)


def _signing_delay(rng: np.random.Generator, section: Ints, pace: Floats) -> Ints:
    """Return days from valuation to signing: an S-curve, and behind it a long tail where a section is hard."""
    hardness = rng.lognormal(-0.25, 0.75, len(pace))
    tail = np.clip(0.13 * hardness / pace, 0.004, 0.5)
    chance = rng.random(len(section)).clip(1e-6, 1 - 1e-6)
    curve = (24 + 8.5 * np.log(chance / (1 - chance))) / pace[section]
    late = np.where(rng.random(len(section)) < tail[section], rng.exponential(1.0, len(section)), 0.0)
    days = np.round(curve + late * (85 * hardness / pace)[section]).astype(int)
    return np.asarray(np.maximum(1, days))


def _stalled(
    rng: np.random.Generator,
    project: ProjectScript,
    signing: Ints,
    opened: Ints,
    section: Ints,
    *,
    reported: Ints | None,
) -> Ints:
    """Push back signings in sections that meet a difficulty and stand still for a long time."""
    stuck = rng.random(len(opened)) < project.stalled
    begins = opened + rng.integers(28, 75, len(opened))
    lasts = 35 + _waiting(rng, 130, len(opened))
    if reported is not None:
        begins = reported if project.stalled_until is not None else np.maximum(begins, reported)
    if project.stalled_until is not None:
        lasts = project.stalled_until - begins
    caught = stuck[section] & (signing >= begins[section])
    return np.where(caught, signing + lasts[section], signing)


def _last(days: Ints, group: Ints, groups: int) -> Ints:
    """Return the latest day in each group; NEVER for a group without members."""
    latest = np.full(groups, -NEVER)
    np.maximum.at(latest, group, days)
    return np.asarray(np.where(latest == -NEVER, NEVER, latest))


def _demolition(rng: np.random.Generator, building: Ints, vacated: Ints) -> Ints:
    """Return the day each household's building comes down: after the last household in it has moved out."""
    buildings = int(building.max()) + 1
    return (_last(vacated, building, buildings) + 3 + rng.integers(0, 26, buildings))[building]


def _sums(
    rng: np.random.Generator, project: ProjectScript, homes: Households, exchange: np.ndarray, *, early: np.ndarray
) -> tuple[Ints, Ints]:
    """Return the appraised value and the compensation in whole yuan; who exchanges title is paid fees alone."""
    count = len(homes.section)
    urban = read_script()["jurisdictions"]
    price = np.array([urban[code]["price_per_m2"] for code in homes.jurisdiction], dtype=float)[homes.section]
    price *= {"COLLECTIVE_LAND": 0.55, "LEGACY_DEMOLITION": 0.7}.get(project.regime, 1.0)
    price *= np.where(homes.dwelling, 1.0, 1.5) * rng.lognormal(0, 0.11, count)
    value = np.round(price * (homes.registered_m2 + 0.22 * homes.unregistered_m2) / 100) * 100
    fees = 20 * homes.registered_m2 + 10 * 18 * np.maximum(40, homes.registered_m2) * exchange
    reward = np.where(early, 20_000, 5_000)
    amount = np.round((np.where(exchange, 0.0, value) + fees + reward) / 10) * 10
    return value.astype(np.int64), amount.astype(np.int64)


def _still_waiting(rng: np.random.Generator, project: ProjectScript, homes: Households) -> np.ndarray:
    """Return who still waits: whole buildings came home together, so that one house is not half of an earlier wave."""
    building = rng.permutation(int(homes.building.max()) + 1)[homes.building]
    waiting = np.zeros(len(building), dtype=bool)
    waiting[np.argsort(building, kind="stable")[: project.overdue]] = True
    return waiting


def _home_again(rng: np.random.Generator, project: ProjectScript, promised_for: Ints) -> Ints:
    """Return when the families that came home did: some soon after their date, those of the earlier wave in its years.

    A few came home in the last months, so that today's weeks show some.
    """
    count = len(promised_for)
    if project.regime == "COLLECTIVE_LAND":
        return promised_for + np.round(rng.beta(1.2, 2.0, count) * -promised_for).astype(int)
    first, last = EARLIER_WAVE_HOME
    wave = first + np.round(rng.beta(1.1, 1.7, count) * (last - first)).astype(int)
    return np.where(rng.random(count) < LATE_PART, rng.integers(last, -5, count), wave)


def _overdue(rng: np.random.Generator, project: ProjectScript, homes: Households) -> History:
    """Return the history of an old project: all gone long ago, most families still without the promised home."""
    sections, count, section = len(homes.jurisdiction), len(homes.section), homes.section
    low, high = np.array([project.months_late[index % len(project.months_late)] for index in range(sections)]).T
    of_section = rng.uniform(low, high + 0.9)
    months = np.clip(of_section[section] + rng.normal(0, 0.5, count), low[section] + 0.05, high[section] + 0.95)
    promised_for = -np.ceil(months * DAYS_A_MONTH).astype(int)
    waiting, earlier = _still_waiting(rng, project, homes), -rng.integers(*EARLIER_PROMISES, count)
    promised_for = np.where(waiting | (project.regime == "COLLECTIVE_LAND"), promised_for, earlier)
    term = np.round(rng.uniform(*MONTHS_TO_HOMES, sections) * DAYS_A_MONTH).astype(int)
    signed = promised_for - term[section]
    valued = signed - 8 - _waiting(rng, 20, count)
    of_part = np.unique(homes.jurisdiction, return_inverse=True)[1]
    first_valued = (-_last(-valued, of_part[section], int(of_part.max()) + 1))[of_part]
    announced = np.where(first_valued <= -NEVER, NEVER, first_valued - 10)
    before = announced
    payable = signed
    if project.regime == "COLLECTIVE_LAND":
        before = first_valued
        announced = _announced_after(homes, signed)
        payable = np.maximum(signed, announced[section])
    surveyed = np.minimum(valued - rng.integers(42, 70, count), before[section] - SCHEME_DISCLOSURE)
    registered = surveyed - rng.integers(3, 20, count)
    paid = payable + 4 + np.minimum(_waiting(rng, 14, count), 90)
    vacated = paid + 2 + np.minimum(_waiting(rng, 16, count), 120)
    demolished = _demolition(rng, homes.building, vacated)
    if project.regime == "LEGACY_DEMOLITION":
        announced = np.full(sections, NEVER)
    home_again = _home_again(rng, project, promised_for)
    resettled = np.where(waiting, NEVER, np.maximum(np.minimum(home_again, -6), demolished + 30))
    exchange = np.ones(count, dtype=bool)
    value, amount = _sums(rng, project, homes, exchange, early=rng.random(count) < 0.7)
    return History(
        announced=announced,
        handed_over=_last(vacated, section, sections) + rng.integers(6, 30, sections),
        registered=registered,
        surveyed=surveyed,
        valued=valued,
        served=valued + 1,
        signed=signed,
        decided=np.full(count, NEVER),
        paid=paid,
        vacated=vacated,
        demolished=demolished,
        promised_for=promised_for,
        resettled=resettled,
        exchange=exchange,
        value_yuan=value,
        amount_yuan=amount,
    )
