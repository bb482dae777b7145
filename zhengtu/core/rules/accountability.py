"""The part of the rulebook about accountability and praise; it refuses blame of people and praise that weighs less."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from zhengtu.core.assessment.triggers import BLAME, PRAISE, AccountabilityRules, Answerable, Trigger
from zhengtu.core.rules.reading import RulebookInvalid, known_source, label_pair, read_entries

_FILE: Final = "accountability/triggers.yaml"
_CONFIDENCES: Final = ("stated", "design")
FOUND: Final[Mapping[str, tuple[str, frozenset[str], frozenset[str]]]] = {
    "home_late": (BLAME, frozenset({"months"}), frozenset({"jurisdiction", "client"})),
    "directive_overdue": (BLAME, frozenset({"workdays"}), frozenset({"lead"})),
    "funds_late": (BLAME, frozenset({"days"}), frozenset({"client"})),
    "figures_untrue": (BLAME, frozenset({"percent"}), frozenset({"jurisdiction"})),
    "violation": (BLAME, frozenset(), frozenset({"jurisdiction"})),
    "homes_all": (PRAISE, frozenset({"least"}), frozenset({"jurisdiction", "client"})),
    "goal_early": (PRAISE, frozenset(), frozenset({"jurisdiction"})),
    "figures_true": (PRAISE, frozenset({"percent", "least"}), frozenset({"jurisdiction"})),
    "directives_all": (PRAISE, frozenset({"least"}), frozenset({"lead"})),
    "funds_early": (PRAISE, frozenset(), frozenset({"client"})),
}
"""What the platform finds in the ledger -> its tone, the limits it takes, and who can answer for it."""


def load_accountability(
    folder: Path, *, sources: Mapping[str, tuple[str, str]], decided: Collection[str]
) -> AccountabilityRules:
    """Read and check ``accountability/triggers.yaml``.

    Args:
        decided: what can be decided of a case (choices of ``case_decided``).

    Raises:
        RulebookInvalid: naming the entry that is wrong, that measures activity or blames people, or a set in which
            praise weighs less than blame.
    """
    raw = read_entries(folder / "accountability" / "triggers.yaml")
    triggers = {id: _trigger(id, entry, sources=sources) for id, entry in raw["triggers"].items()}
    blame, praise = ([one for one in triggers.values() if one.tone == tone] for tone in (BLAME, PRAISE))
    if len(praise) < len(blame) or sum(one.weight for one in praise) < sum(one.weight for one in blame):
        raise RulebookInvalid(f"{_FILE}: praise weighs less than blame")
    days = {
        name: _number(raw.get(name), where=f"{_FILE}: {name}")
        for name in ("hearing_workdays", "appeal_workdays", "countdown_days")
    }
    outcomes = {tone: tuple(raw["outcomes"].get(tone, ())) for tone in (BLAME, PRAISE)}
    if sorted(one for held in outcomes.values() for one in held) != sorted(decided):
        raise RulebookInvalid(f"{_FILE}: outcomes are exactly those of case_decided in facts.yaml, each of one tone")
    return AccountabilityRules(triggers=triggers, outcomes=outcomes, **days)


def accountability_labels(rules: AccountabilityRules) -> dict[str, dict[str, tuple[str, str]]]:
    """Names of triggers, and of what is measured beside their grounds."""
    held = rules.triggers
    return {
        "trigger": {id: one.label for id, one in held.items()},
        "trigger_measured": {id: one.measured for id, one in held.items() if one.measured is not None},
    }


def _trigger(id: str, raw: Mapping[str, Any], *, sources: Mapping[str, tuple[str, str]]) -> Trigger:
    where = f"{_FILE}: {id}"
    if missing := sorted(_NEEDED - set(raw)):
        raise RulebookInvalid(f"{where}: {missing[0]} is missing")
    if unknown := sorted(set(raw) - _NEEDED - {"measured"}):
        raise RulebookInvalid(f"{where}: unknown entry {unknown[0]}")
    if raw["when"] not in FOUND:
        raise RulebookInvalid(
            f"{where}: {raw['when']} is no result that the ledger shows; activity such as visits, log-ins or reports "
            "opens no case"
        )
    tone, limits, answerable = FOUND[raw["when"]]
    if not raw["of"] or set(raw["of"]) - answerable:
        raise RulebookInvalid(
            f"{where}: of names units that answer for it ({', '.join(sorted(answerable))}), never persons or families"
        )
    if raw["tone"] != tone:
        raise RulebookInvalid(f"{where}: {raw['when']} is {tone}")
    if set(raw["limits"]) != limits:
        raise RulebookInvalid(f"{where}: its limits are {', '.join(sorted(limits)) or 'none'}")
    if raw["confidence"] not in _CONFIDENCES:
        raise RulebookInvalid(f"{where}: confidence is one of {', '.join(_CONFIDENCES)}")
    return Trigger(
        id=id, label=label_pair(raw["label"], where=where), tone=tone, when=raw["when"],
        limits={name: _number(value, where=f"{where}: {name}") for name, value in raw["limits"].items()},
        of=tuple(Answerable(name) for name in raw["of"]), weight=_number(raw["weight"], where=f"{where}: weight"),
        confidence=raw["confidence"], source=known_source(raw["source"], sources=sources, where=where),
        measured=label_pair(raw["measured"], where=where) if "measured" in raw else None,
    )


_NEEDED: Final = {"label", "tone", "when", "limits", "of", "weight", "confidence", "source"}


def _number(value: Any, *, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise RulebookInvalid(f"{where}: a whole number from 1, not {value!r}")
    return value
