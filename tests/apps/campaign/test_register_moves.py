"""A police list: who matches is recorded once with an extract; of everybody else nothing is kept anywhere."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from openpyxl import Workbook

from tests.factories import CITY, NOW, Scene, actor_with, build_campaign, identity_number
from zhengtu.campaign.register_moves import city_to_compare, import_moves
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.models import Deed, Evidence, Fact

pytestmark = pytest.mark.django_db(transaction=True)
STRANGER = "220202198803120017"


@pytest.fixture
def scene() -> Scene:
    return build_campaign()


def csv_list(*rows: tuple[str, str]) -> ContentFile:
    text = "公民身份号码,姓名,迁入日期\n" + "".join(f"{number},某某,{on}\n" for number, on in rows)
    return ContentFile(text.encode(), name="moves.csv")


def imported(file: ContentFile, name: str = "moves.csv", role: str = "inspector") -> object:
    return import_moves(actor=actor_with(role), city=CITY, file=file, name=name, now=NOW)


def test_matches_become_facts_and_nobody_else_is_stored(scene: Scene) -> None:
    mine = identity_number(1)
    done = import_moves(
        actor=actor_with("inspector"), city=CITY, now=NOW, name="moves.csv",
        file=csv_list((mine, "2024-03-02"), (STRANGER, "2024-05-05"), (identity_number(4), ""), ("", "2024-01-01")),
    )
    assert (done.rows, done.matched, done.undated, done.known) == (3, 1, 1, 0)
    fact = Fact.objects.get(kind="register_move_reported")
    assert (fact.subject, fact.happened_on) == (scene.households[0].code, date(2024, 3, 2))
    assert fact.attributes == {"moved_in_on": "2024-03-02"}
    evidence = Evidence.objects.get(deed=fact.deed_id)
    kept = b"".join(path.read_bytes() for path in Path(settings.EVIDENCE_FOLDER).rglob("*") if path.is_file())
    assert scene.households[0].code.encode() in kept
    assert evidence.kind == "move_extract"
    for secret in (mine, STRANGER):
        assert secret.encode() not in kept
        assert secret not in str(Deed.objects.get(pk=fact.deed_id).reasons)
    uploads = Path(settings.UPLOADS_FOLDER)
    assert not uploads.exists() or not [path for path in uploads.rglob("*") if path.is_file()]


def test_a_workbook_works_too_and_known_moves_are_not_recorded_twice(scene: Scene) -> None:
    book, buffer = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in (("附件", None), ("公民身份号码", "迁入日期"), (identity_number(1), date(2024, 3, 2)),
                (identity_number(2), "2024.4.1")):
        book.active.append(row)
    book.save(buffer)
    imported(ContentFile(buffer.getvalue(), name="moves.xlsx"), "moves.xlsx")
    assert Fact.objects.filter(kind="register_move_reported").count() == 2
    with pytest.raises(Refused) as refused:
        imported(csv_list((identity_number(1), "2024-03-02")))
    assert [reason.code for reason in refused.value.reasons] == ["integrity.moves_none"]
    imported(csv_list((identity_number(1), "2024-03-02"), (identity_number(1), "2024-08-08")))
    assert Fact.objects.filter(kind="register_move_reported").count() == 3


@pytest.mark.parametrize("text", ["姓名,日期\n张三,2024-01-01\n", "a,b\n1,2\n"])
def test_a_list_without_the_two_columns_is_refused(scene: Scene, text: str) -> None:
    with pytest.raises(Refused) as refused:
        imported(ContentFile(text.encode(), name="x.csv"), "x.csv")
    assert [reason.code for reason in refused.value.reasons] == ["integrity.moves_unreadable"]


def test_only_inspectors_of_the_city_compare_lists(scene: Scene) -> None:
    for role in ("coordinator", "field_officer", "mayor", "district_leader"):
        with pytest.raises(Refused):
            imported(csv_list((identity_number(1), "2024-03-02")), role=role)
    assert city_to_compare(actor_with("inspector")) == CITY
    assert city_to_compare(actor_with("inspector", subject="220200-P0001")) == ""
    assert city_to_compare(actor_with("coordinator")) == ""
