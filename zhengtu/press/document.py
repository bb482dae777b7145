"""A document as plain values: what it says, in which order; Word and PDF are made of the same value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from zhengtu.press.chart import BarChart, Chart, LineChart, RankingChart, SpanChart
from zhengtu.press.document_types import red_head_reason


class Layout(StrEnum):
    """How it looks. All but ``FORM`` keep the page, fonts and numbering of GB/T 9704-2012.

    - ``OFFICIAL``: a document of an authority; under a red head and line where a ``head`` is given, else without.
    - ``LETTER``: the letter format: the authority's name over a red double line, another at the foot of page 1.
    - ``MINUTES``: under the red mark of minutes; who attended follows the text; no seal.
    - ``BULLETIN``: internal bulletins and reports to leaders: mark, issue and rule in black, never the red head.
    - ``SLIP``: an internal form: title, number, fields in a ruled grid; never the red head.
    - ``RED_SLIP``: the same within a red border, for a third demand.
    - ``FORM``: a plain form handed to a family.
    """

    OFFICIAL = "official"
    LETTER = "letter"
    MINUTES = "minutes"
    BULLETIN = "bulletin"
    SLIP = "slip"
    RED_SLIP = "red_slip"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within the text: level 1 is numbered 一、, 2 （一）, 3 1．, 4 （1）. The number is part of the text."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``is_indented`` puts two characters before its first line."""

    text: str
    is_indented: bool = True
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A label in bold face, a colon, and a text whose further lines begin under its first: who attended, and so on."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its heading (with the unit), whether it holds numbers, and its share of the width."""

    heading: str
    is_number: bool = False
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading row; ``total`` is a last row in bold, or empty; ``unit`` stands over its right end."""

    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()
    caption: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form: its label, what stands in it, and how many lines it is high at least (to be filled in)."""

    label: str
    text: str = ""
    lines: int = 1


@dataclass(frozen=True, slots=True)
class FieldGrid:
    """A ruled form: rows of one or more fields, each a cell with the label beside a cell with the text."""

    rows: Sequence[Sequence[FormField]]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines on which the parties sign: label, and the place for name, seal and date."""

    parties: Sequence[str]


Block = (
    Heading | Paragraph | LabelledText | Table | FieldGrid | BarChart | LineChart | RankingChart | SpanChart
    | Signatures
)


@dataclass(frozen=True, slots=True)
class OfficialHead:
    """What stands over the title; colour and rules follow from the layout.

    Attributes:
        mark: the mark of the authority, minutes or bulletin, in full; ``\\n`` between authorities that issue jointly.
        issue: which issue of a bulletin or of minutes, in words, or empty.
        issued_by: who issues a bulletin or minutes: left over the rule; or empty.
        issued_on: the date in words, right over the rule; or empty.
        signer: who signed a document to a higher authority (the number then stands left); or empty.
        copy_number: six digits, or empty. secrecy: class and term, or empty. urgency: degree, or empty.
    """

    mark: str
    issue: str = ""
    issued_by: str = ""
    issued_on: str = ""
    signer: str = ""
    copy_number: str = ""
    secrecy: str = ""
    urgency: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment: listed after the text, and set on a page of its own; one without blocks is a separate file."""

    title: str
    blocks: Sequence[Block] = ()


@dataclass(frozen=True, slots=True)
class Distribution:
    """What stands between rules at the foot of the last page, all in words; each may be empty.

    Attributes:
        copies_to: who receives copies, without the full stop.
        printed_by: who printed it. printed_on: the date.
        sent_to: the addressees, where they are moved here.
    """

    copies_to: str = ""
    printed_by: str = ""
    printed_on: str = ""
    sent_to: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One document.

    Attributes:
        title: ``\\n`` where the author wants a line to end; lines are balanced otherwise, no word broken.
        number: document number, e.g. ``吉市征补〔2026〕12号``, or empty.
        addressee: whom it is addressed to, or empty.
        issuer: the office that signs, or empty where the parties sign.
        dated: the date in words, or empty.
        mark: a remark on every page, e.g. that the document is of a demonstration; or empty.
        language: ``zh-Hans`` or ``en``.
        subtitle: a line under the title, or empty.
        head: what stands over the title. Letters, minutes and bulletins have one; forms and slips have none.
        is_sealed: whether room is left for the seal over office and date.
        attachments: listed after the text; those with blocks follow on pages of their own.
        note: remark under the date, without its brackets; or empty.
        distribution: what stands at the foot of the last page, or None.
        watermark: across every page of a draft, or empty.

    Raises:
        ValueError: without a title, or with a head that the layout does not have, or without one that it needs; for
            anything under a red head that is not of a statutory type, internal forms above all; and where it names who
            signed it though it does not go up to a higher authority.
    """

    title: str
    blocks: Sequence[Block]
    layout: Layout = Layout.FORM
    number: str = ""
    addressee: str = ""
    issuer: str = ""
    dated: str = ""
    mark: str = ""
    language: str = "zh-Hans"
    subtitle: str = ""
    head: OfficialHead | None = None
    is_sealed: bool = True
    attachments: Sequence[Attachment] = ()
    note: str = ""
    distribution: Distribution | None = None
    watermark: str = ""

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ValueError("a document needs a title")
        if self.layout in {Layout.LETTER, Layout.MINUTES, Layout.BULLETIN} and self.head is None:
            raise ValueError(f"the layout {self.layout} needs a head")
        if self.layout in {Layout.FORM, Layout.SLIP, Layout.RED_SLIP} and self.head is not None:
            raise ValueError(f"the layout {self.layout} has no head")
        if self.head is not None and not self.head.mark.strip():
            raise ValueError("a head needs its mark")
        if self.head is not None and not self.language.startswith("en"):
            reason = red_head_reason(
                self.title, mark=self.head.mark, is_signed=bool(self.head.signer), is_red=self.layout is Layout.OFFICIAL
            )
            if reason:
                raise ValueError(reason)


__all__ = [
    "Attachment", "BarChart", "Block", "Chart", "Distribution", "Document", "FieldGrid", "FormField", "Heading",
    "LabelledText", "Layout", "LineChart", "OfficialHead", "Paragraph", "RankingChart", "Signatures",
    "SpanChart", "Table", "TableColumn",
]
