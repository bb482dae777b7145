"""What must hold for every household: the sum, monotony, names without weight, and a past that stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengtu.core.compensation.assess import CompensationRules, assess
from zhengtu.core.compensation.facts import (
    Attachment,
    Building,
    Business,
    Homestead,
    HouseholdFacts,
    Land,
    Member,
    Mode,
    Option,
    Regime,
    ReplacementHouse,
    Standing,
    Transition,
    Use,
)
from zhengtu.core.compensation.facts_reading import as_plain, household_facts_from, option_from
from zhengtu.core.compensation.parameter_reading import values_added
from zhengtu.core.compensation.parameters import Kind, Level
from zhengtu.core.compensation.statement import Group
from zhengtu.core.kernel.money import product, total
from zhengtu.core.rules.compensation import CompensationRulebook

ON = date(2026, 5, 1)
OPENS = date(2026, 6, 1)
ours = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

areas = st.decimals(min_value=1, max_value=40, places=2) | st.decimals(min_value=1, max_value=400, places=2)
prices = st.decimals(min_value=500, max_value=30_000, places=2)
hardships = st.frozensets(
    st.sampled_from(["low_income", "disability", "serious_illness", "single_elderly"]), max_size=2
)
members = st.lists(
    st.builds(
        Member,
        name=st.sampled_from("甲乙丙丁戊"),
        reference=st.uuids().map(str),
        hardships=hardships,
        loses_farmland=st.booleans(),
    ),
    max_size=5,
).map(tuple)


@st.composite
def buildings(draw: Any) -> tuple[Building, ...]:
    count = draw(st.sampled_from([1, 2, 2, 3]))
    return tuple(
        Building(
            code=f"B{index}",
            use=draw(st.just(Use.DWELLING) | st.sampled_from(list(Use))),
            standing=draw(st.sampled_from([Standing.REGISTERED, Standing.RECOGNISED, Standing.UNAUTHORISED])),
            floor_area_m2=draw(areas),
            appraised_per_m2=draw(prices),
            replacement_cost=draw(prices),
        )
        for index in range(count)
    )


things = st.builds(Attachment, kind=st.just("other"), appraised=prices, evidence=st.just("D1"))
days = st.integers(0, 120).map(lambda days: OPENS + timedelta(days=days))


@st.composite
def options(draw: Any) -> Option:
    signed_on = draw(st.none() | days)
    mode = draw(st.sampled_from([Mode.CASH, Mode.EXCHANGE]))
    is_exchange = mode is Mode.EXCHANGE
    return Option(
        mode=mode,
        transition=draw(st.sampled_from(list(Transition))) if is_exchange else Transition.NONE,
        transition_months=draw(st.integers(1, 40)),
        replacements=(ReplacementHouse("R1", draw(areas), draw(prices)),) if is_exchange else (),
        signed_on=signed_on,
        vacated_on=signed_on and signed_on + timedelta(days=draw(st.integers(0, 40))),
        takes_voucher=draw(st.booleans()),
    )


@st.composite
def city_households(draw: Any) -> HouseholdFacts:
    return HouseholdFacts(
        code="220204-P0001-S01-H00001",
        place="220204",
        project="220200-P0001",
        regime=Regime.STATE_LAND,
        members=draw(members),
        buildings=draw(buildings()),
        business=draw(
            st.none()
            | st.builds(
                Business,
                monthly_profit=prices,
                stoppage_months=st.just(Decimal(12)),
                has_licence=st.booleans(),
                pays_tax=st.booleans(),
            )
        ),
        attachments=tuple(draw(st.lists(things, max_size=2))),
        is_sole_home=draw(st.booleans()),
        signing_opens_on=OPENS,
        stairwell_signed_on=draw(st.none() | days),
    )


@st.composite
def villagers(draw: Any) -> HouseholdFacts:
    zones = st.sampled_from(["2202-I", "2202-II", "2202-III"])
    lands = st.builds(
        Land,
        code=st.just("L1"),
        zone=zones,
        land_class=st.sampled_from(["farmland", "unused"]),
        area_m2=areas,
        crop=st.sampled_from(["", "maize"]),
        crop_area_m2=areas,
    )
    return HouseholdFacts(
        code="220211-P0001-S01-H00001",
        place="220211",
        regime=Regime.COLLECTIVE_LAND,
        parameter_set=draw(st.sampled_from(["standard", "farmland_pilot"])),
        members=draw(members),
        buildings=draw(buildings()),
        lands=tuple(draw(st.lists(lands, max_size=2))),
        homestead=draw(
            st.none()
            | st.builds(
                Homestead,
                legal_area_m2=areas,
                control_area_m2=areas,
                built_area_m2=areas,
                household_splits=st.integers(0, 2),
            )
        ),
    )


households = city_households() | villagers()


def larger(facts: HouseholdFacts, extra: Decimal) -> list[HouseholdFacts]:
    """The same household with one building, plot or homestead larger."""
    found = [
        replace(
            facts,
            buildings=tuple(
                replace(b, floor_area_m2=b.floor_area_m2 + extra) if i == index else b
                for i, b in enumerate(facts.buildings)
            ),
        )
        for index in range(len(facts.buildings))
    ]
    found += [
        replace(
            facts,
            lands=tuple(replace(p, area_m2=p.area_m2 + extra) if i == index else p for i, p in enumerate(facts.lands)),
        )
        for index in range(len(facts.lands))
    ]
    if facts.homestead is not None:
        grown = replace(facts.homestead, legal_area_m2=facts.homestead.legal_area_m2 + extra)
        found.append(replace(facts, homestead=grown))
    return found


@ours
@given(facts=households, option=options())
def test_the_total_is_the_sum_of_the_lines_and_each_line_is_its_product(
    facts: HouseholdFacts, option: Option, rules: CompensationRules
) -> None:
    statement = assess(facts=facts, rules=rules, option=option, on=ON)
    assert statement.total == total([line.amount for line in statement.lines])
    for line in statement.lines:
        assert line.amount == product(line.quantity, line.times, line.rate, per=line.per)
        assert line.amount.as_tuple().exponent == -2
        assert (
            (line.amount < 0) is (line.group is Group.REPLACEMENT)
            or line.amount == 0
            or line.because.code == ("compensation.limit")
        )


@ours
@given(facts=households, option=options(), extra=st.decimals(min_value=0, max_value=60, places=2))
def test_more_area_never_pays_less(
    facts: HouseholdFacts, option: Option, extra: Decimal, rules: CompensationRules
) -> None:
    before = assess(facts=facts, rules=rules, option=option, on=ON).total
    for grown in larger(facts, extra):
        assert assess(facts=grown, rules=rules, option=option, on=ON).total >= before


@ours
@given(facts=households, option=options(), area=areas, price=prices, use=st.sampled_from(list(Use)))
def test_another_building_never_pays_less(
    facts: HouseholdFacts, option: Option, area: Decimal, price: Decimal, use: Use, rules: CompensationRules
) -> None:
    more = Building(
        code="more",
        use=use,
        standing=Standing.RECOGNISED,
        floor_area_m2=area,
        appraised_per_m2=price,
        replacement_cost=price,
    )
    before = assess(facts=facts, rules=rules, option=option, on=ON).total
    extended = replace(facts, buildings=(*facts.buildings, more))
    assert assess(facts=extended, rules=rules, option=option, on=ON).total >= before


@ours
@given(facts=households, option=options(), order=st.randoms())
def test_the_order_and_wording_of_names_never_matter(
    facts: HouseholdFacts, option: Option, order: Any, rules: CompensationRules
) -> None:
    shuffled = list(facts.members)
    order.shuffle(shuffled)
    renamed = tuple(replace(member, name=f"{member.name}某", reference="") for member in shuffled)
    one = assess(facts=facts, rules=rules, option=option, on=ON)
    other = assess(facts=replace(facts, members=renamed), rules=rules, option=option, on=ON)
    assert one.to_bytes() == other.to_bytes()


@ours
@given(facts=households, option=options(), order=st.randoms(), code=st.sampled_from(["220204-P0001-S01-H99999", "x"]))
def test_the_order_of_houses_plots_and_things_and_the_number_of_the_file_never_matter(
    facts: HouseholdFacts, option: Option, order: Any, code: str, rules: CompensationRules
) -> None:
    def mixed(parts: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(order.sample(parts, len(parts)))

    other = replace(
        facts, code=code, buildings=mixed(facts.buildings), lands=mixed(facts.lands),
        attachments=mixed(facts.attachments), quotes=mixed(facts.quotes), members=mixed(facts.members),
    )
    one = assess(facts=facts, rules=rules, option=option, on=ON)
    two = assess(facts=other, rules=rules, option=option, on=ON)
    assert one.total == two.total
    for item in {line.item for line in (*one.lines, *two.lines)}:
        assert one.of_item(item) == two.of_item(item)


@ours
@given(facts=households, option=options(), extra=st.decimals(min_value=0, max_value=5_000, places=2))
def test_a_dearer_house_or_thing_never_pays_less(
    facts: HouseholdFacts, option: Option, extra: Decimal, rules: CompensationRules
) -> None:
    before = assess(facts=facts, rules=rules, option=option, on=ON).total
    dearer = replace(facts, buildings=tuple(
        replace(
            building,
            appraised_per_m2=None if building.appraised_per_m2 is None else building.appraised_per_m2 + extra,
            replacement_cost=None if building.replacement_cost is None else building.replacement_cost + extra,
        )
        for building in facts.buildings
    ))
    assert assess(facts=dearer, rules=rules, option=option, on=ON).total >= before
    more = replace(facts, attachments=tuple(
        replace(one, appraised=None if one.appraised is None else one.appraised + extra, quantity=one.quantity + 1)
        for one in facts.attachments
    ))
    assert assess(facts=more, rules=rules, option=option, on=ON).total >= before


@ours
@given(facts=households, option=options(), hardship=st.sampled_from(["low_income", "disability"]))
def test_one_more_person_or_hardship_never_pays_less(
    facts: HouseholdFacts, option: Option, hardship: str, rules: CompensationRules
) -> None:
    before = assess(facts=facts, rules=rules, option=option, on=ON).total
    joined = replace(facts, members=(*facts.members, Member(name="己", reference="new", loses_farmland=True)))
    assert assess(facts=joined, rules=rules, option=option, on=ON).total >= before
    harder = replace(facts, members=tuple(
        replace(member, hardships=member.hardships | {hardship}) for member in facts.members
    ))
    assert assess(facts=harder, rules=rules, option=option, on=ON).total >= before


@ours
@given(facts=city_households(), option=options())
def test_signing_and_moving_earlier_never_pays_less(
    facts: HouseholdFacts, option: Option, rules: CompensationRules
) -> None:
    if option.signed_on is None or option.vacated_on is None:
        return
    one_day = timedelta(days=1)
    earlier = replace(option, signed_on=option.signed_on - one_day, vacated_on=option.vacated_on - one_day)
    now = assess(facts=facts, rules=rules, option=option, on=ON).total
    assert assess(facts=facts, rules=rules, option=earlier, on=ON).total >= now


@ours
@given(facts=city_households(), option=options())
def test_rewards_never_lower_what_is_due_without_them(
    facts: HouseholdFacts, option: Option, rules: CompensationRules
) -> None:
    with_dates = assess(facts=facts, rules=rules, option=option, on=ON)
    without = assess(facts=facts, rules=rules, option=replace(option, signed_on=None, vacated_on=None), on=ON)
    assert with_dates.of_group(Group.VALUE) == without.of_group(Group.VALUE)
    assert with_dates.total >= without.total


@ours
@given(facts=city_households(), option=options())
def test_a_larger_house_in_exchange_costs_the_household_its_price_and_no_more(
    facts: HouseholdFacts, option: Option, rules: CompensationRules
) -> None:
    if option.mode is not Mode.EXCHANGE:
        return
    house = option.replacements[0]
    bigger = replace(option, replacements=(replace(house, floor_area_m2=house.floor_area_m2 + 1),))
    one = assess(facts=facts, rules=rules, option=option, on=ON)
    other = assess(facts=facts, rules=rules, option=bigger, on=ON)
    assert one.total - other.total == house.price_per_m2
    assert other.difference - one.difference == house.price_per_m2
    assert one.difference == product(house.floor_area_m2, house.price_per_m2) - one.of_group(Group.VALUE)


@pytest.fixture(scope="session")
def later_rules(book: CompensationRulebook, rules: CompensationRules) -> CompensationRules:
    """The same rules after every parameter got another value from the day after, and a new local item came."""
    places = {Level.NATION: "CN", Level.PROVINCE: "22", Level.CITY: "2202", Level.PROJECT: "220200-P0001"}
    samples: dict[Kind, Any] = {
        Kind.NUMBER: "77",
        Kind.TABLE: {"maize": "7"},
        Kind.CHARGE: {"per_household": "777"},
        Kind.TIERS: {"measure": "signing", "tiers": [{"until_day": 7, "per_household": "7"}]},
    }
    later = [
        {
            "id": parameter.id,
            "values": [
                {
                    "place": places[parameter.set_by],
                    "from": "2026-05-02",
                    "value": parameter.choices[0] if parameter.kind is Kind.CHOICE else samples[parameter.kind],
                    "source": "demonstration-values",
                    "confidence": "illustrative",
                }
            ],
        }
        for parameter in rules.parameters.by_id.values()
    ]
    item = {
        "id": "local.flowers",
        "label": ["花", "Flowers"],
        "unit": "yuan_per_household",
        "set_by": "city",
        "local": {},
        "values": later[0]["values"]
        and [
            {
                "place": "2202",
                "from": "2026-05-02",
                "value": "9",
                "source": "demonstration-values",
                "confidence": "illustrative",
            }
        ],
    }
    added = values_added(rules.parameters, [*later, item], sources=set(book.sources))
    return CompensationRules(parameters=added, items=rules.items)


@ours
@given(facts=households, option=options())
def test_a_statement_recomputed_under_its_own_date_has_the_same_bytes_when_later_values_are_added(
    facts: HouseholdFacts, option: Option, rules: CompensationRules, later_rules: CompensationRules
) -> None:
    then = assess(facts=facts, rules=rules, option=option, on=ON)
    again = assess(facts=facts, rules=later_rules, option=option, on=ON)
    assert then.to_bytes() == again.to_bytes()
    assert then.digest == again.digest


def test_the_later_values_do_count_from_their_own_day(
    household: HouseholdFacts, cash: Option, rules: CompensationRules, later_rules: CompensationRules
) -> None:
    day_after = date(2026, 5, 2)
    then = assess(facts=household, rules=rules, option=cash, on=day_after)
    now = assess(facts=household, rules=later_rules, option=cash, on=day_after)
    assert now.of_item("relocation_fee") == Decimal("777.00") != then.of_item("relocation_fee")
    assert now.rulebook != then.rulebook


@ours
@given(facts=households, option=options())
def test_facts_and_options_survive_storage(facts: HouseholdFacts, option: Option) -> None:
    assert household_facts_from(as_plain(facts)) == facts
    assert option_from(as_plain(option)) == option
