"""Papers of directives from ``rulebook/directives/papers.yaml``: parsed, and checked for names that nothing gives."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from zhengtu.core.directives.papers import NAMES, Paper, PaperField, Papers, names_in
from zhengtu.core.rules.reading import RulebookInvalid, known_source, label_pair, read_entries

_FILE: Final = "papers.yaml"
_LAYOUTS: Final = ("slip", "red_slip")
_PHRASES: Final[Mapping[str, set[str]]] = {
    "number": {"number"}, "date": {"year", "month", "day"}, "between": set(), "source_text": {"title", "date"},
    "source_review": {"date"}, "source_own": {"setter"}, "due_none": set(), "due_extended": {"due", "first"},
    "progress": {"today", "done", "total", "unit"}, "officer_unnamed": set(), "chase": {"date", "ordinal", "text"},
}
_COUNTED: Final = ("households", "sections", "projects")


def load_directive_papers(folder: Path, *, sources: Mapping[str, tuple[str, str]]) -> Papers:
    """Every paper.

    Raises:
        RulebookInvalid: naming the paper or phrase that is wrong.
    """
    raw = read_entries(folder / "directives" / _FILE)
    known_source(raw.get("source", ""), sources=sources, where=_FILE)
    phrases = {str(id): str(text) for id, text in raw["phrases"].items()}
    if set(phrases) != set(_PHRASES):
        raise RulebookInvalid(f"{_FILE}: phrases must be exactly {', '.join(_PHRASES)}")
    for id, text in phrases.items():
        _check(text, names=_PHRASES[id], where=f"{_FILE}: {id}")
    counted = {str(id): str(text) for id, text in raw["units_of_count"].items()}
    if set(counted) != set(_COUNTED):
        raise RulebookInvalid(f"{_FILE}: units_of_count must be exactly {', '.join(_COUNTED)}")
    return Papers(
        papers={id: _paper(id, entry) for id, entry in raw["papers"].items()}, phrases=phrases, units_of_count=counted
    )


def paper_labels(papers: Papers) -> dict[str, dict[str, tuple[str, str]]]:
    """Labels of the group ``directive_paper``."""
    return {"directive_paper": {id: paper.label for id, paper in papers.papers.items()}}


def _paper(id: str, entry: Mapping[str, Any]) -> Paper:
    where = f"{_FILE}: {id}"
    if entry["layout"] not in _LAYOUTS:
        raise RulebookInvalid(f"{where}: layout is one of {', '.join(_LAYOUTS)}")
    chases = entry["chases"]
    if not isinstance(chases, int) or chases < 0:
        raise RulebookInvalid(f"{where}: chases is a whole number")
    return Paper(
        id=id, label=label_pair(entry["label"], where=where), layout=entry["layout"],
        rows=[[_field(field, where=where) for field in row] for row in entry["rows"]], chases=chases,
        is_overdue=bool(entry["overdue"]),
    )


def _field(entry: Mapping[str, Any], *, where: str) -> PaperField:
    field = PaperField(str(entry["label"]), str(entry["text"]), int(entry.get("lines", 1)), str(entry.get("needs", "")))
    _check(field.text, names=NAMES, where=f"{where}: {field.label}")
    if field.needs and field.needs not in NAMES:
        raise RulebookInvalid(f"{where}: {field.label} needs the unknown name {field.needs}")
    return field


def _check(text: str, *, names: Collection[str], where: str) -> None:
    for name in names_in(text):
        if name not in names:
            raise RulebookInvalid(f"{where}: nothing gives {{{name}}}")
