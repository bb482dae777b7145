"""Charts: round axes, what a chart refuses, and that PDF and picture are drawn from the same plan."""

from __future__ import annotations

import math
import struct
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.paper import pages_of
from zhengtu.press.chart import (
    BarChart,
    Bars,
    Chart,
    Fan,
    Line,
    LineChart,
    LineKind,
    RankedBar,
    RankingChart,
    Span,
    SpanChart,
    Tone,
)
from zhengtu.press.chart_drawing import axis_ticks, chart_picture, chart_plan, described
from zhengtu.press.document import Document, Layout, OfficialHead
from zhengtu.press.pdf import to_pdf
from zhengtu.press.word import to_docx

WEEKS = [f"第{week}周" for week in range(1, 7)]
PROGRESS = LineChart(
    "图1　签约进度", "户", WEEKS,
    [
        Line("计划", LineKind.PLANNED, [100, 200, 300, 400, 500, 600]),
        Line("实际", LineKind.ACTUAL, [90, 170, 260, None, None, None]),
        Line("预测", LineKind.FORECAST, [None, None, 260, 350, 430, 510]),
    ],
    Fan("预测区间", [None, None, 260, 320, 380, 440], [None, None, 260, 390, 500, 590]), now_at=2,
)
BARS = BarChart(
    "图2　户数", "户", ["东川区", "南屏区"], [Bars("应签约", [1204, 860], Tone.MUTED), Bars("已签约", [980, None])]
)
RANKING = RankingChart(
    "图3　排名", "%", [RankedBar("东川区", 81.4, "升1位", Tone.GREEN), RankedBar("南屏区", 35.2)], 100, 1
)
EMPTY = (BarChart("空图", "户", [], []), LineChart("空图", "户", [], []), RankingChart("空图", "%", []))


@given(st.floats(min_value=0, max_value=1e12, allow_nan=False))
def test_an_axis_reaches_over_the_highest_value_in_few_even_round_steps(highest: float) -> None:
    ticks = axis_ticks(highest)
    assert ticks[0] == 0
    assert ticks[-1] >= highest * (1 - 1e-9)
    assert 2 <= len(ticks) <= 6
    steps = [b - a for a, b in pairwise(ticks)]
    assert all(math.isclose(step, steps[0], rel_tol=1e-6) for step in steps)


def test_axes_in_numbers_that_people_count_in() -> None:
    assert axis_ticks(4500) == (0, 2000, 4000, 6000)
    assert axis_ticks(100) == (0, 25, 50, 75, 100)
    assert axis_ticks(0) == (0, 1)


@pytest.mark.parametrize("wrong", [
    lambda: BarChart("图", "户", ["甲"], [Bars("乙", [1, 2])]),
    lambda: BarChart("图", "户", ["甲"], [Bars("乙", [math.nan])]),
    lambda: BarChart("图", "户", ["甲"], [Bars("乙", [-1])]),
    lambda: LineChart("图", "户", ["甲"], [Line("乙", LineKind.ACTUAL, [math.inf])]),
    lambda: LineChart("图", "户", ["甲"], [], now_at=1),
    lambda: LineChart("图", "户", ["甲"], [], Fan("扇", [1], [1, 2])),
    lambda: RankingChart("图", "%", [RankedBar("甲", math.nan)]),
])
def test_a_chart_refuses_what_it_cannot_show(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(ValueError, match="chart"):
        wrong()


def test_a_line_with_gaps_is_drawn_in_runs_and_its_last_value_written() -> None:
    plan = chart_plan(LineChart("图", "户", WEEKS, [Line("实际", LineKind.ACTUAL, [1, None, 3, 4, None, None])]))
    assert [len(run) for run in plan["lines"][0]["runs"]] == [1, 2]
    assert [(end["x"], end["text"]) for end in plan["ends"]] == [(0.6, "4")]


def test_values_written_at_the_ends_do_not_lie_on_one_another() -> None:
    lines = [Line(f"线{at}", LineKind.ACTUAL, [0, 100 + at]) for at in range(4)]
    places = sorted(end["place"] for end in chart_plan(LineChart("图", "户", ["甲", "乙"], lines))["ends"])
    assert all(above - below > 0.07 for below, above in pairwise(places))


def test_of_many_labels_so_many_are_written_as_have_room() -> None:
    plan = chart_plan(LineChart("图", "户", [f"2025年第{week}周" for week in range(52)], []))
    written = [label for label in plan["labels"] if label]
    assert len(plan["labels"]) == 52
    assert 3 <= len(written) <= 8


def test_a_bar_longer_than_the_whole_is_cut_and_still_says_its_value() -> None:
    (row,) = chart_plan(RankingChart("图", "%", [RankedBar("甲", 130.0)], full=100, decimals=1))["rows"]
    assert (row["at"], row["text"]) == (1.0, "130.0")


@pytest.mark.parametrize("chart", [PROGRESS, BARS, RANKING, *EMPTY])
def test_every_chart_is_drawn_in_pdf_and_as_a_picture_in_word(chart: Chart, tmp_path: Path) -> None:
    document = Document("通报", [chart], Layout.FORM)
    said = "".join(word.text for page in pages_of(to_pdf(document), tmp_path) for word in page)
    assert all(part in said for part in chart.title.split("\u3000"))
    (picture,) = docx.Document(BytesIO(to_docx(document))).inline_shapes
    assert picture._inline.docPr.get("descr") == described(chart)


def test_the_drawing_in_the_pdf_says_names_values_and_unit(tmp_path: Path) -> None:
    pdf = to_pdf(Document("通报", [PROGRESS, BARS, RANKING], Layout.BULLETIN, head=OfficialHead("督查专报")))
    said = "".join(word.text for page in pages_of(pdf, tmp_path) for word in page)
    for part in ("计划", "实际", "预测区间", "数据截止", "600", "510", "1,204", "980", "东川区", "81.4", "升1位", "%"):
        assert part in said, part


def test_the_picture_is_as_wide_as_the_text_in_print_quality() -> None:
    png = chart_picture(BARS, width_mm=156, language="zh-Hans")
    width, height = struct.unpack(">II", png[16:24])
    assert width == pytest.approx(156 / 25.4 * 300, abs=2)
    assert 500 < height < 1500
    assert png == chart_picture(BARS, width_mm=156, language="zh-Hans")


GANTT = SpanChart(
    "图4　进度安排", "月", ["2025-02", "2025-03", "2025-04"],
    [Span("购买现房", 0, 2, "12户，2025-03-14", Tone.GREEN), Span("等待安置楼 江畔家园1号楼", 1, 3, "30户")],
)


def test_spans_lie_on_the_axis_and_are_drawn_in_pdf_and_word() -> None:
    plan = chart_plan(GANTT)
    assert [(row["from"], row["to"]) for row in plan["rows"]] == [(0, 2 / 3), (1 / 3, 1)]
    assert "购买现房 2025-02 – 2025-04 12户，2025-03-14" in described(GANTT)
    document = Document("安置方案", [GANTT], layout=Layout.OFFICIAL)
    assert to_pdf(document).startswith(b"%PDF")
    assert len(docx.Document(BytesIO(to_docx(document))).inline_shapes) == 1


def test_a_span_beyond_its_axis_or_backwards_is_no_chart() -> None:
    for start, end in ((0, 4), (2, 1), (-1, 1)):
        with pytest.raises(ValueError, match=r"chart|axis"):
            SpanChart("图", "月", ["一", "二", "三"], [Span("项", start, end)])
