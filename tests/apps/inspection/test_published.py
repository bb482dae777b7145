"""The draw as its page offers it, replayed from the terminal; and patrols drawn by the same machinery."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories import CHANGYI, CHUANYING, CITY, TODAY, Scene, actor_with, at, record
from tests.inspection_scene import (
    at_the_house,
    concluded,
    drawn,
    photo,
    planned,
    released,
    sent_to,
    vacated_scene,
    visit,
    visited,
)
from zhengtu.accounts.queries import actor_of
from zhengtu.core.inspection.replay import checks, fingerprint, written
from zhengtu.core.kernel.reasons import Refused
from zhengtu.inspection.actions import draw_inspection, record_visit, release_inspection
from zhengtu.inspection.models import Drawn, Inspection
from zhengtu.inspection.published import draw_document
from zhengtu.inspection.queries import findings, inspected_strata
from zhengtu.ledger.models import Fact

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene() -> Scene:
    return vacated_scene()


def test_the_document_is_the_one_whose_fingerprint_the_ledger_keeps(scene: Scene) -> None:
    code = drawn(households=4)
    held = draw_document(actor_with("mayor"), code, on=TODAY)
    assert held is not None
    assert fingerprint(held) == Fact.objects.get(subject=code, kind="inspection_drawn").attributes["drawn_sha256"]
    assert {check.agrees for check in checks(held)} == {True}


def test_nobody_gets_the_draw_before_it_is_released_and_a_district_then_its_own(scene: Scene) -> None:
    code = drawn()
    leader = actor_with("district_leader", CHUANYING)
    assert draw_document(leader, code, on=TODAY) is None
    assert draw_document(actor_with("mayor"), planned(matter="paid_first"), on=TODAY) is None
    Inspection.objects.filter(pk=code).update(released_on=TODAY)
    part = draw_document(leader, code, on=TODAY)
    assert part is not None
    assert [one.key for one in part.strata] == [f"{CHUANYING}/vacated"]
    assert part.is_part
    assert not part.inspectors
    assert {check.agrees for check in checks(part)} == {True, None}
    whole = draw_document(actor_with("auditor"), code, on=TODAY)
    assert whole == draw_document(actor_with("mayor"), code, on=TODAY)


def test_the_terminal_says_what_agrees_and_what_does_not(scene: Scene, tmp_path: Path) -> None:
    held = draw_document(actor_with("mayor"), drawn(households=4), on=TODAY)
    assert held is not None
    file = tmp_path / "draw.json"
    file.write_text(written(held), encoding="utf-8")
    out = io.StringIO()
    call_command("inspection", replay=file, language="en", stdout=out)
    assert "220204/vacated: 2 households drawn: agrees" in out.getvalue()
    file.write_text(written(held).replace(held.seed, "ab" * 32), encoding="utf-8")
    with pytest.raises(CommandError, match="not the one that its seed makes"):
        call_command("inspection", replay=file, language="en", stdout=io.StringIO())
    with pytest.raises(CommandError, match="nowhere"):
        call_command("inspection", replay=tmp_path / "nowhere.json", stdout=io.StringIO())


def patrolled(**fields: object) -> str:
    return drawn(form="patrol", matter="stays_empty", **fields)


def test_a_patrol_draws_vacated_houses_that_still_stand(scene: Scene) -> None:
    gone = scene.households[0].code
    record(gone, "demolished", TODAY - timedelta(days=3))
    code = patrolled()
    assert set(Drawn.objects.filter(inspection=code).values_list("household", flat=True)) == {
        one.code for one in scene.households[1:]
    }
    held = draw_document(actor_with("mayor"), code, on=TODAY)
    assert held is not None
    assert {check.agrees for check in checks(held)} == {True}
    assert fingerprint(held) == Inspection.objects.get(pk=code).drawn_sha256


def test_a_patrol_lets_houses_rest_that_were_seen_and_discounts_no_figure(scene: Scene) -> None:
    code = patrolled(households=2)
    seen = list(Drawn.objects.filter(inspection=code).values_list("household", flat=True))
    for household in seen:
        visit(code, household, "lived_in_again" if household == seen[0] else "empty")
    assert inspected_strata(CITY, on=TODAY, released_only=False) == {}
    again = planned(form="patrol", matter="stays_empty")
    planner = actor_of(Inspection.objects.get(pk=again).planned_by, on=TODAY)
    draw_inspection(actor=planner, code=again, now=at(TODAY))
    listed = {code for codes in Inspection.objects.get(pk=again).candidates.values() for code in codes}
    assert listed == {one.code for one in scene.households} - set(seen)


def test_no_draw_tells_of_an_earlier_one_that_is_not_released(scene: Scene) -> None:
    """Houses that rest are missing on the later list; days on which they were seen empty would stand in it."""
    first = patrolled(households=2)
    visited(first)
    second = patrolled(households=2)
    assert {seen_on for _, seen_on in Inspection.objects.get(pk=second).weights.values()} == {None}
    for code in (first, second):
        visited(code)
        concluded(code)
    mayor = actor_with("mayor")
    with pytest.raises(Refused) as refused:
        release_inspection(actor=mayor, code=second, now=at(TODAY))
    assert [one.code for one in refused.value.reasons] == ["inspection.earlier"]
    release_inspection(actor=mayor, code=first, now=at(TODAY))
    release_inspection(actor=mayor, code=second, now=at(TODAY))


def test_a_house_seen_empty_starts_anew_in_the_draw(scene: Scene) -> None:
    household = scene.households[0].code
    released({household: "never_left"})
    later = TODAY + timedelta(days=30)
    code = drawn(
        form="patrol", matter="stays_empty", now=at(later), from_on=later, until_on=later,
        as_of_on=later - timedelta(days=1),
    )
    weights = Inspection.objects.get(pk=code).weights
    assert weights[household] == ["2025-01-18", None]
    assert weights[scene.households[1].code] == ["2025-01-18", TODAY.isoformat()]


def test_a_patrol_finds_who_moved_back_only_in_its_places(scene: Scene) -> None:
    code = patrolled(places=[CHANGYI])
    outside = scene.households[0].code
    with pytest.raises(Refused) as refused:
        record_visit(
            actor=sent_to(code, CHANGYI), code=code, household=outside, found="empty", photos=[photo()],
            position=at_the_house(outside), now=at(TODAY),
        )
    assert refused.value.reasons[0].code == "inspection.wider_than_planned"
    visit(code, scene.households[3].code, "lived_in_again")
    assert [one.household for one in findings(CITY, on=TODAY, released_only=False) if one.is_moved_back] == [
        scene.households[3].code
    ]
