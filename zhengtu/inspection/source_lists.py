"""Lists of independent sources (imagery, utility accounts): taken over whole or not at all, row by row with its reason.

The inspection office imports them; who reported the clearing has no hand in them. Of the list only what was taken over
is kept, as an extract without names.
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

from zhengtu.core.authority.actor import Actor
from zhengtu.core.inspection.verification import Source
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import jurisdiction_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.survey_sheets.reading import Sheet, read_sheet
from zhengtu.core.survey_sheets.sheet_files import upload_kind
from zhengtu.core.survey_sheets.values import as_date, as_text
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import AttachedFile, keep_file
from zhengtu.ledger.models import Fact
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household
from zhengtu.registry.queries import scope_of, subject_of

VERB: Final = "source.import"
KIND: Final = "source_confirmed"
LISTED: Final = (Source.IMAGERY, Source.UTILITY)
"""Sources that come as lists."""
PROBLEMS_SHOWN: Final = 50
_HEADING_ROWS: Final = 10
_TEXTS: Final = {
    "household": (
        N_("%(file)s, sheet %(sheet)s, row %(row)s, %(field)s: the city has no household “%(value)s”."),
        N_("Write the household's code as it stands in the register."),
    ),
    "said_on": (
        N_("%(file)s, sheet %(sheet)s, row %(row)s, %(field)s: “%(value)s” is no day until today."),
        N_("Write the day of which the source speaks."),
    ),
    "is_cleared": (
        N_("%(file)s, sheet %(sheet)s, row %(row)s, %(field)s: “%(value)s” does not say whether it is cleared."),
        N_("Write “%(yes)s” or “%(no)s”."),
    ),
    "opposite": (
        N_("%(file)s, sheet %(sheet)s, row %(row)s, %(field)s: an earlier row says the opposite of %(value)s."),
        N_("Leave the row that is right."),
    ),
}
"""Column, or what is wrong with it -> the sentence and what to do."""


@dataclass(frozen=True, slots=True)
class ImportedSources:
    """What came of a list: rows with a household, those recorded, those recorded before, and the deed."""

    rows: int
    recorded: int
    known: int
    deed: str


@dataclass(frozen=True, slots=True)
class _Said:
    household: str
    on: date
    is_cleared: bool


def city_of_lists(actor: Actor) -> str:
    """The city whose lists the actor may import; empty where there is none."""
    return next((f"{prefix[:4]}00" for prefix in sorted(scope_of(actor, verb=VERB).prefixes)), "")


def import_sources(
    *, actor: Actor, city: str, source: str, file: File, name: str, now: datetime
) -> ImportedSources:
    """Record what a list says of the city's households; all its rows or, where one is wrong, none.

    Args:
        source: one of ``LISTED``.
        name: the file's name, as messages call it.

    Raises:
        Refused: no right, an unknown source, no list that can be read, or the rows that are wrong.
    """
    with act(actor, VERB, on=subject_of(city), at=now) as deed:
        if source not in LISTED:
            raise Refused(_plain("source", N_("Say whose list it is."), N_("Choose imagery or utility accounts.")))
        content = b"".join(file.chunks())
        sheet = _sheet(content, name=name)
        said, reasons = _rows(sheet, city=city, today=civil_date(at=now))
        if reasons:
            raise Refused(*reasons[:PROBLEMS_SHOWN])
        new = _new(said, source=source)
        if not new:
            raise Refused(
                _plain("nothing_new", N_("Everything that the list says is recorded."), N_("Nothing has to be done."))
            )
        deed.lock(sorted({jurisdiction_of(one.household) for one in new}))
        facts = [
            NewFact("household", one.household, KIND, one.on, {
                "source": source, "is_cleared": "yes" if one.is_cleared else "no",
            })
            for one in new
        ]
        because = Reason(
            code="source.list_read",
            message=N_("A list of %(rows)s rows (SHA-256 %(sha256)s) was read; an extract of it is kept."),
            parameters={"rows": len(said), "sha256": sha256(content).hexdigest()},
        )
        key = deed.record(facts=facts, evidence=[_extract(new)], because=[because])
        return ImportedSources(rows=len(said), recorded=len(new), known=len(said) - len(new), deed=key)


def headings() -> dict[str, str]:
    """What each column is called first of all."""
    return {name: words[0] for name, words in current_rulebook().inspection.source_lists.columns.items()}


def _sheet(content: bytes, *, name: str) -> Sheet:
    with TemporaryDirectory(prefix="zhengtu-sources-") as folder:
        path = Path(folder) / f"list{Path(name).suffix[:8]}"
        path.write_bytes(content)
        kind = upload_kind(path=path, name=path.name, limit_bytes=settings.UPLOAD_LIMIT_BYTES)
        if not kind.is_ledger:
            raise Refused(_unreadable(name))
        return read_sheet(path=path, kind=kind, file=name)


def _rows(sheet: Sheet, *, city: str, today: date) -> tuple[list[_Said], list[Reason]]:
    """What the rows say, and why some of them cannot be taken over; empty rows say nothing."""
    top, columns = _columns(sheet)
    lists = current_rulebook().inspection.source_lists
    yes, no = (_plain_words(words) for words in (lists.yes, lists.no))
    read = [
        (number, as_text(row[columns["household"]]), as_date(row[columns["said_on"]]),
         "".join(as_text(row[columns["is_cleared"]]).split()).lower())
        for number, row in enumerate(sheet.rows[top + 1 :], start=top + 2)
    ]
    read = [row for row in read if any(row[1:])]
    known = set(Household.objects.filter(
        code__in={code for _, code, _, _ in read}, code__startswith=city[:4]
    ).values_list("code", flat=True))
    said: dict[tuple[str, date], _Said] = {}
    reasons: list[Reason] = []
    for number, code, on, answer in read:
        wrong = {
            "household": "" if code in known else code or "—",
            "said_on": "—" if on is None else on.isoformat() if on > today else "",
            "is_cleared": "" if answer in yes | no else answer or "—",
        }
        reasons += [_at(sheet, number, field, value) for field, value in wrong.items() if value]
        if on is None or any(wrong.values()):
            continue
        held = said.setdefault((code, on), _Said(code, on, answer in yes))
        if held.is_cleared != (answer in yes):
            reasons.append(_at(sheet, number, "is_cleared", code, problem="opposite"))
    if not said and not reasons:
        reasons.append(_unreadable(sheet.file))
    return list(said.values()), reasons


def _columns(sheet: Sheet) -> tuple[int, dict[str, int]]:
    """Row of the headings, and where each column stands."""
    columns = current_rulebook().inspection.source_lists.columns
    for number, row in enumerate(sheet.rows[:_HEADING_ROWS]):
        told = ["".join(as_text(cell).split()).lower() for cell in row]
        places = {
            name: next((place for place, heading in enumerate(told) if heading in _plain_words(words)), None)
            for name, words in columns.items()
        }
        if None not in places.values():
            return number, {name: place for name, place in places.items() if place is not None}
    raise Refused(_unreadable(sheet.file))


def _plain_words(words: Iterable[str]) -> set[str]:
    return {"".join(word.split()).lower() for word in words}


def _new(said: Sequence[_Said], *, source: str) -> list[_Said]:
    """What is not recorded of that source, day and household."""
    rows = Fact.objects.filter(subject__in={one.household for one in said}, kind=KIND, attributes__source=source)
    known = set(rows.values_list("subject", "happened_on", "attributes__is_cleared"))
    return [one for one in said if (one.household, one.on, "yes" if one.is_cleared else "no") not in known]


def _at(sheet: Sheet, number: int, field: str, value: str, *, problem: str = "") -> Reason:
    """What is wrong in one cell, with file, sheet, row and column."""
    lists = current_rulebook().inspection.source_lists
    message, remedy = _TEXTS[problem or field]
    return Reason(
        code=f"source.{problem or field}", message=message, remedy=remedy,
        parameters={
            "file": sheet.file, "sheet": sheet.name or "—", "row": number, "field": headings()[field], "value": value,
            "yes": lists.yes[0], "no": lists.no[0],
        },
    )


def _unreadable(name: str) -> Reason:
    return Reason(
        code="source.unreadable",
        message=N_("“%(file)s” has no columns of households, days and answers, or no row below them."),
        parameters={"file": name, **headings()},
        remedy=N_("Head the columns “%(household)s”, “%(said_on)s” and “%(is_cleared)s” and send Excel or CSV."),
    )


def _plain(code: str, message: str, remedy: str) -> Reason:
    return Reason(code=f"source.{code}", message=message, remedy=remedy)


def _extract(new: Sequence[_Said]) -> AttachedFile:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["household", "said_on", "is_cleared"])
    writer.writerows((one.household, one.on.isoformat(), "yes" if one.is_cleared else "no") for one in new)
    return keep_file(
        ContentFile(text.getvalue().encode()), kind="independent_list", name="independent-list.csv",
        media_type="text/csv",
    )
