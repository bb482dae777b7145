"""Texts kept and read, and what is proposed out of them; every text here is invented."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import pytest
from django.core.files.base import ContentFile

from tests.apps.directives.kit import draft
from tests.factories import CHANGYI, CHUANYING, CITY, PROJECT, TODAY, actor_with, at, build_campaign
from zhengtu.core.directives.draft import DraftDue
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.language.directive_text import Mention
from zhengtu.directives import actions
from zhengtu.directives.lexicon import lexicon_of
from zhengtu.directives.models import Directive, Proposal, ProposalState, SourceText
from zhengtu.directives.queries import proposals_of
from zhengtu.ledger.models import Deed

pytestmark = pytest.mark.django_db(transaction=True)

SPEECH = """同志们：
一、船营区要在3月15日前完成西环线1号工程剩余户签约，昌邑区配合。
二、各区（开发区）每周五报送进展情况。
三、铁路投资公司要按时足额拨付征收资金。
"""


def added(text: str = SPEECH, **changes: object) -> SourceText:
    """The speech, kept and read."""
    given = {
        "actor": actor_with("coordinator"), "city": CITY, "kind": "speech", "title": "调度会讲话（虚构）",
        "said_on": TODAY, "text": text, "now": at(TODAY), **changes,
    }
    return actions.add_text(**given)  # type: ignore[arg-type]


def test_a_pasted_speech_is_kept_with_its_hash_and_read_by_the_citys_names() -> None:
    build_campaign()
    text = added()
    assert text.text_sha256 == sha256(text.text.encode()).hexdigest()
    assert (text.file_id, Deed.objects.get(pk=text.deed).verb) == (text.text_sha256, "directive.set")
    first, second, third = proposals_of(text)
    assert [unit["code"] for unit in first.units] == [CHUANYING]
    assert [unit["code"] for unit in first.assisting] == [CHANGYI]
    assert [place["code"] for place in first.projects] == [PROJECT]
    assert (first.due["on"], first.goal) == ("2025-03-15", "signed")
    assert text.text[first.span_start : first.span_end].startswith("船营区")
    assert (second.due["rrule"], second.goal) == ("FREQ=WEEKLY;BYDAY=FR", "")
    assert set(second.units[0]["members"]) == {"220202", "220203", CHUANYING, "220272"}
    assert third.goal == ""


def test_a_file_is_kept_as_it_came() -> None:
    build_campaign()
    data = SPEECH.encode("gb18030")
    file = ContentFile(data, name="讲话.txt")
    text = added("", file=file)
    assert (text.file_id, text.file_name) == (sha256(data).hexdigest(), "讲话.txt")
    assert text.text == SPEECH


@pytest.mark.parametrize(("changes", "code"), [
    ({"text": "  "}, "directive.text_empty"), ({"title": ""}, "directive.text_title"),
    ({"kind": "song"}, "directive.text_kind"), ({"said_on": date(2025, 2, 15)}, "directive.text_day"),
    ({"actor_role": "district_leader"}, "authority.not_granted"),
])
def test_what_is_refused_keeps_nothing(changes: dict[str, object], code: str) -> None:
    build_campaign()
    role = changes.pop("actor_role", "coordinator")
    with pytest.raises(Refused) as caught:
        added(**{"actor": actor_with(str(role)), **changes})  # type: ignore[arg-type]
    assert caught.value.reasons[0].code == code
    assert not SourceText.objects.exists()
    assert not Proposal.objects.exists()


def test_an_officer_corrects_merges_drops_and_adds() -> None:
    build_campaign()
    officer, text = actor_with("coordinator"), added()
    first, second, third = proposals_of(text)
    actions.change_proposal(
        actor=officer, proposal=first, matter="完成剩余户签约。", units=[Mention("昌邑区", CHANGYI)],
        due=DraftDue("date", date(2025, 3, 20)), goal="", urgency="urgent", now=at(TODAY),
    )
    actions.merge_proposals(actor=officer, kept=first, merged=[third], now=at(TODAY))
    actions.drop_proposal(actor=officer, proposal=second, now=at(TODAY))
    own = actions.add_proposal(actor=officer, text=text, span=(0, 3), now=at(TODAY))
    first, second, third = (Proposal.objects.get(pk=one.pk) for one in (first, second, third))
    assert first.matter == "完成剩余户签约；按时足额拨付征收资金"
    assert [unit["code"] for unit in first.units] == [CHANGYI, "220200-railway-investment"]
    assert (first.due["on"], first.urgency, first.span_end) == ("2025-03-20", "urgent", third.span_end)
    assert [second.state, third.state, third.merged_into_id] == [
        ProposalState.DROPPED, ProposalState.MERGED, first.pk,
    ]
    assert (own.matter, own.origin, own.ordinal) == ("同志们", "officer", 4)
    with pytest.raises(Refused):
        actions.drop_proposal(actor=officer, proposal=second, now=at(TODAY))
    with pytest.raises(Refused):
        actions.change_proposal(actor=officer, proposal=first, goal="burnt", now=at(TODAY))
    with pytest.raises(Refused):
        actions.drop_proposal(actor=actor_with("district_leader"), proposal=first, now=at(TODAY))


def test_confirmed_proposals_become_directives_that_know_their_place_in_the_text() -> None:
    build_campaign()
    officer, text = actor_with("coordinator"), added()
    proposal = proposals_of(text)[0]
    drafts = [draft(lead=unit, joint=(), proposal=proposal.pk, span=(10, 20)) for unit in (CHUANYING, CHANGYI)]
    codes = actions.set_directives(actor=officer, drafts=drafts, source=text, now=at(TODAY))
    assert Proposal.objects.get(pk=proposal.pk).state == ProposalState.CONFIRMED
    rows = Directive.objects.filter(code__in=codes)
    assert {(row.source_id, row.proposal_id, row.span_start) for row in rows} == {(text.pk, proposal.pk, 10)}
    with pytest.raises(Refused) as caught:
        actions.set_directives(actor=officer, drafts=drafts[:1], source=text, now=at(TODAY))
    assert caught.value.reasons[0].code == "directive.proposal_done"
    with pytest.raises(Refused) as caught:
        actions.set_directives(actor=officer, drafts=[draft(proposal=proposal.pk)], now=at(TODAY))
    assert caught.value.reasons[0].code == "directive.proposal"


def test_the_lexicon_holds_the_citys_names_and_what_collective_names_mean() -> None:
    build_campaign()
    lexicon = lexicon_of(CITY, on=TODAY)
    assert lexicon.campaign_end_on == date(2025, 4, 30)
    assert {"220202", "220203", CHUANYING} == set(lexicon.groups["各区"])
    assert PROJECT in {one.code for one in lexicon.projects}
    assert "船营" in next(one for one in lexicon.units if one.code == CHUANYING).aliases
