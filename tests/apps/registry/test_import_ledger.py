"""Household ledgers: what becomes of their rows, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests import factories
from tests.apps.registry.conftest import HEADINGS, family
from zhengtu.accounts.sealing import personal_digest, unseal
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.models import Deed, Evidence, Fact, Milestones
from zhengtu.registry.actions import Outcome, import_survey
from zhengtu.registry.models import Household
from zhengtu.registry.survey_import.intake import SourceFile
from zhengtu.registry.survey_import.options import ImportOptions

Ledger = Callable[..., SourceFile]
pytestmark = pytest.mark.django_db


def run(source: SourceFile, actor: Actor, scene: factories.Scene, **options: Any) -> Outcome:
    return import_survey(
        source=source, project=scene.project, actor=actor, options=ImportOptions(**options), now=factories.NOW
    )


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {reason.code.removeprefix("sheet.") for reason in refused.value.reasons}


def test_new_households_get_the_next_numbers_in_one_deed(scene: Any, officer: Actor, ledger: Ledger) -> None:
    outcome = run(ledger([family(1), family(2)]), officer, scene)
    assert outcome.report["counts"] == {
        "rows": 2,
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "refused": 0,
        "warnings": 0,
    }
    household = Household.objects.get(code="220204-P0001-S01-H00005")
    assert household.name_masked == "孙**"
    assert unseal(household.personal_sealed) == {
        "name": "孙家2",
        "identity_number": factories.identity_number(502),
        "phone": "13904300002",
    }
    deed = Deed.objects.get(id=outcome.deed)
    assert (deed.verb, deed.subject, deed.facts_count) == ("survey.import", "220204-P0001-S01", 2)
    assert Evidence.objects.get(deed=deed).kind == "ledger_sheet"
    fact = Fact.objects.get(subject=household.code)
    assert fact.attributes == {
        "use": "dwelling",
        "members": 3,
        "registered_area_m2": "62.50",
        "personal_digest": personal_digest(unseal(household.personal_sealed)),
    }
    assert Milestones.objects.get(subject=household.code).registered_on == factories.TODAY


def test_the_same_file_twice_changes_nothing(scene: Any, officer: Actor, ledger: Ledger) -> None:
    rows = [family(1), family(2), family(3, 身份证号="", 房号="")]
    run(ledger(rows), officer, scene)
    deeds = Deed.objects.count()
    again = run(ledger(rows), officer, scene)
    assert again.deed == ""
    assert again.report["counts"] | {"warnings": 0} == {
        "rows": 3,
        "new": 0,
        "changed": 0,
        "unchanged": 3,
        "refused": 0,
        "warnings": 0,
    }
    assert Deed.objects.count() == deeds


def test_a_changed_row_corrects_the_registration(scene: Any, officer: Actor, ledger: Ledger) -> None:
    run(ledger([family(1), family(2)]), officer, scene)
    outcome = run(ledger([family(1), family(2, **{"联系电话": "13900000000", "人口（人）": 5})]), officer, scene)
    assert outcome.report["counts"]["changed"] == 1
    assert outcome.report["changed_fields"] == {"members": 1, "phone": 1}
    household = Household.objects.get(code="220204-P0001-S01-H00005")
    assert household.members == 5
    assert unseal(household.personal_sealed)["phone"] == "13900000000"
    first, second = Fact.objects.filter(subject=household.code).order_by("deed_id")
    assert second.supersedes == first.reference
    assert second.attributes["members"] == 5
    assert Milestones.objects.get(subject=household.code).registered_on == factories.TODAY


def test_one_refused_row_refuses_the_whole_file(scene: Any, officer: Actor, ledger: Ledger) -> None:
    with pytest.raises(Refused) as refused:
        run(ledger([family(1), family(2, 身份证号="220204197001019999")]), officer, scene)
    assert codes_of(refused) == {"identity_check_digit"}
    assert Household.objects.count() == 6
    assert not Deed.objects.filter(recorded_on=factories.TODAY).exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"户主姓名": ""}, "required"),
        ({"节点": "昌邑段"}, "section_unknown"),  # another district's section
        ({"节点": "无此段"}, "section_unknown"),
        ({"身份证号": "2202041970"}, "identity_shape"),
        ({"身份证号": "220204197013011234"}, "identity_birthday"),
        ({"身份证号": 220204197001015010.0}, "digits_lost"),
        ({"联系电话": "123"}, "phone_shape"),
        ({"用途": "鸡舍"}, "choice_unknown"),
        ({"人口（人）": "三"}, "count_wrong"),
        ({"登记建筑面积（㎡）": "约60"}, "number_wrong"),
        ({"登记建筑面积（㎡）": -3}, "number_negative"),
        ({"登记建筑面积（㎡）": 99999999}, "number_too_large"),
        ({"户编号": "220204-P0001-S01-X1"}, "code_malformed"),
        ({"户编号": "220204-P0001-S02-H00001", "节点": "船营段"}, "section_contradicts"),
        ({"户主姓名": "孙*"}, "masked_new"),
        ({"坐落": "x" * 300}, "text_too_long"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(
    changes: dict[str, Any], code: str, scene: Any, officer: Actor, ledger: Ledger
) -> None:
    with pytest.raises(Refused) as refused:
        run(ledger([family(1), family(2, **changes)]), officer, scene)
    assert codes_of(refused) == {code}


def test_duplicates_are_told_apart(scene: Any, officer: Actor, coordinator: Actor, ledger: Ledger) -> None:
    with pytest.raises(Refused) as refused:
        run(ledger([family(1), family(1)]), officer, scene)
    assert "duplicate_household" in codes_of(refused)
    outcome = run(ledger([family(1), family(1, 坐落="另一处", 房号="9")]), officer, scene)
    assert [total["code"] for total in outcome.report["totals"]] == ["sheet.duplicate_identity"]
    same_person = family(7, 身份证号=factories.identity_number(1), 坐落="第三处")
    outcome = run(ledger([family(1), family(1, 坐落="另一处", 房号="9"), same_person]), coordinator, scene)
    assert outcome.report["counts"]["new"] + outcome.report["counts"]["changed"] == 1


def test_an_identity_number_of_another_project_is_named_only_to_those_who_may_see_it(
    scene: Any, officer: Actor, coordinator: Actor, ledger: Ledger
) -> None:
    other = factories.build_project(number=2)
    section = factories.build_section(other, factories.LONGTAN)
    factories.build_household(section, number=1, person_number=77)
    row = family(1, 身份证号=factories.identity_number(77))
    for actor, shown in ((officer, "label:one outside your scope"), (coordinator, "220203-P0002-S01-H00001")):
        from zhengtu.registry.survey_import.examination import examine

        found = examine(
            source=ledger([row]), project=scene.project, actor=actor, options=ImportOptions(), today=factories.TODAY
        )
        (total,) = found.report["totals"]
        assert total["code"] == "sheet.identity_in_other_project"
        assert total["parameters"]["household"] == shown


def test_history_from_before_the_campaign_becomes_unverified_facts(scene: Any, officer: Actor, ledger: Ledger) -> None:
    headings = [
        *HEADINGS,
        "入户调查日期",
        "评估日期",
        "评估价值（元）",
        "签约日期",
        "补偿方式",
        "协议补偿金额（元）",
        "约定安置日期",
    ]
    row = [*family(1), "2021.3.4", 44300, "1,234,000", "2021年6月1日", "货币补偿", 1250000, date(2023, 6, 1)]
    run(ledger([row], headings=headings), officer, scene)
    facts = list(Fact.objects.filter(subject="220204-P0001-S01-H00004").order_by("ordinal"))
    assert [(fact.kind, fact.happened_on.isoformat(), fact.is_verified) for fact in facts] == [
        ("registered", "2021-03-04", False),
        ("surveyed", "2021-03-04", False),
        ("valued", "2021-04-14", False),
        ("signed", "2021-06-01", False),
        ("resettlement_promised", "2021-06-01", False),
    ]
    assert facts[3].attributes == {"option": "cash", "amount_yuan": "1250000.00"}
    reached = Milestones.objects.get(subject="220204-P0001-S01-H00004")
    assert reached.promised_on == date(2023, 6, 1)
    again = run(ledger([row], headings=headings), officer, scene)
    assert again.deed == ""


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        ({"腾空日期": "2021-06-01"}, "ledger.step_missing"),
        ({"入户调查日期": "2030-01-01"}, "ledger.in_the_future"),
        ({"入户调查日期": "2025-02-01"}, "step_needs_evidence"),
        ({"入户调查日期": "2021-13-01"}, "date_wrong"),
        ({"入户调查日期": "2021-05-01", "评估日期": "2021-04-01", "评估价值": 1}, "ledger.before_its_step"),
        ({"入户调查日期": "2021-05-01", "评估日期": "2021-06-01"}, "ledger.attribute"),
        ({"评估价值": 1}, "step_undated"),
    ],
)
def test_a_step_that_a_sheet_cannot_record_is_refused(
    dates: dict[str, Any], code: str, scene: Any, officer: Actor, ledger: Ledger
) -> None:
    source = ledger([[*family(1), *dates.values()]], headings=[*HEADINGS, *dates])
    mapping = dict(zip(("household_code", "section", "name", "identity_number"), HEADINGS, strict=False))
    names = {"腾空日期": "vacated_on", "入户调查日期": "surveyed_on", "评估日期": "valued_on", "评估价值": "value_yuan"}
    mapping |= {names[heading]: heading for heading in dates}
    with pytest.raises(Refused) as refused:
        run(source, officer, scene, mapping=mapping)
    assert codes_of(refused) == {code}


def test_history_added_later_puts_the_registration_before_it(scene: Any, officer: Actor, ledger: Ledger) -> None:
    run(ledger([family(1)]), officer, scene)
    outcome = run(ledger([[*family(1), "2021-03-04"]], headings=[*HEADINGS, "入户调查日期"]), officer, scene)
    assert outcome.deed
    reached = Milestones.objects.get(subject="220204-P0001-S01-H00004")
    assert (reached.registered_on, reached.surveyed_on) == (date(2021, 3, 4), date(2021, 3, 4))


def test_a_date_that_is_recorded_otherwise_is_refused(scene: Any, officer: Actor, ledger: Ledger) -> None:
    headings = [*HEADINGS, "入户调查日期"]
    run(ledger([[*family(1), "2021-03-04"]], headings=headings), officer, scene)
    with pytest.raises(Refused) as refused:
        run(ledger([[*family(1), "2021-03-05"]], headings=headings), officer, scene)
    assert codes_of(refused) == {"step_recorded_otherwise"}


def test_a_city_import_over_two_districts_is_one_deed_on_the_project(
    scene: Any, coordinator: Actor, ledger: Ledger
) -> None:
    outcome = run(ledger([family(1), family(2, 节点="220202-P0001-S01")]), coordinator, scene)
    deed = Deed.objects.get(id=outcome.deed)
    assert (deed.chain, deed.subject) == ("220200", "220200-P0001")
    assert Household.objects.filter(section="220202-P0001-S01").count() == 4


def test_a_masked_cell_as_exported_means_unchanged(scene: Any, officer: Actor, ledger: Ledger) -> None:
    held = scene.households[0]
    row = family(1, 户编号=held.code, 户主姓名=held.name_masked, 身份证号=held.identity_masked, 联系电话="139******01")
    source = ledger([row])
    outcome = run(source, officer, scene)
    assert set(outcome.report["changed_fields"]) == {"address", "room", "registered_area_m2"}
    assert unseal(Household.objects.get(code=held.code).personal_sealed) == factories.personal_data(1)
    with pytest.raises(Refused) as refused:
        run(ledger([family(1, 户编号=held.code, 户主姓名="赵**")]), officer, scene)
    assert "masked_changed" in codes_of(refused)
