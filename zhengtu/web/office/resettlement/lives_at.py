"""Where a family lives while it waits, as pages show it: masked, in full only after a look that is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from zhengtu.core.authority.actor import Actor
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import subject_of
from zhengtu.resettlement.addresses import OPEN, RECORDED, LivedAt, lived_at
from zhengtu.web.shared.as_of import AsOf
from zhengtu.web.shared.reason_text import rulebook_label

TOLD_BY: Final = ("family", "lease", "visit", "turnover")


@dataclass(frozen=True, slots=True)
class ShownAddress:
    """One address in words; text: masked, or in full where it was opened; empty where it is kept no more."""

    text: str
    since_on: date
    until_on: date | None
    told_by: str


def lives_at_block(
    actor: Actor, household: str, dates: AsOf, *, opened: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Context of the part on where a family lives, the present address first.

    Args:
        opened: digest -> text in full, where somebody just opened them.
    """
    held = lived_at([household], on=dates.on, known=dates.known).get(household, [])
    return {
        "addresses": [_shown(one, opened or {}) for one in held], "are_opened": opened is not None,
        "may_open": bool(held) and current_rulebook().authority.may(
            actor=actor, verb=OPEN, subject=subject_of(household)
        ) is None,
    }


def told_by_label(told_by: str) -> str:
    """From whom an address is known."""
    return rulebook_label(group="choice", id=f"{RECORDED}.told_by.{told_by}")


def _shown(one: LivedAt, opened: Mapping[str, str]) -> ShownAddress:
    return ShownAddress(opened.get(one.digest, one.masked), one.since_on, one.until_on, told_by_label(one.told_by))
