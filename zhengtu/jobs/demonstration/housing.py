"""Resettlement homes of the demonstration: what every household is owed, where it is built, and how far that is.

Pure: out of the generated campaign and ``housing.yaml`` follow sites, buildings, homes, entitlements, wishes and stages
of the works as values; ``resettlement`` writes them. The same campaign gives the same homes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.resettlement.rules import ResettlementRules
from zhengtu.jobs.demonstration.model import FACT_KINDS, DemonstrationCampaign, ProjectRecord
from zhengtu.jobs.demonstration.staging import script_of

SCRIPT: Final = Path(__file__).with_name("housing.yaml")
FEES_MONTHS: Final = 2
"""Months between signing and moving out, at the least; the transition begins then."""
HANDED_BEFORE: Final = timedelta(days=40)
"""A home is assigned so long before it is handed over."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What one household is owed: its attributes of ``entitlement_agreed``, and its days."""

    household: str
    project: str
    jurisdiction: str
    signed_on: date
    promised_on: date
    resettled_on: date | None
    home_type: str
    area_m2: int
    is_overdue: bool
    attributes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BuiltHome:
    """A home of a building."""

    code: str
    home_type: str
    area_m2: int
    floor: int
    number: str


@dataclass(frozen=True, slots=True)
class Built:
    """A building with its homes, and the permits and stages it has reached."""

    code: str
    name: str
    floors: int
    homes: Sequence[BuiltHome]
    stages: Mapping[str, date]
    planned_on: date


@dataclass(frozen=True, slots=True)
class BuiltSite:
    """A site; permitted: permits of the site as a whole; given: home -> household that it was handed over to."""

    code: str
    name: str
    client: str
    address: str
    longitude: float
    latitude: float
    projects: Sequence[str]
    buildings: Sequence[Built]
    permitted: Mapping[str, date]
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def budget_yuan(self) -> Decimal:
        """What its buildings cost."""
        rate = Decimal(script_of(SCRIPT)["building"]["yuan_per_m2"])
        return sum((rate * home.area_m2 for one in self.buildings for home in one.homes), Decimal(0))


class Housing:
    """Sites, homes and entitlements of a demonstration."""

    def __init__(self, demonstration: DemonstrationCampaign, rules: ResettlementRules) -> None:
        self._demonstration, self._rules = demonstration, rules
        self._script = script_of(SCRIPT)
        self._rng = np.random.default_rng([demonstration.seed, 17])
        self._numbers: Counter[str] = Counter()
        self.owed = {one.household: one for one in self._owed()}
        self.sites = tuple(self._sites())

    @cached_property
    def site_of(self) -> dict[str, str]:
        """Household -> the site that it comes home to."""
        found = {household: site.code for site in self.sites for household in site.given.values()}
        later: dict[str, list[str]] = defaultdict(list)
        for site in self.sites:
            if not site.given:
                for project in site.projects:
                    later[project].append(site.code)
        for code, one in self.owed.items():
            if code not in found and later[one.project]:
                mine = [site for site in later[one.project] if site.startswith(one.jurisdiction)]
                found[code] = (mine or later[one.project])[0]
        return found

    def entitlement(self, household: str) -> dict[str, Any] | None:
        """Attributes of the household's ``entitlement_agreed``; None where it is owed no home."""
        one = self.owed.get(household)
        if one is None:
            return None
        site = self.site_of.get(household)
        return one.attributes | ({"site": site} if site else {})

    @cached_property
    def wishes(self) -> dict[str, tuple[date, str]]:
        """Household -> the day on which it was asked this winter, and the way it chose."""
        asked, start = self._script["wishes"], self._demonstration.campaign.start_on
        ways = ("building", "purchase", "cash")
        chances = np.array([asked[way] for way in ways])
        rng = np.random.default_rng([self._demonstration.seed, 18])
        found = {}
        for code, one in sorted(self.owed.items()):
            draw, way, day = rng.random(), ways[rng.choice(3, p=chances / chances.sum())], int(rng.integers(4, 34))
            if one.is_overdue and one.resettled_on is None and draw < asked["asked"]:
                may = one.attributes["may_choose_cash"] == "yes"
                found[code] = (start + timedelta(days=day), way if way != "cash" or may else "building")
        return found

    @cached_property
    def hardships(self) -> dict[str, str]:
        """Household that waits -> a hardship recognised of it."""
        told = self._script["hardships"]
        rng = np.random.default_rng([self._demonstration.seed, 19])
        found = {}
        for code, one in sorted(self.owed.items()):
            draw, kind = rng.random(), told["kinds"][rng.integers(len(told["kinds"]))]
            if one.is_overdue and one.resettled_on is None and draw < told["share"]:
                found[code] = kind
        return found

    def _owed(self) -> Iterator[Owed]:
        told, households = self._demonstration.facts, self._demonstration.households
        sections, projects = self._demonstration.sections, self._demonstration.projects
        promised, resettled = (told.kind == FACT_KINDS.index(name) for name in ("resettlement_promised", "resettled"))
        home_on = dict(zip(told.subject[resettled].tolist(), told.happened_on[resettled].tolist(), strict=True))
        rows = zip(
            told.subject[promised].tolist(), told.happened_on[promised].tolist(), told.promised_on[promised].tolist(),
            strict=True,
        )
        for row, signed_on, promised_on in sorted(rows):
            section = households.section[row]
            project = projects[sections.project[section]]
            yield self._entitled(
                str(households.code[row]), project, float(households.registered_area_m2[row]), signed_on, promised_on,
                home_on.get(row),
            )

    def _entitled(
        self, code: str, project: ProjectRecord, given_up_m2: float, signed_on: date, promised_on: date,
        resettled_on: date | None,
    ) -> Owed:
        terms = self._script["agreements"].get(project.code, self._script["otherwise"])
        payers = terms.get("payers", [[project.client, _kind_of(project.client), 1.0]])
        payer, kind, _ = payers[self._rng.choice(len(payers), p=[share for _, _, share in payers])]
        home_m2 = int(min(130, max(40, round(given_up_m2 * 1.04 + self._rng.integers(0, 4)))))
        months = max(6, (promised_on.year - signed_on.year) * 12 + promised_on.month - signed_on.month - FEES_MONTHS)
        home_type = self._rules.type_of(Decimal(home_m2))
        attributes: dict[str, Any] = {
            "payer": payer, "payer_kind": kind, "home_type": home_type, "home_area_m2": f"{home_m2}.00",
            "given_up_area_m2": f"{max(20.0, given_up_m2):.2f}", "agreed_months": months,
            "moved_out_on": add_months(promised_on, -months).isoformat(), "in_turnover_housing": "no",
            "may_choose_cash": "yes" if self._rng.random() < terms["cash_share"] else "no",
            "cash_yuan": f"{home_m2 * 4300:.2f}",
        }
        if attributes["may_choose_cash"] == "no":
            del attributes["cash_yuan"]
        if "rule" in terms:
            attributes["rule"] = terms["rule"]
        if "rate" in terms:
            attributes |= {
                "agreed_yuan_m2_month": f"{terms['rate']:.2f}", "overdue_multiplier": str(terms["multiplier"]),
            }
        return Owed(
            household=code, project=project.code, jurisdiction=code[:6], signed_on=signed_on, promised_on=promised_on,
            resettled_on=resettled_on, home_type=home_type, area_m2=home_m2,
            is_overdue=project.overdue_resettlement, attributes=attributes,
        )

    def _sites(self) -> Iterator[BuiltSite]:
        """For each overdue project the phase that was handed over and the later one; for the others one by division."""
        by_project: dict[str, list[Owed]] = defaultdict(list)
        for one in self.owed.values():
            by_project[one.project].append(one)
        under_way: dict[str, list[Owed]] = defaultdict(list)
        for project in self._demonstration.projects:
            mine = by_project[project.code]
            if not project.overdue_resettlement:
                for one in mine:
                    under_way[one.jurisdiction].append(one)
                continue
            home = [one for one in mine if one.resettled_on is not None]
            waiting = [one for one in mine if one.resettled_on is None]
            name = _without(project.name, ("项目", "回迁区", "回迁楼", "回迁小区"))
            place = (project.jurisdictions[0], project.client, (project.code,))
            share = self._script["supply"]["overdue"]
            if home:
                yield self._site(*place, f"{name}安置小区一期（演示）", home, done=True)
            if waiting:
                yield self._site(*place, f"{name}安置小区二期（演示）", waiting, share=share)
        for division, rows in sorted(under_way.items()):
            projects = tuple(sorted({one.project for one in rows}))
            name = f"{self._name_of(division)}综合安置小区（演示）"
            yield self._site(
                division, "220200-construction-commission", projects, name, rows,
                share=self._script["supply"]["under_way"],
            )

    def _site(
        self, division: str, client: str, projects: Sequence[str], name: str, families: Sequence[Owed], *,
        share: float = 1.0, done: bool = False,
    ) -> BuiltSite:
        self._numbers[division] += 1
        code = f"{division}-T{self._numbers[division]:04d}"
        homes = _homes_for(families, share=share, rng=self._rng)
        buildings = list(self._buildings(code, homes, families, done=done))
        first = min(min(one.stages.values()) for one in buildings)
        given: dict[str, str] = {}
        if done:
            by_type: dict[str, list[str]] = defaultdict(list)
            for one in buildings:
                for home in one.homes:
                    by_type[home.home_type].append(home.code)
            for family in sorted(families, key=lambda one: (one.resettled_on or date.max, one.household)):
                given[by_type[family.home_type].pop(0)] = family.household
        longitude, latitude = self._place(division)
        return BuiltSite(
            code=code, name=name, client=client, address=f"{self._name_of(division)}演示路{self._numbers[division]}号",
            longitude=longitude, latitude=latitude, projects=projects, buildings=buildings, given=given,
            permitted={"land": add_months(first, -9), "planning": add_months(first, -5)},
        )

    def _buildings(
        self, site: str, homes: Sequence[tuple[str, int]], families: Sequence[Owed], *, done: bool
    ) -> Iterator[Built]:
        """Buildings of whole floors, filled with homes in their order."""
        told, today = self._script["building"], self._demonstration.today
        floors, on_a_floor = told["floors"], int(told["on_a_floor"])
        start, number = 0, 0
        while start < len(homes):
            storeys = floors[number % len(floors)]
            some = homes[start:start + storeys * on_a_floor]
            start, number = start + len(some), number + 1
            code = f"{site}-Z{number:02d}"
            if done:
                first_home = min(one.resettled_on for one in families if one.resettled_on is not None)
                stages = self._stages("accepted", first_home - timedelta(days=60))
            else:
                turn = (number - 1 + int(site[-1])) % len(self._script["progress"])
                stage, ago = self._script["progress"][turn]
                stages = self._stages(stage, add_months(today, -int(ago)) - timedelta(days=int(self._rng.integers(20))))
            yield Built(
                code=code, name=f"{number}号楼", floors=-(-len(some) // on_a_floor), stages=stages,
                planned_on=add_months(min(stages.values()), 26),
                homes=[
                    BuiltHome(
                        f"{code}-U{place + 1:04d}", kind, area, place // on_a_floor + 1,
                        f"{place // on_a_floor + 1}{place % on_a_floor + 1:02d}",
                    )
                    for place, (kind, area) in enumerate(some)
                ],
            )

    def _stages(self, last: str, on: date) -> dict[str, date]:
        """Permit to build and every stage until the last reached, each some months after the one before."""
        ids = [stage.id for stage in self._rules.stages]
        reached = ids[ids.index("construction"):ids.index(last) + 1]
        found = {}
        for stage in reversed(reached):
            found[stage] = on
            step = int(self._script["months_between"]) + int(self._rng.integers(-1, 3))
            on = add_months(on, -step) - timedelta(days=int(self._rng.integers(12)))
        return dict(reversed(found.items()))

    def _name_of(self, division: str) -> str:
        return next(unit.name for unit in self._demonstration.units if unit.code == division)

    def _place(self, division: str) -> tuple[float, float]:
        """Somewhere near the middle of a division."""
        west, north = script_of(SCRIPT.with_name("campaign.yaml"))["jurisdictions"][division]["centre"]
        aside = self._rng.uniform(-0.012, 0.012, 2)
        return round(float(west + aside[0]), 6), round(float(north + aside[1]), 6)


def _without(name: str, endings: Sequence[str]) -> str:
    for ending in endings:
        name = name.removesuffix(ending)
    return name


def _kind_of(unit: str) -> str:
    enterprises = ("220200-railway-investment", "220200-guokai-jilin")
    return "state_enterprise" if unit in enterprises else "public_finance"


def _homes_for(families: Sequence[Owed], *, share: float, rng: np.random.Generator) -> list[tuple[str, int]]:
    """Types and areas of homes for so large a part of the families of each type, mixed."""
    by_type: dict[str, list[int]] = defaultdict(list)
    for one in families:
        by_type[one.home_type].append(one.area_m2)
    homes = []
    for kind, areas in by_type.items():
        count = max(1, round(share * len(areas)))
        homes += [(kind, area) for area in sorted(areas)[:count]]
    return [homes[place] for place in rng.permutation(len(homes))]
