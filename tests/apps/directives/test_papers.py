"""Papers of a directive: when each may be made, and that it says what is known and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from tests.factories import TODAY as CAMPAIGN_DAY
from tests.factories import actor_with, build_campaign, person_with
from zhengtu.accounts.models import Unit
from zhengtu.core.directives.draft import DirectiveDraft, DraftDue
from zhengtu.core.directives.life_cycle import DirectiveEvent
from zhengtu.core.directives.standing import Colour, DirectiveStanding, Progress, Rung, State
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.directives.actions import chase_directive, set_directives
from zhengtu.directives.notices_of_directives import Background, directive_notice, papers_open
from zhengtu.directives.queries import directive_for, history_of
from zhengtu.press.document import Document, FieldGrid, Layout

TODAY = date(2025, 3, 24)
STANDING = DirectiveStanding(
    code="990100-D0007", number="督办〔2025〕7号", matter="完成河湾片区二期剩余23户签约", setter="990100-office",
    lead="990101", joint=(), assisting=("990100-finance", "990100-housing"), officer="孙立国", projects=(),
    set_on=date(2025, 2, 17), due_on=date(2025, 3, 15), first_due_on=date(2025, 3, 15), state=State.RECEIVED,
    state_on=date(2025, 2, 18), colour=Colour.RED, light_reason=Reason("light", "late"), rung=Rung.COORDINATOR,
    overdue_workdays=6, waits_for="990101", progress=Progress("signed", 1181, 1204, "households"),
)
KNOWN = Background(
    units={
        "990100-office": "江城市人民政府督查室", "990101": "东川区人民政府", "990100-finance": "市财政局",
        "990100-housing": "市住房和城乡建设局",
    },
    source="在全市征收攻坚调度会议上的讲话", said_on=date(2025, 2, 17), urgency="急件", contact="周岚",
    mark="演示数据，不具法律效力",
)


def chased(*texts: str) -> list[DirectiveEvent]:
    return [
        DirectiveEvent(
            directive=STANDING.code, kind="directive_chased", on=date(2025, 3, 17 + at), recorded_on=TODAY,
            recorded_at=datetime(2025, 3, 17 + at, tzinfo=UTC), by="p", deed=f"d{at}", reference=f"d{at}/1",
            attributes={"text": text},
        )
        for at, text in enumerate(texts)
    ]


def fields_of(document: Document) -> dict[str, str]:
    (grid,) = document.blocks
    assert isinstance(grid, FieldGrid)
    return {field.label: field.text for row in grid.rows for field in row}


def made(paper: str, events: Sequence[DirectiveEvent] = (), **changes: object) -> Document:
    standing = replace(STANDING, **changes)  # type: ignore[arg-type]
    return directive_notice(standing, events=events, today=TODAY, paper=paper, background=KNOWN)


def test_the_notice_is_an_internal_form_that_says_who_what_and_until_when() -> None:
    document = made("notice")
    assert (document.title, document.layout, document.head) == ("督办通知单", Layout.SLIP, None)
    assert (document.number, document.issuer, document.dated) == (
        "编号：督办〔2025〕7号", "江城市人民政府督查室", "2025年3月24日",
    )
    assert document.mark == "演示数据，不具法律效力"
    fields = fields_of(document)
    assert fields["事由来源"] == "《在全市征收攻坚调度会议上的讲话》（2025年2月17日）"
    assert fields["责任单位"] == "东川区人民政府"
    assert fields["责任人"] == "孙立国"
    assert fields["配合单位"] == "市财政局、市住房和城乡建设局"
    assert fields["督办事项"] == "完成河湾片区二期剩余23户签约"
    assert fields["办结时限"] == "2025年3月15日"
    assert fields["台账进度"] == "据平台台账，截至2025年3月24日已完成1,181户，共1,204户"
    assert "5个工作日内书面提出异议" in fields["办理要求"]
    assert fields["联系人"] == "周岚"
    assert fields["联系电话"] == ""


def test_fields_that_have_nothing_to_say_are_left_out() -> None:
    fields = fields_of(made("notice", progress=None, assisting=()))
    assert not {"共同责任单位", "配合单位", "台账进度"} & set(fields)


def test_an_extension_is_told_with_the_first_date_and_no_date_as_none() -> None:
    extended = fields_of(made("notice", due_on=date(2025, 4, 1)))
    assert extended["办结时限"] == "2025年4月1日（原定2025年3月15日，经同意延期）"
    assert fields_of(made("notice", due_on=None))["办结时限"] == "未定具体期限，按一般办理时限执行"


def test_a_matter_with_braces_is_not_filled_again() -> None:
    assert fields_of(made("notice", matter="办理{lead}与{0}"))["督办事项"] == "办理{lead}与{0}"


def test_the_second_demand_follows_a_chase_and_says_how_late_it_is() -> None:
    with pytest.raises(Refused) as refused:
        made("chase")
    assert [reason.code for reason in refused.value.reasons] == ["directive.paper_too_early"]
    fields = fields_of(made("chase", chased("请于三日内报送进展")))
    assert fields["逾期情况"] == "截至2025年3月24日，已超过办结时限6个工作日"
    assert fields["催办意见"] == "请于三日内报送进展"
    assert fields["催办次数"] == "第1次"
    assert "逾期情况" not in fields_of(made("chase", chased("请报送进展"), overdue_workdays=0))


def test_the_red_slip_needs_two_demands_and_a_missed_day() -> None:
    twice = chased("请报送进展", "再次催办")
    document = made("red", twice)
    assert document.layout is Layout.RED_SLIP
    assert fields_of(document)["催办记录"] == "2025年3月17日第1次催办：请报送进展\n2025年3月18日第2次催办：再次催办"
    with pytest.raises(Refused) as refused:
        made("red", twice, overdue_workdays=0)
    assert [reason.code for reason in refused.value.reasons] == ["directive.paper_not_overdue"]


@pytest.mark.parametrize("state", [State.SET, State.CLOSED, State.CANCELLED, State.ARCHIVED])
def test_no_paper_is_made_of_what_is_not_with_a_unit(state: State) -> None:
    offers = papers_open(replace(STANDING, state=state), [])
    assert list(offers) == ["notice", "chase", "red"]
    assert all("directive.paper_not_open" in [reason.code for reason in reasons] for reasons in offers.values())


def test_what_may_be_made_now_has_nothing_against_it() -> None:
    assert [id for id, reasons in papers_open(STANDING, []).items() if not reasons] == ["notice"]
    twice = chased("一", "二")
    assert [id for id, reasons in papers_open(STANDING, twice).items() if not reasons] == ["notice", "chase", "red"]


@pytest.mark.django_db
def test_a_paper_of_a_directive_that_was_set_is_filled_from_the_registers() -> None:
    build_campaign()
    now = datetime.combine(CAMPAIGN_DAY, time(9), tzinfo=UTC)
    coordinator = actor_with("coordinator")
    draft = DirectiveDraft(lead="220204", matter="完成剩余签约", due=DraftDue("date", date(2025, 3, 15)))
    (code,) = set_directives(actor=coordinator, drafts=[draft], now=now)
    standing = directive_for(coordinator, code, on=CAMPAIGN_DAY)
    assert standing is not None
    document = directive_notice(standing, events=history_of(code), today=CAMPAIGN_DAY)
    fields = fields_of(document)
    assert document.number == f"编号：{standing.number}"
    assert fields["责任单位"] == Unit.objects.get(pk="220204").name
    assert fields["责任人"] == "（签收时填报）"
    assert fields["事由来源"] == f"{document.issuer}交办"
    assert fields["联系人"] == person_with("coordinator").name
    assert fields["紧急程度"] == "一般"
    chase_directive(actor=coordinator, code=code, text="请报送进展", now=now)
    open_papers = papers_open(standing, history_of(code))
    assert [id for id, reasons in open_papers.items() if not reasons] == ["notice", "chase"]
