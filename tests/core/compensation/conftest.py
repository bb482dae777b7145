"""The rulebook's compensation part, and a household to vary."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from zhengtu.core.compensation.assess import CompensationRules
from zhengtu.core.compensation.facts import (
    Building,
    HouseholdFacts,
    Member,
    Mode,
    Option,
    Regime,
    ReplacementHouse,
    Standing,
    Transition,
    Use,
)
from zhengtu.core.compensation.parameter_reading import plan_adopted
from zhengtu.core.rules.compensation import CompensationRulebook, load_compensation

RULEBOOK = Path(__file__).resolve().parents[3] / "rulebook"
PROJECT = "220200-P0001"


@pytest.fixture(scope="session")
def book() -> CompensationRulebook:
    return load_compensation(RULEBOOK)


@pytest.fixture(scope="session")
def rules(book: CompensationRulebook) -> CompensationRules:
    """The rulebook with the demonstration scheme adopted by project 1."""
    adopted = plan_adopted(book.rules.parameters, book.schemes["demonstration"], project=PROJECT)
    return CompensationRules(parameters=adopted, items=book.rules.items)


@pytest.fixture
def household() -> HouseholdFacts:
    """A sole home of 60 m² in a district of the city, with two people."""
    return HouseholdFacts(
        code="220204-P0001-S01-H00001",
        place="220204",
        project=PROJECT,
        regime=Regime.STATE_LAND,
        is_sole_home=True,
        signing_opens_on=date(2026, 6, 1),
        members=(Member("甲", "p1"), Member("乙", "p2", hardships=frozenset({"disability"}))),
        buildings=(
            Building(
                code="B1",
                use=Use.DWELLING,
                standing=Standing.REGISTERED,
                floor_area_m2=Decimal(60),
                appraised_per_m2=Decimal(5200),
                market_per_m2=Decimal(5100),
                structure="brick",
                built_year=1988,
            ),
        ),
    )


@pytest.fixture
def cash() -> Option:
    return Option(mode=Mode.CASH, signed_on=date(2026, 6, 20), vacated_on=date(2026, 6, 30))


@pytest.fixture
def exchange() -> Option:
    return Option(
        mode=Mode.EXCHANGE,
        transition=Transition.FEE,
        transition_months=24,
        replacements=(ReplacementHouse("R1", Decimal(75), Decimal(6000)),),
        signed_on=date(2026, 6, 20),
        vacated_on=date(2026, 6, 30),
    )
