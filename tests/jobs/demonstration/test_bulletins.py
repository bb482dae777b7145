"""The demonstration's bulletins: circulars that districts read, and reports that reach nobody who was inspected."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories import CITY, NOW, actor_with, advance, announce, build_campaign, person_with
from zhengtu.core.authority.actor import Actor
from zhengtu.jobs.demonstration import bulletins
from zhengtu.publication.models import Bulletin, BulletinStage
from zhengtu.publication.queries import bulletins_for

pytestmark = pytest.mark.django_db(transaction=True)

NOBODY_INSPECTED = ("coordinator", "district_leader", "client", "department", "field_officer", "family")


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> int:
    """The script's bulletins in a small campaign, by its people; how many were released."""
    scene = build_campaign()
    announce()
    advance(scene.households[0], to="signed", start_on=date(2025, 1, 28))
    for role in ("coordinator", "vice_mayor", "mayor", "inspector"):
        person_with(role)

    def called(username: str, *, on: date) -> Actor:
        return actor_with(username, on=on)

    monkeypatch.setattr(bulletins, "actor_called", called)
    return bulletins.release_bulletins(city=CITY, now=NOW)


def test_a_report_is_released_and_one_waits_beside_the_circulars(written: int) -> None:
    stages = sorted(Bulletin.objects.values_list("kind", "stage"))
    assert stages == [
        ("circular", BulletinStage.RELEASED), ("circular", BulletinStage.RELEASED),
        ("inspection", BulletinStage.RELEASED), ("inspection", BulletinStage.SUBMITTED),
    ]
    assert written == 3
    (report,) = Bulletin.objects.filter(kind="inspection", stage=BulletinStage.RELEASED)
    assert report.number == "督查专报〔2025〕第1期"
    assert report.remarks["causes"]
    assert report.drafted_by_id != report.released_by_id


def test_nobody_who_is_inspected_sees_a_report_at_any_stage(written: int) -> None:
    def reports(role: str) -> list[str]:
        rows = bulletins_for(actor_with(role)).filter(kind="inspection")
        return sorted(rows.values_list("stage", flat=True))

    assert reports("mayor") == reports("inspector") == ["released", "submitted"]
    assert {role: reports(role) for role in NOBODY_INSPECTED} == {role: [] for role in NOBODY_INSPECTED}
    assert reports("vice_mayor") == [], "it reaches the mayor and the inspection office alone"
