"""January's assessment of the districts, published, with an appeal of 船营区; and February's, which still runs."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.core.files.base import ContentFile

from tests.factories import CHUANYING, CITY, NOW, Scene, actor_with, at, record
from zhengtu.assessment.actions import adopt_assessment, appeal_score, publish_assessment
from zhengtu.ledger.offered_files import OfferedFile

PUBLISHED: Final = f"{CITY}-K0001"
UNDER_WAY: Final = f"{CITY}-K0002"
_PERIODS: Final = ((date(2025, 1, 1), date(2025, 2, 1)), (date(2025, 2, 1), date(2025, 3, 1)))


def published_and_under_way(scene: Scene) -> int:
    """A family of each district was promised a home by 25 January and waits; returns the appeal's number."""
    for household in (scene.households[0], scene.households[3]):
        record(
            household.code, "resettlement_promised", date(2025, 1, 15), {"promised_on": "2025-01-25"},
            recorded_at=at(date(2025, 1, 15)),
        )
    mayor = actor_with("mayor")
    for first, after in _PERIODS:
        adopt_assessment(
            actor=mayor, city=CITY, scheme="districts-2025", from_on=first, until_on=after, now=at(date(2025, 2, 3))
        )
    publish_assessment(actor=mayor, code=PUBLISHED, now=NOW)
    return appeal_score(
        actor=actor_with("district_leader"), code=PUBLISHED, unit=CHUANYING, criterion="homes_in_time",
        reference=scene.households[0].code, text="该户自愿选择下一批房源，说明见附件。",
        files=[OfferedFile("statement", "说明.txt", ContentFile("自愿选择。".encode(), name="说明.txt"))], now=NOW,
    )
