"""Kept reasons and names of a run in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from zhengtu.accounts.queries import unit_names
from zhengtu.resettlement.models import OptionsRun
from zhengtu.resettlement.options_record import sentence_of
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import SpokenReason, rulebook_label, spoken_reason


def payer_names(run: OptionsRun) -> dict[str, str]:
    """Payer -> its name."""
    codes = {one["payer"] for one in run.settings["budgets"]}
    codes |= {row["payer"] for point in run.result.get("points", [])[:1] for row in point["assignments"]}
    codes |= {code for reason in _reasons(run) if (code := reason.get("parameters", {}).get("payer"))}
    return {code: in_language(names) for code, names in unit_names(codes).items()}


def _reasons(run: OptionsRun) -> Iterable[Mapping[str, Any]]:
    yield from (one["reason"] for one in run.result.get("obstacles", []))
    yield from run.reasons


def spoken(held: Mapping[str, Any], payers: Mapping[str, str]) -> SpokenReason:
    """A kept reason with names in place of codes of payers and types of homes."""
    told = dict(held.get("parameters", {}))
    if "home" in told:
        told["home"] = home_label(told["home"])
    if "payer" in told:
        told["payer"] = payers.get(told["payer"], told["payer"])
    return spoken_reason({**held, "parameters": told})


def money_rows(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Sums of a plan by payer and year, with the payers' names."""
    names = unit_names({one["payer"] for one in content["money"]})
    return [
        {"payer": in_language(names.get(one["payer"], (one["payer"], one["payer"]))), "year": one["year"],
         "homes": Decimal(one["homes_yuan"]), "cash": Decimal(one["cash_yuan"]), "yuan": Decimal(one["yuan"])}
        for one in content["money"]
    ]


def home_label(home: str) -> str:
    """A type of home."""
    return rulebook_label(group="home_type", id=home) if home else ""


def way_label(way: str) -> str:
    """A way home, or nothing."""
    return rulebook_label(group="choice", id=f"way_chosen.way.{way}") if way else ""


def sentence(row: Mapping[str, Any]) -> str:
    """Why a family comes home as it does, in one sentence."""
    told = spoken_reason(sentence_of(row))
    return f"{told.message} {told.remedy}".strip()
