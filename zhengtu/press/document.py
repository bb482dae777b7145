"""A document as plain values: what it says, in which order; Word and PDF are made of the same value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Layout(StrEnum):
    """How it looks: an official document by GB/T 9704-2012, or a plain form handed to a family."""

    OFFICIAL = "official"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within the text; level 1 is numbered 一、, level 2 （一）. The number is part of the text."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``is_indented`` puts two characters before its first line."""

    text: str
    is_indented: bool = True
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its heading (with the unit), whether it holds numbers, and its share of the width."""

    heading: str
    is_number: bool = False
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading row; ``total`` is a last row in bold, or empty."""

    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines on which the parties sign: label, and the place for name, seal and date."""

    parties: Sequence[str]


Block = Heading | Paragraph | Table | Signatures


@dataclass(frozen=True, slots=True)
class Document:
    """One document.

    Attributes:
        number: document number, e.g. ``吉市征补〔2026〕12号``, or empty.
        addressee: whom it is addressed to, or empty.
        issuer: the office that signs, or empty where the parties sign.
        dated: the date in words, or empty.
        mark: a remark on every page, e.g. that the document is of a demonstration; or empty.
        language: ``zh-Hans`` or ``en``.
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

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ValueError("a document needs a title")
