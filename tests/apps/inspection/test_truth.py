"""What independent sources and inspections say of the houses reported as cleared."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.factories import CITY, NOW, TODAY, actor_with, advance, build_campaign, record
from tests.inspection_scene import concluded, drawn, vacated_scene, visited
from zhengtu.casework.facts import vacancy_of
from zhengtu.core.inspection.discrepancy import Discrepancy
from zhengtu.core.inspection.verification import Saying, Source, verified
from zhengtu.core.kernel.reasons import Refused
from zhengtu.inspection import truth
from zhengtu.inspection.actions import release_inspection
from zhengtu.inspection.replies import reply
from zhengtu.inspection.source_lists import ImportedSources, import_sources
from zhengtu.inspection.truth import STANDINGS, VerifiedCount, discounted, households_standing, verified_counts
from zhengtu.inspection.truth_history import district_inspections, findings_for, most_due
from zhengtu.ledger.act import NewFact
from zhengtu.ledger.models import Fact, Milestones
from zhengtu.ledger.queries import Reach, figures_by_section, total_of
from zhengtu.registry.models import Household
from zhengtu.registry.procedure_gate import deed_refusals

pytestmark = pytest.mark.django_db

WHOLE = Reach(prefixes=("2202",))
H1, H2 = "220204-P0001-S01-H00001", "220204-P0001-S01-H00002"
SECTION = "220204-P0001-S01"
OUT = date(2025, 1, 20)


def say(household: str, source: Source, is_cleared: bool, on: date) -> None:
    answer = {"is_cleared": "yes" if is_cleared else "no"}
    if source is Source.PAYMENT:
        record(household, "payment_received", on)
    elif source is Source.FAMILY:
        record(household, "family_replied", on, answer)
    elif source is Source.INSPECTOR:
        record(household, "site_found", on, {**answer, "inspection": "220200-I0001", "found": "空置"})
    else:
        record(household, "source_confirmed", on, {**answer, "source": str(source)})


def test_each_reported_house_is_verified_contradicted_or_neither() -> None:
    build_campaign()
    for household in (H1, H2, "220202-P0001-S01-H00001"):
        record(household, "vacated", OUT)
    say(H1, Source.UTILITY, True, OUT + timedelta(days=3))
    say(H2, Source.PAYMENT, True, OUT - timedelta(days=5))
    say(H2, Source.FAMILY, False, OUT + timedelta(days=2))
    counts = verified_counts(WHOLE, on=TODAY)
    assert counts == {SECTION: VerifiedCount(2, 1, 1), "220202-P0001-S01": VerifiedCount(1, 0, 0)}
    assert truth.summed(counts, by="jurisdiction")["220204"].share == 0.5
    assert truth.summed(counts)[""] == VerifiedCount(3, 1, 1)
    behind = {
        standing: set(Household.objects.filter(code__in=households_standing(standing, on=TODAY))
                      .values_list("code", flat=True))
        for standing in STANDINGS
    }
    assert behind == {"verified": {H1}, "contradicted": {H2}, "unverified": {"220202-P0001-S01-H00001"}}
    # Before the utility closed the account, nobody but the unit had said anything of the first house.
    assert verified_counts(Reach(prefixes=("220204",)), on=OUT + timedelta(days=1)) == {SECTION: VerifiedCount(2, 1, 0)}


sayings = st.lists(
    st.tuples(
        st.sampled_from((H1, H2)), st.sampled_from(sorted(set(Source) - {Source.UNIT})), st.booleans(),
        st.integers(0, 12),
    ),
    max_size=7,
)


@settings(max_examples=15, deadline=None, phases=[Phase.generate, Phase.shrink])
@given(sayings, st.integers(0, 14))
def test_a_whole_city_is_asked_by_the_rule_for_one_house(
    told: list[tuple[str, Source, bool, int]], at: int
) -> None:
    """Against ``core.inspection.verification``, house by house; the second house was vacated six days later."""
    start = date(2025, 1, 10)
    out = {H1: start + timedelta(days=3), H2: start + timedelta(days=9)}
    # Deeds are durable: the transaction that is rolled back has to pass for the test's own.
    outer = transaction.atomic()
    outer._from_testcase = True  # type: ignore[attr-defined]
    with outer:
        build_campaign()
        for household, day in out.items():
            record(household, "vacated", day)
        for household, source, is_cleared, day in told:
            say(household, source, is_cleared or source is Source.PAYMENT, start + timedelta(days=day))
        on = start + timedelta(days=at)
        expected: Counter[str] = Counter()
        for household, day in out.items():
            if day > on:
                continue
            one = verified(reported_on=day, sayings=[
                Saying(source, is_cleared or source is Source.PAYMENT, start + timedelta(days=said))
                for code, source, is_cleared, said in told if code == household and start + timedelta(days=said) <= on
            ])
            expected["reported"] += 1
            expected["verified"] += one.is_verified
            expected["contradicted"] += bool(one.against)
        found = truth.summed(verified_counts(WHOLE, on=on)).get("", VerifiedCount())
        assert (found.reported, found.verified, found.contradicted) == tuple(
            expected[name] for name in ("reported", "verified", "contradicted")
        )
        assert truth.summed(verified_counts(WHOLE, on=on, known=TODAY)).get("", VerifiedCount()) == found
        transaction.set_rollback(True)


def test_who_moved_back_has_not_vacated_until_moving_out_again() -> None:
    build_campaign()
    record(H1, "vacated", OUT)
    say(H1, Source.UTILITY, True, OUT + timedelta(days=1))
    back = OUT + timedelta(days=5)
    record(H1, "moved_back_found", back, {"inspection": "220200-I0001", "found": "回迁"})
    figures = [total_of(figures_by_section(reach=WHOLE, on=day)) for day in (back - timedelta(days=1), back)]
    assert [(one["vacated_count"], one["state_vacated"], one["reoccupied_count"]) for one in figures] == [
        (1, 1, 0), (0, 0, 1)
    ]
    assert verified_counts(WHOLE, on=back) == {}
    assert verified_counts(WHOLE, on=back - timedelta(days=1)) == {SECTION: VerifiedCount(1, 1, 0)}
    again = back + timedelta(days=4)
    record(H1, "vacated", again)
    assert Milestones.objects.get(pk=H1).vacated_on == again
    assert total_of(figures_by_section(reach=WHOLE, on=OUT))["vacated_count"] == 0
    # What the utility said of the first moving out says nothing of the second.
    assert verified_counts(WHOLE, on=again) == {SECTION: VerifiedCount(1, 0, 0)}


def test_a_figure_after_what_inspections_found() -> None:
    found = Discrepancy(low=5, middle=10, high=20, reported=100, level=0.95)
    assert discounted(1000, found) == truth.Discounted(low=800, middle=900, high=950)
    assert discounted(1000, None) is None


def test_what_is_not_released_discounts_for_the_mayor_and_the_inspection_office_alone() -> None:
    vacated_scene()
    code = drawn()
    visited(code)
    concluded(code)
    assert truth.discrepancies_for(actor_with("mayor"), [CITY], on=TODAY)
    assert truth.discrepancies_for(actor_with("coordinator"), [CITY], on=TODAY) == {}


# Lists of independent sources ---------------------------------------------------------------------------------------


HEAD = ("被征收户编号", "核验日期", "是否腾空")


def listed(*rows: tuple[str, str, str], head: tuple[str, str, str] = HEAD) -> ContentFile:
    return ContentFile("\n".join(",".join(row) for row in (head, *rows)).encode(), name="销户.csv")


def take_over(file: ContentFile, *, source: str = "utility", role: str = "inspector") -> ImportedSources:
    return import_sources(actor=actor_with(role), city=CITY, source=source, file=file, name=file.name, now=NOW)


def test_a_list_is_recorded_once_and_stands_beside_the_report() -> None:
    build_campaign()
    record(H1, "vacated", OUT)
    record(H2, "vacated", OUT)
    done = take_over(listed((H1, "2025-01-25", "已销户"), (H2, "2025年1月25日", "在用"), ("", "", "")))
    assert (done.rows, done.recorded, done.known) == (2, 2, 0)
    assert verified_counts(WHOLE, on=TODAY) == {SECTION: VerifiedCount(2, 1, 1)}
    assert (take_over(listed((H1, "2025-01-25", "是"), (H1, "2025-02-01", "是")))).recorded == 1
    with pytest.raises(Refused) as refused:
        take_over(listed((H1, "2025-01-25", "是")))
    assert [reason.code for reason in refused.value.reasons] == ["source.nothing_new"]


def test_one_wrong_row_and_nothing_is_taken_over() -> None:
    build_campaign()
    with pytest.raises(Refused) as refused:
        take_over(listed(
            (H1, "2025-01-25", "是"), ("220204-P0001-S01-H00999", "2025-01-25", "是"), (H1, "2025-12-01", "是"),
            (H2, "昨天", "也许"), (H1, "2025-01-25", "否"),
        ))
    told = [(one.code, one.parameters["row"], one.parameters["file"]) for one in refused.value.reasons]
    assert told == [
        ("source.household", 3, "销户.csv"), ("source.said_on", 4, "销户.csv"), ("source.said_on", 5, "销户.csv"),
        ("source.is_cleared", 5, "销户.csv"), ("source.opposite", 6, "销户.csv"),
    ]
    assert not Fact.objects.filter(kind="source_confirmed").exists()


@pytest.mark.parametrize(
    ("file", "source", "code"),
    [
        (listed((H1, "2025-01-25", "是"), head=("户", "日", "否")), "utility", "source.unreadable"),
        (listed(), "utility", "source.unreadable"),
        (listed((H1, "2025-01-25", "是")), "unit", "source.source"),
        (ContentFile(b"%PDF-1.7 scanned", name="scan.pdf"), "utility", "sheet.file_kind_unknown"),
    ],
)
def test_what_is_no_list_is_refused(file: ContentFile, source: str, code: str) -> None:
    build_campaign()
    with pytest.raises(Refused) as refused:
        take_over(file, source=source)
    assert [reason.code for reason in refused.value.reasons] == [code]


def test_who_reports_imports_no_list() -> None:
    build_campaign()
    with pytest.raises(Refused) as refused:
        take_over(listed((H1, "2025-01-25", "是")), role="coordinator")
    assert refused.value.reasons[0].code.startswith("authority.")


# The family's own reply ---------------------------------------------------------------------------------------------


def test_a_family_speaks_for_its_own_household_alone() -> None:
    build_campaign()
    record(H1, "vacated", OUT)
    family = actor_with("family", subject=H1)
    reply(actor=family, household=H1, is_cleared=False, note="  老人仍住在内 ", now=NOW)
    assert verified_counts(WHOLE, on=TODAY) == {SECTION: VerifiedCount(1, 0, 1)}
    reply(actor=family, household=H1, is_cleared=True, note="", now=NOW + timedelta(hours=1))
    assert verified_counts(WHOLE, on=TODAY) == {SECTION: VerifiedCount(1, 1, 0)}
    for household, answer in ((H2, True), (H1, None)):
        with pytest.raises(Refused):
            reply(actor=family, household=household, is_cleared=answer, note="", now=NOW)


# Gates --------------------------------------------------------------------------------------------------------------


def test_a_demolition_needs_a_vacating_that_stands() -> None:
    household = build_campaign().households[0].code
    advance(household, to="vacated")
    out = Milestones.objects.get(pk=household).vacated_on
    assert out is not None
    back = out + timedelta(days=2)
    record(household, "moved_back_found", back, {"inspection": "220200-I0001", "found": "回迁"})
    fact = NewFact("household", household, "demolished", back + timedelta(days=1))
    codes = [one.code for one in deed_refusals([fact], evidence=["demolition_record"], today=TODAY)]
    assert "procedure.step_missing" in codes
    again = NewFact("household", household, "vacated", back + timedelta(days=1))
    assert not deed_refusals([again], evidence=["vacating_record"], today=TODAY)
    early = NewFact("household", household, "vacated", back)
    assert [one.code for one in deed_refusals([early], evidence=["vacating_record"], today=TODAY)] == [
        "procedure.already_recorded"
    ]
    assert vacancy_of(SECTION).unvacated == 3
    record(household, "vacated", back + timedelta(days=1))
    assert vacancy_of(SECTION).unvacated == 2


# What the actor sees ------------------------------------------------------------------------------------------------


def test_history_findings_and_patrol_keep_to_what_the_actor_sees() -> None:
    vacated_scene()
    code = drawn()
    visited(code, {H1: "lived_in_again"})
    concluded(code)
    inspector, district, other = (
        actor_with("inspector"), actor_with("district_leader", "220204"), actor_with("district_leader", "220202")
    )
    assert district_inspections(inspector, on=TODAY)
    assert district_inspections(district, on=TODAY) == [] == findings_for(district, on=TODAY)
    release_inspection(actor=actor_with("mayor"), code=code, now=NOW)
    assert {one.jurisdiction for one in district_inspections(district, on=TODAY)} == {"220204"}
    assert [one.household for one in findings_for(district, on=TODAY, only_false=True)] == [H1]
    assert findings_for(other, on=TODAY, only_false=True) == []
    assert Milestones.objects.get(pk=H1).reoccupied_on == TODAY
    due = most_due(inspector, on=TODAY + timedelta(days=30), count=10)
    assert H1 not in {one.household for one in due}
    assert all(one.last_seen_on == TODAY and one.weight == 2 for one in due)
    assert most_due(district, on=TODAY, count=10) == []
