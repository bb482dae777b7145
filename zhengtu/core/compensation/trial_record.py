"""A policy trial as it is kept: its whole input and its result as canonical bytes, so that it can be recomputed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from zhengtu.core.compensation.facts_reading import as_plain, household_facts_from, option_from
from zhengtu.core.compensation.parameters import Label
from zhengtu.core.compensation.policy_trial import (
    HouseholdChange,
    ItemComparison,
    PolicyComparison,
    Refusal,
    Trial,
)
from zhengtu.core.kernel.money import decimal_of
from zhengtu.core.kernel.reasons import Reason

MOST_BINS: Final = 12
QUANTILES: Final = tuple(Decimal(share) for share in ("0", "0.1", "0.25", "0.5", "0.75", "0.9", "1"))


@dataclass(frozen=True, slots=True)
class TrialInputs:
    """Everything that a trial is computed from.

    Attributes:
        on: the day whose rules apply to every household.
        place: division code that shows which city's and province's values are compared.
        set_b: parameter set that B elects; empty: each household's own.
        changes: what B changes, as plain data.
        rulebook: fingerprints of A's rules in force, by parameter set.
    """

    on: date
    place: str
    project: str
    set_b: str
    changes: Sequence[Mapping[str, Any]]
    rulebook: Mapping[str, str]
    households: Sequence[Trial]

    def to_bytes(self) -> bytes:
        """Canonical JSON: equal inputs have equal bytes."""
        return _canonical({
            "on": self.on.isoformat(), "place": self.place, "project": self.project, "set_b": self.set_b,
            "changes": list(self.changes), "rulebook": dict(self.rulebook),
            "households": [
                {"facts": as_plain(trial.facts), "option": as_plain(trial.option)} for trial in self.households
            ],
        })


def inputs_from(content: bytes) -> TrialInputs:
    """The inverse of ``TrialInputs.to_bytes``."""
    plain = json.loads(content)
    on = date.fromisoformat(plain["on"])
    return TrialInputs(
        on=on, place=plain["place"], project=plain["project"], set_b=plain["set_b"], changes=plain["changes"],
        rulebook=plain["rulebook"],
        households=[
            Trial(household_facts_from(one["facts"]), option_from(one["option"]), on) for one in plain["households"]
        ],
    )


def comparison_as_bytes(comparison: PolicyComparison) -> bytes:
    """Canonical JSON of a result."""
    return _canonical({
        "items": [
            {"item": one.item, "label": list(one.label), "a": str(one.amount_a), "b": str(one.amount_b)}
            for one in sorted(comparison.items, key=lambda one: one.item)
        ],
        "changes": [[one.household, str(one.total_a), str(one.total_b)] for one in comparison.changes],
        "refusals": [
            {"household": one.household, "under": one.under, "reasons": [as_plain(reason) for reason in one.reasons]}
            for one in comparison.refusals
        ],
    })


def comparison_from(content: bytes) -> PolicyComparison:
    """The inverse of ``comparison_as_bytes``."""
    plain = json.loads(content)
    return PolicyComparison(
        items=tuple(
            ItemComparison(one["item"], _label(one["label"]), decimal_of(one["a"]), decimal_of(one["b"]))
            for one in plain["items"]
        ),
        changes=tuple(HouseholdChange(code, decimal_of(a), decimal_of(b)) for code, a, b in plain["changes"]),
        refusals=tuple(
            Refusal(one["household"], one["under"], tuple(Reason(**reason) for reason in one["reasons"]))
            for one in plain["refusals"]
        ),
    )


def digest_of(content: bytes) -> str:
    """SHA-256 of canonical bytes."""
    return sha256(content).hexdigest()


def told(trials: Sequence[Trial], tell: Callable[[float], None], *, every: int = 200) -> Iterator[Trial]:
    """The same trials, with the share done told on the way."""
    for position, trial in enumerate(trials):
        if position % every == 0:
            tell(position / len(trials))
        yield trial


def change_edges(comparison: PolicyComparison) -> list[Decimal]:
    """Rounded edges (yuan) for the distribution of changes, zero among them, at most ``MOST_BINS`` bins."""
    changed = [one.change for one in comparison.changes if one.change]
    if not changed:
        return []
    low, high = min(Decimal(0), min(changed)), max(Decimal(0), max(changed))
    step = next(one for one in _steps() if (high - low) / one <= MOST_BINS - 2)
    first = int((low / step).to_integral_value(rounding="ROUND_FLOOR"))
    last = int((high / step).to_integral_value(rounding="ROUND_CEILING"))
    first -= 1 if low == 0 else 0
    last += 1 if high == 0 else 0
    return [step * number for number in range(first, last + 1)]


def changed_households(comparison: PolicyComparison, edges: Sequence[Decimal]) -> list[int]:
    """How many households with a change lie from each edge up to the next."""
    counts = [0] * max(len(edges) - 1, 0)
    for one in comparison.changes:
        if one.change:
            # A gain ending on an edge belongs below it, so that the bin that begins at zero holds gains alone.
            place = sum(edge < one.change if one.change > 0 else edge <= one.change for edge in edges) - 1
            counts[min(place, len(counts) - 1)] += 1
    return counts


def refusals_by_reason(refusals: Iterable[Refusal]) -> list[tuple[Reason, str, list[str]]]:
    """(one of the reasons, under which rules, households), the most frequent first; reasons of one code together.

    The rules are ``a``, ``b``, or ``ab`` where both refuse.
    """
    told_of: dict[str, Reason] = {}
    under: dict[tuple[str, str], str] = {}
    for refusal in refusals:
        for reason in refusal.reasons:
            told_of.setdefault(reason.code, reason)
            key = (reason.code, refusal.household)
            if refusal.under not in under.get(key, ""):
                under[key] = under.get(key, "") + refusal.under
    grouped: dict[tuple[str, str], list[str]] = {}
    for (code, household), rules in under.items():
        grouped.setdefault((code, rules), []).append(household)
    found = [(told_of[code], rules, households) for (code, rules), households in grouped.items()]
    return sorted(found, key=lambda one: (-len(one[2]), one[0].code, one[1]))


def _steps() -> Iterator[Decimal]:
    power = Decimal("0.01")
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


def _label(pair: Sequence[str]) -> Label:
    return pair[0], pair[1]


def _canonical(plain: object) -> bytes:
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
