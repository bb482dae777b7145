"""Drawing lots for homes (摇号): who chooses when, from a seed that was committed to before the list was closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhengtu.core.kernel.draw import commitment_of, digest_of_list, drawn_order

PURPOSE = "lot"


@dataclass(frozen=True, slots=True)
class LotDrawing:
    """What is published: before the drawing commitment and digest, with the result seed and order.

    Attributes:
        order: the families as they choose, the first first.
    """

    commitment: str
    list_digest: str
    seed: str
    order: Sequence[str]


def drawn_lots(families: Sequence[str], *, seed: str) -> LotDrawing:
    """The drawing of a list.

    Raises:
        ValueError: when a family stands twice or the seed is none.
    """
    return LotDrawing(
        commitment=commitment_of(seed), list_digest=digest_of_list(families), seed=seed,
        order=tuple(drawn_order(families, seed=seed, purpose=PURPOSE)),
    )
