"""What a field of a ledger is: how its cells are read, and the words of its choices."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class FieldType(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    CODE = "code"
    NAME = "name"
    IDENTITY = "identity"
    PHONE = "phone"
    CHOICE = "choice"
    COUNT = "count"
    AREA = "area"
    MONEY = "money"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class SheetField:
    """One field of the ledger.

    Attributes:
        heading: column heading of the template, without its unit.
        label: English name, the msgid of what the pages show.
        unit: what the heading says in brackets, or empty.
        synonyms: headings of ledgers in use, without brackets.
        longest: characters allowed, for texts.
        choices: word in the sheet -> stored value, for choices; the first word of each value is the template's.
        fact: kind of the dated fact that the column belongs to, or empty for what describes the household.
        attribute: the fact's attribute; empty for the column with the date it happened.
        note: msgid of the explanation in the template.
        is_personal: whether it identifies people and is sealed.
    """

    id: str
    type: FieldType
    heading: str
    label: str
    unit: str = ""
    synonyms: tuple[str, ...] = ()
    longest: int = 255
    choices: tuple[tuple[str, str], ...] = ()
    fact: str = ""
    attribute: str = ""
    note: str = ""
    is_personal: bool = False

    @property
    def full_heading(self) -> str:
        """The template's heading with its unit."""
        return f"{self.heading}（{self.unit}）" if self.unit else self.heading


USES: Final = (
    ("住宅", "dwelling"),
    ("住房", "dwelling"),
    ("居住", "dwelling"),
    ("民宅", "dwelling"),
    ("dwelling", "dwelling"),
    ("商业", "shop"),
    ("商铺", "shop"),
    ("门市", "shop"),
    ("门面", "shop"),
    ("网点", "shop"),
    ("商服", "shop"),
    ("商业用房", "shop"),
    ("shop", "shop"),
    ("办公", "office"),
    ("办公用房", "office"),
    ("office", "office"),
    ("生产", "production"),
    ("厂房", "production"),
    ("工业", "production"),
    ("仓储", "production"),
    ("仓库", "production"),
    ("生产用房", "production"),
    ("production", "production"),
    ("其他", "other"),
    ("其它", "other"),
    ("非住宅", "other"),
    ("other", "other"),
)
OPTIONS: Final = (
    ("货币补偿", "cash"),
    ("货币", "cash"),
    ("现金", "cash"),
    ("cash", "cash"),
    ("产权调换", "exchange"),
    ("房屋产权调换", "exchange"),
    ("调换", "exchange"),
    ("实物安置", "exchange"),
    ("exchange", "exchange"),
)
