"""The part of the rulebook about promises to families that wait, and about claims among payers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from zhengtu.core.resettlement.promises import FamilyRight, PromiseRules
from zhengtu.core.rules.reading import RulebookInvalid, known_source, label_pair, read_entries

_FILE: Final = "resettlement/promises.yaml"
_REGIMES: Final = ("STATE_LAND", "COLLECTIVE_LAND", "LEGACY_DEMOLITION")


def load_promises(folder: Path, *, sources: Mapping[str, tuple[str, str]]) -> PromiseRules:
    """Read and check ``resettlement/promises.yaml``.

    Raises:
        RulebookInvalid: naming the entry that is wrong.
    """
    raw = read_entries(folder / "resettlement" / "promises.yaml")
    known_source(raw["source"], sources=sources, where=_FILE)
    levels = [_share(level, where="levels") for level in raw["levels"]]
    if len(levels) != 3 or sorted(set(levels)) != levels:
        raise RulebookInvalid(f"{_FILE}: levels are three rising chances")
    days = raw["ageing_days"]
    if not days or any(isinstance(day, bool) or not isinstance(day, int) or day < 1 for day in days) or any(
        later <= earlier for earlier, later in pairwise(days)
    ):
        raise RulebookInvalid(f"{_FILE}: ageing_days are rising numbers of days")
    months = raw["ahead_months"]
    if isinstance(months, bool) or not isinstance(months, int) or not 1 <= months <= 60:
        raise RulebookInvalid(f"{_FILE}: ahead_months is a number of months from 1 to 60")
    rights = tuple(_right(entry, sources=sources) for entry in raw["rights"])
    if len({right.id for right in rights}) != len(rights):
        raise RulebookInvalid(f"{_FILE}: a right is told twice")
    return PromiseRules(
        kept_from=_share(raw["kept_from"], where="kept_from"), ahead_months=months,
        levels=(levels[0], levels[1], levels[2]), ageing_days=tuple(days), rights=rights,
    )


def _share(raw: Any, *, where: str) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 < raw < 1:
        raise RulebookInvalid(f"{_FILE}: {where}: a chance is between 0 and 1, not {raw!r}")
    return float(raw)


def _right(raw: Mapping[str, Any], *, sources: Mapping[str, tuple[str, str]]) -> FamilyRight:
    where = f"{_FILE}: rights: {raw.get('id', '?')}"
    regimes: Collection[str] = raw.get("regimes", ())
    if unknown := sorted(set(regimes) - set(_REGIMES)):
        raise RulebookInvalid(f"{where}: unknown regime {unknown[0]}")
    return FamilyRight(
        id=raw["id"], text=label_pair(raw.get("text"), where=where), regimes=tuple(regimes),
        source=known_source(raw.get("source", ""), sources=sources, where=where),
    )
