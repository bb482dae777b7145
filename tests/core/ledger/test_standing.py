"""How a household stands: the light and its sentence."""

from __future__ import annotations

from datetime import date

import pytest

from zhengtu.core.ledger.milestones import Milestone
from zhengtu.core.ledger.standing import Due, household_standing

TODAY = date(2025, 2, 14)
HAND_OVER = Due(goal="handed_over", due_on=date(2025, 3, 15))
REGISTERED = {Milestone.REGISTERED: date(2025, 1, 6)}
SURVEYED = {**REGISTERED, Milestone.SURVEYED: date(2025, 1, 10)}
VACATED = {**SURVEYED, Milestone.VACATED: date(2025, 2, 1)}
PROMISED = {**SURVEYED, Milestone.PROMISED: date(2021, 6, 30)}


@pytest.mark.parametrize(
    ("dates", "deadlines", "matters", "on", "light", "code"),
    [
        (REGISTERED, [HAND_OVER], [], TODAY, "idle", "standing.deadline"),
        (SURVEYED, [HAND_OVER], [], TODAY, "running", "standing.deadline"),
        (SURVEYED, [HAND_OVER], [], date(2025, 3, 15), "running", "standing.deadline"),
        (SURVEYED, [HAND_OVER], [], date(2025, 3, 16), "red", "standing.deadline"),
        (VACATED, [HAND_OVER], [], date(2025, 3, 16), "green", "standing.on_course"),
        (VACATED, [HAND_OVER], [], date(2025, 1, 31), "running", "standing.deadline"),
        (SURVEYED, [HAND_OVER], ["原部队用地"], TODAY, "yellow", "standing.open_matter"),
        (SURVEYED, [HAND_OVER], ["原部队用地"], date(2025, 3, 16), "red", "standing.deadline"),
        (PROMISED, [], [], TODAY, "red", "standing.overdue_home"),
        ({**PROMISED, Milestone.RESETTLED: date(2024, 1, 1)}, [], [], TODAY, "running", "standing.no_deadline"),
        (SURVEYED, [], [], TODAY, "running", "standing.no_deadline"),
        (SURVEYED, [Due("started", date(2025, 1, 1))], [], TODAY, "running", "standing.no_deadline"),
        (SURVEYED, [Due("resettled", date(2025, 1, 1))], [], TODAY, "running", "standing.no_deadline"),
    ],
)
def test_lights(
    dates: dict[Milestone, date], deadlines: list[Due], matters: list[str], on: date, light: str, code: str
) -> None:
    standing = household_standing(dates, deadlines=deadlines, open_matters=matters, on=on)
    assert (standing.light, standing.why.code) == (light, code)


def test_the_sentence_counts_days_and_months() -> None:
    late = household_standing(SURVEYED, deadlines=[HAND_OVER], open_matters=[], on=date(2025, 3, 20))
    assert (late.why.parameters["days"], late.why.parameters["goal"]) == (5, "milestone:vacated")
    overdue = household_standing(PROMISED, deadlines=[], open_matters=[], on=TODAY)
    assert overdue.why.parameters == {"promised": "2021-06-30", "months": 43}
