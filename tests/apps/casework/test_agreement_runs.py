"""Bulk runs: drafts for whoever is valued and has chosen, one deed a section, one workbook with every reason."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.compensation_scene import DATES, agreement_row, build_compensation_scene
from tests.factories import NOW, TODAY, Scene, actor_with, advance, record
from zhengtu.casework.agreement_queries import runs_for
from zhengtu.casework.agreement_runs import carry_out_drafting, is_dead, result_name, result_storage, start_run
from zhengtu.casework.models import Agreement, AgreementRun
from zhengtu.core.compensation.agreement_terms import AgreedDates
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.models import Deed

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    """Three households of 船营区: one valued and decided for cash, one without a choice, one with an open draft."""
    scene = build_compensation_scene()
    for household in scene.households[1:3]:
        advance(household, to="valued")
    record(scene.households[0].code, "option_chosen", TODAY, {"option": "cash"}, recorded_at=NOW)
    agreement_row(scene.households[2])
    return scene


def run_of(scene: Scene, dates: AgreedDates = DATES) -> AgreementRun:
    return start_run(actor=actor_with("field_officer"), project=scene.project, section=None, dates=dates, now=NOW)


def rows_of(run: AgreementRun) -> list[tuple[object, ...]]:
    with result_storage().open(result_name(run)) as file:
        return list(load_workbook(BytesIO(file.read())).worksheets[0].iter_rows(min_row=2, values_only=True))


def test_a_run_drafts_who_has_chosen_and_says_why_the_others_are_left_out(scene: Scene) -> None:
    run = run_of(scene)
    deeds = Deed.objects.count()
    assert carry_out_drafting(run.pk, clock=lambda: NOW) == "done"
    run.refresh_from_db()
    assert (run.household_count, run.done_count, run.drafted_count, run.refused_count) == (3, 3, 1, 2)
    assert Deed.objects.count() == deeds + 1
    deed = Deed.objects.order_by("number").filter(verb="agreement.draft").last()
    agreement = Agreement.objects.get(household=scene.households[0].code)
    assert deed is not None
    assert (agreement.drafted_deed, deed.subject) == (deed.id, scene.chuanying.code)
    assert (agreement.sign_on, agreement.payees.get().share_yuan) == (DATES.sign_on, agreement.amount_yuan)
    drafted, without, held = rows_of(run)
    assert (drafted[0], drafted[3], drafted[5]) == (
        scene.households[0].code, agreement.number, float(agreement.amount_yuan)
    )
    assert "补偿方式" in str(without[6])
    assert f"{scene.households[2].code}-A01" in str(held[6])


def test_a_run_is_carried_out_once_and_again_changes_nothing(scene: Scene) -> None:
    run = run_of(scene)
    carry_out_drafting(run.pk, clock=lambda: NOW)
    count = Agreement.objects.count()
    assert carry_out_drafting(run.pk, clock=lambda: NOW) == "done"
    again = run_of(scene)
    carry_out_drafting(again.pk, clock=lambda: NOW)
    assert Agreement.objects.count() == count
    assert AgreementRun.objects.get(pk=again.pk).drafted_count == 0


def test_dates_that_put_moving_before_payment_start_no_run(scene: Scene) -> None:
    with pytest.raises(Refused):
        run_of(scene, AgreedDates(date(2025, 2, 14), date(2025, 2, 25), date(2025, 2, 20)))
    assert not AgreementRun.objects.exists()


def test_runs_of_another_district_do_not_exist_and_a_silent_one_is_dead(scene: Scene) -> None:
    run = run_of(scene)
    assert list(runs_for(actor_with("field_officer"))) == [run]
    assert not runs_for(actor_with("client")).exists()
    run.stage, run.moved_at = "running", NOW
    assert not is_dead(run, now=NOW)
    assert is_dead(run, now=NOW.replace(hour=11))
