"""What the matters of an agenda are called in the minutes."""

from __future__ import annotations

from zhengtu.core.reviews.agenda import PROMISES, Agenda, AgendaMatter
from zhengtu.ledger.rulebook import current_rulebook

_LONGEST = 60


def matter_titles(agenda: Agenda) -> dict[str, str]:
    """Key of a matter -> its title in Chinese: the project's or unit's name, or what a lone item is about."""
    return {matter.key: _title(agenda, matter) for matter in agenda.matters}


def _title(agenda: Agenda, matter: AgendaMatter) -> str:
    if matter.key == PROMISES:
        return current_rulebook().reviews.phrases["promises_title"]
    if matter.key in agenda.names:
        return agenda.names[matter.key][0]
    return (matter.items[0].text or matter.key)[:_LONGEST]
