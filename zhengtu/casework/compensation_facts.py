"""From ledger and register to the input of a statement of compensation: facts, option, day and rules, in bulk.

A handful of queries for each batch of households, however many there are. Nothing is typed in twice: areas, use and
persons come from the register, values from the valuation, everything else from facts with their evidence.

A valuation names one value for the household's lawful buildings. It is divided among registered and recognised areas
in their proportion, and each part becomes a price per m² with the fewest decimals for which area × price gives the
part back to the fen (``core.compensation.unit_price``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from zhengtu.casework.inventory import (
    Facts,
    Held,
    attachments,
    business,
    day,
    homestead,
    is_yes,
    lands,
    last,
    members,
    number,
    pieces,
    quotes,
    replacement_houses,
)
from zhengtu.casework.models import AdoptedPlan
from zhengtu.core.compensation.assess import CompensationRules
from zhengtu.core.compensation.facts import (
    Building,
    HouseholdFacts,
    Mode,
    Option,
    Regime,
    Standing,
    Transition,
    Use,
)
from zhengtu.core.compensation.parameter_reading import plan_adopted
from zhengtu.core.compensation.parameters import STANDARD_SET
from zhengtu.core.compensation.unit_price import unit_price, value_shares
from zhengtu.core.kernel.codes import jurisdiction_of, project_of, section_of
from zhengtu.ledger.models import Fact
from zhengtu.ledger.rulebook import current_compensation
from zhengtu.registry.models import Household, HouseUse, Project
from zhengtu.registry.procedure_cases import participation_of

_BATCH: Final = 5_000
_HOUSEHOLD_KINDS: Final = (
    "valued", "unregistered_recognised", "item_inventoried", "item_quoted", "business_inventoried", "land_inventoried",
    "homestead_inventoried", "hardship_recognised", "sole_home_recognised", "farmers_recognised", "option_chosen",
    "replacement_chosen", "signed", "decided", "vacated", "moved_back_found",
)
_ANNOUNCEMENT: Final[Mapping[str, str]] = {
    Regime.STATE_LAND: "expropriation_announced", Regime.COLLECTIVE_LAND: "land_scheme_announced",
}
"""What opens the signing period, or makes the scheme known: the day whose rules apply where no valuation names one."""
_USES: Final[Mapping[str, Use]] = {
    HouseUse.DWELLING: Use.DWELLING, HouseUse.SHOP: Use.SHOP, HouseUse.OFFICE: Use.NON_DWELLING,
    HouseUse.PRODUCTION: Use.NON_DWELLING, HouseUse.OTHER: Use.NON_DWELLING,
}


@dataclass(frozen=True, slots=True)
class CompensationCase:
    """All that a statement of one household is computed from.

    Attributes:
        valued_on: the day whose rules apply: the valuation's, else the announcement's; None before either.
        ways: both ways of compensation, each with the houses and transition chosen and with what was done since.
        chosen: the way signed or decided, else the one that the household chose; None while nothing is.
        is_valued: whether a valuation is on file.
    """

    facts: HouseholdFacts
    valued_on: date | None
    ways: Mapping[Mode, Option]
    chosen: Mode | None
    is_valued: bool

    @property
    def option(self) -> Option | None:
        """The chosen way, or None."""
        return self.ways[self.chosen] if self.chosen else None


def household_facts_of(codes: Sequence[str], *, on: date | None = None) -> dict[str, HouseholdFacts]:
    """Household -> facts as surveyed, recognised and valued; codes that are not registered are absent.

    Args:
        on: leave out what happened after this day; None takes all.
    """
    return {code: case.facts for code, case in compensation_cases_of(codes, on=on).items()}


def compensation_cases_of(codes: Sequence[str], *, on: date | None = None) -> dict[str, CompensationCase]:
    """Household -> facts, option and day; codes that are not registered are absent.

    Args:
        on: leave out what happened after this day; None takes all.
    """
    cases: dict[str, CompensationCase] = {}
    sets = _parameter_sets({project_of(code) for code in codes})
    for start in range(0, len(codes), _BATCH):
        batch = codes[start : start + _BATCH]
        rows = Household.objects.filter(pk__in=batch).select_related("section__project").defer(
            "personal_sealed", "section__shape", "section__project__shape"
        )
        own = _standing_facts(batch, kinds=_HOUSEHOLD_KINDS, on=on)
        places = {place for code in batch for place in (participation_of(code), section_of(code))}
        shared = _standing_facts(sorted(places), kinds=tuple(_ANNOUNCEMENT.values()), on=on)
        for row in rows:
            elected = sets.get(row.section.project_id, ())
            cases[row.code] = case_from(row, own=own.get(row.code, {}), shared=shared, sets=elected)
    return cases


def rules_for(project: Project | str) -> CompensationRules:
    """The rulebook's parameters with every scheme that the project adopted, and the heads.

    Without an adopted scheme these are the parameters of nation, province and city alone.
    """
    code = project if isinstance(project, str) else project.code
    plans = AdoptedPlan.objects.filter(project=code).order_by("version").values_list("pk", "from_on")
    return _merged_rules(code, tuple(plans))


@lru_cache(maxsize=512)
def _merged_rules(project: str, plans: tuple[tuple[int, date], ...]) -> CompensationRules:
    book = current_compensation()
    parameters = book.rules.parameters
    for plan in AdoptedPlan.objects.filter(pk__in=[pk for pk, _ in plans]).order_by("version"):
        parameters = plan_adopted(parameters, {**plan.plan, "from": plan.from_on}, project=project)
    return CompensationRules(parameters=parameters, items=book.rules.items)


def _parameter_sets(projects: set[str]) -> dict[str, list[tuple[date, str]]]:
    """Project -> (day, parameter set elected from that day), earliest first."""
    elected: dict[str, list[tuple[date, str]]] = defaultdict(list)
    plans = AdoptedPlan.objects.filter(project__in=projects).order_by("from_on")
    for project, from_on, name in plans.values_list("project_id", "from_on", "parameter_set"):
        elected[project].append((from_on, name))
    return elected


def _standing_facts(
    codes: Sequence[str], *, kinds: Sequence[str], on: date | None
) -> dict[str, dict[str, list[Held]]]:
    """Subject -> kind -> facts that are neither corrected nor withdrawn."""
    rows = Fact.objects.filter(subject__in=codes, kind__in=(*kinds, "withdrawn"))
    values = list(
        rows.order_by("happened_on", "deed__recorded_at", "deed_id", "ordinal").values_list(
            "deed_id", "ordinal", "subject", "kind", "happened_on", "attributes", "supersedes"
        )
    )
    superseded = {supersedes for *_, supersedes in values if supersedes}
    found: dict[str, dict[str, list[Held]]] = defaultdict(lambda: defaultdict(list))
    for deed, ordinal, subject, kind, happened_on, attributes, _supersedes in values:
        reference = f"{deed}/{ordinal}"
        if kind == "withdrawn" or reference in superseded or (on is not None and happened_on > on):
            continue
        found[subject][kind].append(Held(reference, happened_on, attributes))
    return found


def case_from(
    row: Household, *, own: Facts, shared: Mapping[str, Facts], sets: Sequence[tuple[date, str]] = ()
) -> CompensationCase:
    """The case of one household from its row and its standing facts.

    Args:
        row: with its section and project.
        own: the household's facts by kind, in the order in which they happened.
        shared: those of its section and of the project's part in its jurisdiction, by subject.
        sets: (day, parameter set) that the project elected, earliest first.
    """
    project = row.section.project
    regime = Regime(project.regime)
    announced = _announcement(row, shared, regime)
    valued, trade = last(own, "valued"), last(own, "business_inventoried")
    valued_on = day(valued.attributes.get("value_on")) if valued else None
    valued_on = valued_on or announced
    facts = HouseholdFacts(
        code=row.code,
        place=jurisdiction_of(row.code),
        regime=regime,
        project=project.code,
        parameter_set=_elected(sets, valued_on),
        members=members(row.members or 0, own),
        buildings=_buildings(row, regime, valued.attributes if valued else {}, last(own, "unregistered_recognised")),
        attachments=tuple(attachments(own)),
        quotes=tuple(quotes(own)),
        business=business(trade.attributes) if trade else None,
        lands=tuple(lands(own)),
        homestead=homestead(own),
        pieces=pieces(own),
        is_sole_home=is_yes(last(own, "sole_home_recognised"), "sole_home"),
        signing_opens_on=announced if regime is Regime.STATE_LAND else None,
    )
    ways, chosen = _options(own)
    return CompensationCase(facts, valued_on, ways, chosen, is_valued=valued is not None)


def _elected(sets: Sequence[tuple[date, str]], on: date | None) -> str:
    held = [name for from_on, name in sets if on is None or from_on <= on]
    return held[-1] if held else STANDARD_SET


def _announcement(row: Household, shared: Mapping[str, Facts], regime: Regime) -> date | None:
    """The day announced to the household's section, else to the project's part in its jurisdiction."""
    kind = _ANNOUNCEMENT.get(regime, "")
    for place in (row.section_id, participation_of(row.code)):
        fact = last(shared.get(place, {}), kind)
        if fact is not None:
            return day(fact.attributes.get("published_from")) or fact.happened_on
    return None


def _buildings(
    row: Household, regime: Regime, valued: Mapping[str, Any], opinion: Held | None
) -> tuple[Building, ...]:
    """Registered, recognised, temporary, unlawful, and what nobody has investigated yet."""
    found = opinion.attributes if opinion else {}
    registered = row.registered_area_m2 or Decimal(0)
    recognised = number(found, "recognised_area_m2") or Decimal(0)
    temporary = number(found, "temporary_area_m2") or Decimal(0)
    unlawful = number(found, "unlawful_area_m2") or Decimal(0)
    rest = (row.unregistered_area_m2 or Decimal(0)) - recognised - temporary - unlawful
    base, use = row.building_id or row.code, _USES[row.use]
    values = _prices(valued, (registered, recognised), regime)
    buildings = []
    for standing, area, prices in (
        (Standing.REGISTERED, registered, values[0]),
        (Standing.RECOGNISED, recognised, values[1]),
        (Standing.TEMPORARY, temporary, {
            "replacement_cost": number(valued, "temporary_cost_yuan"),
            "approved_months": int(found.get("approved_months") or 0),
            "remaining_months": int(found.get("remaining_months") or 0),
        }),
        (Standing.UNAUTHORISED, unlawful, {"replacement_cost": number(valued, "unlawful_cost_yuan")}),
        (Standing.UNDETERMINED, rest, {}),
    ):
        if area > 0:
            code = base if standing is Standing.REGISTERED else f"{base}#{standing}"
            buildings.append(Building(code=code, use=use, standing=standing, floor_area_m2=area, **prices))
    return tuple(buildings)


def _prices(valued: Mapping[str, Any], areas: tuple[Decimal, Decimal], regime: Regime) -> list[dict[str, Any]]:
    """For each lawful area its price, market price or replacement cost, from the report's values for all of them."""
    prices: list[dict[str, Any]] = [{} for _ in areas]
    for name, whole in (("value_yuan", "appraised_per_m2"), ("market_value_yuan", "market_per_m2")):
        value = number(valued, name)
        if value is None:
            continue
        for price, area, share in zip(prices, areas, value_shares(value=value, areas_m2=areas), strict=True):
            if not area:
                continue
            if regime is Regime.COLLECTIVE_LAND and name == "value_yuan":
                price["replacement_cost"] = share
            elif regime is not Regime.COLLECTIVE_LAND:
                price[whole] = unit_price(value=share, area_m2=area)
    return prices


def _options(own: Facts) -> tuple[Mapping[Mode, Option], Mode | None]:
    """Both ways as the household's choices and deeds shape them, and the way signed, decided or chosen."""
    chosen, settled = last(own, "option_chosen"), last(own, "signed") or last(own, "decided")
    mode = (settled and settled.attributes.get("option")) or (chosen and chosen.attributes.get("option"))
    given = chosen.attributes if chosen else {}
    signed, vacated = last(own, "signed"), last(own, "vacated")
    moved_back = last(own, "moved_back_found")
    if vacated and moved_back and moved_back.happened_on >= vacated.happened_on:
        vacated = None
    done = {
        "signed_on": signed.happened_on if signed else None, "vacated_on": vacated.happened_on if vacated else None
    }
    ways = {
        Mode.CASH: Option(mode=Mode.CASH, takes_voucher=is_yes(chosen, "takes_voucher"), **done),
        Mode.EXCHANGE: Option(
            mode=Mode.EXCHANGE,
            transition=Transition(given.get("transition") or Transition.NONE),
            transition_months=int(given.get("transition_months") or 0),
            replacements=replacement_houses(own),
            **done,
        ),
    }
    return ways, Mode(mode) if mode else None
