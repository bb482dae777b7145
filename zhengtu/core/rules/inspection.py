"""The part of the rulebook about inspections: what they look at, and what may be found."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from zhengtu.core.inspection.matters import InspectedMatter, InspectionRules, Repeats, SiteAnswer, SourceLists
from zhengtu.core.inspection.pairing import LEAST_INSPECTORS
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.core.rules.reading import RulebookInvalid, known_source, label_pair, read_entries

FORMS: Final = ("general", "special", "event", "clue", "patrol")
"""Forms of inspection; ``inspection.models.InspectionForm``."""
SOURCE_COLUMNS: Final = ("household", "said_on", "is_cleared")
"""Columns of a list of an independent source."""
_FILE: Final = "inspection/matters.yaml"
_FALSE: Final[Mapping[str, bool | None]] = {"yes": True, "no": False, "unknown": None}
_ID_LENGTH: Final = 24


def load_inspection(
    folder: Path, *, sources: Mapping[str, tuple[str, str]], violations: Collection[str]
) -> InspectionRules:
    """Read and check ``inspection/matters.yaml``.

    Args:
        violations: choices of ``violation_found``.

    Raises:
        RulebookInvalid: naming the entry that is wrong.
    """
    raw = read_entries(folder / "inspection" / "matters.yaml")
    matters = {
        id: _matter(id, entry, sources=sources, violations=violations) for id, entry in raw["matters"].items()
    }
    together = _whole(raw["draw"]["together"], where="draw: together")
    if together < LEAST_INSPECTORS:
        raise RulebookInvalid(f"{_FILE}: draw: together is at least {LEAST_INSPECTORS}: nobody inspects alone")
    return InspectionRules(
        matters=matters, together=together,
        least_per_stratum=_whole(raw["draw"]["least_per_stratum"], where="draw: least_per_stratum"),
        most_households=_whole(raw["draw"]["most_households"], where="draw: most_households"),
        farthest_m=_whole(raw["visits"]["farthest_m"], where="visits: farthest_m"),
        repair_days=_whole(raw["conclusions"]["repair_days"], where="conclusions: repair_days"),
        source_lists=_source_lists(raw["source_lists"]),
        labels={
            "inspection_matter": {id: matter.label for id, matter in matters.items()},
            "inspection_answer": {
                f"{id}.{answer.id}": answer.label
                for id, matter in matters.items() for answer in matter.answers.values()
            },
        },
    )


def _source_lists(raw: Mapping[str, Any]) -> SourceLists:
    where = f"{_FILE}: source_lists"
    lists = [raw["yes"], raw["no"], *raw["columns"].values()]
    if tuple(raw["columns"]) != SOURCE_COLUMNS or not all(lists):
        raise RulebookInvalid(f"{where}: columns are {', '.join(SOURCE_COLUMNS)}, each with its headings")
    if not all(isinstance(word, str) for words in lists for word in words) or set(raw["yes"]) & set(raw["no"]):
        raise RulebookInvalid(f"{where}: words are texts, and none says both yes and no")
    return SourceLists(
        columns={name: tuple(words) for name, words in raw["columns"].items()}, yes=tuple(raw["yes"]),
        no=tuple(raw["no"]),
    )


def _matter(
    id: str, raw: Mapping[str, Any], *, sources: Mapping[str, tuple[str, str]], violations: Collection[str]
) -> InspectedMatter:
    where = f"{_FILE}: {id}"
    try:
        reported, forms = tuple(raw["reported"]), tuple(raw["forms"])
        figure, rate = raw.get("figure", ""), raw["expected_rate"]
        quiet_for, answers = Repeats(raw["quiet_for"]), raw["answers"]
        asks, label, quiet_days = raw["asks"], raw["label"], raw["quiet_days"]
        unless = tuple(raw.get("unless", ()))
    except (KeyError, TypeError, ValueError) as error:
        raise RulebookInvalid(f"{where}: {error}") from error
    in_order = [str(one) for one in Milestone if one in reported]
    for problem, is_wrong in {
        "reported names milestones in lawful order": not reported or in_order != list(reported),
        "figure is one of the milestones reported": figure and figure not in reported,
        "unless names other milestones": not set(unless) <= set(Milestone) - set(reported),
        "unknown form": not forms or not set(forms) <= set(FORMS),
        "a patrol discounts no figure": "patrol" in forms and figure,
        "expected_rate lies between 0 and 1": isinstance(rate, bool) or not 0 < float(rate) < 1,
        "an id is too long": len(id) > _ID_LENGTH or any(len(one) > _ID_LENGTH for one in answers),
    }.items():
        if is_wrong:
            raise RulebookInvalid(f"{where}: {problem}")
    source = known_source(raw["source"], sources=sources, where=where) if raw.get("source") else ""
    made = {
        answer: _answer(answer, entry, where=where, violations=violations) for answer, entry in answers.items()
    }
    found = {answer.is_false for answer in made.values()}
    if found != {True, False, None}:
        raise RulebookInvalid(f"{where}: some answer confirms, some contradicts and some tells nothing")
    return InspectedMatter(
        id=id, label=label_pair(label, where=where), asks=label_pair(asks, where=where), reported=reported,
        forms=forms, answers=made, unless=unless, figure=figure,
        quiet_days=_whole(quiet_days, where=f"{id}: quiet_days"),
        quiet_for=quiet_for, expected_rate=float(rate), source=source,
    )


def _answer(id: str, raw: Mapping[str, Any], *, where: str, violations: Collection[str]) -> SiteAnswer:
    place = f"{where}: {id}"
    if raw.get("false") not in _FALSE:
        raise RulebookInvalid(f"{place}: false is one of {', '.join(_FALSE)}, in quotes")
    cleared = raw.get("cleared", "unknown")
    if cleared not in _FALSE:
        raise RulebookInvalid(f"{place}: cleared is one of {', '.join(_FALSE)}, in quotes")
    violation = raw.get("violation", "")
    if violation and violation not in violations:
        raise RulebookInvalid(f"{place}: unknown violation {violation}")
    answer = SiteAnswer(
        id=id, label=label_pair(raw.get("label"), where=place), is_false=_FALSE[raw["false"]],
        is_cleared=_FALSE[cleared], is_moved_back=bool(raw.get("moved_back", False)), violation=violation,
    )
    if answer.is_false is None and (answer.is_cleared is not None or answer.is_moved_back or answer.violation):
        raise RulebookInvalid(f"{place}: what tells nothing has no consequence")
    if answer.is_moved_back and answer.is_cleared is not False:
        raise RulebookInvalid(f"{place}: a house lived in again is not cleared")
    return answer


def _whole(value: Any, *, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 100_000:
        raise RulebookInvalid(f"{_FILE}: {where} is a whole number of at least 1, not {value!r}")
    return value
