"""Notices made of a household's file, and the application to the court with its bundle."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from tests.factories import CHUANYING, Scene, actor_with, announce, at, build_campaign, identity_number, record
from zhengtu.casework.court import answer_ground, court_file, file_paper
from zhengtu.casework.court_bundle import court_bundle
from zhengtu.casework.naming_owners import GivenOwner, name_owners
from zhengtu.casework.notices import make_notice, notice_offers, notice_subject, notices_of
from zhengtu.casework.offered_files import OfferedFile
from zhengtu.casework.queries import looks_at
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.procedure.notices import Notice
from zhengtu.ledger.files import evidence_path
from zhengtu.ledger.models import Deed
from zhengtu.press.document import Document, Paragraph, Table
from zhengtu.press.word import to_docx
from zhengtu.registry.models import Household

pytestmark = pytest.mark.django_db(transaction=True)

DECISION = {
    "document_number": "吉船政征补〔2025〕3号", "amount_yuan": "425000", "option": "cash", "move_out_by": "2025-03-20",
    "pay_by": "2025-03-01", "exchange_house": "北奇花园3号楼201室，92.30平方米，人民币412,000.00元",
    "relocation_yuan": "1500", "transition": "自行过渡，期限24个月", "business_loss": "不适用",
}
APPLICATION = {"head": "苏慧敏，区长", "agent": "王律师，0432-1234567", "decision_number": "吉船政征补〔2025〕3号"}


@pytest.fixture
def scene() -> Scene:
    scene = build_campaign()
    announce(CHUANYING)
    return scene


def files(*names: str) -> list[OfferedFile]:
    return [OfferedFile("other", name, ContentFile(f"paper {name}".encode())) for name in names]


def valued(household: Household) -> Household:
    for kind, on, attributes in (
        ("surveyed", date(2025, 1, 6), None), ("valued", date(2025, 1, 8), None),
        ("valuation_report_served", date(2025, 1, 13),
         {"served_on": "2025-01-13", "method": "direct", "owner": 1, "is_signed": "yes"}),
        ("options_offered", date(2025, 1, 14), {"offered": "cash_and_exchange"}),
        ("unregistered_recognised", date(2025, 1, 14), {"recognised_area_m2": "12.00"}),
    ):
        record(household.code, kind, on, attributes)
    return household


def notice(household: Household, id: str, role: str = "district_leader") -> tuple[Any, Notice]:
    subject = notice_subject(actor_with(role), household.code)
    assert subject is not None
    return subject, next(one for one in notices_of(subject, is_family=False) if one.id == id)


def made(household: Household, id: str, given: dict[str, str], *, role: str = "district_leader",
         now: datetime = at(date(2025, 2, 14)), owner: int = 1) -> Document:
    subject, chosen = notice(household, id, role)
    return make_notice(actor=actor_with(role), subject=subject, notice=chosen, given=given, owner=owner, now=now)


def text_of(document: Document) -> str:
    parts = [document.title, document.number, document.addressee, document.issuer, document.dated]
    parts += [block.text for block in document.blocks if isinstance(block, Paragraph)]
    parts += [" ".join(row) for block in document.blocks if isinstance(block, Table) for row in block.rows]
    return "\n".join(parts)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_a_decision_is_written_from_the_file_with_full_names_and_its_look_recorded(scene: Scene) -> None:
    household = valued(scene.households[0])
    name_owners(
        actor=actor_with("field_officer"), household=household, happened_on=date(2025, 1, 10), now=at(date(2025, 2, 1)),
        owners=[
            GivenOwner("王建国", identity_number(1), "", "2/3"), GivenOwner("李秀兰", identity_number(2), "", "1/3"),
        ],
        files=[OfferedFile("title_proof", "title.txt", ContentFile(b"title"))],
    )
    document = made(household, "compensation_decision", DECISION)
    text = text_of(document)
    for part in (
        f"王建国（{identity_number(1)}，2/3）、李秀兰（{identity_number(2)}，1/3）", "吉船政征补〔2025〕3号",
        "425,000.00元（大写：人民币肆拾贰万伍仟元整）", "货币补偿", "2025年3月20日", "以2024年12月20日为价值时点",
        "已于2025年1月13日送达", "签约期限至2025年1月31日", "60日内依法向吉林市人民政府申请行政复议",
        "6个月内依法向吉林市中级人民法院提起行政诉讼", "吉林市船营区人民政府", "2025年2月14日", "西环线1号工程",
    ):
        assert part in text, part
    assert "{" not in text
    assert document.mark == ""
    look, = looks_at(household.code)
    assert "补偿决定书" in look.purpose
    assert "王建国" in "".join(p.text for p in docx.Document(BytesIO(to_docx(document))).paragraphs)


def test_whoever_may_not_see_names_gets_a_masked_copy_and_no_deed(scene: Scene) -> None:
    household = valued(scene.households[0])
    before = Deed.objects.count()
    document = made(household, "rights_notice", {}, role="mayor")
    assert household.name_masked in text_of(document)
    assert "姓名已脱敏" in document.mark
    assert Deed.objects.count() == before


def test_a_notice_lists_everything_that_it_lacks(scene: Scene) -> None:
    household = valued(scene.households[0])
    with pytest.raises(Refused) as refused:
        made(household, "compensation_decision", {**DECISION, "pay_by": "", "transition": " "})
    assert codes(refused) == ["notice.not_given", "notice.not_given"]
    with pytest.raises(Refused) as refused:
        made(household, "compensation_decision", {**DECISION, "pay_by": "tomorrow", "amount_yuan": "much"})
    assert codes(refused) == ["notice.unfit", "notice.unfit"]


def test_a_notice_is_not_made_before_its_step_may_be_taken(scene: Scene) -> None:
    household = valued(scene.households[0])
    with pytest.raises(Refused) as refused:
        made(household, "compensation_decision", DECISION, now=at(date(2025, 1, 31)))
    assert "procedure.signing_period_runs" in codes(refused)
    subject, _ = notice(household, "compensation_decision")
    offers = {one.notice.id: one for one in notice_offers(subject, is_family=False, today=date(2025, 2, 14))}
    assert offers["compensation_decision"].reasons == []
    assert offers["move_out_notice"].reasons
    assert "demand_notice" not in offers
    of_family = notice_offers(subject, is_family=True, today=date(2025, 2, 14))
    assert [one.notice.id for one in of_family] == ["rights_notice"]


def test_the_rights_notice_holds_the_clock_and_says_what_is_provisional(scene: Scene) -> None:
    household = valued(scene.households[0])
    record(household.code, "decided", date(2025, 2, 3), {
        "amount_yuan": "425000.00", "option": "cash", "move_out_by": "2025-03-20", "remedies_stated": "yes",
    })
    record(household.code, "decision_served", date(2025, 2, 5), {
        "served_on": "2025-02-05", "method": "direct", "owner": 1, "is_signed": "yes", "remedies_stated": "yes",
    })
    rows = {row[0]: row for row in next(
        block for block in made(household, "rights_notice", {}).blocks if isinstance(block, Table)
    ).rows}
    # Sixty days from 5 February 2025 end on Sunday 6 April and roll to the 7th; Qingming was 4 to 6 April.
    assert rows["对补偿决定申请行政复议"][1:4] == ("2025年2月6日", "2025年4月7日", "吉林市人民政府")
    assert rows["对补偿决定提起诉讼"][1:4] == ("2025年2月6日", "2025年8月5日", "吉林市中级人民法院")
    assert rows["对公示的初步评估结果提出异议"][2].endswith("（已届满）")


def enforceable(scene: Scene) -> Household:
    """A household whose remedies have run out without being used, the demand served on 2025-09-01."""
    household = valued(scene.households[0])
    proof = {"method": "direct", "owner": 1, "is_signed": "yes"}
    for kind, on, attributes in (
        ("decided", date(2025, 2, 3), {
            "amount_yuan": "425000.00", "option": "cash", "move_out_by": "2025-03-20", "remedies_stated": "yes",
        }),
        ("housing_provided", date(2025, 2, 4), {"transition": "turnover"}),
        ("compensation_verified", date(2025, 2, 4), {
            "account": "0001", "balance_yuan": "425000.00", "exchange_house": "北奇花园201室92平方米",
            "turnover_house": "北奇花园101室60平方米",
        }),
        ("decision_served", date(2025, 2, 5), {"served_on": "2025-02-05", "remedies_stated": "yes", **proof}),
        ("paid", date(2025, 2, 10), {"amount_yuan": "425000.00"}),
        ("periods_verified", date(2025, 8, 6), {}),
        ("demand_served", date(2025, 9, 1), {"served_on": "2025-09-01", **proof}),
    ):
        record(household.code, kind, on, attributes)
    return household


def fill_papers(household: Household, *, until: int = 99) -> None:
    """File the papers and answer the lines of the self-check, only so many in all."""
    held = court_file(household.code, on=date(2025, 9, 16))
    assert held is not None
    common: dict[str, Any] = {
        "actor": actor_with("district_leader", on=date(2025, 9, 15)), "household": household,
        "happened_on": date(2025, 9, 15), "now": at(date(2025, 9, 15)),
    }
    done = 0
    for line in held.papers:
        if done < until:
            file_paper(**common, document=line.item.id, files=files(f"{line.item.id}.txt"))
        done += 1
    for line in held.grounds:
        if done < until:
            answer_ground(**common, ground=line.item.id, applies="no", files=files(f"{line.item.id}.pdf.txt"))
        done += 1


def bundle(household: Household, on: date, role: str = "district_leader", given: dict[str, str] | None = None) -> bytes:
    return court_bundle(
        actor=actor_with(role, on=on), household=household, given=APPLICATION if given is None else given, now=at(on)
    )


def test_the_window_opens_after_remedies_and_demand_and_closes_three_months_later(scene: Scene) -> None:
    held = court_file(enforceable(scene).code, on=date(2025, 9, 10))
    assert held is not None
    assert held.window.remedies_end is not None
    assert held.window.last is not None
    # Six months from 5 February end on 5 August. The demand of 1 September: ten working days end on the 15th.
    assert (held.window.remedies_end.on, held.window.earliest_on, held.window.last.on) == (
        date(2025, 8, 5), date(2025, 9, 16), date(2025, 11, 5),
    )
    assert len(held.missing) == 9 + 7
    assert "procedure.demand_runs" in {reason.code for reason in held.reasons} or "procedure.period_runs" in {
        reason.code for reason in held.reasons
    }


def test_the_bundle_is_whole_or_not_at_all(scene: Scene) -> None:
    household = enforceable(scene)
    fill_papers(household, until=15)
    with pytest.raises(Refused) as refused:
        bundle(household, date(2025, 9, 16))
    assert codes(refused) == ["court.ground_unanswered"]
    fill_papers(household)
    with pytest.raises(Refused) as refused:
        bundle(household, date(2025, 9, 15))
    assert "court.ground_unanswered" not in codes(refused)
    assert refused.value.reasons
    with pytest.raises(Refused) as refused:
        bundle(household, date(2025, 9, 16), given={})
    assert codes(refused) == ["notice.not_given"] * 3
    with pytest.raises(Refused):
        bundle(household, date(2025, 9, 16), role="field_officer")
    before = Deed.objects.filter(verb="household.unmask").count()
    with ZipFile(BytesIO(bundle(household, date(2025, 9, 16)))) as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read("manifest.json"))
        for line in archive.read("SHA256SUMS").decode().splitlines():
            digest, _, path = line.partition("  ")
            assert hashlib.sha256(archive.read(path)).hexdigest() == digest
        application = docx.Document(BytesIO(archive.read("1-强制执行申请书.docx")))
        index = docx.Document(BytesIO(archive.read("2-强制执行申请材料目录.docx")))
    assert {"1-强制执行申请书.pdf", "2-强制执行申请材料目录.pdf"} <= set(names)
    assert len(manifest["files"]) == 16
    assert {entry["path"] for entry in manifest["files"]} == {name for name in names if name.startswith("papers/")}
    assert manifest["may_be_filed_from"] == "2025-09-16"
    text = "".join(paragraph.text for paragraph in application.paragraphs)
    for part in ("吉林市船营区人民法院：", "425,000.00元", "账号0001", "于2025年9月1日送达催告书", "10个工作日届满"):
        assert part in text, part
    assert [len(table.rows) for table in index.tables] == [10, 8]
    assert not any("王" in name for name in names)
    assert Deed.objects.filter(verb="household.unmask").count() == before + 1


def test_a_ground_that_applies_or_a_lost_file_holds_the_bundle_back(scene: Scene) -> None:
    household = enforceable(scene)
    fill_papers(household)
    on = date(2025, 9, 16)
    held = court_file(household.code, on=on)
    assert held is not None
    assert held.is_whole
    storage = storages["evidence"]
    lost = held.papers[0].files[0].file_id
    with storage.open(evidence_path(lost)) as file:
        content = file.read()
    storage.delete(evidence_path(lost))
    with pytest.raises(Refused) as refused:
        bundle(household, on)
    assert codes(refused) == ["court.file_damaged"]
    storage.save(evidence_path(lost), ContentFile(content))
    answer_ground(
        actor=actor_with("district_leader", on=on), household=household, ground="unfair", applies="yes",
        happened_on=on, files=files("opinion.txt"), now=at(on) + timedelta(minutes=1),
    )
    with pytest.raises(Refused) as refused:
        bundle(household, on)
    assert codes(refused) == ["court.ground_applies"]


def test_papers_and_answers_need_their_document_and_their_line(scene: Scene) -> None:
    household = enforceable(scene)
    common: dict[str, Any] = {
        "actor": actor_with("district_leader"), "household": household, "happened_on": date(2025, 2, 14),
        "now": at(date(2025, 9, 15)),
    }
    with pytest.raises(Refused) as refused:
        file_paper(**common, document="application", files=[])
    assert codes(refused) == ["ledger.evidence_missing"]
    with pytest.raises(Refused) as refused:
        file_paper(**common, document="petition", files=files("a.txt"))
    assert codes(refused) == ["court.unknown_line"]
    with pytest.raises(Refused) as refused:
        answer_ground(**common, ground="unfair", applies="", files=files("a.txt"))
    assert "ledger.attribute" in codes(refused)
    with pytest.raises(Refused):
        file_paper(**{**common, "actor": actor_with("field_officer")}, document="application", files=files("a.txt"))
