"""The part of the rulebook about reviews: their rhythm, and the order of what they speak about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import time
from pathlib import Path
from string import Formatter
from typing import Any, Final

from dateutil.rrule import rrulestr

from zhengtu.core.reviews.agenda import AgendaKind
from zhengtu.core.reviews.rhythm import SPECIAL, ReviewRules, Rhythm
from zhengtu.core.rules.reading import RulebookInvalid, label_pair, read_entries

_FILE: Final = "reviews/rhythm.yaml"
_PHRASES: Final[Mapping[str, str]] = {
    "mark": "city", "issue": "year number", "title": "campaign label", "title_special": "campaign topic",
    "opening": "date chair campaign label", "opening_special": "date chair topic", "progress_heading": "",
    "progress": "as_of since projects sections households settled settled_change vacated vacated_change handed_over "
                "handed_over_change",
    "verified": "verified contradicted share", "lights": "turned still near money", "promises_heading": "",
    "promises": "last total kept late not_yet_due broken", "promises_none": "",
    "promise_broken": "matter lead due", "matters_heading": "", "matter_heading": "ordinal title",
    "decision": "ordinal matter number lead joint assisting due", "joint": "units", "assisting": "units",
    "nothing_decided": "", "closing_heading": "", "closing": "", "present": "", "chaired": "", "table_caption": "",
    "table_number": "", "table_matter": "", "table_lead": "", "table_due": "", "attachment": "",
    "between": "", "numerals": "", "decision_draft": "ordinal matter lead joint assisting due", "draft": "",
    "demonstration": "", "promises_title": "", "raised": "",
}
"""Phrase of the minutes -> the names that it may use."""
_ATTENDING: Final = ("city", "district", "development_zone", "department", "enterprise", "command_post")
"""Kinds of units that may be called to a review; ``accounts.models.UnitKind`` without appraisers."""


def load_reviews(folder: Path, *, roles: Collection[str]) -> ReviewRules:
    """Read and check ``reviews/rhythm.yaml``.

    Args:
        roles: ids of the roles of ``authority.yaml`` that may hold a review.

    Raises:
        RulebookInvalid: naming the entry that is wrong.
    """
    raw = read_entries(folder / "reviews" / "rhythm.yaml")
    rhythms = {id: _rhythm(id, entry, roles=roles) for id, entry in raw["rhythms"].items()}
    if SPECIAL in rhythms:
        raise RulebookInvalid(f"{_FILE}: {SPECIAL} stands beside the rhythms, not among them")
    rhythms[SPECIAL] = _rhythm(SPECIAL, raw["special"], roles=roles)
    order = raw["agenda"]
    if set(order) != set(AgendaKind):
        raise RulebookInvalid(f"{_FILE}: agenda must order exactly {', '.join(AgendaKind)}")
    priorities = {kind: _priority(kind, entry) for kind, entry in order.items()}
    if len(set(priorities.values())) != len(priorities):
        raise RulebookInvalid(f"{_FILE}: agenda: two kinds share a place")
    return ReviewRules(
        rhythms=rhythms, priorities=priorities,
        kind_labels={kind: label_pair(list(entry[1:]), where=f"{_FILE}: {kind}") for kind, entry in order.items()},
        source=label_pair(raw["source"], where=f"{_FILE}: source"), phrases=_phrases(folder),
    )


def review_labels(rules: ReviewRules) -> dict[str, dict[str, tuple[str, str]]]:
    """Labels by group (``rhythm``, ``agenda_kind``)."""
    return {
        "rhythm": {id: rhythm.label for id, rhythm in rules.rhythms.items()},
        "agenda_kind": dict(rules.kind_labels),
    }


def _rhythm(id: str, raw: Mapping[str, Any], *, roles: Collection[str]) -> Rhythm:
    where = f"{_FILE}: {id}"
    try:
        rrule, days = raw.get("rrule", ""), raw["deadlines_within_days"]
        begins_at = time.fromisoformat(raw["begins_at"])
        if rrule:
            rrulestr(rrule)
        chair, attends = raw["chair"], tuple(raw["attends"])
        looks_back = raw.get("looks_back_days", 7)
    except (KeyError, TypeError, ValueError) as error:
        raise RulebookInvalid(f"{where}: {error}") from error
    if bool(rrule) == (id == SPECIAL):
        raise RulebookInvalid(f"{where}: a rhythm has a rrule, a special review has none")
    if chair not in roles:
        raise RulebookInvalid(f"{where}: {chair} may not hold a review")
    if unknown := sorted(set(attends) - set(_ATTENDING)):
        raise RulebookInvalid(f"{where}: attends: unknown {', '.join(unknown)}")
    for number in (days, looks_back):
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= 366:
            raise RulebookInvalid(f"{where}: days are a whole number from 1 to 366, not {number!r}")
    return Rhythm(
        id=id, label=label_pair(raw["label"], where=where), rrule=rrule, chair=chair, attends=attends,
        deadlines_within_days=days, begins_at=begins_at, place=label_pair(raw["place"], where=where),
        looks_back_days=looks_back,
    )


def _priority(kind: str, entry: Any) -> int:
    if not isinstance(entry, list) or len(entry) != 3 or not isinstance(entry[0], int) or isinstance(entry[0], bool):
        raise RulebookInvalid(f"{_FILE}: agenda: {kind} is a list of a number and two texts")
    return entry[0]


def _phrases(folder: Path) -> dict[str, str]:
    """The phrases of the minutes, each of which names only what is given to it."""
    file = "reviews/minutes.yaml"
    held = read_entries(folder / "reviews" / "minutes.yaml")["phrases"]
    if set(held) != set(_PHRASES):
        wrong = ", ".join(sorted(set(held).symmetric_difference(_PHRASES)))
        raise RulebookInvalid(f"{file}: phrases missing or unknown: {wrong}")
    for name, text in held.items():
        used = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
        if unknown := sorted(used - set(_PHRASES[name].split())):
            raise RulebookInvalid(f"{file}: {name}: nothing gives {{{unknown[0]}}}")
    return dict(held)
