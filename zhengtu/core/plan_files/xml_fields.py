"""Reading XML that strangers wrote: no entities, and every field that cannot be read is named."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, time
from typing import Final
from xml.parsers import expat

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused

_DURATION: Final = re.compile(
    r"(-?)P(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?"
    r"(?:T(?:(-?[\d.]+)H)?(?:(-?[\d.]+)M)?(?:(-?[\d.]+)S)?)?"
)
_DECLARATION: Final = re.compile(
    rb"""<\?xml[^>]*?encoding\s*=\s*["'](?:gb2312|gbk|gb18030|cp936)["'][^>]*\?>""", re.IGNORECASE
)
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_DURATION_UNITS_S: Final = (31_536_000, 2_592_000, 604_800, 86_400, 3600, 60, 1)


class _RootReached(Exception):
    pass


def parse_xml(content: bytes) -> ET.Element:
    """The root of an XML text, namespaces taken off its names.

    Raises:
        Refused: for what is not XML, and for a document type declaration (entities could fill the memory).
    """
    content = _from_chinese(content)
    _refuse_declarations(content)
    try:
        root = ET.fromstring(content)
    except ET.ParseError as error:
        raise _not_xml(str(error)) from error
    except (ValueError, LookupError) as error:  # an encoding nobody knows
        raise _not_xml(str(error)) from error
    for element in root.iter():
        if isinstance(element.tag, str) and "}" in element.tag:
            element.tag = element.tag.rpartition("}")[2]
    return root


def _from_chinese(content: bytes) -> bytes:
    """A text that declares one of the national encodings (GB 18030 holds them all) as UTF-8; expat reads none of them.

    Raises:
        Refused: it is not in the encoding that it declares.
    """
    declared = _DECLARATION.match(content)
    if declared is None:
        return content
    try:
        return content[declared.end() :].decode("gb18030").encode("utf-8")
    except UnicodeError as error:
        raise _not_xml(str(error)) from error


def _not_xml(detail: str) -> Refused:
    return Refused(
        Reason(
            code="plan_file.not_xml",
            message=N_("The file is not well-formed XML: %(detail)s."),
            parameters={"detail": detail},
            remedy=N_("Save the plan again as XML (in Microsoft Project: Save As, XML Format) and use the whole file."),
        )
    )


def _refuse_declarations(content: bytes) -> None:
    """A document type declaration can only stand before the root, so reading up to there is enough."""
    parser = expat.ParserCreate()

    def on_doctype(*_: object) -> None:
        raise Refused(
            Reason(
                code="plan_file.declares_entities",
                message=N_("The file carries a document type declaration (DOCTYPE), which no plan needs."),
                remedy=N_("Save the plan again from the planning program; do not open files from unknown senders."),
            )
        )

    def on_root(*_: object) -> None:
        raise _RootReached

    parser.StartDoctypeDeclHandler = on_doctype
    parser.StartElementHandler = on_root
    try:
        with suppress(_RootReached):
            parser.Parse(content, True)
    except expat.ExpatError as error:
        raise _not_xml(str(error)) from error
    except (ValueError, LookupError) as error:
        raise _not_xml(str(error)) from error


class Fields:
    """The simple fields and the lists below one element; ``where`` names it to people (``Task 5``)."""

    __slots__ = ("_children", "_texts", "where")

    def __init__(self, element: ET.Element, *, where: str, named_by: str = "UID") -> None:
        self._texts: dict[str, str] = {}
        self._children: dict[str, list[ET.Element]] = {}
        for child in element:
            if len(child):
                self._children.setdefault(child.tag, []).append(child)
            else:
                self._texts.setdefault(child.tag, (child.text or "").strip())
        uid = self._texts.get(named_by, "")
        self.where = f"{where} {uid}".strip()

    def has(self, name: str) -> bool:
        """Whether the field is there with some text."""
        return bool(self._texts.get(name))

    def children(self, name: str) -> list[ET.Element]:
        """All elements of that name that have something below them."""
        return self._children.get(name, [])

    def listed(self, holder: str, name: str) -> Iterable[ET.Element]:
        """The elements ``name`` inside the element ``holder``."""
        for found in self._children.get(holder, []):
            yield from found.findall(name)

    def text(self, name: str, default: str = "") -> str:
        """The field's text."""
        return self._texts.get(name, default)

    def number(self, name: str, default: float = 0.0) -> float:
        """The field's number; the default where it is absent or empty."""
        text = self._texts.get(name)
        if not text:
            return default
        try:
            value = float(text)
        except ValueError:
            raise self.unreadable(name) from None
        if not abs(value) < 1e15:  # also refuses what is no number
            raise self.unreadable(name)
        return value

    def whole(self, name: str, default: int = 0) -> int:
        """The field's whole number; a fraction is rounded."""
        return round(self.number(name, default))

    def flag(self, name: str, default: bool = False) -> bool:
        """The field's yes or no: 1, 0, true, false."""
        text = self._texts.get(name, "").lower()
        if not text:
            return default
        if text in ("1", "true"):
            return True
        if text in ("0", "false"):
            return False
        raise self.unreadable(name)

    def moment(self, name: str) -> datetime | None:
        """The field's date and time, without zone; None where absent, empty or ``NA``."""
        text = self._texts.get(name)
        if not text or text.upper() == "NA":
            return None
        try:
            value = datetime.fromisoformat(text).replace(tzinfo=None, microsecond=0)
        except ValueError:
            raise self.unreadable(name) from None
        return value if 1900 <= value.year < 2500 else None  # programs write 1753 or 2500 and later for "none"

    def clock(self, name: str) -> int | None:
        """The field's time of day in seconds after midnight."""
        text = self._texts.get(name)
        if not text:
            return None
        try:
            value = time.fromisoformat(text.rpartition("T")[2])
        except ValueError:
            raise self.unreadable(name) from None
        return value.hour * 3600 + value.minute * 60 + value.second

    def span_s(self, name: str) -> int | None:
        """The field's span (``PT8H0M0S``) in seconds; None where absent or empty."""
        text = self._texts.get(name)
        if not text:
            return None
        match = _DURATION.fullmatch(text)
        if match is None:
            raise self.unreadable(name)
        try:
            seconds = sum(
                float(part) * unit
                for part, unit in zip(match.groups()[1:], _DURATION_UNITS_S, strict=True)
                if part is not None
            )
        except ValueError:
            raise self.unreadable(name) from None
        if seconds > 1e11:
            raise self.unreadable(name)
        return round(-seconds if match.group(1) else seconds)

    def unreadable(self, name: str) -> Refused:
        """The refusal of a field whose text is not what it should be."""
        return Refused(
            Reason(
                code="plan_file.field_unreadable",
                message=N_("%(where)s: the field %(field)s says “%(text)s”, which cannot be read."),
                parameters={"where": self.where, "field": name, "text": self._texts.get(name, "")[:80]},
                remedy=N_("Correct the field in the planning program and save the plan as XML again."),
            )
        )


def put(parent: ET.Element, name: str, value: bool | int | str | datetime | None) -> None:
    """Append a simple field without the characters that XML cannot hold; None and the empty text leave it out."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        text = "1" if value else "0"
    elif isinstance(value, datetime):
        text = value.isoformat(timespec="seconds")
    else:
        text = _NOT_IN_XML.sub("", str(value))
    ET.SubElement(parent, name).text = text


def span_text(seconds: int | None) -> str | None:
    """Seconds as ``PT8H0M0S``; None for None."""
    if seconds is None:
        return None
    hours, rest = divmod(abs(seconds), 3600)
    sign = "-" if seconds < 0 else ""
    return f"{sign}PT{hours}H{rest // 60}M{rest % 60}S"


def clock_text(second_of_day: int) -> str:
    """Seconds after midnight as ``08:00:00``; the end of the day is ``00:00:00``."""
    hours, rest = divmod(second_of_day % 86_400, 3600)
    return f"{hours:02}:{rest // 60:02}:{rest % 60:02}"
