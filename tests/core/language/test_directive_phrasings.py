"""Phrasings of other cities, all of them invented: parts, references, addresses, organisation, rhythms, bare nouns."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from zhengtu.core.language.directive_text import DueKind, ExtractedDirective, Lexicon
from zhengtu.core.language.extraction import extract_directives
from zhengtu.core.language.text_head import said_on_of
from zhengtu.core.rules.language import load_language_alone

RULES = load_language_alone(Path(__file__).resolve().parents[3] / "rulebook")
SAID_ON = date(2026, 5, 12)


def read(text: str) -> list[ExtractedDirective]:
    return extract_directives(text, said_on=SAID_ON, lexicon=Lexicon(), rules=RULES)


def shown(text: str) -> list[tuple[list[str], list[str], str]]:
    """Units, assisting units and matter of each directive."""
    return [
        ([one.name for one in held.units], [one.name for one in held.assisting], held.matter) for held in read(text)
    ]


@pytest.mark.parametrize(
    ("text", "leads", "assists", "matter"),
    [
        ("县住建局为责任单位，县财政局、城关镇配合，6月底前完成管网改造。", ["县住建局"], ["县财政局", "城关镇"],
         "6月底前完成管网改造"),
        ("市住建局为牵头单位，市财政局、市自然资源局为配合单位，6月底前出台办法。", ["市住建局"],
         ["市财政局", "市自然资源局"], "6月底前出台办法"),
        ("由市交通局作为责任单位，市公安局予以配合，抓好交通导改。", ["市交通局"], ["市公安局"], "抓好交通导改"),
        ("东门片区征收扫尾，东门街道为责任单位，县住建局、县公安局协助，5月底前完成。", ["东门街道"],
         ["县住建局", "县公安局"], "东门片区征收扫尾，5月底前完成"),
        ("1.改造老城管网（责任单位：市住建局；配合单位：市财政局、市城管局）。", ["市住建局"], ["市财政局", "市城管局"],
         "改造老城管网"),
        ("2.完成危房鉴定（市住建局牵头，各区政府配合，6月底前完成）；", ["市住建局"], ["各区政府"], "完成危房鉴定"),
        ("南坪街道牵头，会同区公安分局、区城管局于5月底前完成清场。", ["南坪街道"], ["区公安分局", "区城管局"],
         "于5月底前完成清场"),
        ("区征收中心要加快签约，会同南坪街道逐户上门。", ["区征收中心"], ["南坪街道"], "加快签约，逐户上门"),
    ],
)
def test_who_leads_and_who_assists(text: str, leads: list[str], assists: list[str], matter: str) -> None:
    assert shown(text) == [(leads, assists, matter)]


def test_a_word_of_asking_within_another_word_asks_nobody() -> None:
    assert shown("区司法局、区法院提前介入，依法申请法院裁决，确保6月底前交地。") == [
        (["区司法局", "区法院"], [], "提前介入，依法申请法院裁决，确保6月底前交地")
    ]


def test_bare_nouns_that_are_shared_out_carry_what_is_to_be_done_with_them() -> None:
    found = read("教育局负责学校，卫健委负责医院，5月底前排查完毕。")
    assert [one.matter for one in found] == ["学校，5月底前排查完毕", "医院，5月底前排查完毕"]
    assert [one.due.on for one in found] == [date(2026, 5, 31)] * 2
    assert [one.matter for one in read("对消防隐患开展拉网式排查，教育局负责学校，卫健委负责医院。")] == [
        "对消防隐患开展拉网式排查，学校", "对消防隐患开展拉网式排查，医院"
    ]
    assert [one.matter for one in read("县财政局负责资金。")] == ["负责资金"]


def test_this_work_is_what_was_spoken_of_before() -> None:
    text = "云溪隧道征迁剩余12户，是全线的堵点。这项工作我亲自抓，李明副市长具体负责，5月底前必须清零。"
    assert shown(text) == [(["李明副市长"], [], "云溪隧道征迁剩余12户，5月底前必须清零")]
    (found,) = read("青石桥片区还有8户。该项目由城北街道负责，月底前清零。")
    assert [one.name for one in found.projects] == ["青石桥片区"]


NOTICE = """关于印发老旧小区改造方案的通知
各县（市、区）人民政府，高新区、经开区管委会，市政府各部门、各直属机构，驻市有关单位：
一、目标任务
1.全年完成改造40个小区。
四、保障措施
（一）加强组织领导。成立由分管副市长任组长的全市老旧小区改造工作领导小组，统筹推进改造工作。
（二）成立领导小组，由李明副市长任组长，市住建局、市财政局主要负责同志为成员，办公室设在市住建局。
（三）强化资金保障。积极争取上级资金，必须加大财政投入。
（四）强化督导考核。实行月通报、季考核，对工作不力的严肃问责。
"""


def test_an_address_is_carried_into_no_heading_and_an_office_given_is_no_task() -> None:
    assert shown(NOTICE) == []


def test_an_address_answers_a_request() -> None:
    text = "关于报送台账的通知\n各县（市、区）人民政府，市政府各部门：\n请于5月20日前将台账报送市住建局。\n"
    assert shown(text) == [(["各县（市、区）人民政府", "市政府各部门"], [], "于5月20日前将台账报送市住建局")]


def test_a_time_before_a_verb_is_part_of_no_project() -> None:
    found = read("由区征收中心在5月15日前提出安置房建设方案，报区政府审定。")
    assert [one.name for one in found[0].projects] == []
    assert [one.name for one in read("市住建局要在6月底前拿出东湖安置房建设方案。")[0].projects] == ["东湖安置房"]


@pytest.mark.parametrize(
    ("text", "rrule", "words"),
    [
        ("区住建局要实行周调度机制，每周五向指挥部报告进展。", "FREQ=WEEKLY;BYDAY=FR", "每周五"),
        ("市住建局每月10日前报送进展。", "FREQ=MONTHLY;BYMONTHDAY=10", "每月10日前"),
        ("市统计局每季度末报送台账。", "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1", "每季度末"),
        ("各镇街每半月上报一次。", "FREQ=WEEKLY;INTERVAL=2", "每半月"),
        ("市财政局每旬通报支出进度。", "FREQ=MONTHLY;BYMONTHDAY=10,20,-1", "每旬"),
        ("市督查室双周调度。", "FREQ=WEEKLY;INTERVAL=2", "双周"),
        ("指挥部办公室要实行每日一报。", "FREQ=DAILY", "每日"),
        ("市督查室每周一向市政府报告进展。", "FREQ=WEEKLY;BYDAY=MO", "每周一"),
        ("市督查室要建立月调度制度，每月25日前通报。", "FREQ=MONTHLY;BYMONTHDAY=25", "每月25日前"),
    ],
)
def test_the_closest_rhythm_of_a_directive(text: str, rrule: str, words: str) -> None:
    (found,) = read(text)
    assert (found.due.kind, found.due.rrule, found.due.text) == (DueKind.RECURRING, rrule, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("县财政局负责在6月10日前拨付资金。", "6月10日前"),
        ("县财政局负责在验收合格后10日内拨付资金。", "验收合格后10日内"),
        ("县财政局收到申请后5日内办结。", "收到申请后5日内"),
    ],
)
def test_the_words_of_a_deadline_name_no_unit(text: str, words: str) -> None:
    (found,) = read(text)
    assert found.due.text == words


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("云溪县政府专题会议纪要\n2026年5月12日，县长王立新主持召开专题会议，研究征迁工作。\n会议议定：",
         date(2026, 5, 12)),
        ("会议纪要\n〔2026〕8号\n5月12日下午，副市长周明主持召开调度会。\n纪要如下：", date(2026, 5, 12)),
        ("在全县大会上的讲话\n2026年5月12日\n同志们：", date(2026, 5, 12)),
        ("通知\n自2024年3月1日起施行的办法已经废止，各镇要执行新规。", None),
    ],
)
def test_the_day_of_a_text(text: str, on: date | None) -> None:
    said = said_on_of(text, words=RULES)
    assert (said.on if said is not None else None) == on


def test_an_introduction_is_no_matter() -> None:
    assert shown("会议议定：由县住建局三日内拿出方案。") == [(["县住建局"], [], "三日内拿出方案")]


@pytest.mark.parametrize(
    ("text", "leads", "assists", "matter"),
    [
        # Help that is said at the end of a clause, or with what it is given.
        ("永安镇务必在4月25日前签完，县公安局派专人驻点配合。", ["永安镇"], ["县公安局"], "在4月25日前签完"),
        ("湖东区政府6月20日前完成搬迁；市交投集团配合做好过渡房源保障。", ["湖东区政府"], ["市交投集团"],
         "6月20日前完成搬迁，配合做好过渡房源保障"),
        ("松岭小区由县住建局牵头，县城投公司具体实施，6月30日前要达到入住条件。", ["县住建局"], ["县城投公司"],
         "松岭小区，6月30日前要达到入住条件"),
        ("市工信局牵头，市商务局、高新区管委会按职责分工负责，6月底前新增企业20家。", ["市工信局"],
         ["市商务局", "高新区管委会"], "6月底前新增企业20家"),
        ("请王强同志牵头负责，李梅同志具体抓，务于本月底前完成清场。", ["王强同志"], ["李梅同志"], "本月底前完成清场"),
        ("修复路面。（牵头单位：市城管局；责任单位：各区政府）", ["市城管局"], ["各区政府"], "修复路面"),
        # The owner is named behind what was said.
        ("加快污水处理厂建设。责任单位为市水务局，配合单位为市发改委、城北区政府，11月底前通水。", ["市水务局"],
         ["市发改委", "城北区政府"], "加快污水处理厂建设，11月底前通水"),
        ("5月底前完成摸底，责任单位：县住建局；配合单位：县财政局、各镇。", ["县住建局"], ["县财政局", "各镇"],
         "5月底前完成摸底"),
        ("1.推进管网改造，11月底前通水。\n（市水务局牵头，各区政府参与）", ["市水务局"], ["各区政府"],
         "推进管网改造，11月底前通水"),
        # Names.
        ("请资规局商住建局提出意见，5日内报我。", ["资规局"], ["住建局"], "提出意见，5日内报我"),
        ("市城投、市交投、市水投三家企业要带头交地。", ["市城投", "市交投", "市水投"], [], "带头交地"),
        ("县四套班子包片领导每周至少到现场一次。", ["县四套班子包片领导"], [], "每周至少到现场一次"),
        ("请区征收办牵头，重新选定评估机构，一周内答复群众。", ["区征收办"], [], "重新选定评估机构，一周内答复群众"),
        ("●市征收中心立即组织核对台账。", ["市征收中心"], [], "立即组织核对台账"),
        ("县自然资源局抓紧组卷，五一前报到市里。", ["县自然资源局"], [], "抓紧组卷，五一前报到市里"),
        # The whole of the matter.
        ("县财政局要提前调度好，签一户付一户，绝不允许打白条。", ["县财政局"], [],
         "提前调度好，签一户付一户，绝不允许打白条"),
        ("财政部门要确保资金到位。", ["财政部门"], [], "确保资金到位"),
    ],
)
def test_more_ways_of_saying_who_and_what(text: str, leads: list[str], assists: list[str], matter: str) -> None:
    assert shown(text) == [(leads, assists, matter)]


@pytest.mark.parametrize(
    "text",
    [
        "各部门要讲政治、顾大局。",
        "各级各部门要把思想和行动统一到县委的决策部署上来。要在全社会形成支持征迁的浓厚氛围。",
        "各相关单位要提高政治站位，强化责任担当，加强协调配合，形成工作合力。",
        "各级各部门要切实提高站位，把征迁工作当作检验干部的考场，真正做到不讲条件、不打折扣。",
        "各成员单位要各司其职、密切配合，形成工作合力。",
        "各级领导干部要勇挑重担、冲锋在前。我们要撸起袖子加油干，奋力谱写新篇章！",
        "市直各部门要按照职责分工，抓好工作落实。",  # what, it does not say
        "乡镇（街道）是责任主体，村（社区）是实施主体。",
        "成立领导小组，由副县长赵刚任组长，县住建局局长任副组长，下设办公室，办公室设在县住建局。",
        "会议由市住建局局长任召集人。",
        "成立由市政府分管副市长任组长，市城管局主要负责同志为成员的领导小组。",
    ],
)
def test_calls_and_offices_assign_nothing(text: str) -> None:
    assert shown(text) == []


def test_items_within_a_sentence_have_owners_of_their_own() -> None:
    text = "会议明确：一是区住建局要完善方案，二是区财政局要筹集资金，三是各街道要于6月1日前入户调查。"
    assert [units for units, _, _ in shown(text)] == [["区住建局"], ["区财政局"], ["各街道"]]


NOTE = """关于老粮库片区信访问题的批示
请建国同志并市征收中心、河口区阅处：
老粮库片区群众反映的过渡费问题不能再拖。意见如下：
• 欠发的312户由河口区负责，5月25日前补发到位。
• 请市审计局适时介入，开展专项审计。
• 凡涉及群众切身利益的资金，一律不得挪用。
办理情况于5月30日前书面反馈。
"""


def test_a_note_names_who_answers_and_what_its_points_are_about() -> None:
    found = read(NOTE)
    assert [[one.name for one in held.units] for held in found] == [
        ["河口区"], ["市审计局"], ["建国同志", "市征收中心", "河口区"]
    ]
    assert [[one.name for one in held.projects] for held in found[:2]] == [["老粮库片区"]] * 2
    assert found[2].due.on == date(2026, 5, 30)


def test_a_column_of_projects_holds_whatever_names_stand_in_it() -> None:
    text = (
        "序号\t项目\t工作任务\t牵头单位\t完成时限\n1\t北排线\t完成签约\t北苑区政府\t6月底\n"
        "2\t——\t筹措资金\t市财政局\t按进度"
    )
    assert [[one.name for one in held.projects] for held in read(text)] == [["北排线"], []]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_widths_and_numbers_change_nothing(line_end: str) -> None:
    text = (
        "一、任务|（一）签约|1．县住建局要于６月３０日前完成１２００户签约。|（1）县水利局负责编制方案。|①县林业局要办理手续。"
    ).replace("|", line_end)
    found = read(text)
    assert [[one.name for one in held.units] for held in found] == [["县住建局"], ["县水利局"], ["县林业局"]]
    assert found[0].due.on == date(2026, 6, 30)
    assert text[slice(*found[0].span)] == "县住建局要于６月３０日前完成１２００户签约"


def test_a_sentence_without_end_is_read_in_time() -> None:
    assert read("县住建局要" + "加快推进项目建设，" * 4000) != []
    assert read("县住建局要" + "加快推进项目建设" * 4000) == []


@pytest.mark.parametrize(
    ("text", "leads", "assists", "matter"),
    [
        ("区政府要求区教育局抓紧确定学校选址，最迟不超过6月20日报区政府。", ["区教育局"], [],
         "抓紧确定学校选址，最迟不超过6月20日报区政府"),
        ("今年上访的18件积案，市信访局要牵头包保，两个月内清零。", ["市信访局"], [],
         "今年上访的18件积案，牵头包保，两个月内清零"),
        ("财政局这周五之前把钱拨下去。", ["财政局"], [], "这周五之前把钱拨下去"),
        ("住建局盯着施工单位，国庆节前必须封顶。", ["住建局"], [], "盯着施工单位，国庆节前必须封顶"),
        ("请公安局、城管局全力配合，确保6月1日行动安全有序。", ["公安局", "城管局"], [],
         "全力配合，确保6月1日行动安全有序"),
        ("市人大常委会副主任李伟牵头督导江北片区。", ["市人大常委会副主任李伟"], [], "牵头督导江北片区"),
    ],
)
def test_speech_names_units_in_passing(text: str, leads: list[str], assists: list[str], matter: str) -> None:
    assert shown(text) == [(leads, assists, matter)]


def test_a_table_drawn_with_bars() -> None:
    text = (
        "| 序号 | 重点任务 | 责任单位 | 配合单位 | 完成时限 |\n| --- | --- | --- | --- | --- |\n"
        "| 1 | 完成河东片区清表 | 河东街道 | 区住建局 | 5月20日前 |\n|  | 办结房产证 | 区税务局 | | 6月底 |\n"
    )
    assert shown(text) == [
        (["河东街道"], ["区住建局"], "完成河东片区清表"), (["区税务局"], [], "办结房产证")
    ]
    assert [one.due.on for one in read(text)] == [date(2026, 5, 20), date(2026, 6, 30)]
