"""Directives out of texts of several kinds, all of them invented: who, what, until when, and where the text says so."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtu.core.language.directive_text import DueKind, ExtractedDirective, Lexicon, Named
from zhengtu.core.language.extraction import extract_directives
from zhengtu.core.rules.language import load_language_alone

ROOT = Path(__file__).resolve().parents[3]
RULES = load_language_alone(ROOT / "rulebook")
SPEECH = ROOT.parent / "shared" / "data" / "mobilisation-speech.txt"
SAID_ON = date(2025, 3, 4)
NOBODY = Lexicon(campaign_end_on=date(2025, 4, 30))


def read(text: str, *, lexicon: Lexicon = NOBODY, said_on: date | None = SAID_ON) -> list[ExtractedDirective]:
    return extract_directives(text, said_on=said_on, lexicon=lexicon, rules=RULES)


def units(one: ExtractedDirective) -> list[str]:
    return [mention.name for mention in one.units]


def assisting(one: ExtractedDirective) -> list[str]:
    return [mention.name for mention in one.assisting]


def projects(one: ExtractedDirective) -> list[str]:
    return [mention.name for mention in one.projects]


def only(text: str, **options: object) -> ExtractedDirective:
    found = read(text, **options)  # type: ignore[arg-type]
    assert len(found) == 1, [(units(one), one.matter) for one in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "who", "helpers", "matter"),
    [
        ("临河镇要立即组织清运。", ["临河镇"], [], "立即组织清运"),
        ("县财政局、县审计局必须严格审核。", ["县财政局", "县审计局"], [], "严格审核"),
        ("望江区和云栖区要抓紧交地。", ["望江区", "云栖区"], [], "抓紧交地"),
        (
            "由县住建局牵头，县财政局、临河镇配合，于3月20日前完成签约。", ["县住建局"], ["县财政局", "临河镇"],
            "于3月20日前完成签约",
        ),
        ("对遗留问题，由市信访局牵头、相关区配合，逐案化解。", ["市信访局"], ["相关区"], "对遗留问题，逐案化解"),
        ("市住建局会同市财政局抓紧编制方案。", ["市住建局"], ["市财政局"], "抓紧编制方案"),
        ("责成县城管局对沿街违建开展集中整治。", ["县城管局"], [], "对沿街违建开展集中整治"),
        ("房屋测绘工作由市征收办负责。", ["市征收办"], [], "房屋测绘工作"),
        ("财政、住建部门要保障资金。", ["财政部门", "住建部门"], [], "保障资金"),
        ("北方路桥、城建集团等国有企业要按时交付。", ["北方路桥", "城建集团"], [], "按时交付"),
        ("市住房和城乡建设局、市交通运输局要做好衔接。", ["市住房和城乡建设局", "市交通运输局"], [], "做好衔接"),
        ("各县（市、区）人民政府要制定本地方案。", ["各县（市、区）人民政府"], [], "制定本地方案"),
        ("青龙桥改造指挥部负责现场调度。", ["青龙桥改造指挥部"], [], "现场调度"),
        ("分管副市长要带队检查。", ["分管副市长"], [], "带队检查"),
        ("花山区要加大拆除力度。", ["花山区"], [], "加大拆除力度"),
    ],
)
def test_who_is_charged_with_what(text: str, who: list[str], helpers: list[str], matter: str) -> None:
    found = only(text)
    assert (units(found), assisting(found), found.matter) == (who, helpers, matter)


@pytest.mark.parametrize(
    "text",
    [
        "去年，红旗区加快推进产业园建设，走在了全市前列。",  # what was done
        "县财政局已拨付资金300万元。",
        "个别乡镇工作不力，影响了进度。",  # blame
        "各级干部要提高认识，坚定信心。",  # attitude, and no unit
        "各乡镇要高度重视，统一思想。",
        "项目建设事关长远，征收是前提。",
        "要大力弘扬实干精神，加快推进各项工作。",  # nobody is named
        "我们要再接再厉，争取更大胜利。",
        "如果临河镇按时完成，后续工作就能启动。",  # a condition
        "会议听取了县住建局关于项目进展的汇报。",
        "广大群众要积极支持配合。",
        "实施棚户区改造项目12个，新建安置房3000套。",
    ],
)
def test_what_is_no_directive(text: str) -> None:
    assert read(text) == []


def test_a_unit_is_carried_over_and_a_topic_holds_for_the_clauses_behind_it() -> None:
    text = (
        "南湖公园、西山路两个项目，望江区负责与部队协调用地，要明确专人，其他地块必须在4月10日前全部交付；"
        "东湖路项目，市城投公司要保障资金按时到位，不能因资金影响征收。"
    )
    first, second, third = read(text)
    assert [units(one) for one in (first, second, third)] == [["望江区"], ["望江区"], ["市城投公司"]]
    assert projects(first) == projects(second) == ["南湖公园", "西山路"]
    assert (second.due.kind, second.due.on) == (DueKind.DATE, date(2025, 4, 10))
    assert "carried_unit" in second.because
    assert second.confidence < third.confidence + 0.2
    assert projects(third) == ["东湖路项目"]
    assert third.matter == "东湖路项目，保障资金按时到位"


def test_a_district_in_the_name_of_a_project_is_no_unit() -> None:
    found = only("望江区热电厂项目、老北街东项目，各区主要领导要组织制定安置方案，城建集团等国有企业要全力配合。")
    assert units(found) == ["各区主要领导"]
    assert assisting(found) == ["城建集团"]
    assert projects(found) == ["望江区热电厂项目", "老北街东项目"]


def test_recurrences_with_a_unit_a_person_and_the_speaker() -> None:
    text = "市长\n同志们：\n市建委作为综合协调部门，至少一周调度一次，志远至少半个月调度一次，我每个月调度一次。"
    found = read(text)
    assert [units(one) for one in found] == [["市建委"], ["志远"], ["市长"]]
    assert [one.due.rrule for one in found] == ["FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY"]


def test_items_whose_owners_stand_in_brackets() -> None:
    text = (
        "（一）改造老旧管网，2025年底前完成。（市水务局牵头，市住建局、各区政府按职责分工负责）具体措施：1．摸清管网底数。"
        "（市水务局及各区政府负责）2．开展绿色设计。（市工信局指导，市商会参与）"
    )
    first, second, third = read(text)
    assert (units(first), assisting(first)) == (["市水务局"], ["市住建局", "各区政府"])
    assert (units(second), assisting(second)) == (["市水务局", "各区政府"], [])
    assert (units(third), assisting(third)) == (["市工信局"], ["市商会"])
    assert first.due.on == date(2025, 12, 31)
    assert second.matter == "摸清管网底数"


def test_a_bracket_with_something_else_is_no_owner() -> None:
    assert read("新建公园（含口袋公园、街角绿地）20处。") == []


PLAN = """二、重点任务
（一）整治高层建筑消防隐患。组织拉网式排查，限期整改。
责任单位：市消防救援支队、市住建局
配合单位：各县（市、区）政府
完成时限：2025年6月底前
（二）打通消防车通道。（牵头单位：市公安局；配合单位：市城管局；完成时限：9月30日前）
（三）加强宣传。市应急局、市总工会联合举办消防竞赛。
4. 新建口袋公园20个。牵头单位：市园林中心。配合单位：各区政府。完成时限：9月底前。
三、职责分工
5. 市卫健局：负责急救工作；负责医疗机构检查。
"""


def test_a_plan_with_lines_of_owners() -> None:
    found = read(PLAN)
    assert [units(one) for one in found] == [
        ["市消防救援支队", "市住建局"], ["市公安局"], ["市应急局", "市总工会"], ["市园林中心"], ["市卫健局"],
        ["市卫健局"],
    ]
    assert [assisting(one) for one in found[:2]] == [["各县（市、区）政府"], ["市城管局"]]
    assert [one.due.on for one in found[:4]] == [date(2025, 6, 30), date(2025, 9, 30), None, date(2025, 9, 30)]
    assert found[0].matter == "整治高层建筑消防隐患。组织拉网式排查，限期整改"
    assert found[4].matter == "急救工作"


def test_a_table_of_tasks() -> None:
    text = (
        "序号\t工作任务\t牵头单位\t配合单位\t完成时限\n"
        "1\t完成东湖路拓宽工程征收扫尾\t东湖区政府\t市征收办、市城投集团\t3月底前\n2\t编制安置方案\t市住建局\t同上\t4月15日\n3\t化解积案\t\t\t每周调度"
    )
    first, second = read(text)
    assert (units(first), assisting(first)) == (["东湖区政府"], ["市征收办", "市城投集团"])
    assert projects(first) == ["东湖路拓宽工程"]
    assert (first.due.on, second.due.on) == (date(2025, 3, 31), date(2025, 4, 15))
    assert assisting(second) == ["市征收办", "市城投集团"]


def test_a_letter_charges_its_addressee() -> None:
    text = (
        "关于加快办理用地手续的函\n市自然资源和规划局：\n滨江大道改造工程已完成批复。请贵局于4月5日前完成用地预审。\n"
        "市交通运输局"
    )
    found = only(text)
    assert units(found) == ["市自然资源和规划局"]
    assert found.due.on == date(2025, 4, 5)


LEXICON = Lexicon(
    units=[
        Named("望江区人民政府", "D1"), Named("云栖区人民政府", "D2"), Named("栖江市发展和改革委员会", "U1"),
        Named("栖江城市建设投资集团有限公司", "U2", ("市城投公司",)),
    ],
    projects=[Named("栖江市滨江大道改造工程", "P1", ("滨江大道",)), Named("南湖路", "P2")],
    groups={"各区（开发区）": ["D1", "D2"]},
)


def test_names_are_resolved_by_the_registry() -> None:
    text = "滨江大道项目，望江区要按时交地，市发改委负责争取批复，市城投公司要保障资金。各区、开发区要全面启动征收。"
    found = read(text, lexicon=LEXICON)
    assert [[one.code for one in directive.units] for directive in found] == [["D1"], ["U1"], ["U2"], [""]]
    assert found[0].units[0].name == "望江区人民政府"
    assert found[3].units[0].members == ("D1", "D2")
    assert {one.code for one in found[0].projects} == {"P1"}
    assert "known_unit" in found[0].because


def test_text_of_a_pdf_is_read_across_its_lines() -> None:
    text = (
        "各乡镇要抓紧推进征收扫尾工作，对照任务清单逐户\n落实包保责任。县住建局负责在 2025 年 4 月 20 日前\n"
        "完成全部安置房的竣工验收，确保群众按期回迁。县财政\n局要保障资金，做到专款专用，确保不影响整个征收进度\n"
        "，按时拨付到位。县城管局要依法查处违法建设行为，做到\n发现一起、拆除一起。\n"
    )
    found = read(text)
    assert [units(one) for one in found] == [["各乡镇"], ["县住建局"], ["县财政局"], ["县城管局"]]
    assert found[1].due.on == date(2025, 4, 20)
    assert text[slice(*found[2].span)].startswith("县财政\n局要保障资金")


def test_one_matter_twice_and_nothing_at_all() -> None:
    assert read("") == []
    assert read("\n \t\n") == []
    assert len(read("临河镇要抓紧交地。\n临河镇要抓紧交地。")) == 2


@pytest.mark.skipif(not SPEECH.exists(), reason="the speech lies in ../shared, outside of the repository")
def test_the_speech_is_read_whole() -> None:
    text = SPEECH.read_text(encoding="utf-8")
    found = read(text, said_on=date(2025, 1, 10))
    due = [one for one in found if one.due.on == date(2025, 3, 15)]
    assert len(found) >= 28
    assert [len(one.units) for one in due] == [3, 1]
    assert sum(one.due.kind is DueKind.CAMPAIGN_END for one in found) == 2
    assert sum(one.due.kind is DueKind.RECURRING for one in found) == 4


PIECES = st.sampled_from([
    "望江区", "各区（开发区）", "县住建局", "要", "必须", "负责", "由", "牵头", "配合", "，", "。", "；", "：", "、",
    "\n", "\t", "（", "）", "3月15日前", "每周", "完成征收", "南湖公园项目", "责任单位：", "一、", "1．", "我", "等",
    "“", "”", " ", "〔", "会议要求", "请", "已", "将",
])
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join))


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_whatever_the_text_spans_lie_in_it_and_hold_the_units(text: str) -> None:
    found = read(text)
    for one in found:
        start, end = one.span
        assert 0 <= start < end <= len(text)
        assert 0.5 <= one.confidence <= 1
        assert one.units
        assert one.matter
        if not {"carried_unit", "section_unit", "speaker", "addressed"} & set(one.because):
            shown = "".join(text[start:end].split())
            assert any(mention.name[:2] in shown for mention in one.units)
    assert found == sorted(found, key=lambda one: one.span)
    assert all(first.span[1] <= second.span[0] for first, second in pairwise(found))


@settings(max_examples=30, deadline=None)
@given(TEXTS)
def test_the_same_text_gives_the_same_directives(text: str) -> None:
    assert read(text) == read(text)


def test_a_hostile_line_costs_no_more_than_its_length() -> None:
    """Lines on which expressions that go back would not end; the test ends, that is all it says."""
    for piece in ("（", "船营区要做好，", "市财政局、", "在按照", "责任单位：", "1．", "东湖路项目", "市", "“", "\t"):
        assert read(piece * 3000) is not None
