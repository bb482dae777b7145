"""A bulletin as a document value, of which Word and PDF are made, and its Excel annex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from zhengtu.accounts.queries import unit_names
from zhengtu.core.bulletins.figures import BulletinFigures, NamedFigures, fingerprint
from zhengtu.core.bulletins.sentences import campaign_name
from zhengtu.core.bulletins.tables import Cell, Column, FigureTable, change_text
from zhengtu.core.bulletins.text import BulletinPart, BulletinText
from zhengtu.core.bulletins.wording import KindRules, Writer, text_of
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.press.annex import AnnexColumn, AnnexSheet, annex_workbook
from zhengtu.press.chart import (
    Chart,
    Fan,
    Line,
    LineChart,
    LineKind,
    RankedBar,
    RankingChart,
)
from zhengtu.press.document import (
    Attachment,
    Block,
    Distribution,
    Document,
    Heading,
    Layout,
    OfficialHead,
    Paragraph,
    Table,
    TableColumn,
)
from zhengtu.press.pdf import to_pdf
from zhengtu.press.spreadsheet import CellValue
from zhengtu.press.word import to_docx
from zhengtu.publication.addressees import addressed_to
from zhengtu.publication.wording import CHINESE, bulletin_text
from zhengtu.registry.queries import is_demonstration

WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES: Final[Mapping[str, str]] = {"docx": WORD, "pdf": "application/pdf", "xlsx": XLSX}
"""Ending of a file -> its media type."""
_ADDRESSED_OVER_TEXT: Final = 4 * 28
"""Characters: more addressees than four lines hold move to the foot of the last page, so that page 1 has text."""
_CHARTED_PARTS: Final = ("progress", "standing")
"""Parts whose tables are followed by the charts."""


@dataclass(frozen=True, slots=True)
class Issue:
    """What a bulletin's head and foot say.

    Attributes:
        number: running number of the year; None of a draft, which is marked as such on every page.
        issued_on: the day of release, or today of a draft.
        addressees: codes of units.
    """

    number: int | None
    issued_on: date
    addressees: Sequence[str] = ()


def bulletin_document(named: NamedFigures, *, remarks: Mapping[str, Sequence[str]], issue: Issue) -> Document:
    """The document of a bulletin, in Chinese as documents are.

    Raises:
        KeyError: of a kind under a red head, in a city without an office that issues it.
    """
    figures = named.figures
    rules = current_rulebook().bulletins
    kind = rules.kinds[figures.kind]
    writer = Writer(rules=rules, names=named.names)
    text = bulletin_text(named, remarks=remarks, issued_on=issue.issued_on, language=CHINESE)
    given = _given(figures, writer, issue)
    issued_on, issuer = writer.day(issue.issued_on), kind.issuer.format(**given)
    addressed = addressed_to(figures.city, issue.addressees, writer)
    is_over_text = kind.is_official and len(addressed) <= _ADDRESSED_OVER_TEXT
    return Document(
        title=kind.title.format(**given), subtitle=kind.subtitle.format(**given), layout=Layout(kind.layout),
        head=_head(kind, given, issue, issued_by=issuer, issued_on=issued_on),
        number=number_of(kind, city=figures.city, issue=issue) if kind.is_official else "",
        addressee=addressed if is_over_text else "",
        issuer=issuer if kind.is_official else "", dated=issued_on if kind.is_official else "",
        blocks=[*_blocks(text, figures, writer), Paragraph(text_of(text.note))],
        attachments=_attachments(text, writer), is_sealed=kind.is_official,
        mark=writer.word("demonstration") if is_demonstration(figures.city) else "",
        distribution=Distribution(
            sent_to="" if is_over_text else addressed, copies_to=kind.copies_to, printed_by=issuer,
            printed_on=issued_on,
        ),
        watermark="" if issue.number else writer.word("draft"),
    )


def number_of(kind: KindRules, *, city: str, issue: Issue) -> str:
    """The number in words; empty of a draft."""
    head = current_rulebook().bulletins.heads.get(city)
    if not issue.number:
        return ""
    return kind.number.format(year=issue.issued_on.year, number=issue.number, code=head.code if head else "")


def _given(figures: BulletinFigures, writer: Writer, issue: Issue) -> dict[str, object]:
    """What the texts of a head may name."""
    city = unit_names([figures.city]).get(figures.city, (figures.city, ""))[0]
    period, head = figures.period, writer.rules.heads.get(figures.city)
    of_office = {"office": head.office, "mark": head.mark, "code": head.code} if head is not None else {}
    return {
        "campaign": campaign_name(figures, writer), "from": writer.day(period.from_on),
        "to": writer.last_day(period.as_of_on, first=period.from_on), "city": _place(city, writer),
        "year": issue.issued_on.year, "number": issue.number, **of_office,
    }


def _head(
    kind: KindRules, given: Mapping[str, object], issue: Issue, *, issued_by: str, issued_on: str
) -> OfficialHead:
    """An office's red mark alone, whose number stands apart; of an internal bulletin also issue, issuer and date.

    Nobody is named as having signed: that belongs to what goes up to a higher authority.
    """
    mark = kind.mark.format(**given)
    if kind.is_official:
        return OfficialHead(mark=mark)
    return OfficialHead(
        mark=mark, issue=kind.issue.format(**given) if issue.number else "", issued_by=issued_by, issued_on=issued_on
    )


def bulletin_files(
    named: NamedFigures, *, remarks: Mapping[str, Sequence[str]], issue: Issue
) -> dict[str, bytes]:
    """Word, PDF and Excel annex of a bulletin, by ending."""
    document = bulletin_document(named, remarks=remarks, issue=issue)
    return {
        "docx": to_docx(document), "pdf": to_pdf(document), "xlsx": annex_of(named, remarks=remarks, issue=issue),
    }


def annex_of(named: NamedFigures, *, remarks: Mapping[str, Sequence[str]], issue: Issue) -> bytes:
    """The annex: every table with its codes, totals as formulas, and what the figures stand for."""
    figures = named.figures
    rules = current_rulebook().bulletins
    writer = Writer(rules=rules, names=named.names)
    kind = rules.kinds[figures.kind]
    text = bulletin_text(named, remarks=remarks, issued_on=issue.issued_on, language=CHINESE)
    number = number_of(kind, city=figures.city, issue=issue)
    period = figures.period
    last = f"{period.from_on.isoformat()} – {period.as_of_on.isoformat()}"
    about = [
        (writer.word("about_kind"), kind.label[0]), (writer.word("about_number"), number or writer.word("draft")),
        (writer.word("about_period"), last), (writer.word("about_as_of"), period.as_of_on.isoformat()),
        (writer.word("about_known"), period.known_on.isoformat()),
        (writer.word("about_sha"), fingerprint(figures)), (writer.word("code"), writer.word("about_rows")),
    ]
    if is_demonstration(figures.city):
        about.append((writer.word("demonstration"), ""))
    return annex_workbook(
        [_sheet(table, writer) for table in text.tables.values()], particulars_name=writer.word("about"),
        particulars=about, created=datetime.combine(issue.issued_on, time()),
    )


def charts_of(figures: BulletinFigures, writer: Writer) -> list[Chart]:
    """The ranking by share, and the campaign's planned, actual and forecast curve."""
    found: list[Chart] = []
    ranked = [place for place in figures.places if place.permille is not None]
    if ranked:
        found.append(
            RankingChart(
                title=writer.word("share_chart"), unit=writer.word("percent_unit"), full=100.0, decimals=1,
                rows=[
                    RankedBar(
                        writer.name(place.code), (place.permille or 0) / 10,
                        note=change_text(place.permille_change, writer),
                    )
                    for place in ranked
                ],
            )
        )
    if figures.curve:
        days = [point.on for point in figures.curve]
        lines = [
            Line(writer.word("planned"), LineKind.PLANNED, [point.planned for point in figures.curve]),
            Line(writer.word("actual"), LineKind.ACTUAL, [point.actual for point in figures.curve]),
        ]
        has_fan = any(point.likely is not None for point in figures.curve)
        if has_fan:
            lines.append(Line(writer.word("forecast"), LineKind.FORECAST, [point.likely for point in figures.curve]))
        found.append(
            LineChart(
                title=writer.word("curve_chart"), unit=writer.word("households_unit"),
                labels=[f"{day.month}-{day.day:02d}" for day in days], lines=lines,
                fan=Fan(
                    writer.word("fan"), [point.low for point in figures.curve],
                    [point.high for point in figures.curve],
                ) if has_fan else None,
                now_at=days.index(figures.period.as_of_on) if figures.period.as_of_on in days else None,
            )
        )
    return found


def _place(city: str, writer: Writer) -> str:
    """The place in the name of its government, whose office signs."""
    return city.removesuffix(writer.word("government"))


def _blocks(text: BulletinText, figures: BulletinFigures, writer: Writer) -> list[Block]:
    blocks: list[Block] = []
    for part in text.parts:
        blocks.append(Heading(part.heading))
        blocks += [Paragraph(text_of(sentence)) for sentence in part.paragraphs if sentence]
        blocks += [_table(table) for table in part.tables]
        if part.id in _CHARTED_PARTS:
            blocks += charts_of(figures, writer)
        blocks += _remarks(part, writer)
    return blocks


def _remarks(part: BulletinPart, writer: Writer) -> list[Block]:
    return [Paragraph(f"{writer.word('remark')}{paragraph}") for paragraph in part.remarks]


def _attachments(text: BulletinText, writer: Writer) -> list[Attachment]:
    if text.annexed is None:
        return []
    return [Attachment(title=writer.word("attachment"), blocks=[_table(text.annexed, caption="")])]


def _table(table: FigureTable, *, caption: str | None = None) -> Table:
    return Table(
        columns=[
            TableColumn(column.heading, is_number=column.kind in ("integer", "decimal", "share", "points"),
                        width=column.width)
            for column in table.columns
        ],
        rows=[[cell.text for cell in row] for row in table.rows], total=[cell.text for cell in table.total],
        caption=table.caption if caption is None else caption,
    )


def _sheet(table: FigureTable, writer: Writer) -> AnnexSheet:
    at = {column.id: index for index, column in enumerate(table.columns)}
    return AnnexSheet(
        name=table.caption, caption=table.caption, total=writer.word("total") if table.total else "",
        columns=[
            AnnexColumn(
                column.heading, column.kind, is_summed=column.total == "sum",
                of=(at[column.of[0]], at[column.of[1]]) if column.of else None,
                width=round(18 * column.width) if column.kind == "text" else 0,
            )
            for column in table.columns
        ],
        rows=[[_value(column, cell) for column, cell in zip(table.columns, row, strict=True)] for row in table.rows],
    )


def _value(column: Column, cell: Cell) -> CellValue:
    if column.kind in ("share", "points") and isinstance(cell.value, int):
        return Decimal(cell.value) / (1000 if column.kind == "share" else 10)
    return cell.value
