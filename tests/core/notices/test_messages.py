"""Messages and the payloads of the messengers, against their documented formats and limits."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.notices.addresses import email_reasons, masked_address, robot_reasons
from zhengtu.core.notices.failures import FAILURES
from zhengtu.core.notices.messages import OutgoingItem, OutgoingMessage, outgoing_text, plain_text, simple_html
from zhengtu.core.notices.robots import (
    DINGTALK_BYTES,
    WECOM_MARKDOWN_BYTES,
    WECOM_TEXT_BYTES,
    Outcome,
    dingtalk_payload,
    robot_answer,
    signed_address,
    wecom_payload,
)

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=" + "f00d" * 16


def message(count: int = 2, text: str = "督办事项超期 220200-D0001 《西环线交地》") -> OutgoingMessage:
    return OutgoingMessage(
        heading=f"征图：{count} 条通知", open_word="查看", more="另有 %(count)s 条，见收件箱",
        inbox_link="https://zhengtu.example.cn/notices/", closing="由征图平台发送。",
        items=tuple(
            OutgoingItem(f"{text} {n}", f"https://zhengtu.example.cn/d/{n}", is_urgent=n == 0) for n in range(count)
        ),
    )


def item_text(**parameters: object) -> str:
    return outgoing_text(
        kind_label="督办事项超期", code="220200-D0001", parameters=parameters, quoted="《%(title)s》", due="时限 %(on)s"
    )


def test_an_item_says_kind_code_title_and_date_and_nothing_else() -> None:
    text = item_text(title="西环线交地", due_on="2025-03-15", owner="王建国", note="青年路3号", phone="13904321234")
    assert text == "督办事项超期 220200-D0001 《西环线交地》 时限 2025-03-15"


def test_titles_are_one_short_masked_line_and_dates_are_dates() -> None:
    text = item_text(title="一\r\nBcc: x@y.z\x00 13904321234 " + "长" * 200, due_on="2025-03-15 王建国")
    assert "\n" not in text
    assert "\x00" not in text
    assert "13904321234" not in text
    assert "王建国" not in text
    assert len(text) < 100


@given(st.dictionaries(st.sampled_from(["name", "owner", "text", "phone", "address"]), st.text(min_size=30)))
def test_no_other_parameter_leaves(parameters: dict[str, str]) -> None:
    assert item_text(**parameters) == "督办事项超期 220200-D0001"


def test_plain_text_and_html_have_one_link_per_item() -> None:
    text, html = plain_text(message()), simple_html(message(), language="zh-hans")
    for number in range(2):
        assert text.count(f"https://zhengtu.example.cn/d/{number}\n") == 1
        assert html.count(f"href=\"https://zhengtu.example.cn/d/{number}\"") == 1


def test_html_escapes_what_it_is_given() -> None:
    html = simple_html(message(1, text="<script>alert(1)</script> & \"x\""), language="en")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_wecom_markdown_and_text_as_documented() -> None:
    markdown = wecom_payload(message())
    assert set(markdown) == {"msgtype", "markdown"}
    assert markdown["msgtype"] == "markdown"
    assert "[查看](https://zhengtu.example.cn/d/1)" in markdown["markdown"]["content"]
    text = wecom_payload(message(), is_markdown=False)
    assert set(text) == {"msgtype", "text"}
    assert set(text["text"]) == {"content"}, "nobody is mentioned"
    assert "https://zhengtu.example.cn/d/1" in text["text"]["content"]


def test_dingtalk_markdown_and_text_as_documented() -> None:
    markdown = dingtalk_payload(message())
    assert set(markdown) == {"msgtype", "markdown", "at"}
    assert set(markdown["markdown"]) == {"title", "text"}
    assert markdown["at"] == {"atMobiles": [], "atUserIds": [], "isAtAll": False}
    assert set(dingtalk_payload(message(), is_markdown=False)["text"]) == {"content"}


@given(st.integers(0, 120), st.text(max_size=200))
def test_payloads_keep_their_limits_in_bytes_and_count_what_they_leave_out(count: int, text: str) -> None:
    whole = message(count, text)
    for limit, content in (
        (WECOM_MARKDOWN_BYTES, wecom_payload(whole)["markdown"]["content"]),
        (WECOM_TEXT_BYTES, wecom_payload(whole, is_markdown=False)["text"]["content"]),
        (DINGTALK_BYTES, dingtalk_payload(whole, keyword="督查")["markdown"]["text"]),
        (DINGTALK_BYTES, dingtalk_payload(whole, is_markdown=False)["text"]["content"]),
    ):
        assert len(content.encode()) <= limit
        shown = content.count("https://zhengtu.example.cn/d/")
        assert (f"另有 {count - shown} 条" in content) == (shown < count)


def test_a_title_cannot_write_markdown_or_mention_anybody() -> None:
    evil = message(1, text="](https://evil.example) <@all> **x** # [y](z) @all")
    assert "<@" not in wecom_payload(evil, is_markdown=False)["text"]["content"]
    for content in (wecom_payload(evil)["markdown"]["content"], dingtalk_payload(evil)["markdown"]["text"]):
        assert "<@" not in content
        assert "](https://evil" not in content
        assert "[y](" not in content


def test_the_keyword_stands_in_the_message_once() -> None:
    assert dingtalk_payload(message(), keyword="督查")["markdown"]["text"].count("督查") == 1
    assert dingtalk_payload(message(), keyword="督办")["markdown"]["text"].startswith("### ")


def test_the_signature_is_the_documented_one() -> None:
    address = signed_address(DINGTALK, secret="this is secret", timestamp_ms=1577262236757)
    query = parse_qs(urlsplit(address).query)
    expected = hmac.new(b"this is secret", b"1577262236757\nthis is secret", hashlib.sha256).digest()
    assert query["timestamp"] == ["1577262236757"]
    assert base64.b64decode(query["sign"][0]) == expected
    assert address.startswith(DINGTALK + "&timestamp=")


@pytest.mark.parametrize(("maker", "code", "outcome"), [
    ("wecom", 0, Outcome.SENT), ("dingtalk", 0, Outcome.SENT), ("wecom", 45009, Outcome.LIMITED),
    ("dingtalk", 130101, Outcome.LIMITED), ("dingtalk", 410100, Outcome.LIMITED), ("wecom", -1, Outcome.LATER),
    ("dingtalk", -1, Outcome.LATER), ("wecom", 93000, Outcome.REFUSED), ("dingtalk", 310000, Outcome.REFUSED),
    ("dingtalk", 300001, Outcome.REFUSED), ("wecom", 99999, Outcome.REFUSED),
])
def test_what_error_codes_mean(maker: str, code: int, outcome: Outcome) -> None:
    answer = robot_answer(maker, status=200, body=json.dumps({"errcode": code, "errmsg": "?"}).encode())
    assert (answer.outcome, answer.code) == (outcome, str(code))
    assert not answer.error or answer.error in FAILURES


@given(st.integers(100, 599), st.binary(max_size=200))
def test_any_answer_is_understood_somehow(status: int, body: bytes) -> None:
    answer = robot_answer("wecom", status=status, body=body)
    assert answer.outcome is Outcome.SENT or answer.error in FAILURES


@pytest.mark.parametrize("address", [
    "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=x", "https://qyapi.weixin.qq.com:8443/x?key=x",
    "https://user@qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x", "https://localhost/cgi-bin/webhook/send?key=x",
    "https://[::1]/cgi-bin/webhook/send?key=x", "https://10.0.0.8/cgi-bin/webhook/send?key=x", "gopher://x",
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", WECOM + "&key=2", WECOM + "#x", WECOM + "\r\nHost: x",
    "https://qyapi.weixin.qq.com\\@evil.example/cgi-bin/webhook/send?key=x", "https://[", DINGTALK, "x" * 600, "",
])
def test_foreign_addresses_are_refused_with_what_to_do(address: str) -> None:
    [reason] = robot_reasons("wecom", address, origins=[])
    assert reason.remedy
    assert reason.in_english()


def test_the_makers_addresses_and_named_origins_are_accepted() -> None:
    assert robot_reasons("wecom", WECOM, origins=[]) == []
    assert robot_reasons("dingtalk", DINGTALK, origins=[]) == []
    relay = "https://relay.example.gov.cn/robot/send?access_token=x"
    assert robot_reasons("dingtalk", relay, origins=["https://relay.example.gov.cn"]) == []
    assert robot_reasons("dingtalk", relay, origins=[]) != []


@given(st.text())
def test_any_text_as_an_address_is_answered(text: str) -> None:
    assert robot_reasons("dingtalk", text, origins=[])
    assert masked_address(text) != text or len(text) < 4


@pytest.mark.parametrize(("address", "is_accepted"), [
    ("liu@example.gov.cn", True), ("liu@example", False), ("a b@example.cn", False), ("x@y.cn\r\nBcc: z@y.cn", False),
    ("@example.cn", False), ("刘@example.cn", False),
])
def test_mailboxes(address: str, is_accepted: bool) -> None:
    assert (email_reasons(address, domains=[]) == []) is is_accepted


def test_only_official_domains_where_the_installation_names_them() -> None:
    assert email_reasons("liu@JL.gov.cn", domains=["jl.gov.cn"]) == []
    assert email_reasons("liu@qq.com", domains=["jl.gov.cn"])[0].code == "notices.email_foreign"


def test_masked_addresses_tell_neither_name_nor_key() -> None:
    assert masked_address("liu.zhiqiang@jl.gov.cn") == "l***@jl.gov.cn"
    assert masked_address(WECOM) == "qyapi.weixin.qq.com …5aaa"
