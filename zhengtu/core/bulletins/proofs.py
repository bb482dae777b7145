"""What proves a figure, as a short text that a page turns into the address of the rows behind it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proof:
    """Which rows prove a figure.

    Attributes:
        what: ``projects``, ``sections``, ``households``, ``settled``, ``vacated``, ``verified``, ``contradicted``,
            ``after_inspection``, ``handed_over``, ``red``, ``yellow``, ``deadline``, ``part``, ``money``,
            ``directive``, ``directives``, ``overdue_directives``, ``homes`` or ``promises``.
        place: code that narrows them down, or a deadline's key; empty for the whole city.
        is_change: whether the figure is what was added since the day before the period.
        is_ranked: whether projects that wait for resettlement alone are left out, as in the ranking.
    """

    what: str
    place: str = ""
    is_change: bool = False
    is_ranked: bool = False

    def __str__(self) -> str:
        flags = ("+" if self.is_change else "") + ("*" if self.is_ranked else "")
        return f"{self.what}{flags}@{self.place}"


def proof_from(text: str) -> Proof:
    """The proof that ``str`` wrote."""
    head, _, place = text.partition("@")
    what = head.rstrip("+*")
    flags = head[len(what):]
    return Proof(what, place, is_change="+" in flags, is_ranked="*" in flags)
