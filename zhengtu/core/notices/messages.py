"""A message that leaves the building: an opening, items with one link each, a closing; as plain text and as HTML.

What it may say of an item is only its kind, the code, a title, a date and a link (``outgoing_item``): parameters of a
notice that are no such thing stay inside, whatever a sentence in the inbox says with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import Final

from zhengtu.core.kernel.masking import mask_identifiers_in

TITLE_CHARACTERS: Final = 60


@dataclass(frozen=True, slots=True)
class OutgoingItem:
    """One line of a message.

    Attributes:
        text: what happened, in the reader's language.
        link: the address where it is acted on.
    """

    text: str
    link: str
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message in the reader's language.

    Attributes:
        heading: what it is, without any title of a matter; an e-mail's subject line.
        opening: sentences before the items, e.g. that it may come a second time; may be empty.
        items: urgent ones first.
        open_word: what a link is called.
        more: said where items had to be left out, with a place ``%(count)s``.
        inbox_link: where all of them stand.
        closing: who sent it and how it is stopped.
    """

    heading: str
    items: Sequence[OutgoingItem]
    open_word: str
    more: str
    inbox_link: str
    opening: str = ""
    closing: str = ""

    def cut_to(self, count: int) -> OutgoingMessage:
        """The same with only the first items."""
        return replace(self, items=self.items[:count])

    def more_than(self, whole: OutgoingMessage) -> str:
        """What is said of the items that ``whole`` has beyond these; empty where there are none."""
        left = len(whole.items) - len(self.items)
        return self.more % {"count": left} if left else ""


def outgoing_text(
    *, kind_label: str, code: str, parameters: Mapping[str, object], quoted: str, due: str
) -> str:
    """What a message says of a notice: kind, code, title, date; nothing else of its parameters.

    Args:
        kind_label: e.g. 督办事项超期.
        code: key of the subject, or empty.
        parameters: of the notice; only ``title`` and ``due_on`` are read.
        quoted: how a title is put, with a place ``%(title)s``.
        due: how a date is put, with a place ``%(on)s``.
    """
    parts = [kind_label, code]
    title = one_line(str(parameters.get("title", "")))
    if title:
        cut = title if len(title) <= TITLE_CHARACTERS else f"{title[: TITLE_CHARACTERS - 1]}…"
        parts.append(quoted % {"title": mask_identifiers_in(cut)})
    due_on = _iso_date(parameters.get("due_on"))
    if due_on:
        parts.append(due % {"on": due_on})
    return " ".join(part for part in parts if part)


def one_line(text: str) -> str:
    """The text without line ends and control characters, which a header or a payload could mistake for its own."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _iso_date(value: object) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        return ""


def plain_text(message: OutgoingMessage) -> str:
    """The message as plain text, a link under each item."""
    lines = [message.opening, ""] if message.opening else []
    for number, item in enumerate(message.items, 1):
        lines += [f"{number}. {item.text}", f"   {item.link}"]
    lines += ["", message.inbox_link]
    if message.closing:
        lines += ["", "-- ", message.closing]
    return "\n".join(lines) + "\n"


def simple_html(message: OutgoingMessage, *, language: str) -> str:
    """The message as a small HTML page without pictures, scripts or anything fetched from elsewhere."""
    items = "\n".join(
        f"<li>{_strong(item)}<br><a href=\"{escape(item.link)}\">{escape(message.open_word)}</a></li>"
        for item in message.items
    )
    opening = f"<p>{escape(message.opening)}</p>\n" if message.opening else ""
    closing = f"<p><small>{escape(message.closing)}</small></p>\n" if message.closing else ""
    return (
        f"<!doctype html>\n<html lang=\"{escape(language)}\"><head><meta charset=\"utf-8\">"
        f"<title>{escape(message.heading)}</title></head>\n<body>\n<h3>{escape(message.heading)}</h3>\n{opening}"
        f"<ol>\n{items}\n</ol>\n<p><a href=\"{escape(message.inbox_link)}\">{escape(message.inbox_link)}</a></p>\n"
        f"{closing}</body></html>\n"
    )


def _strong(item: OutgoingItem) -> str:
    return f"<strong>{escape(item.text)}</strong>" if item.is_urgent else escape(item.text)
