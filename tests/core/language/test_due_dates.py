"""When something is due: worked cases of every kind, what is no deadline, and what holds for any clause."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.language.directive_text import Due, DueKind
from zhengtu.core.language.due_dates import due_of
from zhengtu.core.rules.rulebook import load_rulebook

RULES = load_rulebook(Path(__file__).resolve().parents[3] / "rulebook").due
SAID_ON = date(2025, 1, 10)  # a Friday
ENDS_ON = date(2025, 4, 30)


def due(clause: str, *, said_on: date | None = SAID_ON, campaign_end_on: date | None = ENDS_ON) -> Due | None:
    return due_of(clause, said_on=said_on, campaign_end_on=campaign_end_on, rules=RULES)


@pytest.mark.parametrize(
    ("clause", "on", "text"),
    [
        ("青浦区要在2025年3月15日前完成搬迁", date(2025, 3, 15), "2025年3月15日前"),
        ("把剩余任务在３月１５日前全部完成", date(2025, 3, 15), "３月１５日前"),
        ("三月十五日前腾空", date(2025, 3, 15), "三月十五日前"),
        ("二〇二五年三月底前腾空", date(2025, 3, 31), "二〇二五年三月底前"),
        ("3 月 15 日 17:00 前报送", date(2025, 3, 15), "3 月 15 日 17:00 前"),
        ("2025-03-15前报送", date(2025, 3, 15), "2025-03-15前"),
        ("3.15前报送", date(2025, 3, 15), "3.15前"),
        ("1月5日前报送", date(2026, 1, 5), "1月5日前"),  # past this year: the next
        ("3月底前完成", date(2025, 3, 31), "3月底前"),
        ("2月中旬完成签约", date(2025, 2, 20), "2月中旬"),
        ("8月上旬报市规委会审议", date(2025, 8, 10), "8月上旬"),
        ("6月前完成", date(2025, 5, 31), "6月前"),  # before the month begins
        ("3月至5月，集中整治违法建设", date(2025, 5, 31), "3月至5月"),
        ("3月1日至15日开展摸底", date(2025, 3, 15), "3月1日至15日"),
        ("3月1日起至4月15日开展摸底", date(2025, 4, 15), "3月1日起至4月15日"),
        ("11月至次年3月，开展排查", date(2025, 3, 31), "11月至次年3月"),  # the winter that runs
        ("12月20日至1月20日开展排查", date(2025, 1, 20), "12月20日至1月20日"),
        ("2025年12月20日至1月10日开展排查", date(2026, 1, 10), "2025年12月20日至1月10日"),
        ("2025年12月20日至2026年1月10日开展排查", date(2026, 1, 10), "2026年1月10日"),
        ("二季度末完成", date(2025, 6, 30), "二季度末"),
        ("上半年完成收尾", date(2025, 6, 30), "上半年"),
        ("2025年上半年，试点区政府印发实施方案", date(2025, 6, 30), "2025年上半年"),
        ("年底前清零", date(2025, 12, 31), "年底前"),
        ("明年6月交付", date(2026, 6, 30), "明年6月"),
        ("“十四五”末建成", date(2025, 12, 31), "“十四五”末"),
        ("十五五期末建成", date(2030, 12, 31), "十五五期末"),
        ("到2027年，路网闭合", date(2027, 12, 31), "2027年"),
        ("确保420开工项目如期开工", date(2025, 4, 20), "420开工"),
        ("一周内报送方案", date(2025, 1, 17), "一周内"),
        ("15个工作日内办结", date(2025, 2, 7), "15个工作日内"),  # over Spring Festival with two make-up days
        ("十五个工作日内办结", date(2025, 2, 7), "十五个工作日内"),
        ("三个月内完成", date(2025, 4, 10), "三个月内"),
        ("24小时内上报", date(2025, 1, 11), "24小时内"),
        ("即日起半个月内排查完毕", date(2025, 1, 25), "半个月内"),
        ("下周五前提交", date(2025, 1, 17), "下周五前"),
        ("周三前提交", date(2025, 1, 15), "周三前"),
        ("月底前提交", date(2025, 1, 31), "月底前"),
        ("本月内提交", date(2025, 1, 31), "本月内"),
        ("下月10日前提交", date(2025, 2, 10), "下月10日前"),
        ("完成时限：2025年3月", date(2025, 3, 31), "2025年3月"),
    ],
)
def test_days(clause: str, on: date, text: str) -> None:
    assert due(clause) == Due(DueKind.DATE, on=on, text=text)


@pytest.mark.parametrize(
    ("clause", "said_on", "on"),
    [
        ("春节前解决", SAID_ON, date(2025, 1, 28)),
        ("春节前解决", date(2025, 2, 10), date(2026, 2, 16)),
        ("明年春节前解决", SAID_ON, date(2026, 2, 16)),
        ("国庆前入住", SAID_ON, date(2025, 9, 30)),
        ("中秋、国庆前入住", SAID_ON, date(2025, 10, 5)),
        ("“五一”前开工", SAID_ON, date(2025, 4, 30)),
        ("春节期间做好值守", SAID_ON, date(2025, 2, 4)),  # the last day of the announced holiday
        ("全国两会前完成", SAID_ON, date(2025, 3, 3)),
        ("两会前完成", SAID_ON, None),  # whose sessions it means, the text does not say
        ("春节前解决", None, None),
    ],
)
def test_festivals(clause: str, said_on: date | None, on: date | None) -> None:
    found = due(clause, said_on=said_on)
    assert found is not None
    assert (found.kind, found.on) == (DueKind.FESTIVAL, on)


@pytest.mark.parametrize(
    "clause", ["确保在攻坚期间完成征收", "攻坚结束前全线启动", "战役期间每户上门", "专项行动期间完成"]
)
def test_the_end_of_the_campaign(clause: str) -> None:
    found = due(clause)
    assert found is not None
    assert (found.kind, found.on) == (DueKind.CAMPAIGN_END, ENDS_ON)
    unknown = due(clause, campaign_end_on=None)
    assert unknown is not None
    assert (unknown.kind, unknown.on) == (DueKind.CAMPAIGN_END, None)


@pytest.mark.parametrize(
    ("clause", "rrule"),
    [
        ("每周调度", "FREQ=WEEKLY"),
        ("至少一周调度一次各区进展", "FREQ=WEEKLY"),
        ("每周一调度、每月一通报", "FREQ=WEEKLY"),
        ("每周一前报送", "FREQ=WEEKLY;BYDAY=MO"),
        ("每周五报送进展", "FREQ=WEEKLY;BYDAY=FR"),
        ("每周一、三、五报送", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("每周二和周四例会", "FREQ=WEEKLY;BYDAY=TU,TH"),
        ("每两周会商一次", "FREQ=WEEKLY;INTERVAL=2"),
        ("每旬通报一次", "FREQ=MONTHLY;BYMONTHDAY=10,20,-1"),
        ("至少半个月调度一次", "FREQ=WEEKLY;INTERVAL=2"),
        ("我每个月调度一次", "FREQ=MONTHLY"),
        ("每月5日前报送", "FREQ=MONTHLY;BYMONTHDAY=5"),
        ("每月5日、20日前报送", "FREQ=MONTHLY;BYMONTHDAY=5,20"),
        ("每月底前报送", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("每季度通报一次", "FREQ=MONTHLY;INTERVAL=3"),
        ("每季度末月25日前报送", "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=25"),
        ("每半年评估一次", "FREQ=MONTHLY;INTERVAL=6"),
        ("从2019年起，于每年2月底前报送", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"),
        ("每天报送签约户数", "FREQ=DAILY"),
        ("每十天调度一次", "FREQ=DAILY;INTERVAL=10"),
        ("每日17时前报告", "FREQ=DAILY"),
        ("每个工作日报送", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("要定期开展督查", ""),  # it recurs; how often, the officer says
    ],
)
def test_recurrences(clause: str, rrule: str) -> None:
    found = due(clause)
    assert found is not None
    assert (found.kind, found.rrule, found.on) == (DueKind.RECURRING, rrule, None)


@pytest.mark.parametrize(
    ("clause", "text"),
    [
        ("安置方案近期报督查室", "近期"),
        ("尽快确保有结果", "尽快"),
        ("立即组织启动征收", "立即"),
        ("限期整改", "限期"),
        ("汛期前完成加固", "汛期前"),  # when that is, differs by place and year
        ("签订协议后15日内搬迁", "签订协议后15日内"),  # counted from an event that has no day yet
        ("于2024年12月底前完成的任务", "2024年12月底前"),  # past on the day of speaking
    ],
)
def test_words_without_a_day_keep_their_words(clause: str, text: str) -> None:
    assert due(clause) == Due(text=text)


@pytest.mark.parametrize(
    "clause",
    [
        "今年是攻坚之年",
        "1月2日组织了会审",
        "落实2025年3月印发的方案",
        "1月2日，我们召开会议，对手续批办进行了研究",
        "近年来进展缓慢",
        "春节后复工率较高",
        "各项补助资金每年近亿元",
        "超期一年以上未安置项目将启动问责",
        "这是保障项目4月开工的攻坚动员会",
        "截至3月底，签约过半",
        "3月15日前已完成签约",
        "近三年内新增的违法建设",
        "去年底的会议",
        "2月30日前完成",
        "做好征收航拍",
        "将办理时间压减至8个工作日以内",
        "今天",
        "时间：2026-02-01来源：网站",
        "在两年之内对其企业申请实行直通车机制",  # how long it is granted
        "",
    ],
)
def test_what_is_no_deadline(clause: str) -> None:
    assert due(clause) is None


def test_what_is_said_first_governs_and_a_day_goes_before_a_vague_word() -> None:
    found = due("要抓紧推进，3月底前签约，6月底前腾空，每周报送")
    assert found is not None
    assert (found.kind, found.on) == (DueKind.DATE, date(2025, 3, 31))


WORDS = st.sampled_from(
    [
        *"一二三四五六七八九十百两半〇零月日号年周天前内底末的0123456789３每个本下至到元—， ",
        "工作日", "之内", "以前", "季度", "春节", "国庆", "期间", "攻坚", "上旬", "下旬", "年底", "完成", "报送",
        "明年", "2025年", "2月29日", "星期五", "一次", "调度", "“十四五”", "小时", "立即", "17:00", "定期",
    ]
)
CLAUSES = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=14).map("".join))


@given(clause=CLAUSES, said_on=st.none() | st.dates(date(2015, 1, 1), date(2039, 12, 31)))
def test_any_clause(clause: str, said_on: date | None) -> None:
    """It never raises, gives no past day, says words of the clause, and its recurrences are accepted by dateutil."""
    found = due(clause, said_on=said_on, campaign_end_on=None)
    if found is None:
        return
    assert found.text
    assert found.text in clause
    if found.on is not None and said_on is not None:
        assert found.on >= said_on
    assert (found.kind is DueKind.RECURRING) or not found.rrule
    if found.rrule:
        start = said_on or SAID_ON
        first = next(iter(rrulestr(found.rrule, dtstart=datetime.combine(start, time()))), None)
        assert first is None or first.date() >= start


@given(days=st.integers(1, 200), said_on=st.dates(date(2015, 1, 1), date(2039, 12, 31)))
def test_a_period_of_days_ends_so_many_days_later(days: int, said_on: date) -> None:
    found = due(f"{days}天内办结", said_on=said_on)
    assert found is not None
    assert found.on == said_on + timedelta(days=days)


@given(on=st.dates(date(2025, 1, 10), date(2039, 12, 31)))
def test_a_written_day_is_that_day(on: date) -> None:
    found = due(f"{on.year}年{on.month}月{on.day}日前办结")
    assert found is not None
    assert found.on == on


def test_a_clause_of_twenty_million_characters_is_read_at_its_beginning_only() -> None:
    found = due("3月15日前完成" + "一" * 20_000_000)
    assert found is not None
    assert found.on == date(2025, 3, 15)

