"""First schedules: priority rules, the parallel scheme, and justification.

The serial scheme is `batch.Batch`. A rule gives every activity a key, and the lowest goes first (Kolisch 1996, *Serial
and parallel resource-constrained project scheduling methods revisited*).
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zhengtu.core.scheduling.methods.arrays import Arrays
from zhengtu.core.scheduling.methods.batch import Batch
from zhengtu.core.scheduling.working_time import Whole

Keys = NDArray[np.float64]


def rules(arrays: Arrays) -> Keys:
    """Keys of five rules, one per row: latest start, latest finish, most work behind it, slack, earliest start."""
    earliest = arrays.earliest().astype(np.float64)
    tails = arrays.tails().astype(np.float64)
    behind = _work_behind(arrays)
    return np.stack([-tails, arrays.durations - tails, -behind, -tails - earliest, earliest])


def noisy(keys: Keys, *, times: int, random: np.random.Generator) -> Keys:
    """Variants of one rule: its keys blurred by more and more of their spread; shape (times, n)."""
    spread = float(np.ptp(keys)) or 1.0
    amount = np.linspace(0.02, 0.5, times)[:, None] * spread
    blurred: Keys = keys + amount * random.standard_normal((times, len(keys)))
    return blurred


def parallel(arrays: Arrays, key: Sequence[float]) -> Whole:
    """The parallel scheme: at each tick where something ends, all that can start does, the lowest key first."""
    after, missing = arrays.successors(), [len(row) for row in arrays.predecessors()]
    durations, demands = arrays.durations.tolist(), arrays.demands.tolist()
    ready_at = arrays.releases.tolist()
    free = arrays.capacities.tolist()
    starts = [0] * arrays.count
    eligible: list[tuple[float, int]] = [(key[j], j) for j in range(arrays.count) if not missing[j]]
    running: list[tuple[int, int]] = []
    tick, placed = min((ready_at[j] for _, j in eligible), default=0), 0
    while placed < arrays.count:
        waiting: list[tuple[float, int]] = []
        heapq.heapify(eligible)
        while eligible:
            rank, j = heapq.heappop(eligible)
            if ready_at[j] > tick or any(need > have for need, have in zip(demands[j], free, strict=True)):
                waiting.append((rank, j))
                continue
            starts[j] = tick
            placed += 1
            free = [have - need for need, have in zip(demands[j], free, strict=True)]
            heapq.heappush(running, (tick + durations[j], j))
            for k, distance in after[j]:
                ready_at[k] = max(ready_at[k], tick + distance)
                missing[k] -= 1
                if not missing[k]:
                    heapq.heappush(eligible, (key[k], k))
        eligible = waiting
        moments = [ready_at[j] for _, j in eligible if ready_at[j] > tick] + [running[0][0]] if running else [tick + 1]
        tick = max(tick, min(moments))
        while running and running[0][0] <= tick:
            _, j = heapq.heappop(running)
            free = [have + need for need, have in zip(demands[j], free, strict=True)]
    return np.array(starts, dtype=np.int64)


def justified(starts: Whole, *, to: Batch, fro: Batch) -> Whole:
    """Schedules (B, n) pushed to the right and back to the left, the latest first: never longer without releases."""
    right = fro.schedule(turned(starts, to.arrays.durations))
    return to.schedule(turned(right, fro.arrays.durations))


def turned(starts: Whole, durations: Whole) -> Keys:
    """Keys for scheduling in the other direction of time: what finishes last comes first."""
    keys: Keys = -(starts + durations)[:, ::-1].astype(np.float64)
    return keys


def _work_behind(arrays: Arrays) -> Keys:
    """Duration of each activity and of everything that follows from it, each once."""
    follows = [0] * arrays.count
    after = arrays.successors()
    for i in reversed(range(arrays.count)):
        follows[i] = 1 << i
        for j, _ in after[i]:
            follows[i] |= follows[j]
    durations = arrays.durations
    bits = [np.frombuffer(f.to_bytes(arrays.count // 8 + 1, "little"), dtype=np.uint8) for f in follows]
    chosen = np.unpackbits(np.stack(bits), axis=1, bitorder="little")[:, : arrays.count] if bits else np.zeros((0, 0))
    work: Keys = (chosen @ durations).astype(np.float64)
    return work
