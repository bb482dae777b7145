"""A published drawing is drawn again by anybody; a changed name, list, seed or order is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.resettlement.lot_replay import LotDocument, checks, fingerprint, read_document, written
from zhengtu.core.resettlement.lots import drawn_lots

SEED = "5f" * 32
FAMILIES = [f"220204-P0001-S01-H0000{n}" for n in range(1, 6)]


def document(families: list[str] = FAMILIES) -> LotDocument:
    drawing = drawn_lots(families, seed=SEED)
    return LotDocument(
        draw="220204-L0001", site="220204-T0001", title="摇号（演示）", drawn_on=date(2025, 2, 14),
        commitment=drawing.commitment, list_digest=drawing.list_digest, households=families, seed=SEED,
        order=drawing.order,
    )


def test_the_recipe_with_nothing_but_sha256sum() -> None:
    hashed = {code: sha256(f"{SEED}\nlot\n{code}".encode()).hexdigest() for code in FAMILIES}
    assert list(document().order) == sorted(FAMILIES, key=lambda code: hashed[code])
    assert document().order[0] == "220204-P0001-S01-H00002"
    assert document().commitment.startswith("ce63c4ebf143f2aa")
    assert document().list_digest.startswith("5bd522ecc81c2af4")


@given(st.permutations(FAMILIES))
def test_the_order_does_not_depend_on_how_the_list_is_written(families: list[str]) -> None:
    assert tuple(document(list(families)).order) == tuple(document().order)


def test_what_was_written_is_read_and_agrees() -> None:
    again = read_document(written(document()))
    assert all(check.agrees for check in checks(again))
    assert fingerprint(again) == fingerprint(document())


@pytest.mark.parametrize(("changed", "agreeing"), [
    ({"seed": "a0" * 32}, [False, True, False]),
    ({"seed": "no seed"}, [False, True, True]),
    ({"households": FAMILIES[:4]}, [True, False, False]),
    ({"households": [*FAMILIES, FAMILIES[0]]}, [True, False, False]),
    ({"order": tuple(reversed(document().order))}, [True, True, False]),
])
def test_whatever_is_changed_is_found(changed: dict[str, object], agreeing: list[bool]) -> None:
    found = [check.agrees for check in checks(replace(document(), **changed))]
    assert found[0] == agreeing[0]
    assert found[1] == agreeing[1]
    assert not all(found)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "zhengtu-lots-1"}', "[" * 100_000])
def test_what_is_no_drawing_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no published drawing"):
        read_document(text)
