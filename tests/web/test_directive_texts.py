"""Texts and what is proposed out of them: read, marked, corrected, split by units, confirmed, and refused in words."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from unittest.mock import patch
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import CHANGYI, CHUANYING, NOW, PROJECT, build_campaign, person_with, signed_in_client
from zhengtu.directives.models import Directive, Proposal, ProposalState, SourceText

pytestmark = pytest.mark.django_db

SPEECH = (
    "同志们：\n"
    "西环线1号工程，船营区要在3月15日前完成剩余征收任务，铁路投资公司要保障征收资金按时到位。\n"
    "各区要每周报送工作进展。\n"
    "丰收镇政府要在2月28日前完成巡查。\n"
)
"""Fictitious, of the tests' own wording."""


@pytest.fixture(autouse=True)
def morning_of_the_tests() -> Iterator[None]:
    """Pages are asked on 2025-02-14."""
    with patch("django.utils.timezone.now", return_value=NOW):
        yield


@pytest.fixture
def coordinator() -> Client:
    build_campaign()
    return signed_in_client(person_with("coordinator"), HTTP_ACCEPT_LANGUAGE="en")


def read(client: Client, *, text: str = SPEECH, **more: Any) -> Any:
    form = {"kind": "speech", "title": "动员讲话", "said_on": "2025-02-10", "text": text, **more}
    return client.post(reverse("directive.text.add"), form)


def page_of(client: Client, **query: object) -> str:
    return client.get(reverse("directive.text", args=[SourceText.objects.get().pk]), query).content.decode()


def proposal(unit: str) -> Proposal:
    return next(one for one in Proposal.objects.all() if any(unit in mention["name"] for mention in one.units))


def change(client: Client, one: Proposal, deed: str, **form: Any) -> Any:
    address = reverse("directive.proposal.change", args=[one.text_id, one.ordinal])
    return client.post(address, {"deed": deed, **form})


def card(page: str, one: Proposal) -> str:
    return page.split(f'id="p{one.ordinal}"')[1].split('<li class="card')[0]


def fields(one: Proposal, **changes: str) -> dict[str, str]:
    units = [mention["name"] for mention in one.units]
    return {
        "lead": units[0], "joint": "、".join(units[1:]), "assisting": "", "matter": one.matter,
        "projects": "、".join(mention["name"] for mention in one.projects), "due_kind": one.due["kind"],
        "due_on": one.due["on"] or "", "due_text": one.due["text"], "goal": one.goal, "urgency": one.urgency, **changes,
    }


def test_a_pasted_speech_is_shown_whole_with_its_spans_marked_beside_the_cards(coordinator: Client) -> None:
    assert read(coordinator).status_code == 302
    page = page_of(coordinator)
    found = list(Proposal.objects.order_by("ordinal"))
    assert len(found) >= 4
    for one in found:
        assert f'data-mark="{one.ordinal}"' in page
        assert f'data-card="{one.ordinal}"' in page
    own = card(page, proposal("船营区"))
    assert "2025-03-15" in own
    assert "West Ring Line 1" in own
    assert "It names a unit of the register." in own


def test_markup_in_a_text_stays_text(coordinator: Client) -> None:
    read(coordinator, text=SPEECH.replace("剩余", "<b>剩余</b>"), title="<i>讲话</i>")
    page = page_of(coordinator)
    assert "<b>剩余" not in page
    assert "&lt;b&gt;剩余" in page
    assert "<i>讲话" not in page


def test_a_correction_is_kept_and_a_confirmed_proposal_becomes_a_numbered_directive(coordinator: Client) -> None:
    read(coordinator)
    one = proposal("船营区")
    changed = fields(one, joint="昌邑区", matter="完成剩余征收签约", goal="signed", urgency="hard")
    assert change(coordinator, one, "save", **changed).status_code == 302
    one.refresh_from_db()
    assert [mention["code"] for mention in one.units] == [CHUANYING, CHANGYI]
    assert change(coordinator, one, "confirm", **changed).status_code == 302
    directive = Directive.objects.get()
    assert directive.matter == "完成剩余征收签约"
    assert directive.projects == [PROJECT]
    assert (directive.goal, directive.urgency, directive.due_on.isoformat()) == ("signed", "hard", "2025-03-15")
    page = page_of(coordinator)
    assert "督办〔2025〕1号" in card(page, one)
    own = coordinator.get(reverse("directive.view", args=[directive.code])).content.decode()
    assert SPEECH[one.span_start : one.span_end] in own
    assert f'/directives/texts/{one.text_id}/#p{one.ordinal}"' in own


def test_checked_proposals_are_set_together_or_not_at_all(coordinator: Client) -> None:
    read(coordinator)
    good, unknown = proposal("船营区"), proposal("丰收镇")
    address = reverse("directive.proposals.confirm", args=[good.text_id])
    response = coordinator.post(address, {"proposal": [good.ordinal, unknown.ordinal]})
    assert response.status_code == 409
    page = response.content.decode()
    assert "The register holds no unit" in card(page, unknown)
    assert "The register holds no unit" not in card(page, good)
    assert not Directive.objects.exists()
    assert coordinator.post(address, {"proposal": [good.ordinal]}).status_code == 302
    assert Directive.objects.count() == 1
    assert coordinator.post(address, {"proposal": [good.ordinal]}).status_code == 409
    assert Directive.objects.count() == 1


def test_everything_that_stands_in_the_way_is_said_in_one_turn(coordinator: Client) -> None:
    read(coordinator)
    good, unknown = proposal("船营区"), proposal("丰收镇")
    coordinator.post(reverse("directive.proposal.add", args=[good.text_id]), {"words": "按时到位"})
    nobodys = Proposal.objects.order_by("-pk")[0]
    address = reverse("directive.proposals.confirm", args=[good.text_id])
    response = coordinator.post(address, {"proposal": [good.ordinal, unknown.ordinal, nobodys.ordinal]})
    assert response.status_code == 409
    page = response.content.decode()
    assert "The register holds no unit" in card(page, unknown)
    assert "A directive needs one lead unit." in card(page, nobodys)
    assert "reason-list" not in card(page, good)


def test_a_group_is_expanded_by_one_click_or_becomes_one_directive_for_each(coordinator: Client) -> None:
    read(coordinator)
    group = proposal("各区")
    page = page_of(coordinator)
    assert "stands for 3 units" in card(page, group)
    name = group.units[0]["name"]
    assert change(coordinator, group, "expand", group=name).status_code == 302
    group.refresh_from_db()
    assert [mention["code"] for mention in group.units] == [CHANGYI, "220203", CHUANYING]
    read(coordinator, title="又一份")
    second = Proposal.objects.filter(text__title="又一份", units__0__name=name).get()
    assert change(coordinator, second, "each", group=name).status_code == 302
    leads = [unit.unit_id for one in Directive.objects.order_by("code") for unit in one.units.filter(part="lead")]
    assert leads == [CHANGYI, "220203", CHUANYING]


def test_two_proposals_are_merged_one_is_dropped_and_one_is_added_by_its_words(coordinator: Client) -> None:
    read(coordinator)
    first, second, third = proposal("船营区"), proposal("铁路投资公司"), proposal("丰收镇")
    assert change(coordinator, second, "merge", into=first.ordinal).status_code == 302
    assert change(coordinator, third, "drop").status_code == 302
    states = {one.pk: one.state for one in Proposal.objects.all()}
    assert (states[second.pk], states[third.pk]) == (ProposalState.MERGED, ProposalState.DROPPED)
    address = reverse("directive.proposal.add", args=[first.text_id])
    response = coordinator.post(address, {"words": "这句话不在里面"})
    assert response.status_code == 409
    assert "These words do not stand in the text." in response.content.decode()
    assert coordinator.post(address, {"words": "保障征收资金\n按时到位"}).status_code == 302
    added = Proposal.objects.order_by("-pk")[0]
    assert SPEECH[added.span_start : added.span_end] == "保障征收资金按时到位"


def test_a_day_that_is_none_is_refused_beside_the_card_with_what_was_written(coordinator: Client) -> None:
    read(coordinator)
    one = proposal("船营区")
    given = fields(one, due_kind="date", due_on="31 February", matter="新写的事项")
    response = change(coordinator, one, "save", **given)
    assert response.status_code == 409
    own = card(response.content.decode(), one)
    assert "The last day is missing or is no date" in own
    assert "新写的事项" in own
    one.refresh_from_db()
    assert one.matter != "新写的事项"


def test_the_end_of_the_campaign_keeps_its_day_through_a_correction(coordinator: Client) -> None:
    read(coordinator, text="船营区要在攻坚期间完成西环线1号工程征收。")
    one = Proposal.objects.get()
    assert one.due["kind"] == "campaign_end"
    change(coordinator, one, "save", **fields(one, due_on=""))
    one.refresh_from_db()
    assert one.due["on"] == "2025-04-30"


def test_a_recurrence_is_chosen_in_words(coordinator: Client) -> None:
    read(coordinator)
    one = proposal("船营区")
    rhythm = {"due_kind": "recurring", "freq": "WEEKLY", "interval": "2", "weekday": "FR"}
    assert change(coordinator, one, "save", **fields(one, **rhythm, goal="")).status_code == 302
    one.refresh_from_db()
    assert one.due["rrule"] == "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"
    assert "every 2 weeks, on Friday" in card(page_of(coordinator), one)
    response = change(coordinator, one, "save", **fields(one, freq="HOURLY"))
    assert response.status_code == 409
    assert "needs to say how often" in card(response.content.decode(), one)


def test_a_rhythm_that_nobody_said_is_not_invented_by_a_correction(coordinator: Client) -> None:
    read(coordinator, text="船营区要定期开展巡查。")
    one = Proposal.objects.get()
    assert (one.due["kind"], one.due["rrule"]) == ("recurring", "")
    own = card(page_of(coordinator), one)
    assert '<option value="DAILY" selected' not in own
    shown = own.split('name="freq">')[1].split("</select>")[0]
    assert shown.startswith('<option value="">')
    response = change(coordinator, one, "save", **fields(one, freq="", interval="1"))
    assert response.status_code == 409
    assert "needs to say how often" in card(response.content.decode(), one)


def test_a_unit_that_becomes_the_lead_is_not_named_a_second_time(coordinator: Client) -> None:
    read(coordinator)
    one = proposal("船营区")
    change(coordinator, one, "save", **fields(one, lead="昌邑区", joint="船营区、昌邑区"))
    one.refresh_from_db()
    assert [mention["code"] for mention in one.units] == [CHANGYI, CHUANYING]


def docx_with_macros() -> bytes:
    data = BytesIO()
    with ZipFile(data, "w") as package:
        package.writestr("[Content_Types].xml", "<Types xmlns='http://schemas.openxmlformats.org/package/2006/"
                         "content-types'><Override PartName='/word/document.xml' ContentType='application/vnd.ms-word."
                         "document.macroEnabled.main+xml'/></Types>")
        package.writestr("word/document.xml", "<w/>")
        package.writestr("word/vbaProject.bin", b"macro")
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("空.txt", b""), ("图.png", b"\x89PNG\r\n\x1a\n" + bytes(100)), ("扫描.pdf", b"%PDF-1.4\n%%EOF"),
        ("宏.docm", docx_with_macros()), ("长.txt", "船营区要完成。".encode() * 1_100_000),
    ],
)
def test_hostile_files_are_refused_in_words(coordinator: Client, name: str, data: bytes) -> None:
    response = read(coordinator, text="", file=SimpleUploadedFile(name, data))
    assert response.status_code == 409
    assert 'class="reason-list"' in response.content.decode()
    assert not SourceText.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_text_is_read_and_kept_in_whatever_way_an_editor_wrote_it(coordinator: Client, encoding: str) -> None:
    response = read(coordinator, text="", file=SimpleUploadedFile("讲话.txt", SPEECH.encode(encoding)))
    assert response.status_code == 302
    assert SourceText.objects.get().text == SPEECH


def test_a_script_in_wide_characters_is_no_text(coordinator: Client) -> None:
    script = "<script>alert(1)</script>".encode("utf-16")
    response = read(coordinator, text="", file=SimpleUploadedFile("讲话.txt", script))
    assert response.status_code == 409
    assert not SourceText.objects.exists()


def test_a_paste_beyond_measure_is_refused_in_words(coordinator: Client) -> None:
    response = read(coordinator, text="船营区要完成。" * 700_000)
    assert response.status_code == 413
    assert "longer than any speech" in response.content.decode()


def test_a_form_without_its_token_is_refused() -> None:
    build_campaign()
    client = Client(enforce_csrf_checks=True)
    client.force_login(person_with("coordinator"))
    assert read(client).status_code == 403
    assert not SourceText.objects.exists()


def test_a_long_text_is_shown_in_parts_and_a_refused_card_in_its_own(coordinator: Client) -> None:
    filler = "今天天气很好，大家都很高兴。\n" * 6_000
    read(coordinator, text=filler + SPEECH)
    assert "data-mark" not in page_of(coordinator)
    last = proposal("丰收镇")
    assert f'data-card="{last.ordinal}"' in page_of(coordinator, part=2)
    response = change(coordinator, last, "confirm", **fields(last))
    assert response.status_code == 409
    assert "The register holds no unit" in card(response.content.decode(), last)


def test_every_button_of_a_card_leads_back_to_its_part_of_a_long_text(coordinator: Client) -> None:
    filler = "今天天气很好，大家都很高兴。\n" * 6_000
    read(coordinator, text=filler + SPEECH)
    group = proposal("各区")
    own = card(page_of(coordinator, part=2), group)
    forms = own.split("<form")[1:]
    assert len(forms) == 4
    assert all('name="part" value="2"' in form for form in forms)
    response = change(coordinator, group, "expand", group=group.units[0]["name"], part=2)
    assert response["Location"].endswith(f"?part=2#p{group.ordinal}")
