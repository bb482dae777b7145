"""Bulletins: drafted by one, released by another, kept for good, and made again to the byte from their two dates."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from tests.factories import (
    CHANGYI,
    CHUANYING,
    CITY,
    HIGH_TECH_ZONE,
    LONGTAN,
    NOW,
    Scene,
    actor_with,
    advance,
    announce,
    at,
    build_campaign,
    record,
)
from tests.paper import TOP_MM, pages_of, through_libreoffice
from zhengtu.core.bulletins.figures import canonical_json, figures_from, fingerprint
from zhengtu.core.bulletins.wording import Writer
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.files import evidence_path, evidence_storage
from zhengtu.ledger.models import Deed, Evidence, Fact
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.notices.models import Notice
from zhengtu.press.document import Layout
from zhengtu.publication.actions import (
    draft_bulletin,
    release_bulletin,
    return_bulletin,
    submit_bulletin,
    withdraw_bulletin,
    write_remarks,
)
from zhengtu.publication.addressees import addressed_to
from zhengtu.publication.checking import check_bulletin
from zhengtu.publication.documents import Issue, bulletin_document
from zhengtu.publication.models import Bulletin, BulletinStage
from zhengtu.publication.queries import bulletin_for, bulletins_for, kinds_drafted_by
from zhengtu.publication.week_figures import compute_plans, ledger_figures, period_of_bulletin

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY, AFTER, LATER = date(2025, 2, 3), date(2025, 2, 10), date(2025, 3, 17)
REMARK = "船营区逐户建档，每户一名责任人。"


@pytest.fixture
def scene() -> Scene:
    """Both districts announced; in the week one household signs."""
    scene = build_campaign()
    announce()
    advance(scene.households[0], to="signed", start_on=date(2025, 1, 28))
    return scene


def drafted(kind: str = "circular", role: str = "coordinator") -> str:
    code = draft_bulletin(
        actor=actor_with(role), city=CITY, kind=kind, from_on=MONDAY, until_on=AFTER, now=NOW
    )
    compute_plans(CITY, period_of_bulletin(Bulletin.objects.get(pk=code)), now=NOW)
    return code


def released() -> Bulletin:
    coordinator = actor_with("coordinator")
    code = drafted()
    write_remarks(actor=coordinator, code=code, remarks={"practices": REMARK}, now=NOW)
    submit_bulletin(actor=coordinator, code=code, now=NOW)
    release_bulletin(actor=actor_with("vice_mayor"), code=code, now=NOW)
    return Bulletin.objects.get(pk=code)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {reason.code for reason in refused.value.reasons}


def content_of(digest: str | None) -> bytes:
    with evidence_storage().open(evidence_path(digest or "")) as file:
        return bytes(file.read())


def test_a_released_bulletin_has_a_number_and_three_files_as_evidence(scene: Scene) -> None:
    bulletin = released()
    assert (bulletin.stage, bulletin.number) == (BulletinStage.RELEASED, "调度通报〔2025〕第1期")
    fact = Fact.objects.get(subject=bulletin.code, kind="bulletin_released")
    assert fact.attributes["figures_sha256"] == bulletin.figures_sha256
    files = set(Evidence.objects.filter(deed=bulletin.deed).values_list("file_id", flat=True))
    assert files == {bulletin.word_id, bulletin.pdf_id, bulletin.annex_id}
    words = ZipFile(BytesIO(content_of(bulletin.word_id))).read("word/document.xml").decode()
    assert REMARK in words
    assert "一、总体进展" in words
    assert content_of(bulletin.pdf_id).startswith(b"%PDF")
    assert "=SUM(" in "".join(
        str(cell.value) for sheet in openpyxl.load_workbook(BytesIO(content_of(bulletin.annex_id)))
        for row in sheet.iter_rows() for cell in row
    )


def test_made_again_a_month_later_the_figures_are_equal_to_the_byte(scene: Scene) -> None:
    bulletin = released()
    kept = canonical_json(figures_from(bulletin.figures))
    # What became known later: a signing of a day of the week, and a correction of the one that was counted.
    record(scene.households[1].code, "signed", date(2025, 2, 5), recorded_at=at(date(2025, 2, 20)))
    counted = Fact.objects.get(subject=scene.households[0].code, kind="signed")
    record(
        counted.subject, "signed", date(2025, 2, 12), supersedes=counted.reference, recorded_at=at(date(2025, 2, 21))
    )
    today = ledger_figures(CITY, kind="circular", period=replace(period_of_bulletin(bulletin), known_on=LATER)).figures
    assert canonical_json(today) != kept
    found = check_bulletin(bulletin, now=at(LATER))
    assert found.is_equal, found.differences
    made = ledger_figures(CITY, kind="circular", period=period_of_bulletin(bulletin)).figures
    assert canonical_json(made) == kept
    assert fingerprint(made) == bulletin.figures_sha256
    call_command("bulletin", check=bulletin.code)


def test_a_tampered_copy_is_found_out(scene: Scene) -> None:
    bulletin = released()
    held = json.loads(json.dumps(bulletin.figures))
    held["total"]["settled"] += 1
    Bulletin.objects.filter(pk=bulletin.code).update(figures=held)
    found = check_bulletin(Bulletin.objects.get(pk=bulletin.code), now=NOW)
    assert not found.is_equal
    assert any("total.settled" in line for line in found.differences)
    with pytest.raises(CommandError):
        call_command("bulletin", check=bulletin.code)


def test_whoever_wrote_a_bulletin_does_not_release_it_and_roles_stay_apart(scene: Scene) -> None:
    code = drafted()
    with pytest.raises(Refused):
        release_bulletin(actor=actor_with("vice_mayor"), code=code, now=NOW)  # not submitted
    submit_bulletin(actor=actor_with("coordinator"), code=code, now=NOW)
    with pytest.raises(Refused) as refused:
        release_bulletin(actor=actor_with("coordinator"), code=code, now=NOW)
    assert codes(refused) == {"authority.not_granted"}
    Bulletin.objects.filter(pk=code).update(written_by=[actor_with("vice_mayor").person])
    with pytest.raises(Refused) as refused:
        release_bulletin(actor=actor_with("vice_mayor"), code=code, now=NOW)
    assert codes(refused) == {"bulletins.own"}
    assert not Fact.objects.filter(kind="bulletin_released").exists()


def test_a_returned_bulletin_is_mended_and_submitted_again(scene: Scene) -> None:
    coordinator, code = actor_with("coordinator"), drafted()
    submit_bulletin(actor=coordinator, code=code, now=NOW)
    with pytest.raises(Refused) as refused:
        return_bulletin(actor=actor_with("mayor"), code=code, reason=" ", now=NOW)
    assert codes(refused) == {"bulletins.reason"}
    return_bulletin(actor=actor_with("mayor"), code=code, reason="补充好的做法", now=NOW)
    assert Bulletin.objects.get(pk=code).return_reason == "补充好的做法"
    write_remarks(actor=coordinator, code=code, remarks={"practices": REMARK}, now=NOW)
    submit_bulletin(actor=coordinator, code=code, now=NOW)
    assert Bulletin.objects.get(pk=code).stage == BulletinStage.SUBMITTED


@pytest.mark.parametrize(("remarks", "code"), [
    ({"progress": "签约率已达百分之百"}, "bulletins.part"), ({"practices": "长" * 2001}, "bulletins.long"),
])
def test_people_write_only_where_figures_cannot_speak(scene: Scene, remarks: dict[str, str], code: str) -> None:
    bulletin = drafted()
    with pytest.raises(Refused) as refused:
        write_remarks(actor=actor_with("coordinator"), code=bulletin, remarks=remarks, now=NOW)
    assert codes(refused) == {code}
    assert Bulletin.objects.get(pk=bulletin).remarks == {}


def test_what_was_released_stays_as_it_was_and_one_period_has_one_bulletin(scene: Scene) -> None:
    bulletin = released()
    with pytest.raises(Refused) as refused:
        write_remarks(actor=actor_with("coordinator"), code=bulletin.code, remarks={"practices": "x"}, now=NOW)
    assert codes(refused) == {"bulletins.stage"}
    with pytest.raises(Refused) as refused:
        drafted()
    assert codes(refused) == {"bulletins.taken"}
    withdraw_bulletin(actor=actor_with("mayor"), code=bulletin.code, reason="另行印发", now=NOW)
    again = Bulletin.objects.get(pk=bulletin.code)
    assert (again.stage, again.word_id, again.figures_sha256) == (
        BulletinStage.WITHDRAWN, bulletin.word_id, bulletin.figures_sha256
    )
    drafted()


def test_districts_see_a_bulletin_once_it_is_released_and_never_an_inspection_report(scene: Scene) -> None:
    leader, code = actor_with("district_leader"), drafted()
    report = drafted("inspection", "inspector")
    assert bulletins_for(leader).count() == 0
    assert bulletin_for(actor_with("coordinator"), report) is None
    submit_bulletin(actor=actor_with("coordinator"), code=code, now=NOW)
    release_bulletin(actor=actor_with("vice_mayor"), code=code, now=NOW)
    submit_bulletin(actor=actor_with("inspector"), code=report, now=NOW)
    release_bulletin(actor=actor_with("mayor"), code=report, now=NOW)
    assert [row.code for row in bulletins_for(leader)] == [code]
    assert bulletin_for(leader, report) is None
    told = Notice.objects.filter(person_id=leader.person).values_list("kind", flat=True)
    assert set(told) == {"bulletin_released"}


@pytest.mark.parametrize(("given", "code"), [
    ({"kind": "rumour"}, "bulletins.kind"), ({"until_on": date(2026, 2, 1)}, "bulletins.length"),
    ({"as_of_on": date(2025, 3, 1)}, "bulletins.as_of"), ({"addressees": ["229999"]}, "bulletins.unit"),
    ({"addressees": []}, "bulletins.nobody"),
])
def test_a_draft_that_cannot_be_is_refused_and_leaves_nothing(scene: Scene, given: dict, code: str) -> None:
    values = {"kind": "circular", "from_on": MONDAY, "until_on": AFTER, **given}
    deeds = Deed.objects.count()
    with pytest.raises(Refused) as refused:
        draft_bulletin(actor=actor_with("coordinator"), city=CITY, now=NOW, **values)
    assert code in codes(refused)
    assert (Deed.objects.count(), Bulletin.objects.count()) == (deeds, 0)


def test_the_command_writes_a_draft_and_names_a_week_that_cannot_be(scene: Scene, tmp_path: Path) -> None:
    call_command("bulletin", week="2025-W06", out=tmp_path)
    made = {path.suffix for path in tmp_path.iterdir() if path.is_file()}
    assert made == {".docx", ".pdf", ".xlsx"}
    for week in ("2025-W60", "2020-W01"):
        with pytest.raises(CommandError):
            call_command("bulletin", week=week, out=tmp_path)


def test_the_circular_goes_out_under_the_red_head_with_number_addressees_room_for_the_seal_and_foot(
    scene: Scene, tmp_path: Path
) -> None:
    """As the statutory type 通报: a document of the office, going down, so that it names no signer."""
    coordinator, code = actor_with("coordinator"), drafted("notification")
    submit_bulletin(actor=coordinator, code=code, now=NOW)
    release_bulletin(actor=actor_with("vice_mayor"), code=code, now=NOW)
    bulletin = Bulletin.objects.get(pk=code)
    assert bulletin.number == "吉市政办通〔2025〕1号"
    for pdf in (content_of(bulletin.pdf_id), through_libreoffice(content_of(bulletin.word_id), tmp_path)):
        pages = pages_of(pdf, tmp_path)
        first, said = pages[0], ["".join(word.text for word in page) for page in pages]
        mark, number = (next(word for word in first if text in word.text) for text in ("办公室文件", "吉市政办通"))
        assert mark.top == pytest.approx(TOP_MM + 35, abs=4)
        assert mark.bottom < number.top
        assert "关于" in said[0]
        assert said[0].count("的通报") == 1
        assert "各区人民政府，高新技术产业开发区，" in said[0]
        assert "一、总体进展" in said[0]
        assert "签发人" not in "".join(said)
        assert any("吉林市人民政府办公室2025年2月14日" in page for page in said)  # what the seal covers
        assert "抄送：市委办公室" in said[-1]
        assert "主送" not in said[-1]
        assert "印发" in said[-1]
    circular = released()
    assert circular.number == "调度通报〔2025〕第1期"
    assert "D7000F" not in ZipFile(BytesIO(content_of(circular.word_id))).read("word/document.xml").decode()


def test_a_city_without_an_office_that_may_has_internal_bulletins_alone(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = drafted("notification")
    submit_bulletin(actor=actor_with("coordinator"), code=code, now=NOW)
    assert "notification" in [kind.id for kind in kinds_drafted_by(actor_with("coordinator"))]
    assert "notification" not in [kind.id for kind in kinds_drafted_by(actor_with("district_leader"))]
    rulebook = current_rulebook()
    bare = replace(rulebook, bulletins=replace(rulebook.bulletins, heads={}))
    for module in ("actions", "queries", "documents"):
        monkeypatch.setattr(f"zhengtu.publication.{module}.current_rulebook", lambda: bare)
    with pytest.raises(Refused) as refused:
        release_bulletin(actor=actor_with("vice_mayor"), code=code, now=NOW)
    assert codes(refused) == {"bulletins.head"}
    with pytest.raises(Refused) as refused:
        draft_bulletin(
            actor=actor_with("coordinator"), city=CITY, kind="notification", from_on=date(2025, 1, 27),
            until_on=MONDAY, now=NOW,
        )
    assert "bulletins.head" in codes(refused)
    assert [kind.id for kind in kinds_drafted_by(actor_with("coordinator"))] == ["circular"]


@pytest.mark.parametrize(("units", "said"), [
    ([CHUANYING], "船营区"), ([CHUANYING, CHANGYI], "昌邑区、船营区"), ([HIGH_TECH_ZONE], "高新技术产业开发区"),
    ([LONGTAN, CHUANYING, CITY, CHANGYI], "吉林市，各区人民政府"), ([], ""), (["229999"], ""),
])
def test_a_distribution_names_units_one_by_one_or_a_whole_kind_together(
    scene: Scene, units: list[str], said: str
) -> None:
    rules = current_rulebook().bulletins
    assert addressed_to(CITY, units, Writer(rules=rules, names={})) == said


@pytest.mark.parametrize("kind", ["circular", "notification", "inspection"])
def test_an_internal_bulletin_bears_nothing_red_and_a_circular_its_red_head(scene: Scene, kind: str) -> None:
    role = "inspector" if kind == "inspection" else "coordinator"
    bulletin = Bulletin.objects.get(pk=drafted(kind, role))
    named = ledger_figures(CITY, kind=kind, period=period_of_bulletin(bulletin))
    document = bulletin_document(
        named, remarks={}, issue=Issue(number=3, issued_on=AFTER, addressees=bulletin.addressees)
    )
    assert (document.layout is Layout.OFFICIAL) == (kind == "notification")
    assert document.is_sealed == (kind == "notification")
    assert document.head is not None
    assert document.head.signer == ""
    with pytest.raises(ValueError, match=r"red head|statutory"):
        replace(document, layout=Layout.OFFICIAL, title=document.title.replace("的通报", "情况"))

