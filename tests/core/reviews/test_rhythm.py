"""The rhythm of the reviews: days by the rule, moved to working days, and what its file may not say."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.reviews.rhythm import SPECIAL, days_between, next_day, previous_day
from zhengtu.core.rules.reading import RulebookInvalid
from zhengtu.core.rules.reviews import load_reviews
from zhengtu.core.rules.rulebook import load_rulebook

FOLDER = Path(__file__).resolve().parents[3] / "rulebook"
RULEBOOK = load_rulebook(FOLDER)
RHYTHMS, CALENDAR = RULEBOOK.reviews.rhythms, RULEBOOK.calendar
ROLES = [role for role, may in RULEBOOK.authority.roles.items() if "review.hold" in may]


def test_the_weekly_review_gives_way_to_the_spring_festival() -> None:
    days = days_between(RHYTHMS["weekly"], start=date(2025, 1, 20), end=date(2025, 2, 14), calendar=CALENDAR)
    # 31 January 2025 lies in the festival (28 January to 4 February); the first working day after it is the 5th.
    assert days == [date(2025, 1, 24), date(2025, 2, 5), date(2025, 2, 7), date(2025, 2, 14)]


def test_a_day_moved_into_the_span_counts_and_one_moved_out_of_it_does_not() -> None:
    monthly = RHYTHMS["monthly"]  # the 28th; 28 January 2025 is a day of rest
    assert days_between(monthly, start=date(2025, 2, 1), end=date(2025, 2, 10), calendar=CALENDAR) == [date(2025, 2, 5)]
    assert days_between(monthly, start=date(2025, 1, 20), end=date(2025, 1, 31), calendar=CALENDAR) == []


@pytest.mark.parametrize("rhythm", [one for one in RHYTHMS.values() if one.id != SPECIAL], ids=lambda one: one.id)
@given(day=st.dates(date(2024, 1, 1), date(2027, 6, 30)))
def test_the_day_after_the_previous_one_is_a_working_day_and_none_lies_between(rhythm, day: date) -> None:
    following = next_day(rhythm, after=day, calendar=CALENDAR)
    assert following is not None
    assert following > day
    assert CALENDAR.is_working_day(following)
    assert previous_day(rhythm, before=following, calendar=CALENDAR) <= day
    assert days_between(rhythm, start=day + timedelta(days=1), end=following, calendar=CALENDAR) == [following]


def test_a_special_review_has_no_days_and_looks_back_a_week() -> None:
    assert next_day(RHYTHMS[SPECIAL], after=date(2025, 2, 14), calendar=CALENDAR) is None
    assert previous_day(RHYTHMS[SPECIAL], before=date(2025, 2, 14), calendar=CALENDAR) == date(2025, 2, 7)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("rhythm.yaml", "chair: mayor", "chair: field_officer", "may not hold a review"),
        ("rhythm.yaml", "FREQ=WEEKLY;BYDAY=FR", "FREQ=SOMETIMES", "weekly"),
        ("rhythm.yaml", "turned_red: [20", "turned_red: [10", "share a place"),
        ("rhythm.yaml", "  money_late: [60", "  money: [60", "must order exactly"),
        ("rhythm.yaml", "deadlines_within_days: 31", "deadlines_within_days: 0", "whole number"),
        ("rhythm.yaml", "attends: [district, development_zone]", "attends: [family]", "unknown family"),
        ("minutes.yaml", "{chair}主持召开专题", "{mayor}主持召开专题", "nothing gives {mayor}"),
        ("minutes.yaml", "  between: 、\n", "", "missing or unknown: between"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    shutil.copytree(FOLDER / "reviews", tmp_path / "reviews")
    path = tmp_path / "reviews" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookInvalid, match=message):
        load_reviews(tmp_path, roles=ROLES)
