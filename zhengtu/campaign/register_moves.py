"""A police list of household-register moves beside the register: who matches is recorded, nobody else is kept.

The list is read in memory and in a file that is removed at once. Identity numbers become keyed hashes and are
compared with those of the households; of a row that matches none, nothing is stored or logged.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.conf import settings
from django.core.files.base import ContentFile, File

from zhengtu.accounts.sealing import search_index
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import jurisdiction_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.survey_sheets.reading import read_sheet
from zhengtu.core.survey_sheets.sheet_files import upload_kind
from zhengtu.core.survey_sheets.values import as_date, as_text
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import AttachedFile, keep_file
from zhengtu.ledger.models import Fact
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household
from zhengtu.registry.queries import scope_of, subject_of

VERB: Final = "move.import"
KIND: Final = "register_move_reported"
_HEADING_ROWS: Final = 10
_BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class ImportedMoves:
    """What came of a list.

    Attributes:
        rows: rows with an identity number.
        undated: rows of them without a day that can be read.
        matched: moves recorded.
        known: moves that were recorded before.
        deed: key of the deed, or empty where nothing was new.
    """

    rows: int
    undated: int
    matched: int
    known: int
    deed: str = ""


def import_moves(*, actor: Actor, city: str, file: File, name: str, now: datetime) -> ImportedMoves:
    """Compare a list with the register of a city and record the moves of those who match.

    Raises:
        Refused: no right, no list that can be read, or no column of identity numbers or days.
    """
    with act(actor, VERB, on=subject_of(city), at=now) as deed:
        content = b"".join(file.chunks())
        moves, undated = _read(content, name=name)
        found = _matches(moves, city=city)
        known = _known(found)
        new = sorted(set(found) - known)
        if not new:
            raise Refused(_nothing_new(rows=len(moves) + undated, known=len(known)))
        deed.lock(sorted({jurisdiction_of(household) for household, _on in new}))
        facts = [NewFact("household", code, KIND, on, {"moved_in_on": on.isoformat()}) for code, on in new]
        because = Reason(
            code="integrity.moves_compared",
            message=N_("A list of %(rows)s rows (SHA-256 %(sha256)s) was compared with the register; it is not kept."),
            parameters={"rows": len(moves) + undated, "sha256": sha256(content).hexdigest()},
        )
        key = deed.record(facts=facts, evidence=[_extract(new)], because=[because])
        return ImportedMoves(len(moves) + undated, undated, len(new), len(known), key)


def city_to_compare(actor: Actor) -> str:
    """The city whose register the actor may compare lists with; empty where there is none."""
    return next((f"{prefix[:4]}00" for prefix in sorted(scope_of(actor, verb=VERB).prefixes)), "")


def _nothing_new(*, rows: int, known: int) -> Reason:
    return Reason(
        code="integrity.moves_none",
        message=N_("Of %(rows)s rows none is a new move of somebody in the register; %(known)s were recorded before."),
        parameters={"rows": rows, "known": known},
        remedy=N_("Nothing has to be done; the list was not kept."),
    )


def _read(content: bytes, *, name: str) -> tuple[list[tuple[str, date]], int]:
    """(keyed hash, day) of each row, and how many rows have no day."""
    with TemporaryDirectory(prefix="zhengtu-moves-") as folder:
        path = Path(folder) / f"list{Path(name).suffix[:8]}"
        path.write_bytes(content)
        kind = upload_kind(path=path, name=path.name, limit_bytes=settings.UPLOAD_LIMIT_BYTES)
        if not kind.is_ledger:
            raise Refused(_unreadable())
        rows = read_sheet(path=path, kind=kind, file=path.name).rows
    top, identity, day = _columns(rows)
    moves, undated = [], 0
    for row in rows[top + 1 :]:
        number = "".join(as_text(row[identity]).split())
        if not number:
            continue
        on = as_date(row[day])
        if on is None:
            undated += 1
        else:
            moves.append((search_index(number), on))
    return moves, undated


def _columns(rows: Sequence[Sequence[object]]) -> tuple[int, int, int]:
    """Row of the headings, column of the identity numbers, column of the days."""
    known = current_rulebook().integrity.move_columns
    for number, row in enumerate(rows[:_HEADING_ROWS]):
        headings = ["".join(as_text(cell).split()).lower() for cell in row]  # type: ignore[arg-type]
        identity, day = _place(headings, known["identity_number"]), _place(headings, known["moved_in_on"])
        if identity is not None and day is not None:
            return number, identity, day
    raise Refused(_unreadable())


def _place(headings: Sequence[str], known: Iterable[str]) -> int | None:
    plain = {"".join(heading.split()).lower() for heading in known}
    return next((place for place, heading in enumerate(headings) if heading in plain), None)


def usual_headings() -> tuple[str, str]:
    """What the columns of identity numbers and of days are usually called."""
    columns = current_rulebook().integrity.move_columns
    return columns["identity_number"][0], columns["moved_in_on"][0]


def _unreadable() -> Reason:
    identity, day = usual_headings()
    return Reason(
        code="integrity.moves_unreadable",
        message=N_("No column of identity numbers and none of days of moving in was found."),
        parameters={"identity": identity, "day": day},
        remedy=N_("Head the columns “%(identity)s” and “%(day)s” and send Excel or CSV."),
    )


def _matches(moves: Sequence[tuple[str, date]], *, city: str) -> list[tuple[str, date]]:
    by_index: dict[str, set[date]] = {}
    for index, on in moves:
        by_index.setdefault(index, set()).add(on)
    found = []
    indexes = sorted(by_index)
    for start in range(0, len(indexes), _BATCH):
        rows = Household.objects.filter(
            code__startswith=city[:4], identity_index__in=indexes[start : start + _BATCH]
        ).values_list("code", "identity_index")
        found += [(code, on) for code, index in rows for on in by_index[index]]
    return found


def _known(found: Sequence[tuple[str, date]]) -> set[tuple[str, date]]:
    rows = Fact.objects.filter(subject__in={code for code, _on in found}, kind=KIND)
    return set(rows.values_list("subject", "happened_on")) & set(found)


def _extract(new: Sequence[tuple[str, date]]) -> AttachedFile:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["household", "moved_in_on"])
    writer.writerows((code, on.isoformat()) for code, on in new)
    return keep_file(
        ContentFile(text.getvalue().encode()), kind="move_extract", name="register-moves.csv", media_type="text/csv"
    )
