"""The published draw: a second person draws the same from it, and sees what was tampered with."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.inspection.pairing import Inspector, drawn_teams
from zhengtu.core.inspection.patrol import patrol_list
from zhengtu.core.inspection.replay import (
    DrawDocument,
    DrawnStratum,
    checks,
    fingerprint,
    read_document,
    written,
)
from zhengtu.core.inspection.sampling import Stratum, allocated, drawn_plan
from zhengtu.core.kernel.draw import commitment_of, digest_of_list, drawn_order
from zhengtu.core.kernel.reasons import Refused

REPOSITORY: Final = Path(__file__).resolve().parents[3]
SEED = "3c" * 32
AS_OF = date(2025, 2, 13)
INSPECTORS = {"220200-u1": ("220204",), "220200-u2": (), "220200-u3": (), "220200-u4": ("220202",)}


def test_the_example_of_the_documentation_holds(tmp_path: Path) -> None:
    text = (REPOSITORY / "docs" / "algorithms" / "inspection-draw.md").read_text(encoding="utf-8")
    script = text.partition("```sh\n")[2].partition("```")[0]
    run = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    answers = run.stdout.splitlines()
    told = [line.partition("# ")[2] for line in script.splitlines() if "…" in line]
    assert len(answers) == len(told) == 4
    assert all(answer.startswith(one.split()[-1 if ":" in one else 0].rstrip("…")) for answer, one in zip(
        answers, told, strict=True
    ))
    seed, held = "5f" * 32, [f"220204-P0001-S01-H0000{number}" for number in range(1, 6)]
    assert answers[0].split()[0] == commitment_of(seed)
    assert answers[1].split()[0] == digest_of_list(held)
    assert [line.split()[1] for line in answers[2:]] == drawn_order(held, seed=seed, purpose="household")[:2]


def codes(place: str, number: int) -> list[str]:
    return [f"{place}-P0001-S01-H{one:05d}" for one in range(1, number + 1)]


def document(seed: str = SEED, households: int = 9) -> DrawDocument:
    """A draw of two districts, as it is published."""
    strata = [
        Stratum("220202/vacated", codes("220202", 40)), Stratum("220204/demolished", codes("220204", 7)),
        Stratum("220204/vacated", [f"{one}9" for one in codes("220204", 25)]),
    ]
    plan = drawn_plan(strata, sizes=allocated(strata, total=households), seed=seed)
    drawn = [DrawnStratum(one.key, tuple(one.codes), tuple(plan.chosen[one.key])) for one in strata]
    shell = DrawDocument(
        inspection="220200-I12345", form="special", matter="moved_out", as_of_on=AS_OF, households=households,
        least_per_stratum=2, expected_rate=0.1, together=2, seed=seed, commitment=commitment_of(seed),
        list_digest=plan.list_digest, strata=drawn, inspectors=INSPECTORS, teams={},
    )
    pool = [Inspector(person, frozenset(places)) for person, places in sorted(INSPECTORS.items())]
    return replace(shell, teams=drawn_teams(shell.places, inspectors=pool, seed=seed))


def patrol() -> DrawDocument:
    """A patrol of thirty vacated houses."""
    houses = {
        code: (AS_OF - timedelta(days=10 * place), None if place % 3 else AS_OF - timedelta(days=place))
        for place, code in enumerate(codes("220204", 30), start=1)
    }
    chosen = patrol_list(houses, on=AS_OF, count=6, seed=SEED)
    return replace(
        document(), form="patrol", matter="stays_empty", households=6, list_digest=digest_of_list(houses),
        strata=[DrawnStratum("220204/vacated", tuple(houses), tuple(chosen))], weights=houses,
        teams=drawn_teams(
            {"220204": 6}, seed=SEED,
            inspectors=[Inspector(person, frozenset(places)) for person, places in sorted(INSPECTORS.items())],
        ),
    )


def verdicts(held: DrawDocument) -> list[bool | None]:
    return [check.agrees for check in checks(held)]


@given(st.binary(min_size=32, max_size=32).map(bytes.hex), st.integers(1, 72))
def test_what_was_drawn_is_drawn_again_whatever_the_seed(seed: str, households: int) -> None:
    assert set(verdicts(read_document(written(document(seed, households))))) == {True}


def test_a_patrol_is_drawn_again_with_its_days() -> None:
    assert set(verdicts(read_document(written(patrol())))) == {True}


def test_the_document_comes_back_as_it_was_written() -> None:
    for held in (document(), patrol()):
        assert fingerprint(read_document(written(held))) == fingerprint(held)


def swapped(held: DrawDocument) -> DrawDocument:
    """One drawn household put in the place of another that pleases more."""
    first, *rest = held.strata
    other = next(code for code in first.codes if code not in first.drawn)
    return replace(held, strata=[replace(first, drawn=(other, *first.drawn[1:])), *rest])


def shortened(held: DrawDocument) -> DrawDocument:
    """A household of the list left out."""
    first, *rest = held.strata
    out = next(code for code in first.codes if code not in first.drawn)
    return replace(held, strata=[replace(first, codes=tuple(code for code in first.codes if code != out)), *rest])


def fewer(held: DrawDocument) -> DrawDocument:
    """The last household of a district not looked at."""
    first, *rest = held.strata
    return replace(held, strata=[replace(first, drawn=first.drawn[:-1]), *rest])


@pytest.mark.parametrize("make", [document, patrol])
@pytest.mark.parametrize(
    "tamper",
    [
        swapped, shortened, fewer,
        lambda held: replace(held, seed="4c" * 32),
        lambda held: replace(held, teams={**held.teams, "220204": ("220200-u1", "220200-u2")}),
        lambda held: replace(held, households=held.households + 1),
    ],
)
def test_whatever_was_changed_is_seen(make: Any, tamper: Any) -> None:
    assert False in verdicts(tamper(make()))


def test_a_part_tells_its_own_strata_and_says_what_it_does_not_hold() -> None:
    whole = document()
    own = [one for one in whole.strata if one.key.startswith("220204")]
    part = replace(whole, strata=own, list_digest="", inspectors={}, teams={"220204": whole.teams["220204"]})
    assert verdicts(part) == [True, None, None, True, True, None]
    assert False in verdicts(swapped(part))


@pytest.mark.parametrize(
    "text",
    [
        "", "no JSON", "[]", "{}", '{"format": "another"}', '{"format": "zhengtu-inspection-draw-1"}',
        "[" * 100_000, json.dumps({**json.loads(written(document())), "households": "many"}),
        json.dumps({**json.loads(written(document())), "expected_rate": 2}),
        json.dumps({**json.loads(written(document())), "as_of_on": "yesterday"}),
        json.dumps({**json.loads(written(document())), "strata": [{"key": 1, "codes": [2], "drawn": [3]}]}),
        json.dumps({**json.loads(written(patrol())), "weights": {}}),
    ],
)
def test_what_is_no_published_draw_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no published draw"):
        read_document(text)
