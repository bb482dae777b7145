"""How many households of which stratum are inspected: at least some of each, the rest where they tell most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from zhengtu.core.kernel.draw import commitment_of, digest_of_list, drawn_order
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason

PURPOSE = "household"


@dataclass(frozen=True, slots=True)
class Stratum:
    """Candidates that are alike: one district and one reported state.

    Attributes:
        key: for example ``220204/vacated``.
        codes: every household in it.
        expected_rate: share of false reports that is thought possible before anything is seen, above 0 and below 1;
            the more uncertain a stratum (near one half), the more of the sample it gets.
    """

    key: str
    codes: Sequence[str]
    expected_rate: float = 0.1


@dataclass(frozen=True, slots=True)
class SamplingPlan:
    """What is published with a draw.

    Attributes:
        commitment: SHA-256 of the seed.
        list_digest: fingerprint of all candidates.
        sizes: stratum -> how many are inspected.
        chosen: stratum -> the households drawn, in the order of the draw.
    """

    commitment: str
    list_digest: str
    sizes: Mapping[str, int]
    chosen: Mapping[str, Sequence[str]]


def allocated(strata: Sequence[Stratum], *, total: int, least: int = 2) -> dict[str, int]:
    """Sizes by stratum that add up to the total, or to all candidates where there are fewer.

    Each stratum gets ``least`` (or all it has), the rest goes in proportion to the size times the standard deviation
    expected (Neyman, 1934), by greatest remainders; nothing is given beyond what a stratum holds.
    """
    room = {one.key: len(one.codes) for one in strata}
    sizes = {key: min(least, held) for key, held in room.items()}
    while sum(sizes.values()) > total:  # too little for the least of each: the largest strata first keep theirs
        sizes[max(sizes, key=lambda key: (sizes[key], -room[key], key))] -= 1
    weights = {one.key: len(one.codes) * sqrt(one.expected_rate * (1 - one.expected_rate)) for one in strata}
    left = min(total, sum(room.values())) - sum(sizes.values())
    while left:
        open_keys = [key for key in sizes if sizes[key] < room[key]]
        share = sum(weights[key] for key in open_keys)
        wanted = {key: left * weights[key] / share for key in open_keys}
        given = {key: min(int(wanted[key]), room[key] - sizes[key]) for key in open_keys}
        if not any(given.values()):
            first = sorted(open_keys, key=lambda key: (-(wanted[key] % 1), key))[:left]
            given = dict.fromkeys(first, 1)
        for key, count in given.items():
            sizes[key] += count
            left -= count
    return sizes


def drawn_plan(strata: Sequence[Stratum], *, sizes: Mapping[str, int], seed: str) -> SamplingPlan:
    """The sample of these sizes that the seed gives.

    Raises:
        ValueError: when a code stands twice, or the seed is none.
    """
    every = [code for one in strata for code in one.codes]
    return SamplingPlan(
        commitment=commitment_of(seed),
        list_digest=digest_of_list(every),
        sizes={one.key: sizes.get(one.key, 0) for one in strata},
        chosen={
            one.key: tuple(drawn_order(one.codes, seed=seed, purpose=PURPOSE)[: sizes.get(one.key, 0)])
            for one in strata
        },
    )


def plan_faults(plan: SamplingPlan, *, strata: Sequence[Stratum], seed: str) -> list[Reason]:
    """What a second person finds wrong who draws again from the published seed and list; none if it is the same."""
    reasons: list[Reason] = []
    again = drawn_plan(strata, sizes=plan.sizes, seed=seed)
    if again.commitment != plan.commitment:
        reasons.append(Reason(
            code="inspection.other_seed", message=N_("The seed is not the one that was committed to before the draw."),
        ))
    if again.list_digest != plan.list_digest:
        reasons.append(Reason(
            code="inspection.other_list", message=N_("The list is not the one that the draw was made from."),
        ))
    for key, codes in again.chosen.items():
        if tuple(plan.chosen.get(key, ())) != tuple(codes):
            reasons.append(Reason(
                code="inspection.other_choice",
                message=N_("In %(stratum)s other households stand than the seed draws."), parameters={"stratum": key},
            ))
    return reasons
