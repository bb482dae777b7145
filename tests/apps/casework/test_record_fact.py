"""Recording facts: what is lawful is one deed with its evidence; what is not is refused with its reason."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile

from tests.factories import (
    ANNOUNCED_ON,
    CHANGYI,
    CHOSEN_APPRAISER,
    CHUANYING,
    NOW,
    PROJECT,
    TODAY,
    Scene,
    actor_with,
    advance,
    announce,
    at,
    build_campaign,
    record,
)
from zhengtu.casework.actions import OfferedFile, record_fact
from zhengtu.core.authority.actor import Actor, Posting
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import keep_file
from zhengtu.ledger.models import DailyFigures, Deed, Evidence, Fact, Milestones, Refusal, StoredFile
from zhengtu.registry.queries import subject_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    scene = build_campaign()
    announce(CHUANYING)
    return scene


def offered(kind: str, content: bytes = b"two pages, signed", name: str = "scan.txt") -> OfferedFile:
    return OfferedFile(kind=kind, name=name, file=ContentFile(content, name=name))


def refused_codes(**call: object) -> list[str]:
    """The codes of the refusal; nothing but the refusal may be left behind."""
    deeds, facts = Deed.objects.count(), Fact.objects.count()
    with pytest.raises(Refused) as refused:
        record_fact(**{"attributes": {}, "files": [], "now": NOW, "happened_on": TODAY, **call})  # type: ignore[arg-type]
    assert (Deed.objects.count(), Fact.objects.count()) == (deeds, facts)
    return [reason.code for reason in refused.value.reasons]


def test_a_survey_is_one_deed_with_its_form_and_moves_the_milestone(scene: Scene) -> None:
    household = scene.households[0]
    key = record_fact(
        actor=actor_with("field_officer"), subject=household.code, kind="surveyed", happened_on=date(2025, 2, 13),
        attributes={"note": "双方到场"}, files=[offered("survey_form")], now=NOW,
    )
    fact = Fact.objects.get(deed=key)
    assert (fact.kind, fact.happened_on, fact.attributes) == ("surveyed", date(2025, 2, 13), {"note": "双方到场"})
    assert Milestones.objects.get(subject=household.code).surveyed_on == date(2025, 2, 13)
    assert Evidence.objects.get(deed=key).kind == "survey_form"
    assert Evidence.objects.get(deed=key).file.media_type == "text/plain"
    assert DailyFigures.objects.get(section=household.section_id, day=date(2025, 2, 13)).surveyed_count == 1


def test_the_same_step_twice_is_refused(scene: Scene) -> None:
    household = scene.households[0]
    advance(household, to="surveyed")
    codes = refused_codes(
        actor=actor_with("field_officer"), subject=household.code, kind="surveyed", files=[offered("survey_form")]
    )
    assert codes == ["procedure.already_recorded"]
    assert Refusal.objects.get().reasons[0]["code"] == "procedure.already_recorded"


def test_vacating_before_signing_or_a_decision_is_refused(scene: Scene) -> None:
    household = scene.households[0]
    advance(household, to="valued")
    codes = refused_codes(
        actor=actor_with("field_officer"), subject=household.code, kind="vacated", files=[offered("vacating_record")]
    )
    assert codes == ["procedure.step_missing", "procedure.compensation_missing"]


@pytest.mark.parametrize("settled", ["signed", "decided"])
def test_vacating_before_payment_is_refused(scene: Scene, settled: str) -> None:
    household = scene.households[0]
    advance(household, to=settled)
    with pytest.raises(Refused) as refused:
        record_fact(
            actor=actor_with("field_officer"), subject=household.code, kind="vacated", happened_on=TODAY,
            attributes={}, files=[offered("vacating_record")], now=NOW,
        )
    assert [reason.code for reason in refused.value.reasons] == ["procedure.compensation_missing"]
    assert refused.value.reasons[0].source == "state-council-decree-590#27(1)"


def test_vacating_dated_before_the_payment_is_refused_and_names_the_earliest_date(scene: Scene) -> None:
    household = scene.households[0]
    dates = advance(household, to="paid")
    with pytest.raises(Refused) as refused:
        record_fact(
            actor=actor_with("field_officer"), subject=household.code, kind="vacated", happened_on=date(2025, 1, 15),
            attributes={}, files=[offered("vacating_record")], now=NOW,
        )
    reason = refused.value.reasons[-1]
    assert reason.code == "procedure.compensation_missing"
    assert reason.parameters["earliest"] == dates["paid"].isoformat()


def test_a_date_in_the_future_is_refused(scene: Scene) -> None:
    codes = refused_codes(
        actor=actor_with("field_officer"), subject=scene.households[0].code, kind="surveyed",
        happened_on=date(2025, 2, 15), files=[offered("survey_form")],
    )
    assert codes == ["procedure.in_the_future"]


def test_missing_evidence_is_refused_and_another_kind_does_not_stand_in(scene: Scene) -> None:
    household = scene.households[0].code
    officer = actor_with("field_officer")
    assert refused_codes(actor=officer, subject=household, kind="surveyed") == ["procedure.evidence_missing"]
    codes = refused_codes(actor=officer, subject=household, kind="surveyed", files=[offered("photo")])
    assert codes == ["procedure.evidence_missing"]


def test_a_sum_that_is_no_sum_and_a_missing_sum_are_refused(scene: Scene) -> None:
    household = scene.households[0].code
    advance(household, to="surveyed")
    appraiser = actor_with("appraiser", subject=PROJECT)
    report = {"appraiser": CHOSEN_APPRAISER, "value_on": ANNOUNCED_ON.isoformat()}
    for attributes in ({"value_yuan": "-5", **report}, {"value_yuan": "much", **report}, report):
        codes = refused_codes(
            actor=appraiser, subject=household, kind="valued", attributes=attributes,
            files=[offered("valuation_report")],
        )
        assert codes == ["ledger.attribute"]


@pytest.mark.parametrize(
    ("kind", "evidence", "attributes"),
    [
        ("valued", "valuation_report", {"value_yuan": "400000"}),
        ("decided", "compensation_decision", {"amount_yuan": "400000"}),
    ],
)
def test_a_field_officer_neither_values_nor_decides(
    scene: Scene, kind: str, evidence: str, attributes: dict[str, str]
) -> None:
    household = scene.households[0].code
    advance(household, to="surveyed")
    codes = refused_codes(
        actor=actor_with("field_officer"), subject=household, kind=kind, attributes=attributes,
        files=[offered(evidence)],
    )
    assert codes == ["authority.not_granted"]


def test_another_districts_officer_is_refused(scene: Scene) -> None:
    codes = refused_codes(
        actor=actor_with("field_officer", CHANGYI), subject=scene.households[0].code, kind="surveyed",
        files=[offered("survey_form")],
    )
    assert codes == ["authority.not_granted"]


def test_one_person_with_two_posts_may_not_survey_and_value_one_household(scene: Scene) -> None:
    household = scene.households[0].code
    both = Actor(
        person=actor_with("field_officer").person,
        postings=(Posting("field_officer", CHUANYING), Posting("appraiser", "220200-appraiser-jiangcheng", PROJECT)),
    )
    with act(both, "fact.record", on=subject_of(household), at=NOW) as deed:
        form = keep_file(ContentFile(b"surveyed"), kind="survey_form", name="form.txt", media_type="text/plain")
        deed.record(facts=[NewFact("household", household, "surveyed", TODAY, {})], evidence=[form])
    codes = refused_codes(
        actor=both, subject=household, kind="valued", attributes={"value_yuan": "430000"},
        files=[offered("valuation_report")],
    )
    assert "authority.both_hands" in codes


def test_the_register_itself_changes_by_import_alone(scene: Scene) -> None:
    codes = refused_codes(
        actor=actor_with("field_officer"), subject=scene.households[0].code, kind="registered",
        files=[offered("ledger_sheet")],
    )
    assert codes == ["casework.by_import"]


@pytest.mark.parametrize("kind", ["signed", "agreement_supplemented"])
def test_what_an_agreement_records_no_form_does(scene: Scene, kind: str) -> None:
    household = scene.households[0].code
    advance(household, to="valued")
    codes = refused_codes(
        actor=actor_with("field_officer"), subject=household, kind=kind,
        attributes={"option": "cash", "amount_yuan": "430000"}, files=[offered("agreement")],
    )
    assert codes == ["casework.through_page"]


@pytest.mark.parametrize("kind", ["handed_over", "withdrawn", "evicted"])
def test_kinds_that_a_household_does_not_have_are_refused(scene: Scene, kind: str) -> None:
    codes = refused_codes(actor=actor_with("field_officer"), subject=scene.households[0].code, kind=kind)
    assert codes == ["casework.unknown_kind"]


# Sections and matters


def test_a_section_is_handed_over_when_its_last_household_is_vacated(scene: Scene) -> None:
    officer = actor_with("field_officer")
    hand_over = {
        "actor": officer, "subject": scene.chuanying.code, "kind": "handed_over", "attributes": {},
        "files": [offered("handover_record")],
    }
    for household in scene.households[:2]:
        advance(household, to="vacated")
    assert refused_codes(**hand_over) == ["procedure.households_unsettled", "procedure.households_remain"]
    advance(scene.households[2], to="vacated", start_on=date(2025, 1, 20))
    assert refused_codes(**hand_over, happened_on=date(2025, 1, 27)) == ["procedure.before_last_vacating"]
    record_fact(**hand_over, happened_on=date(2025, 1, 28), now=NOW)  # type: ignore[arg-type]
    assert Milestones.objects.get(subject=scene.chuanying.code).handed_over_on == date(2025, 1, 28)


def test_a_matter_is_listed_and_closed_and_none_is_closed_that_is_not_open(scene: Scene) -> None:
    coordinator = actor_with("coordinator")
    close = {
        "actor": coordinator, "subject": PROJECT, "kind": "matter_closed", "attributes": {"result": "已移交"},
        "files": [offered("other")],
    }
    assert refused_codes(**close) == ["ledger.no_open_matter"]
    record_fact(
        actor=coordinator, subject=PROJECT, kind="matter_opened", happened_on=date(2025, 2, 10),
        attributes={"matter": "原部队用地", "responsible": "丰满区", "due_on": "2025-03-15"},
        files=[offered("minutes")], now=at(date(2025, 2, 10)),
    )
    record_fact(**close, happened_on=TODAY, now=NOW)  # type: ignore[arg-type]
    assert refused_codes(**close) == ["ledger.no_open_matter"]


# Files


def zipped(*names: str) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as package:
        for name in names:
            package.writestr(name, "x" * 50)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("setup.exe", b"MZ\x90\x00" + b"\x00" * 60, "evidence.kind_refused"),
        ("form.pdf", b"MZ\x90\x00" + b"\x00" * 60, "evidence.kind_refused"),
        ("form.txt", b"\x7fELF\x02\x01\x01\x00", "evidence.kind_refused"),
        ("form.txt", b"#!/bin/sh\nrm -rf /\n", "evidence.kind_refused"),
        ("form.txt", b"<script>alert(1)</script>", "evidence.kind_refused"),
        ("form.html", b"<html><body>x</body></html>", "evidence.kind_refused"),
        ("form.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "evidence.kind_refused"),
        ("form.docx", zipped("[Content_Types].xml", "word/vbaProject.bin"), "evidence.kind_refused"),
        ("form.zip", zipped("form.txt"), "evidence.kind_refused"),
        ("form.png", b"%PDF-1.7\n%%EOF", "evidence.name_differs"),
        ("form.xlsx", zipped("[Content_Types].xml", "word/document.xml"), "evidence.name_differs"),
        ("form.pdf", b"%PDF-1.7\nhalf of", "evidence.incomplete"),
        ("form.docx", zipped("[Content_Types].xml", "word/document.xml")[:-30], "evidence.incomplete"),
        ("form.pdf", b"", "evidence.empty"),
        ("form.pdf", b"%PDF-1.7\n" + b" " * 2_000_000 + b"%%EOF", "evidence.too_large"),
    ],
)
def test_unfit_files_are_refused_and_nothing_is_stored(
    scene: Scene, settings: object, name: str, content: bytes, code: str
) -> None:
    settings.EVIDENCE_LIMIT_BYTES = 1024 * 1024  # type: ignore[attr-defined]
    stored = StoredFile.objects.count()
    codes = refused_codes(
        actor=actor_with("field_officer"), subject=scene.households[0].code, kind="surveyed",
        files=[offered("survey_form", content, name)],
    )
    assert codes == [code]
    assert StoredFile.objects.count() == stored


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("form.pdf", b"%PDF-1.7\n...\n%%EOF\n", "application/pdf"),
        ("form.JPG", b"\xff\xd8\xff\xe0" + b"\x00" * 20 + b"\xff\xd9", "image/jpeg"),
        ("form.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 8 + b"IEND\xaeB`\x82", "image/png"),
        ("form.docx", zipped("[Content_Types].xml", "word/document.xml"),
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("form.ofd", zipped("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
        ("form.csv", "户主,面积\n王某,86.5\n".encode("gb18030"), "text/csv"),
    ],
)
def test_the_usual_files_are_taken_for_what_they_are(scene: Scene, name: str, content: bytes, media_type: str) -> None:
    key = record_fact(
        actor=actor_with("field_officer"), subject=scene.households[0].code, kind="surveyed", happened_on=TODAY,
        attributes={}, files=[offered("survey_form", content, name)], now=NOW,
    )
    assert Evidence.objects.get(deed=key).file.media_type == media_type


def test_recorded_history_stays_open_to_a_promise_that_replaces_an_older_one(scene: Scene) -> None:
    household = scene.households[0].code
    advance(household, to="signed")
    record(household, "resettlement_promised", date(2025, 1, 20), {"promised_on": "2026-06-30"})
    record_fact(
        actor=actor_with("field_officer"), subject=household, kind="resettlement_promised", happened_on=TODAY,
        attributes={"promised_on": "2026-12-31"}, files=[offered("resettlement_agreement")], now=NOW,
    )
    assert Milestones.objects.get(subject=household).promised_on == date(2026, 12, 31)
