"""Where families live while they wait: sealed at rest, masked, with a history, opened by few and on record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from openpyxl import Workbook

from tests.factories import CHANGYI, CHUANYING, TODAY, Scene, actor_with, at, person_with, record
from tests.resettlement_scene import build_waiting
from zhengtu.accounts.queries import actor_of
from zhengtu.campaign.deeds import ledger_reach, refusals_for
from zhengtu.casework.queries import looks_at
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.files import evidence_path, evidence_storage
from zhengtu.ledger.models import Deed, Fact, Refusal
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.ledger.queries import deeds_within
from zhengtu.resettlement.address_actions import import_addresses, open_addresses, record_address
from zhengtu.resettlement.addresses import RECORDED, lived_at
from zhengtu.resettlement.models import TransitionAddress
from zhengtu.resettlement.projection import rebuild_resettlement, resettlement_differences

pytestmark = pytest.mark.django_db

NOW = at(TODAY)
FIRST = "吉林市昌邑区演示街12号3单元501室"
SECOND = "吉林市丰满区虚构路7号院2栋1102室"
HEADINGS = ["户编号", "入住日期", "过渡住址", "住址来源"]


@pytest.fixture
def scene() -> Scene:
    return build_waiting()


def officer(unit: str = CHUANYING) -> Actor:
    return actor_with("field_officer", unit)


def paper() -> Sequence[OfferedFile]:
    content = ContentFile("演示材料，内容虚构".encode(), name="告知单.txt")
    return [OfferedFile("address_paper", "告知单.txt", content)]


def tell(household: str, address: str = FIRST, *, since_on: date = date(2021, 4, 1), **changed: Any) -> str:
    given: dict[str, Any] = {"actor": officer(), "told_by": "family", "files": paper(), "now": NOW} | changed
    return record_address(household=household, since_on=since_on, address=address, **given)


def sheet(folder: Path, rows: Sequence[Sequence[Any]]) -> Path:
    book = Workbook()
    for one in (["过渡住址登记（演示）"], HEADINGS, *rows):
        book.active.append(list(one))
    path = folder / "addresses.xlsx"
    book.save(path)
    return path


def imported(folder: Path, rows: Sequence[Sequence[Any]], *, actor: Actor | None = None) -> Any:
    return import_addresses(
        actor=actor or officer(), jurisdiction=CHUANYING, path=sheet(folder, rows), name="过渡住址.xlsx", now=NOW
    )


def refused(call: Any, *given: Any, **named: Any) -> list[Any]:
    deeds, rows = Deed.objects.count(), TransitionAddress.objects.count()
    with pytest.raises(Refused) as raised:
        call(*given, **named)
    assert (Deed.objects.count(), TransitionAddress.objects.count()) == (deeds, rows)
    return list(raised.value.reasons)


def whole_database() -> str:
    """Every text and byte of the tables of ledger and resettlement, as they lie on the disk."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith(("ledger_", "resettlement_", "notices_")):
                cursor.execute(f'SELECT t::text FROM "{table}" t')
                texts += [row[0] for row in cursor.fetchall()]
    return "\n".join(texts)


def test_a_family_moves_and_both_addresses_stay_with_their_days(scene: Scene) -> None:
    code = scene.households[0].code
    tell(code)
    tell(code, SECOND, since_on=date(2024, 9, 1), told_by="lease")
    now, before = lived_at([code], on=TODAY)[code]
    assert (now.since_on, now.until_on, now.told_by) == (date(2024, 9, 1), None, "lease")
    assert (before.since_on, before.until_on) == (date(2021, 4, 1), date(2024, 9, 1))
    assert lived_at([code], on=date(2024, 8, 31))[code][0].digest == before.digest
    assert lived_at([code], on=TODAY, known=date(2025, 2, 13)) == {}


def test_the_text_lies_sealed_and_nowhere_else(scene: Scene, tmp_path: Path) -> None:
    first, second, third = (one.code for one in scene.households[:3])
    tell(first)
    imported(tmp_path, [[second, date(2021, 5, 1), SECOND, "租房合同"]])
    refused(imported, tmp_path, [[third, SECOND, FIRST, "听说"], [FIRST, date(2021, 5, 1), SECOND, "租房合同"]])
    refused(tell, third, FIRST, since_on=date(2019, 1, 1))
    assert Refusal.objects.exists()
    stored = whole_database()
    assert "吉林市昌邑区******" in stored
    for text in (FIRST, SECOND, "演示街", "虚构路", "501室", "1102室"):
        assert text not in stored
    files = [
        evidence_storage().open(evidence_path(row.file_id)).read().decode()
        for row in Deed.objects.get(facts__subject=second, facts__kind=RECORDED).evidence.all()
    ]
    assert files
    assert not any("虚构路" in text for text in files)
    assert all(second in text for text in files)


def test_who_opens_is_on_record_and_others_are_refused(scene: Scene) -> None:
    household = scene.households[0]
    tell(household.code)
    digest = lived_at([household.code], on=TODAY)[household.code][0].digest
    inspector = actor_with("inspector")
    refused(open_addresses, actor=inspector, household=household.code, purpose=" ", now=NOW)
    opened = open_addresses(actor=inspector, household=household.code, purpose="入户走访（演示）", now=NOW)
    assert opened == {digest: FIRST}
    family = actor_of(person_with("family", subject=household.code), on=TODAY)
    assert open_addresses(actor=family, household=household.code, purpose="查看本户", now=NOW) == opened
    assert {(one.verb, one.purpose) for one in looks_at(household.code)} == {
        ("address.open", "入户走访（演示）"), ("address.open", "查看本户")
    }
    neighbour = actor_of(person_with("family", subject=scene.households[1].code), on=TODAY)
    for actor in (
        actor_with("mayor"), actor_with("client"), actor_with("appraiser"), actor_with("coordinator"),
        officer(CHANGYI), neighbour,
    ):
        refused(open_addresses, actor=actor, household=household.code, purpose="看看", now=NOW)


def test_who_may_not_open_does_not_see_the_deeds_and_their_papers(scene: Scene) -> None:
    household = scene.households[0].code
    deed = tell(household)
    for role, sees in (("auditor", True), ("district_leader", True), ("mayor", False), ("client", False)):
        actor = actor_with(role)
        assert deeds_within(ledger_reach(actor)).filter(pk=deed).exists() is sees
        evidence = ledger_reach(actor, verb="evidence.view")
        assert deeds_within(evidence).filter(pk=deed).exists() is sees
    refused(tell, household, actor=actor_with("mayor"))
    assert not refusals_for(actor_with("client")).filter(verb="address.record").exists()


@pytest.mark.parametrize(("role", "unit"), [
    ("field_officer", CHANGYI), ("client", ""), ("mayor", ""), ("inspector", ""), ("family", CHUANYING),
])
def test_who_may_record(scene: Scene, tmp_path: Path, role: str, unit: str) -> None:
    household = scene.households[0].code
    actor = actor_with(role, unit)
    refused(tell, household, actor=actor)
    refused(imported, tmp_path, [[household, date(2021, 5, 1), SECOND, "走访核实"]], actor=actor)
    tell(household, actor=actor_with("district_leader", CHUANYING))


@pytest.mark.parametrize(("changed", "code"), [
    ({"address": " \x00 "}, "resettlement.address"),
    ({"address": "演" * 201}, "resettlement.address"),
    ({"since_on": date(2020, 1, 1)}, "ledger.before_its_step"),
    ({"since_on": date(2030, 1, 1)}, "ledger.in_the_future"),
    ({"told_by": "听说"}, "ledger.attribute"),
    ({"files": ()}, "ledger.evidence_missing"),
])
def test_what_cannot_be_recorded(scene: Scene, changed: dict[str, Any], code: str) -> None:
    reasons = refused(tell, scene.households[0].code, **changed)
    assert code in {one.code for one in reasons}
    assert all(one.remedy for one in reasons)


def test_the_same_address_of_the_same_day_is_recorded_once(scene: Scene) -> None:
    household = scene.households[0].code
    tell(household)
    assert [one.code for one in refused(tell, household, f"  {FIRST} ")] == ["resettlement.address_held"]
    tell(household, since_on=date(2025, 1, 1))
    assert TransitionAddress.objects.count() == 1


@pytest.mark.parametrize(("place", "value", "field"), [
    (0, "220202-P0001-S01-H00001", "household"),
    (0, FIRST, "household"),
    (1, "去年", "since_on"),
    (1, "2020-01-01", "since_on"),
    (1, "2030-01-01", "since_on"),
    (2, None, "address"),
    (2, "演示", "address"),
    (3, "听说", "told_by"),
])
def test_a_wrong_cell_is_named_without_an_address_and_nothing_is_written(
    scene: Scene, tmp_path: Path, place: int, value: Any, field: str
) -> None:
    good, bad = (one.code for one in scene.households[:2])
    row: list[Any] = [bad, date(2021, 5, 1), SECOND, "租房合同"]
    row[place] = value
    told = refused(imported, tmp_path, [[good, date(2021, 5, 1), FIRST, "本户告知"], row])[0]
    assert (told.parameters["file"], told.parameters["sheet"], told.parameters["row"]) == ("过渡住址.xlsx", "Sheet", 4)
    assert told.parameters["field"] == f"housing_column:addresses.{field}"
    assert told.remedy
    assert "演示街" not in str(told.parameters)
    assert not Fact.objects.filter(kind=RECORDED).exists()


def test_a_line_twice_and_one_that_is_held(scene: Scene, tmp_path: Path) -> None:
    code = scene.households[0].code
    line = [code, date(2021, 5, 1), FIRST, "本户告知"]
    assert refused(imported, tmp_path, [line, line])[0].parameters["row"] == 4
    assert imported(tmp_path, [line, [code, date(2023, 5, 1), SECOND, "本户告知"]]).lines == 2
    held = refused(imported, tmp_path, [line])[0]
    assert held.parameters["field"] == "housing_column:addresses.address"
    assert [one.since_on.year for one in lived_at([code], on=TODAY)[code]] == [2023, 2021]


def test_a_withdrawn_address_counts_no_more(scene: Scene) -> None:
    code = scene.households[0].code
    tell(code)
    tell(code, SECOND, since_on=date(2024, 9, 1))
    wrong = Fact.objects.get(subject=code, kind=RECORDED, happened_on=date(2024, 9, 1))
    record(code, "withdrawn", TODAY, {"reason": "录错户"}, supersedes=wrong.reference)
    (only,) = lived_at([code], on=TODAY)[code]
    assert (only.since_on, only.until_on) == (date(2021, 4, 1), None)


def test_rebuilding_keeps_the_texts_and_finds_one_that_was_exchanged(scene: Scene) -> None:
    first, second = (one.code for one in scene.households[:2])
    tell(first)
    tell(second, SECOND)
    rebuild_resettlement()
    assert resettlement_differences(limit=10) == []
    assert lived_at([first], on=TODAY)[first][0].masked == "吉林市昌邑区******"
    other = TransitionAddress.objects.get(household=second)
    TransitionAddress.objects.filter(household=first).update(address_sealed=other.address_sealed)
    (found,) = resettlement_differences(limit=10)
    assert (found.table, found.key) == ("resettlement_transitionaddress", first)


def test_a_text_can_be_erased_and_the_ledger_stays_whole(scene: Scene) -> None:
    code = scene.households[0].code
    tell(code)
    TransitionAddress.objects.filter(household=code).delete()
    said = StringIO()
    call_command("verify_ledger", stdout=said)
    (left,) = lived_at([code], on=TODAY)[code]
    assert (left.masked, left.since_on) == ("", date(2021, 4, 1))
    assert open_addresses(actor=officer(), household=code, purpose="核对", now=NOW) == {}
    assert resettlement_differences(limit=10) == []
