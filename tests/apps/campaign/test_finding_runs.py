"""Planted favours are all found, what is clean is left alone, and a second run finds the same keys."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from tests.apps.campaign.planted import Street, build_street
from tests.factories import CITY, TODAY, at, record
from zhengtu.campaign.finding_runs import run_now
from zhengtu.campaign.models import Finding
from zhengtu.core.kernel.codes import kind_of
from zhengtu.ledger.models import Fact

pytestmark = pytest.mark.django_db(transaction=True)


def found_by_detector() -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for finding in Finding.objects.filter(gone_on=None):
        found[finding.detector] |= {int(code[-5:]) for code in finding.subjects if kind_of(code) == "household"}
    return dict(found)


def test_every_plant_is_found_and_nothing_else(street: Street) -> None:
    run = run_now(city=CITY, now=at(TODAY))
    found = found_by_detector()
    missed = {name: sorted(set(numbers) - found.get(name, set())) for name, numbers in street.planted.items()}
    alarms = {name: sorted(numbers - street.planted.get(name, frozenset())) for name, numbers in found.items()}
    assert not any(missed.values()), missed
    assert {name: numbers for name, numbers in alarms.items() if numbers} == {}
    assert run.counts["households"] == 16
    assert run.counts["found"] == run.counts["new"] == Finding.objects.count()


@pytest.fixture
def street() -> Street:
    return build_street()


def test_a_second_run_finds_the_same_keys_and_what_vanished_is_gone_with_its_day(street: Street) -> None:
    run_now(city=CITY, now=at(TODAY))
    before = {finding.pk: finding.digest for finding in Finding.objects.all()}
    again = run_now(city=CITY, now=at(date(2025, 2, 15)))
    assert {finding.pk: finding.digest for finding in Finding.objects.all()} == before
    assert (again.counts["new"], again.counts["gone"]) == (0, 0)
    household = street.homes[2]
    household.identity_index = ""
    household.save()
    third = run_now(city=CITY, now=at(date(2025, 2, 16)))
    assert third.counts["gone"] == 1
    gone = Finding.objects.get(detector="same_identity")
    assert (gone.found_on, gone.seen_on, gone.gone_on) == (TODAY, date(2025, 2, 15), date(2025, 2, 16))
    household.identity_index = street.homes[1].identity_index
    household.save()
    run_now(city=CITY, now=at(date(2025, 2, 17)))
    gone.refresh_from_db()
    assert gone.gone_on is None


def test_a_run_over_one_project_leaves_the_others_alone(street: Street) -> None:
    other = build_street(number=2)
    run_now(city=CITY, now=at(TODAY))
    total = Finding.objects.count()
    assert total > 20
    run = run_now(city=CITY, project=other.project.code, now=at(date(2025, 2, 15)))
    assert run.counts["gone"] == 0
    assert Finding.objects.filter(seen_on=TODAY, gone_on=None).exists()
    assert not Finding.objects.filter(seen_on=TODAY, projects__contains=[other.project.code]).exists()


def test_no_finding_holds_personal_data(street: Street) -> None:
    run_now(city=CITY, now=at(TODAY))
    for finding in Finding.objects.all():
        text = f"{finding.pk} {finding.sentence} {finding.rows}"
        for home in street.homes.values():
            for secret in (home.identity_index, home.name_masked):
                assert secret not in text


def test_a_corrected_payment_counts_as_corrected(street: Street) -> None:
    run_now(city=CITY, now=at(TODAY))
    for number, paid in enumerate(Fact.objects.filter(subject=street.code(11), kind="paid").order_by("happened_on")):
        record(
            street.code(11), "paid", date(2025, 1, 1 + 15 * number), dict(paid.attributes),
            supersedes=paid.reference, recorded_at=at(TODAY),
        )
    run_now(city=CITY, now=at(TODAY))
    assert Finding.objects.get(detector="split_payments").gone_on == TODAY
