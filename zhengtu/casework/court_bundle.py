"""The application to the court as one archive: the application, an index, and each paper under its SHA-256."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import PurePath
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.translation import override

from zhengtu.casework.court import CourtFile, PaperLine, court_file
from zhengtu.casework.notice_values import date_in_words
from zhengtu.casework.notices import make_notice, notice_subject, notices_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.files import evidence_is_intact, evidence_path, evidence_storage
from zhengtu.ledger.reason_text import rulebook_label, spoken_reason, spoken_source
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.press.document import Block, Document, Heading, Paragraph, Table, TableColumn
from zhengtu.press.pdf import to_pdf
from zhengtu.press.word import to_docx
from zhengtu.registry.models import Household
from zhengtu.registry.queries import subject_of

_ENDINGS: Final = frozenset({
    "pdf", "ofd", "jpg", "jpeg", "png", "tif", "tiff", "heic", "docx", "xlsx", "txt", "csv",
})


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file of the bundle: which line it belongs to and where it lies in the archive."""

    line: str
    source: str
    sha256: str
    size_bytes: int
    deed: str
    path: str


def court_bundle(
    *, actor: Actor, household: Household, given: Mapping[str, str], now: datetime
) -> bytes:
    """The archive, whole or not at all; that names were read in full for it is recorded as a deed.

    Raises:
        Refused: no right; papers or answers missing; the time not come; a datum of the application or a stored
            file missing.
    """
    denied = current_rulebook().authority.may(
        actor=actor, verb="fact.record_decision", subject=subject_of(household.code)
    )
    if denied is not None:
        raise Refused(denied)
    today = civil_date(at=now)
    held = court_file(household.code, on=today)
    subject = notice_subject(actor, household.code)
    if held is None or subject is None:
        raise Refused(Reason("court.no_procedure", N_("No statutory procedure governs this household.")))
    if not held.is_whole:
        raise Refused(*held.missing, *held.reasons)
    entries = list(_entries(held))
    damaged = [entry for entry in entries if evidence_is_intact(entry.sha256) is not True]
    if damaged:
        raise Refused(*(_damaged(entry) for entry in damaged))
    notice = next(one for one in notices_of(subject, is_family=False) if one.step == held.step.id)
    application = make_notice(actor=actor, subject=subject, notice=notice, given=given, owner=1, now=now)
    with override("zh-hans"):
        index = _index(held, entries, household=household.code, mark=application.mark, today=today)
        return _archive(application, index, entries, held=held, household=household.code, now=now)


def _entries(held: CourtFile) -> Iterator[_Entry]:
    """Every paper, then every document of the self-check, in the order of the lists."""
    regime = held.case.procedure.regime
    groups: Sequence[tuple[str, Sequence[PaperLine]]] = (
        ("court_document", held.papers), ("refusal_ground", held.grounds)
    )
    for group, lines in groups:
        for line in lines:
            for file in line.files:
                ending = PurePath(file.name).suffix.lstrip(".").lower()
                name = f"{file.file_id}.{ending}" if ending in _ENDINGS else file.file_id
                yield _Entry(
                    line=f"{group}:{regime}.{line.item.id}", source=line.item.source, sha256=file.file_id,
                    size_bytes=file.file.size_bytes, deed=line.deed, path=f"papers/{name}",
                )


def _damaged(entry: _Entry) -> Reason:
    return Reason(
        "court.file_damaged", N_("The stored file of “%(line)s” (SHA-256 %(sha256)s) is missing or damaged."),
        {"line": entry.line, "sha256": entry.sha256[:12]}, remedy=N_("File the paper again."),
    )


def _spoken(line: str) -> str:
    group, _, id = line.partition(":")
    return rulebook_label(group=group, id=id)


def _index(
    held: CourtFile, entries: Sequence[_Entry], *, household: str, mark: str, today: date
) -> Document:
    """The list of everything in the bundle, for the court's registry."""

    def said(message: str, **parameters: object) -> str:
        return spoken_reason(Reason("court.index", message, parameters)).message

    def table(group: str) -> Table:
        chosen = [entry for entry in entries if entry.line.startswith(f"{group}:")]
        columns = [
            TableColumn(said(N_("No.")), is_number=True, width=0.5), TableColumn(said(N_("Paper")), width=3),
            TableColumn(said(N_("Basis")), width=2.4), TableColumn(said(N_("File (SHA-256)")), width=3),
        ]
        rows = [
            (str(at), _spoken(entry.line), spoken_source(entry.source), entry.sha256)
            for at, entry in enumerate(chosen, start=1)
        ]
        return Table(columns, rows)

    window = held.window
    blocks: list[Block] = [
        Paragraph(said(N_("Household %(household)s; made on %(today)s."), household=household,
                       today=date_in_words(today)), is_indented=False),
    ]
    if window.earliest_on is not None and window.last is not None:
        blocks.append(Paragraph(said(
            N_("The application may be filed from %(first)s to %(last)s."),
            first=date_in_words(window.earliest_on), last=date_in_words(window.last.on),
        ), is_indented=False))
    blocks += [
        Heading(said(N_("Papers of the application"))), table("court_document"),
        Heading(said(N_("Self-check against the grounds of refusal: none applies"))), table("refusal_ground"),
    ]
    return Document(title=said(N_("Index of the application for enforcement")), blocks=blocks, mark=mark)


def _archive(
    application: Document, index: Document, entries: Sequence[_Entry], *, held: CourtFile, household: str,
    now: datetime,
) -> bytes:
    target = BytesIO()
    stamp = now.timetuple()[:6]
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        def put(path: str, content: bytes) -> None:
            archive.writestr(ZipInfo(path, date_time=stamp), content, ZIP_DEFLATED)

        for number, document in enumerate((application, index), start=1):
            put(f"{number}-{document.title}.pdf", to_pdf(document))
            put(f"{number}-{document.title}.docx", to_docx(document))
        for entry in {entry.path: entry for entry in entries}.values():
            with evidence_storage().open(evidence_path(entry.sha256)) as file:
                put(entry.path, file.read())
        sums = dict.fromkeys(f"{entry.sha256}  {entry.path}" for entry in entries)
        put("SHA256SUMS", ("\n".join(sums) + "\n").encode())
        manifest = _manifest(entries, held, household, now)
        put("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1).encode())
    return target.getvalue()


def _manifest(
    entries: Sequence[_Entry], held: CourtFile, household: str, now: datetime
) -> dict[str, object]:
    window = held.window
    return {
        "household": household,
        "procedure": held.case.procedure.version,
        "rulebook": current_rulebook().fingerprint,
        "made_at": now.isoformat(),
        "may_be_filed_from": window.earliest_on.isoformat() if window.earliest_on else None,
        "may_be_filed_until": window.last.on.isoformat() if window.last else None,
        "files": [
            {
                "line": entry.line, "label": _spoken(entry.line), "source": entry.source, "path": entry.path,
                "sha256": entry.sha256, "size_bytes": entry.size_bytes, "deed": entry.deed,
            }
            for entry in entries
        ],
    }
