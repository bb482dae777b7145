"""Reading one file of the rulebook, and the refusal of a wrong one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C loader where it is built in; reading all procedures takes a tenth of the time."""


class RulebookInvalid(Exception):
    """A rulebook file contradicts itself; the message names the file and the entry."""


def read_entries(path: Path) -> Any:
    """The parsed file.

    Raises:
        RulebookInvalid: naming the file that is missing or no YAML.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - both are safe loaders
    except (OSError, yaml.YAMLError) as error:
        raise RulebookInvalid(f"{path.name}: {error}") from error


def label_pair(raw: Any, *, where: str) -> tuple[str, str]:
    """(Chinese, English) from a list of exactly two texts.

    Raises:
        RulebookInvalid: naming the place.
    """
    if not isinstance(raw, list) or len(raw) != 2 or not all(isinstance(text, str) and text for text in raw):
        raise RulebookInvalid(f"{where}: a label is a list of a Chinese and an English text, not {raw!r}")
    return raw[0], raw[1]


def known_source(source: str, *, sources: Mapping[str, tuple[str, str]], where: str) -> str:
    """The citation itself, once its statute is known.

    Raises:
        RulebookInvalid: naming the place and the unknown source.
    """
    if source.partition("#")[0] not in sources:
        raise RulebookInvalid(f"{where}: unknown source {source}")
    return source


def load_sources(folder: Path) -> dict[str, tuple[str, str]]:
    """Id of every instrument on file -> its title, Chinese and English.

    Raises:
        RulebookInvalid: naming the file and the entry that says too little.
    """
    found: dict[str, tuple[str, str]] = {}
    for path in sorted((folder / "sources").glob("*.yaml")):
        for id, entry in read_entries(path)["sources"].items():
            if "in_force_from" not in entry or "title" not in entry:
                raise RulebookInvalid(f"{path.name}: {id} needs title and in_force_from")
            found[id] = (entry["title"][0], entry["title"][1])
    return found
