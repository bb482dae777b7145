"""Uploads on their way: checked and carried out by tasks, cancelled, interrupted, tried again."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import factories
from tests.apps.registry.conftest import HEADINGS, REPOSITORY, family
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.models import Deed, Fact, Milestones
from zhengtu.registry import actions, survey_uploads
from zhengtu.registry.models import ColumnMapping, Household, ImportStage, SurveyImport
from zhengtu.registry.survey_import.intake import upload_storage
from zhengtu.registry.survey_import.options import ImportOptions
from zhengtu.registry.survey_queries import interrupted
from zhengtu.registry.survey_uploads import (
    cancel_import,
    carry_out_upload,
    check_again,
    check_upload,
    confirm_import,
    confirm_mapping,
    take_in_upload,
)

pytestmark = pytest.mark.django_db(transaction=True)


def sheet(*rows: list[Any], headings: list[str] = HEADINGS) -> bytes:
    import io

    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode("gb18030")


def uploaded(data: bytes, actor: Actor, scene: factories.Scene) -> SurveyImport:
    return take_in_upload(
        file=ContentFile(data),
        name="台账.csv",
        project=scene.project.code,
        actor=actor,
        options=ImportOptions(),
        now=factories.NOW,
    )


def checked(data: bytes, actor: Actor, scene: factories.Scene) -> SurveyImport:
    upload = uploaded(data, actor, scene)
    check_upload(upload.pk, now=factories.NOW)
    upload.refresh_from_db()
    return upload


def test_an_upload_is_checked_confirmed_and_imported(scene: Any, officer: Actor) -> None:
    upload = uploaded(sheet(family(1), family(2)), officer, scene)
    assert ProcrastinateJob.objects.filter(task_name="check_survey").latest("id").args == {"import_id": upload.pk}
    assert check_upload(upload.pk, now=factories.NOW) == ImportStage.CHECKED
    upload.refresh_from_db()
    assert upload.report["counts"]["new"] == 2
    confirm_import(upload, actor=officer, accepts_warnings=False)
    assert carry_out_upload(upload.pk, now=factories.NOW) == ImportStage.IMPORTED
    upload.refresh_from_db()
    assert (upload.progress, Deed.objects.get(id=upload.deed).facts_count) == (1.0, 2)
    assert carry_out_upload(upload.pk, now=factories.NOW) == ImportStage.IMPORTED  # a second worker does nothing
    assert Deed.objects.filter(recorded_on=factories.TODAY).count() == 1


def test_a_refused_upload_keeps_a_marked_copy_and_cannot_be_confirmed(scene: Any, officer: Actor) -> None:
    import openpyxl

    upload = checked(sheet(family(1), family(2, 身份证号="123")), officer, scene)
    assert upload.stage == ImportStage.REFUSED
    (problem,) = upload.report["problems"]
    assert (problem["row"], problem["cell"], problem["heading"]) == (3, "D3", "身份证号")
    with upload_storage().open(survey_uploads.marked_name(upload)) as file:
        cell = openpyxl.load_workbook(file).active["D3"]
    assert cell.fill.start_color.rgb == "FFF6C6C0"
    assert "18" in cell.comment.text
    with pytest.raises(Refused):
        confirm_import(upload, actor=officer, accepts_warnings=True)


def test_warnings_have_to_be_accepted(scene: Any, officer: Actor) -> None:
    upload = checked(sheet(family(1), family(1, 坐落="另一处")), officer, scene)
    with pytest.raises(Refused):
        confirm_import(upload, actor=officer, accepts_warnings=False)
    confirm_import(upload, actor=officer, accepts_warnings=True)
    assert carry_out_upload(upload.pk, now=factories.NOW) == ImportStage.IMPORTED


def test_a_districts_own_columns_are_confirmed_once(scene: Any, officer: Actor) -> None:
    headings = ["序号", "标段地点", "权利人（单位）姓名", "证件", "建筑面积㎡"]
    rows = [[1, "船营段", "孙一", factories.identity_number(901), "50"]]
    upload = checked(sheet(*rows, headings=headings), officer, scene)
    assert upload.stage == ImportStage.CHECKED
    assert upload.report["needs_mapping"]
    assert upload.report["samples"]["权利人（单位）姓名"] == ["孙*"]
    assert upload.report["samples"]["证件"][0].count("*") == 13
    mapping = {
        "section": "标段地点",
        "name": "权利人（单位）姓名",
        "identity_number": "证件",
        "registered_area_m2": "建筑面积㎡",
    }
    confirm_mapping(upload, mapping=mapping, actor=officer, now=factories.NOW)
    assert check_upload(upload.pk, now=factories.NOW) == ImportStage.CHECKED
    upload.refresh_from_db()
    assert upload.report["counts"]["new"] == 1
    assert ColumnMapping.objects.get().unit_id == factories.CHUANYING
    rows[0][4] = "60"
    again = checked(sheet(*rows, headings=headings), officer, scene)
    assert not again.report["needs_mapping"]


def test_what_changed_since_the_check_refuses_the_import(scene: Any, officer: Actor) -> None:
    first = checked(sheet(family(1), family(2)), officer, scene)
    second = checked(sheet(family(1)), officer, scene)
    for upload in (first, second):
        confirm_import(upload, actor=officer, accepts_warnings=False)
    assert carry_out_upload(first.pk, now=factories.NOW) == ImportStage.IMPORTED
    assert carry_out_upload(second.pk, now=factories.NOW) == ImportStage.REFUSED
    second.refresh_from_db()
    assert second.report["reasons"][0]["code"] == "import.changed_meanwhile"
    assert Household.objects.count() == 8


def test_cancelling_before_and_in_the_middle_leaves_nothing(
    scene: Any, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = uploaded(sheet(family(1)), officer, scene)
    cancel_import(waiting)
    assert check_upload(waiting.pk, now=factories.NOW) == ImportStage.CANCELLED
    running = checked(sheet(family(1), family(2)), officer, scene)
    confirm_import(running, actor=officer, accepts_warnings=False)
    personal = actions.carrying.registered_facts

    def cancel_elsewhere() -> None:  # another process, another connection
        cancel_import(SurveyImport.objects.get(pk=running.pk))
        connection.close()

    def facts_while_cancelled(*arguments: Any, **more: Any) -> Any:
        page = threading.Thread(target=cancel_elsewhere)
        page.start()
        page.join(30)
        return personal(*arguments, **more)

    monkeypatch.setattr(actions.carrying, "registered_facts", facts_while_cancelled)
    assert carry_out_upload(running.pk, now=factories.NOW) == ImportStage.CANCELLED
    assert Household.objects.count() == 6
    assert not Deed.objects.filter(recorded_on=factories.TODAY).exists()


def test_a_district_sees_only_its_own_uploads(scene: Any, officer: Actor, coordinator: Actor) -> None:
    from zhengtu.registry.survey_queries import imports_for

    upload = uploaded(sheet(family(1)), officer, scene)
    neighbour = factories.actor_with("field_officer", factories.CHANGYI)
    assert list(imports_for(officer)) == [upload] == list(imports_for(coordinator))
    assert not imports_for(neighbour).exists()


CHILD = """
import sys, django
django.setup()
from datetime import datetime
from zhengtu.registry.survey_uploads import carry_out_upload
carry_out_upload(int(sys.argv[1]), now=datetime.fromisoformat(sys.argv[2]))
"""


def start_worker(upload: SurveyImport, home: Path, key: str) -> subprocess.Popen[bytes]:
    database = connection.settings_dict
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "zhengtu.config.settings",
        "ZHENGTU_HOME": str(home),
        "ZHENGTU_PERSONAL_DATA_KEY": key,
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}",
    }
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(upload.pk), factories.NOW.isoformat()], env=environment, cwd=REPOSITORY
    )


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def test_a_worker_killed_in_the_middle_leaves_nothing_half_written(
    scene: Any, officer: Actor, tmp_path: Path, settings: Any
) -> None:
    if settings.DATABASE_URL is not None:
        pytest.skip("the child process is pointed at the embedded server")
    rows = [family(1, 身份证号="", 联系电话="", 坐落=f"松江路{number}号") for number in range(6_000)]
    upload = checked(sheet(*rows), officer, scene)
    confirm_import(upload, actor=officer, accepts_warnings=False)
    worker = start_worker(upload, tmp_path, settings.PERSONAL_DATA_KEY)

    def has_written() -> bool:
        upload.refresh_from_db()
        return upload.progress >= 0.7  # the households are in, the deed is not

    until(has_written)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    upload.refresh_from_db()
    assert upload.stage == ImportStage.IMPORTING
    until(lambda: interrupted([upload]) == {upload.pk})
    assert Household.objects.count() == 6
    assert not Deed.objects.filter(recorded_on=factories.TODAY).exists()
    assert not Fact.objects.filter(happened_on=factories.TODAY).exists()
    assert Milestones.objects.count() == 6
    check_again(upload, options=ImportOptions())
    assert check_upload(upload.pk, now=factories.NOW) == ImportStage.CHECKED
    upload.refresh_from_db()
    confirm_import(upload, actor=officer, accepts_warnings=False)
    assert carry_out_upload(upload.pk, now=factories.NOW) == ImportStage.IMPORTED
    assert Household.objects.count() == 6_006
