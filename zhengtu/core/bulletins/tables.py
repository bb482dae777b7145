"""The tables of a bulletin: typed cells with their proofs, for the document, the page and the annex alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhengtu.core.bulletins.figures import BulletinFigures, DirectiveFigure, PlaceFigures
from zhengtu.core.bulletins.proofs import Proof
from zhengtu.core.bulletins.wording import Writer, matter_in_short

Value = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        kind: ``text``, ``integer``, ``decimal``, ``share`` (tenths of a per cent), ``points`` (tenths of a point) or
            ``date``.
        total: ``sum``, or empty. ``of``: a share's numerator and denominator, as ids of columns.
        is_annex: whether only the annex shows it.
        width: share of the page's width.
    """

    id: str
    heading: str
    kind: str = "text"
    total: str = ""
    of: tuple[str, str] | None = None
    is_annex: bool = False
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, how it reads, and what proves it (``str`` of a ``Proof``, or empty)."""

    value: Value
    text: str
    proof: str = ""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table; ``total`` is a last row, or empty."""

    id: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] = ()

    def shown(self) -> FigureTable:
        """The table without the columns that only the annex shows."""
        at = [number for number, column in enumerate(self.columns) if not column.is_annex]
        return FigureTable(
            id=self.id, caption=self.caption, columns=[self.columns[number] for number in at],
            rows=[[row[number] for number in at] for row in self.rows],
            total=[self.total[number] for number in at] if self.total else (),
        )


def tables_of(figures: BulletinFigures, writer: Writer, *, reasons: Mapping[str, str]) -> dict[str, FigureTable]:
    """Every table of a bulletin that has rows, by id.

    Args:
        reasons: part of a project -> the sentence beside its red light, in the writer's language.
    """
    made = [
        _places(figures, writer), _goals(figures, writer), _red(figures, writer, reasons), _money(figures, writer),
        _directives(figures, writer),
    ]
    return {table.id: table for table in made if table.rows}


def change_text(change: int | None, writer: Writer) -> str:
    """A change of a share as it stands in a table."""
    if change is None:
        return writer.word("none")
    if change == 0:
        return writer.word("still")
    return writer.word("rise" if change > 0 else "fall").format(points=writer.points(change))


def _places(figures: BulletinFigures, writer: Writer) -> FigureTable:
    columns = [
        _column("rank", writer, "integer", width=0.7), _column("place", writer, width=1.5),
        _column("code", writer, is_annex=True),
        _column("ranked", writer, "integer", total="sum", width=1.1),
        _column("settled", writer, "integer", total="sum", width=1.1),
        _column("share", writer, "share", of=("settled", "ranked"), width=1.35),
        _column("change", writer, "points", width=1.3), _column("added", writer, "integer", total="sum", width=1.1),
        _column("vacated", writer, "integer", total="sum", width=1.1),
        _column("handed_over", writer, "integer", total="sum", width=1.1),
        _column("red", writer, "integer", total="sum", width=0.8),
        _column("yellow", writer, "integer", total="sum", is_annex=True),
        _column("overdue", writer, "integer", total="sum", width=1.1),
    ]
    return FigureTable(
        "places", writer.word("table_places"), columns,
        rows=[_place_row(place, place.code, writer) for place in figures.places],
        total=_place_row(figures.total, "", writer),
    )


def _place_row(place: PlaceFigures, code: str, writer: Writer) -> list[Cell]:
    def count(value: int, what: str, *, is_change: bool = False, is_ranked: bool = False) -> Cell:
        return Cell(value, writer.number(value), str(Proof(what, code, is_change=is_change, is_ranked=is_ranked)))

    share = writer.percent(place.permille) if place.permille is not None else writer.word("none")
    return [
        Cell(place.rank, writer.number(place.rank) if place.rank is not None else writer.word("none"))
        if code else Cell(None, ""),
        Cell(writer.name(code), writer.name(code)) if code else Cell(writer.word("total"), writer.word("total")),
        Cell(place.code, place.code),
        count(place.ranked_households, "households", is_ranked=True),
        count(place.ranked_settled, "settled", is_ranked=True),
        Cell(place.permille, share, str(Proof("settled", code, is_ranked=True))),
        Cell(place.permille_change, change_text(place.permille_change, writer)),
        count(place.settled_change, "settled", is_change=True), count(place.vacated, "vacated"),
        count(place.handed_over, "handed_over"), count(place.red, "red"), count(place.yellow, "yellow"),
        count(place.overdue, "overdue_directives"),
    ]


def _goals(figures: BulletinFigures, writer: Writer) -> FigureTable:
    columns = [
        _column("goal", writer, width=1.1), _column("code", writer, is_annex=True),
        _column("due", writer, "date", width=1.2), _column("days", writer, "integer", width=0.9),
        _column("sections_left", writer, "integer", width=1.2),
        _column("households_left", writer, "integer", width=1.2), _column("units", writer, width=3.0),
    ]
    rows = [
        [
            _text(writer.word(f"goal_{one.goal}")), _text(one.key), Cell(one.due_on, writer.day_in_table(one.due_on)),
            Cell(one.days_left, writer.number(one.days_left)),
            Cell(one.sections_left, writer.number(one.sections_left), str(Proof("deadline_sections", one.key))),
            Cell(one.households_left, writer.number(one.households_left), str(Proof("deadline", one.key))),
            _text(writer.listed(one.units)),
        ]
        for one in figures.near
    ]
    return FigureTable("goals", writer.word("table_goals"), columns, rows)


def _red(figures: BulletinFigures, writer: Writer, reasons: Mapping[str, str]) -> FigureTable:
    columns = [
        _column("project", writer, width=2.4), _column("code", writer, is_annex=True),
        _column("turned", writer, width=0.7), _column("goal", writer, width=0.8),
        _column("due", writer, "date", width=1.2), _column("earliest", writer, "date", width=1.2),
        _column("reason", writer, width=4.5), _column("units", writer, width=1.3),
    ]
    rows = [
        [
            Cell(writer.name(one.part), writer.name(one.part), str(Proof("part", one.part))), _text(one.part),
            _text(writer.word("yes" if one.has_turned else "no")),
            _text(writer.word(f"goal_{one.goal}") if one.goal else ""), _date(one.due_on, writer),
            _date(one.earliest_on, writer), _text(reasons.get(one.part, "")),
            _text(writer.name(one.responsible) if one.responsible else ""),
        ]
        for one in figures.red
    ]
    return FigureTable("red", writer.word("table_red"), columns, rows)


def _money(figures: BulletinFigures, writer: Writer) -> FigureTable:
    columns = [
        _column("project", writer, width=2.4), _column("code", writer, is_annex=True),
        _column("client", writer, width=1.7), _column("missing", writer, "decimal", total="sum", width=1.3),
        _column("since", writer, "date", width=1.2),
    ]
    rows = [
        [
            _text(writer.name(one.part)), _text(one.part), _text(writer.name(one.client)),
            _wan(one.missing_yuan, writer, str(Proof("money", one.part))), _date(one.since_on, writer),
        ]
        for one in figures.money_late
    ]
    missing = sum((one.missing_yuan for one in figures.money_late), Decimal(0))
    total = [_text(writer.word("total")), Cell(None, ""), Cell(None, ""), _wan(missing, writer, ""), Cell(None, "")]
    return FigureTable("money", writer.word("table_money"), columns, rows, total=total)


def _directives(figures: BulletinFigures, writer: Writer) -> FigureTable:
    columns = [
        _column("number", writer, width=2.2), _column("code", writer, is_annex=True),
        _column("matter", writer, width=3.6), _column("lead", writer, width=1.3),
        _column("due", writer, "date", width=1.2), _column("state", writer, width=1.0),
        _column("overdue_days", writer, "integer", width=1.2),
    ]
    return FigureTable(
        "directives", writer.word("table_directives"), columns,
        rows=[_directive_row(one, writer) for one in figures.directives],
    )


def _directive_row(one: DirectiveFigure, writer: Writer) -> list[Cell]:
    return [
        Cell(one.number, one.number, str(Proof("directive", one.code))), _text(one.code),
        Cell(one.matter, matter_in_short(one, longest=60)), _text(writer.name(one.lead)), _date(one.due_on, writer),
        _text(writer.word(f"state_{one.state}")),
        Cell(one.overdue_workdays, writer.number(one.overdue_workdays) if one.overdue_workdays else ""),
    ]


def _column(
    id: str, writer: Writer, kind: str = "text", *, total: str = "", of: tuple[str, str] | None = None,
    is_annex: bool = False, width: float = 1.0,
) -> Column:
    return Column(id, writer.word(id), kind, total=total, of=of, is_annex=is_annex, width=width)


def _text(text: str) -> Cell:
    return Cell(text, text)


def _date(on: date | None, writer: Writer) -> Cell:
    return Cell(on, writer.day_in_table(on) if on is not None else writer.word("none"))


def _wan(yuan: Decimal, writer: Writer, proof: str) -> Cell:
    return Cell(yuan / 10_000, writer.wan(yuan), proof)
