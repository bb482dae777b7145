"""Draws that a second person repeats from seed and list, with nothing but a hash."""

from __future__ import annotations

import subprocess
from collections import Counter
from datetime import date, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.inspection.pairing import Inspector, drawn_teams
from zhengtu.core.inspection.patrol import patrol_list, patrol_weight
from zhengtu.core.inspection.sampling import Stratum, allocated, drawn_plan, plan_faults
from zhengtu.core.kernel.draw import (
    commitment_of,
    digest_of_list,
    drawn_order,
    uniform_of,
    weighted_order,
)
from zhengtu.core.kernel.reasons import Refused

SEED = "5f" * 16
CODES = [f"220204-P0001-S01-H{number:05d}" for number in range(1, 41)]
SEEDS = st.binary(min_size=16, max_size=16).map(bytes.hex)


def test_anybody_repeats_the_order_with_sha256sum() -> None:
    def hashed(code: str) -> str:
        line = f"{SEED}\nhousehold\n{code}"
        return subprocess.run(["sha256sum"], input=line, capture_output=True, text=True, check=True).stdout.split()[0]

    assert drawn_order(CODES[:6], seed=SEED, purpose="household") == sorted(CODES[:6], key=hashed)


@given(SEEDS, st.randoms())
def test_the_order_depends_on_the_list_not_on_how_it_was_handed_over(seed: str, chance: object) -> None:
    shuffled = CODES.copy()
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert drawn_order(shuffled, seed=seed, purpose="x") == drawn_order(CODES, seed=seed, purpose="x")
    assert digest_of_list(shuffled) == digest_of_list(CODES)


def test_another_seed_and_another_list_have_other_fingerprints() -> None:
    assert commitment_of(SEED) == sha256(SEED.encode()).hexdigest() != commitment_of("6f" * 16)
    assert digest_of_list(CODES) != digest_of_list(CODES[1:])


@pytest.mark.parametrize("seed", ["", "5f", "5F" * 16, "not a seed, but long enough to be taken for one"])
def test_what_is_no_seed_is_refused(seed: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        commitment_of(seed)


@given(SEEDS)
def test_uniform_numbers_lie_strictly_between_zero_and_one(seed: str) -> None:
    assert all(0 < uniform_of(code, seed=seed, purpose="x") < 1 for code in CODES)


def test_a_heavier_house_is_drawn_more_often() -> None:
    weights = {"heavy": 3.0, "light": 1.0}
    first = Counter(
        weighted_order(weights, seed=sha256(str(number).encode()).hexdigest(), purpose="patrol")[0]
        for number in range(4000)
    )
    assert first["heavy"] / 4000 == pytest.approx(0.75, abs=0.03)


def test_a_house_long_empty_is_likelier_to_be_patrolled_than_one_just_seen() -> None:
    today = date(2025, 2, 14)
    long_ago, yesterday = today - timedelta(days=300), today - timedelta(days=1)
    assert patrol_weight(vacated_on=long_ago, last_seen_on=None, on=today) == 11
    assert patrol_weight(vacated_on=long_ago, last_seen_on=today, on=today) == 1
    houses = {code: (long_ago if number < 20 else yesterday, None) for number, code in enumerate(CODES)}
    houses["220204-P0001-S01-H99999"] = (today + timedelta(days=1), None)
    drawn = patrol_list(houses, on=today, count=10, seed=SEED)
    assert len(drawn) == 10
    assert "220204-P0001-S01-H99999" not in patrol_list(houses, on=today, count=99, seed=SEED)
    assert sum(code in CODES[:20] for code in drawn) > 5


def test_the_sample_goes_where_it_tells_most() -> None:
    strata = [
        Stratum("220204/vacated", CODES[:30], expected_rate=0.3),
        Stratum("220204/signed", CODES[30:], expected_rate=0.02),
    ]
    assert allocated(strata, total=12) == {"220204/vacated": 10, "220204/signed": 2}


@given(
    st.lists(st.tuples(st.integers(0, 60), st.floats(0.01, 0.99)), min_size=1, max_size=8), st.integers(0, 200),
    st.integers(0, 5),
)
def test_sizes_add_up_and_no_stratum_gives_more_than_it_has(
    given_strata: list[tuple[int, float]], total: int, least: int
) -> None:
    strata = [
        Stratum(str(number), [f"{number}-{code}" for code in range(size)], rate)
        for number, (size, rate) in enumerate(given_strata)
    ]
    sizes = allocated(strata, total=total, least=least)
    assert sum(sizes.values()) == min(total, sum(len(one.codes) for one in strata))
    assert all(0 <= sizes[one.key] <= len(one.codes) for one in strata)


def test_a_second_person_finds_a_choice_that_was_not_drawn() -> None:
    strata = [Stratum("a", CODES[:20]), Stratum("b", CODES[20:])]
    plan = drawn_plan(strata, sizes={"a": 3, "b": 2}, seed=SEED)
    assert plan_faults(plan, strata=strata, seed=SEED) == []
    swapped = [Stratum("a", CODES[1:20]), Stratum("b", CODES[20:])]
    assert "inspection.other_list" in {one.code for one in plan_faults(plan, strata=swapped, seed=SEED)}
    assert "inspection.other_seed" in {one.code for one in plan_faults(plan, strata=strata, seed="6f" * 16)}


INSPECTORS = [Inspector(f"220200-u{number:04d}") for number in range(1, 7)]


@given(SEEDS)
def test_two_go_together_share_the_work_and_stay_away_from_home(seed: str) -> None:
    inspectors = [*INSPECTORS[1:], Inspector("220200-u0001", recused=frozenset({"220204"}))]
    teams = drawn_teams({"220204": 30, "220202": 20, "220211": 10}, inspectors=inspectors, seed=seed)
    assert all(len(set(team)) == 2 for team in teams.values())
    assert "220200-u0001" not in teams["220204"]
    assert len({person for team in teams.values() for person in team}) == 6


def test_too_few_who_need_not_recuse_themselves_is_said() -> None:
    recused = [Inspector(one.person, recused=frozenset({"220204"})) for one in INSPECTORS[:5]]
    with pytest.raises(Refused) as refused:
        drawn_teams({"220204": 3}, inspectors=[*recused, INSPECTORS[5]], seed=SEED)
    assert refused.value.reasons[0].parameters == {"place": "220204", "free": "1", "need": "2"}
