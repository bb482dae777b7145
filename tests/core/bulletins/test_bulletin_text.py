"""Sentences of bulletins from figures: worked examples of each case, and what holds of any figures."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtu.core.bulletins.figures import (
    BulletinFigures,
    ClearedFigures,
    DirectiveCounts,
    DirectiveFigure,
    LateMoney,
    NamedFigures,
    NearGoal,
    Period,
    PlaceFigures,
    RedPart,
    canonical_json,
    differences,
    figures_from,
    fingerprint,
    permille_of,
)
from zhengtu.core.bulletins.period import LONGEST_DAYS, period_of, week_days, week_name
from zhengtu.core.bulletins.proofs import Proof, proof_from
from zhengtu.core.bulletins.text import BulletinText, text_of_bulletin
from zhengtu.core.bulletins.wording import Writer, text_of
from zhengtu.core.kernel.plain_values import plain
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.reviews.week import CampaignDays
from zhengtu.core.rules.reading import RulebookInvalid
from zhengtu.core.rules.rulebook import load_rulebook

FOLDER = Path(__file__).resolve().parents[3] / "rulebook"
RULES = load_rulebook(FOLDER).bulletins
CITY, WEST, EAST, SOUTH = "330900", "330902", "330903", "330904"
CAMPAIGN = CampaignDays(f"{CITY}-C001", ("临江攻坚", "Riverside Drive"), date(2025, 1, 6), date(2025, 6, 30))
PERIOD = Period(date(2025, 2, 17), date(2025, 2, 24), date(2025, 2, 23), date(2025, 2, 23))
NAMES = {
    WEST: ("西岸区", "West Bank"), EAST: ("东岸区", "East Bank"), SOUTH: ("南湾区", "South Bay"),
    f"{WEST}-P0001": ("江堤 · 西岸区", "Levee · West Bank"), f"{EAST}-P0002": ("桥头 · 东岸区", "Bridge · East Bank"),
    f"{CITY}-water": ("水务公司", "Water Company"),
}
REPLY_BY = date(2025, 2, 27)


def place(code: str, settled: int, *, before: int | None = None, of: int = 100, rank: int | None = None,
          rank_before: int | None = None) -> PlaceFigures:
    earlier = settled if before is None else before
    return PlaceFigures(
        code=code, projects=2, sections=3, households=of, settled=settled, settled_change=settled - earlier, vacated=10,
        vacated_change=0, handed_over=1, handed_over_change=0, ranked_households=of, ranked_settled=settled,
        permille=permille_of(settled, of), permille_before=permille_of(earlier, of), rank=rank,
        rank_before=rank if rank_before is None else rank_before,
    )


def figures(total: PlaceFigures | None = None, **given: object) -> BulletinFigures:
    held = BulletinFigures(
        kind="circular", city=CITY, period=PERIOD, campaign=CAMPAIGN, total=total or place(CITY, 50), places=[],
        red=[], left_red=[], yellow=0, near=[], money_late=[], directives=[],
        directive_counts=DirectiveCounts(0, 0, 0, 0), promises={}, homes=0, homes_before=0,
    )
    return replace(held, **given)  # type: ignore[arg-type]


def red(part: str, *, has_turned: bool = False, blocker: str = "") -> RedPart:
    return RedPart(
        part, part, part[:6], part[:6], has_turned, "handed_over", date(2025, 3, 15), None, Reason("t", "late"), blocker
    )


def directive(number: int, *, days: int, lead: str = WEST, chased: int = 0) -> DirectiveFigure:
    return DirectiveFigure(
        code=f"{CITY}-D{number:04d}", number=f"督办〔2025〕{number}号", matter="完成江堤剩余征收。", lead=lead,
        joint=[], set_on=date(2025, 2, 1), due_on=date(2025, 2, 14), state="received", colour="red",
        overdue_workdays=days, rung="none", chased_times=chased, returned_times=0, done=3, total=5,
    )


def written(held: BulletinFigures, *, is_english: bool = False, remarks: dict[str, list[str]] | None = None
            ) -> BulletinText:
    return text_of_bulletin(
        NamedFigures(held, NAMES), rules=RULES, remarks=remarks or {}, reasons={}, reply_by=REPLY_BY,
        fingerprint=fingerprint(held), is_english=is_english,
    )


def said(text: BulletinText, part: str) -> str:
    held = next(one for one in text.parts if one.id == part)
    return "\n".join(text_of(sentence) for sentence in held.paragraphs)


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        (46, "新增签约4户，{unmoved}全市签约率50.0%，较期初提高4.0个百分点。"),
        (53, "经核减，累计签约减少3户，{unmoved}全市签约率50.0%，较期初下降3.0个百分点。"),
        (50, "签约户数无变化，{unmoved}全市签约率50.0%，与期初持平。"),
    ],
)
def test_what_rose_fell_or_stayed_is_said_as_such(before: int, sentence: str) -> None:
    unmoved = "腾空户数无变化，交地节点数无变化。按有签约任务的项目计，"
    assert sentence.format(unmoved=unmoved) in said(written(figures(place(CITY, 50, before=before))), "progress")


def test_sharply_is_said_from_ten_points_on_and_not_below() -> None:
    assert "大幅" not in said(written(figures(place(CITY, 50, before=41))), "progress")
    assert "大幅提高10.0个百分点" in said(written(figures(place(CITY, 50, before=40))), "progress")
    assert "大幅下降12.0个百分点" in said(written(figures(place(CITY, 50, before=62))), "progress")


def test_ranks_are_told_with_shares_and_whoever_climbed() -> None:
    places = [place(WEST, 80, rank=1, rank_before=2), place(EAST, 70, rank=2, rank_before=1)]
    text = said(written(figures(places=places)), "progress")
    assert "依次是西岸区（80.0%）、东岸区（70.0%）" in text
    assert "名次上升的是西岸区（由第2位升至第1位）" in text
    assert "各单位名次与期初相同。" in said(written(figures(places=[place(WEST, 80, rank=1)])), "progress")


def test_a_period_says_its_year_once_unless_it_crosses_one() -> None:
    assert "2025年2月17日至2月23日，签约户数无变化" in said(written(figures()), "progress")
    over = Period(date(2024, 12, 30), date(2025, 1, 6), date(2025, 1, 5), date(2025, 1, 5))
    assert "2024年12月30日至2025年1月5日，" in said(written(figures(period=over)), "progress")


def test_six_names_are_five_and_a_count() -> None:
    writer = Writer(rules=RULES, names={})
    assert writer.listed(list("甲乙丙丁戊")) == "甲、乙、丙、丁、戊"
    assert writer.listed(list("甲乙丙丁戊己")) == "甲、乙、丙、丁、戊等6个"
    english = Writer(rules=RULES, names={}, is_english=True)
    assert english.listed(list("abcdef")) == "a, b, c, d, e and others (6 in all)"


def cleared(code: str, verified: int, contradicted: int, ends: tuple[int, int] | tuple[None, None] = (None, None)
            ) -> PlaceFigures:
    """A place with ten vacated households."""
    return replace(place(code, 50, rank=1), cleared=ClearedFigures(verified, contradicted, *ends))


def test_how_much_of_the_vacated_is_verified_stands_beside_it() -> None:
    held = figures(cleared(CITY, 9, 1), places=[cleared(WEST, 8, 1, (7, 9)), cleared(EAST, 1, 0)])
    text = written(held)
    assert (
        "腾空10户，交地节点1个。\n腾空户中，经独立来源核实的9户，占90.0%；核实不符的1户。"
        "按已反馈的督查推算，实际腾空户数为：西岸区7至9户（上报10户）。"
    ) in said(text, "progress")
    rows = {row[0].text: [cell.text for cell in row[1:]] for row in text.tables["cleared"].shown().rows}
    assert rows == {
        "西岸区": ["10", "8", "80.0%", "1", "7", "9"], "东岸区": ["10", "1", "10.0%", "0", "－", "－"],
    }
    # Nothing is known of the whole where a place was not inspected.
    assert [cell.text for cell in text.tables["cleared"].total][-2:] == ["", ""]
    columns = [column.id for column in text.tables["places"].shown().columns]
    assert columns[columns.index("vacated") + 1] == "verified_share"
    report = said(written(replace(held, kind="inspection")), "standing")
    assert "经独立来源核实的9户，占90.0%" in report
    english = written(held, is_english=True)
    assert "9 (90.0%) are verified by an independent source; 1 is contradicted." in said(english, "progress")
    assert "West Bank 7 to 9 households (reported 10)" in said(english, "progress")


def test_where_nothing_was_vacated_nothing_is_said_of_its_truth() -> None:
    text = written(figures(replace(place(CITY, 50), vacated=0), places=[replace(place(WEST, 50, rank=1), vacated=0)]))
    assert "核实" not in said(text, "progress")
    assert "cleared" not in text.tables
    shown = text.tables["places"].shown()
    at = [column.id for column in shown.columns].index("verified_share")
    assert shown.rows[0][at].text == "－"


def test_nothing_one_and_many_red_lights() -> None:
    assert "没有亮红灯的项目" in said(written(figures()), "lagging")
    one = said(written(figures(red=[red(f"{WEST}-P0001", has_turned=True)])), "lagging")
    assert "亮红灯的有1个（按项目与属地计），其中新转红灯1个" in one
    assert "新转红灯的是江堤 · 西岸区。" in one
    both = [red(f"{WEST}-P0001", has_turned=True), red(f"{EAST}-P0002", has_turned=True)]
    assert "新转红灯的有江堤 · 西岸区、桥头 · 东岸区。" in said(written(figures(red=both)), "lagging")


def test_requirements_are_numbered_and_have_days_and_nothing_to_require_is_said() -> None:
    near = NearGoal("2025-03-01.vacated", "vacated", date(2025, 3, 1), 6, [f"{WEST}-P0001"], 4, 2, 40, 9, [WEST])
    past = replace(near, due_on=date(2025, 2, 20), days_left=-3, key="2025-02-20.vacated")
    money = LateMoney(f"{WEST}-P0001", f"{CITY}-water", Decimal("1234567.00"), date(2025, 2, 1))
    text = said(
        written(
            figures(
                red=[red(f"{WEST}-P0001")], near=[past, near], money_late=[money], directives=[directive(1, days=4)],
                directive_counts=DirectiveCounts(1, 1, 0, 0),
            )
        ), "next",
    )
    lines = text.split("\n")
    assert [line[:2] for line in lines[:5]] == ["1．", "2．", "3．", "4．", "5．"]
    assert "2025年2月27日前书面报送" in lines[0]
    assert "超过时限的“腾空”任务。原定2025年2月20日完成" in lines[1]
    assert "2025年3月1日前“腾空”任务。尚有节点2个、被征收户9户未完成，由西岸区按期完成。" in lines[2]
    assert "水务公司要于2025年2月27日前落实所缺资金123.5万元" in lines[3]
    assert "西岸区对超期未办结的1项督办事项（见附件）" in lines[4]
    assert "不得缩短" in lines[5]
    assert said(written(figures()), "next").startswith("各责任单位要按照既定计划推进")


def test_an_inspection_report_tells_overdue_directives_causes_and_whom_to_summon() -> None:
    late = [directive(1, days=12, chased=2), directive(2, days=3, lead=EAST)]
    text = written(
        figures(
            kind="inspection", directives=late, directive_counts=DirectiveCounts(2, 2, 0, 0),
            red=[red(f"{WEST}-P0001", blocker="client_money")],
        )
    )
    problems = said(text, "problems")
    assert "1．完成江堤剩余征收（督办〔2025〕1号）。责任单位西岸区，时限2025年2月14日，" in problems
    assert "已超期12个工作日，已催办2次，台账显示完成3/5。" in problems
    assert "1个的当前制约环节为建设单位资金" in said(text, "causes")
    advice = said(text, "advice")
    assert "超期10个工作日及以上的1项督办事项的责任单位（西岸区）进行约谈" in advice
    assert "其余1项超期事项继续催办" in advice


def test_what_people_write_stands_apart_and_only_where_it_may() -> None:
    text = written(figures(), remarks={"practices": ["西岸区一户一档。"], "progress": ["全部完成。"]})
    by_id = {part.id: part for part in text.parts}
    assert by_id["practices"].remarks == ["西岸区一户一档。"]
    assert by_id["progress"].remarks == ()
    assert "西岸区一户一档。" not in said(text, "practices")


def test_english_has_no_chinese_but_matters_and_names_without_english() -> None:
    text = written(figures(place(CITY, 1234, before=1200, of=2000), places=[place(WEST, 80, rank=1)]), is_english=True)
    everything = "\n".join(said(text, part.id) for part in text.parts) + text_of(text.note)
    assert "1,234 households" in everything
    assert "Riverside Drive" in everything
    assert ". No rank has changed." in everything
    paragraphs = [text_of(sentence) for part in text.parts for sentence in part.paragraphs]
    assert not [one for one in paragraphs if re.search(r"[a-z)%][.][A-Z0-9]", one)]
    assert not [letter for letter in everything if "\u4e00" <= letter <= "\u9fff"]


counts = st.integers(0, 5_000)


@settings(deadline=None)
@given(of=st.integers(1, 5_000), settled=counts, before=counts, red_parts=st.integers(0, 12), late=st.integers(0, 9))
def test_any_figures_give_a_text_without_blanks_whose_figures_are_its_own(
    of: int, settled: int, before: int, red_parts: int, late: int
) -> None:
    held = figures(
        place(CITY, min(settled, of), before=min(before, of), of=of), red=[red(f"{WEST}-P0001")] * red_parts,
        directives=[directive(number, days=number) for number in range(late, 0, -1)],
        directive_counts=DirectiveCounts(late, late, 0, 0),
    )
    for kind in RULES.kinds:
        for is_english in (False, True):
            text = written(replace(held, kind=kind), is_english=is_english)
            for part in text.parts:
                assert part.paragraphs
                assert not {"{", "}"} & set(said(text, part.id))
        assert ("核实的" in said(written(replace(held, total=cleared(CITY, 3, late), kind=kind)), "progress" if
                kind != "inspection" else "standing"))
    assert f"签约（含征收补偿决定）{min(settled, of)}户" in said(written(held), "progress")


@given(part=counts, whole=st.integers(0, 5_000))
def test_shares_are_rounded_half_up_without_floating_points(part: int, whole: int) -> None:
    part = min(part, whole)
    found = permille_of(part, whole)
    if whole == 0:
        assert found is None
    else:
        assert found == int(Decimal(1000 * part) / whole + Decimal("0.5"))


def test_the_canonical_form_is_the_same_bytes_and_comes_back() -> None:
    held = figures(money_late=[LateMoney("p", "c", Decimal("10.00"), None)], red=[red(f"{WEST}-P0001")])
    again = figures_from(json.loads(canonical_json(held)))
    assert canonical_json(again) == canonical_json(held)
    changed = replace(held, yellow=1)
    assert fingerprint(changed) != fingerprint(held)
    assert differences(plain(held), plain(changed)) == ["yellow: 0 -> 1"]


@given(st.sampled_from(["settled", "handed_over", "deadline_sections"]), st.sampled_from(["", WEST, "2025-03-01.x"]),
       st.booleans(), st.booleans())
def test_a_proof_comes_back_from_its_text(what: str, where: str, is_change: bool, is_ranked: bool) -> None:
    proof = Proof(what, where, is_change=is_change, is_ranked=is_ranked)
    assert proof_from(str(proof)) == proof


def test_a_week_is_read_by_iso_8601() -> None:
    assert week_days("2025-W08") == (date(2025, 2, 17), date(2025, 2, 24))
    assert week_days("2020-W53") == (date(2020, 12, 28), date(2021, 1, 4))
    assert week_name(date(2024, 12, 30)) == "2025-W01"
    for wrong in ("2025-W53", "2025-W00", "2025-08", "W08", "", "9999-W53", "2025-W08; DROP"):
        with pytest.raises(Refused):
            week_days(wrong)


def codes(refused: pytest.ExceptionInfo[Refused]) -> Sequence[str]:
    return [reason.code.removeprefix("bulletins.") for reason in refused.value.reasons]


@pytest.mark.parametrize(
    ("given_dates", "code"),
    [
        ({"from_on": date(2024, 12, 2), "until_on": date(2024, 12, 9)}, "before"),
        ({"from_on": date(2025, 3, 3), "until_on": date(2025, 3, 10)}, "future"),
        ({"from_on": date(2025, 2, 17), "until_on": date(2025, 2, 17)}, "length"),
        ({"from_on": date(2025, 1, 6), "until_on": date(2025, 6, 7)}, "length"),
        ({"known_on": date(2025, 2, 20)}, "known_before"),
        ({"known_on": date(2025, 3, 1)}, "not_over"),
        ({"as_of_on": date(2025, 2, 10)}, "as_of"),
    ],
)
def test_dates_that_cannot_be_made_again_are_refused_by_name(given_dates: dict[str, date], code: str) -> None:
    dates = {"from_on": PERIOD.from_on, "until_on": PERIOD.until_on, **given_dates}
    with pytest.raises(Refused) as refused:
        period_of(today=date(2025, 3, 1), campaign=CAMPAIGN, **dates)
    assert code in codes(refused)
    assert LONGEST_DAYS < 100


def test_a_week_that_is_not_over_stands_for_yesterday_and_without_campaign_there_is_none() -> None:
    period = period_of(from_on=PERIOD.from_on, until_on=PERIOD.until_on, today=date(2025, 2, 20), campaign=CAMPAIGN)
    assert (period.as_of_on, period.known_on, period.since_on) == (
        date(2025, 2, 19), date(2025, 2, 19), date(2025, 2, 16)
    )
    with pytest.raises(Refused) as refused:
        period_of(from_on=PERIOD.from_on, until_on=PERIOD.until_on, today=date(2025, 3, 1), campaign=None)
    assert codes(refused) == ["no_campaign"]


def test_only_a_kind_of_a_statutory_type_is_official_and_only_where_an_office_issues_it() -> None:
    official = [kind for kind in RULES.kinds.values() if kind.is_official]
    assert [(kind.id, kind.type) for kind in official] == [("notification", "通报")]
    assert RULES.may_issue(official[0], city="220200")
    assert not RULES.may_issue(official[0], city=CITY)
    assert RULES.may_issue(RULES.kinds["circular"], city=CITY)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("phrases.yaml", "截至{as_of}，没有亮红灯", "截至{when}，没有亮红灯", "nothing gives {when}"),
        ("phrases.yaml", "  cause_none:", "  cause_nothing:", "phrases missing or unknown"),
        ("phrases.yaml", "    fell_much:", "    fell_badly:", "share has the cases"),
        ("kinds.yaml", "draft: inspection.draft", "draft: inspection.think", "unknown verb inspection.think"),
        ("kinds.yaml", "{id: causes,", "{id: motives,", "unknown part motives"),
        ("kinds.yaml", "much_points: 10.0", "much_points: 0", "much_points"),
        ("kinds.yaml", "layout: bulletin", "layout: red", "layout is one of"),
        ("kinds.yaml", "names: 5 ", "names: none ", "names is a whole number"),
        # No entry brings an internal bulletin under the red head, and none of its kind goes without its name.
        ("kinds.yaml", "layout: bulletin\n    series: circular", "layout: official\n    series: circular", "red head"),
        ("kinds.yaml", "layout: bulletin\n    series: inspection", "layout: official\n    series: x", "red head"),
        ("kinds.yaml", "layout: bulletin\n    series: inspection", "type: 通报\n    layout: official\n    series: x",
         "do not say what it is"),
        ("kinds.yaml", "type: 通报", "type: 专报", "red head"),
        ("kinds.yaml", "进展情况的通报", "进展情况", "do not say"),
        ("kinds.yaml", "mark: 吉林市人民政府办公室文件", "mark: 督查专报", "the mark begins with"),
        ("kinds.yaml", 'mark: "{mark}"', 'mark: "{seal}"', "nothing gives {seal}"),
        ("kinds.yaml", "may_go_to: [city]", "may_go_to: []", "may_go_to"),
    ],
)
def test_a_rule_that_cannot_work_is_named(file: str, old: str, new: str, told: str, tmp_path: Path) -> None:
    folder = tmp_path / "rulebook"
    shutil.copytree(FOLDER, folder)
    path = folder / "bulletins" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookInvalid, match="bulletins/") as invalid:
        load_rulebook(folder)
    assert told in str(invalid.value)
