"""Translations: the .po files of the repository, compiled into the .mo files that are read at run time."""

from __future__ import annotations

from pathlib import Path

LOCALE_FOLDER = Path(__file__).resolve().parents[1] / "locale"


def stale_messages(folder: Path = LOCALE_FOLDER) -> list[Path]:
    """The .po files that have no .mo file as new as they are."""
    return [
        source for source in sorted(folder.glob("*/LC_MESSAGES/*.po"))
        if not (target := source.with_suffix(".mo")).exists()
        or target.stat().st_mtime_ns < source.stat().st_mtime_ns
    ]


def compile_messages(folder: Path = LOCALE_FOLDER) -> list[Path]:
    """Compile every .po file that is newer than its .mo file; returns what was written.

    The .mo file is put in place whole, so that a server starting meanwhile never reads half of one.
    """
    stale = stale_messages(folder)
    if not stale:
        return []
    # Imported here, for this is asked at every start and hardly ever has anything to do.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written = []
    for source in stale:
        target = source.with_suffix(".mo")
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parents[1].name)
        draft = target.with_suffix(".mo.draft")
        with draft.open("wb") as file:
            write_mo(file, catalog)
        draft.replace(target)
        written.append(target)
    return written
