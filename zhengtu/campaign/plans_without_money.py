"""Plans for who does not see the accounts: that money holds something up is said, its dates and sums are not."""

from __future__ import annotations

from typing import Any, Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.plain_values import plain
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.plan import BlockerKind

VERB: Final = "funds.view"
_TELLING: Final = frozenset({"planning.money", "planning.money_short"})
_WITHHELD: Final[dict[str, Any]] = plain(Reason(
    code="planning.money_withheld",
    message=N_("Compensation money is not there in full; the details are for those who see the accounts."),
))


def without_money(held: Any) -> Any:
    """A plan in plain form, in short or in full, without dates and sentences that tell of an account."""
    if isinstance(held, list):
        return [without_money(one) for one in held]
    if not isinstance(held, dict):
        return held
    if held.get("code") in _TELLING and "message" in held:
        return {**_WITHHELD, "source": held.get("source", "")}
    if held.get("kind") == BlockerKind.CLIENT_MONEY and "until" in held:
        return {**held, "since": None, "until": None, "reason": _WITHHELD}
    found = {name: without_money(own) for name, own in held.items()}
    blocker = found.get("blocker")
    if isinstance(blocker, dict) and blocker.get("since") is None:
        found["since"] = None
    return found
