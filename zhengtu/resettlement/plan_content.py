"""What a resettlement plan says, as figures and milestones out of a chosen point of a frontier; kept with its hash."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from math import ceil
from typing import Any, Final

from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.kernel.codes import project_of
from zhengtu.core.resettlement.options import Way
from zhengtu.resettlement.models import OptionsRun

BANDS: Final = (0, 12, 40)
"""Months late beyond which families are counted."""


def plan_content(run: OptionsRun, *, point: int, part: str) -> dict[str, Any]:
    """Figures and milestones of a part of a project at a point of a run.

    Args:
        point: place in the frontier, from 0.

    Raises:
        IndexError: for a point that the run does not have.
    """
    held = run.result["points"][point]
    rows = [row for row in held["assignments"] if row["household"].startswith(f"{part}-")]
    homes = {one["key"]: one for one in (*run.result["buildings"], *run.result["market"])}
    return {
        "run": run.pk, "point": point, "part": part, "project": project_of(part), "on": run.on.isoformat(),
        "title": run.title, "gap": held["gap"], "horizon_months": run.settings["horizon_months"],
        "first_after_months": run.settings["first_after_months"], "families": len(rows),
        "late": {str(months): sum(int(row["told"]["waited"]) > months for row in rows) for months in BANDS},
        "ways": {way.value: sum(row["way"] == way for row in rows) for way in Way},
        "waiting": sum(not row["way"] for row in rows), "yuan": str(_sum(rows)),
        "money": _money(rows, on=run.on), "milestones": _milestones(rows, homes, on=run.on),
        "families_by_household": [{name: row[name] for name in _KEPT} for row in rows],
    }


_KEPT: Final = ("household", "way", "supply", "months", "yuan", "code", "told")


def content_sha256(content: Mapping[str, Any]) -> str:
    """SHA-256 of a content in one fixed writing."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _sum(rows: Sequence[Mapping[str, Any]]) -> Decimal:
    return sum((Decimal(row["yuan"]) for row in rows), Decimal(0))


def _money(rows: Sequence[Mapping[str, Any]], *, on: date) -> list[dict[str, Any]]:
    """What each payer spends in each calendar year on homes and on money."""
    found: dict[tuple[str, int], dict[str, Decimal]] = {}
    for row in rows:
        if row["spend_month"] is not None:
            year = add_months(on.replace(day=1), row["spend_month"]).year
            sums = found.setdefault((row["payer"], year), {way.value: Decimal(0) for way in Way})
            sums[row["way"]] += Decimal(row["yuan"])
    return [
        {"payer": payer, "year": year, "homes_yuan": str(sums[Way.PURCHASE]), "cash_yuan": str(sums[Way.CASH]),
         "yuan": str(sum(sums.values()))}
        for (payer, year), sums in sorted(found.items())
    ]


def _milestones(
    rows: Sequence[Mapping[str, Any]], homes: Mapping[str, Mapping[str, Any]], *, on: date
) -> list[dict[str, Any]]:
    """One milestone for each building, and for homes bought at one place or money paid at one time; the soonest first.

    A building is due on the day by which it is completed with a chance of 80 per cent; homes that were bought, too.
    """
    found: dict[tuple[str, str, int, int | None], list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["way"]:
            home = homes.get(row["supply"], {})
            months = home.get("p80", ceil(row["months"]))
            found.setdefault((row["way"], home.get("name", ""), months, row["spend_month"]), []).append(row)
    result = []
    for (way, name, months, spend_month), own in found.items():
        types = Counter(homes[row["supply"]]["home"] for row in own if row["supply"])
        result.append({
            "way": way, "name": name, "homes": dict(sorted(types.items())), "count": len(own), "yuan": str(_sum(own)),
            "from_on": add_months(on, spend_month or 0).isoformat(),
            "likely_on": add_months(on, ceil(own[0]["months"])).isoformat(),
            "due_on": add_months(on, months).isoformat(), "payers": sorted({row["payer"] for row in own}),
            "households": [row["household"] for row in own],
        })
    return sorted(result, key=lambda one: (one["due_on"], one["way"], one["name"], one["from_on"]))
