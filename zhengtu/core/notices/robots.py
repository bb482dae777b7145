"""Group robots of the office messengers: what is sent to them, and what their answers mean.

Formats as documented by the makers (read 2026-11-26):

- WeCom, https://developer.work.weixin.qq.com/document/path/91770: ``text`` up to 2 048 bytes of UTF-8, ``markdown`` up
  to 4 096, 20 messages a minute and robot; a longer one is answered with 40058.
- DingTalk, https://open.dingtalk.com/document/robots/custom-robot-access: ``text``, and ``markdown`` with a title.
  Signed: HMAC-SHA256 of "timestamp, line end, secret" under the secret, in Base64, URL-encoded. Keyword: one of the
  robot's words must stand in the message. 20 messages a minute, then ten minutes of silence.

Nobody is @-mentioned: that would need mobile numbers, and those do not leave the building.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote_plus

from zhengtu.core.notices.messages import OutgoingMessage

WECOM_TEXT_BYTES: Final = 2_048
WECOM_MARKDOWN_BYTES: Final = 4_096
DINGTALK_BYTES: Final = 6_000
"""The makers name no lower bound for a robot's text; so much stays readable in a group."""

_WECOM_LIMITED: Final = frozenset({45009, 45033})
_DINGTALK_LIMITED: Final = frozenset({130101, 410100})
_BUSY: Final = -1
_NAMED: Final = {
    ("wecom", 93000): "robot_gone", ("wecom", 40058): "content_refused", ("dingtalk", 310000): "security_refused",
    ("dingtalk", 300001): "robot_gone", ("dingtalk", 400101): "robot_gone", ("dingtalk", 400102): "robot_gone",
    ("dingtalk", 400013): "robot_gone",
}
_PLAIN: Final = str.maketrans({"<": "＜", ">": "＞"})
_PLAIN_MARKDOWN: Final = str.maketrans({
    "<": "＜", ">": "＞", "[": "［", "]": "］", "*": "＊", "`": "｀", "#": "＃", "_": "＿", "~": "～", "!": "！",
})


class Outcome(StrEnum):
    """What came of an attempt."""

    SENT = "sent"
    LATER = "later"
    LIMITED = "limited"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt, without a word of the address or of the other side's text.

    Attributes:
        error: id of the failure; empty when it was sent.
        code: number that the other side answered, as text.
    """

    outcome: Outcome
    error: str = ""
    code: str = ""


def wecom_payload(message: OutgoingMessage, *, is_markdown: bool = True) -> dict[str, Any]:
    """The body for a 企业微信 robot, cut to its limit in bytes."""
    kind, limit = ("markdown", WECOM_MARKDOWN_BYTES) if is_markdown else ("text", WECOM_TEXT_BYTES)
    write = _markdown if is_markdown else _text
    return {"msgtype": kind, kind: {"content": _fitting(message, write, limit)}}


def dingtalk_payload(message: OutgoingMessage, *, is_markdown: bool = True, keyword: str = "") -> dict[str, Any]:
    """The body for a 钉钉 robot; the keyword is put before the text where the robot asks for one."""
    write = _markdown if is_markdown else _text

    def with_keyword(whole: OutgoingMessage, part: OutgoingMessage) -> str:
        text = write(whole, part)
        return text if not keyword or keyword in text else f"{keyword}\n\n{text}"

    text = _fitting(message, with_keyword, DINGTALK_BYTES)
    nobody = {"atMobiles": [], "atUserIds": [], "isAtAll": False}
    if is_markdown:
        return {"msgtype": "markdown", "markdown": {"title": message.heading, "text": text}, "at": nobody}
    return {"msgtype": "text", "text": {"content": text}, "at": nobody}


def signed_address(address: str, *, secret: str, timestamp_ms: int) -> str:
    """A 钉钉 robot's address with its signature; the makers accept it for an hour around the timestamp."""
    given = f"{timestamp_ms}\n{secret}".encode()
    signature = quote_plus(b64encode(hmac.new(secret.encode(), given, sha256).digest()))
    return f"{address}{'&' if '?' in address else '?'}timestamp={timestamp_ms}&sign={signature}"


def robot_answer(maker: str, *, status: int, body: bytes) -> Answer:
    """What a robot's answer means.

    Args:
        maker: ``wecom`` or ``dingtalk``.
        status: HTTP status.
        body: the beginning of the answer, as much as was read.
    """
    if status == 429:
        return Answer(Outcome.LIMITED, "limited", str(status))
    if status == 504:
        # A gateway that waited in vain: the robot behind it may have spoken.
        return Answer(Outcome.UNCERTAIN, "cut_off", str(status))
    if status >= 500:
        return Answer(Outcome.LATER, "server_failed", str(status))
    if status != 200:
        return Answer(Outcome.REFUSED, "address_refused", str(status))
    try:
        code = int(json.loads(body)["errcode"])
    except (ValueError, KeyError, TypeError):
        # It was taken by somebody who does not speak like the robot: whether the group saw it is not known.
        return Answer(Outcome.UNCERTAIN, "answer_unreadable", str(status))
    if code == 0:
        return Answer(Outcome.SENT, code="0")
    if code in (_WECOM_LIMITED if maker == "wecom" else _DINGTALK_LIMITED):
        return Answer(Outcome.LIMITED, "limited", str(code))
    if code == _BUSY:
        return Answer(Outcome.LATER, "server_failed", str(code))
    return Answer(Outcome.REFUSED, _NAMED.get((maker, code), "refused"), str(code))


Writer = Callable[[OutgoingMessage, OutgoingMessage], str]


def _fitting(message: OutgoingMessage, write: Writer, limit: int) -> str:
    """The text with as many items as fit; those left out are counted and stand in the inbox."""
    for count in range(len(message.items), 0, -1):
        text = write(message, message.cut_to(count))
        if len(text.encode()) <= limit:
            return text
    return _cut(write(message, message.cut_to(0)), limit)


def _cut(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore")


def _markdown(whole: OutgoingMessage, part: OutgoingMessage) -> str:
    lines = [f"### {whole.heading.translate(_PLAIN_MARKDOWN)}"]
    if whole.opening:
        lines.append(whole.opening.translate(_PLAIN_MARKDOWN))
    for item in part.items:
        text = item.text.translate(_PLAIN_MARKDOWN)
        lines.append(f"- {f'**{text}**' if item.is_urgent else text} [{whole.open_word}]({_link(item.link)})")
    more = part.more_than(whole)
    if more:
        lines.append(f"[{more.translate(_PLAIN_MARKDOWN)}]({_link(whole.inbox_link)})")
    return "\n".join(lines)


def _text(whole: OutgoingMessage, part: OutgoingMessage) -> str:
    lines = [whole.heading.translate(_PLAIN)]
    if whole.opening:
        lines.append(whole.opening.translate(_PLAIN))
    for number, item in enumerate(part.items, 1):
        lines += [f"{number}. {item.text.translate(_PLAIN)}", item.link]
    more = part.more_than(whole)
    if more:
        lines += [more.translate(_PLAIN), whole.inbox_link]
    return "\n".join(lines)


def _link(address: str) -> str:
    """An address that cannot end the brackets it stands in."""
    return address.replace("(", "%28").replace(")", "%29").replace(" ", "%20")
