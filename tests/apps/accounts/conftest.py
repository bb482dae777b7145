"""A city, a district and two people."""

from __future__ import annotations

from datetime import date

import pytest

from zhengtu.accounts.models import Person, Posting, Unit

PASSWORD = "Songhua-River-88"


@pytest.fixture
def units() -> dict[str, Unit]:
    """The city, two districts and an enterprise."""
    city = Unit.objects.create(code="220200", kind="city", name="吉林市", short_name="吉林", name_en="Jilin")
    made = {"220200": city}
    for code, kind, name in [
        ("220203", "district", "龙潭区"), ("220204", "district", "船营区"),
        ("220200-railway-investment", "enterprise", "铁投公司"),
    ]:
        made[code] = Unit.objects.create(
            code=code, kind=kind, name=name, short_name=name, name_en=code, superior=city
        )
    return made


def person_with(units: dict[str, Unit], username: str, *posts: tuple[str, str]) -> Person:
    """Somebody with these (role, unit) posts since the start of 2025."""
    person = Person(code=f"220200-u{Person.objects.count() + 1:04d}", username=username, name=username.title())
    person.set_password(PASSWORD)
    person.save(force_insert=True)
    for role, unit in posts:
        Posting.objects.create(person=person, unit=units[unit], role=role, from_on=date(2025, 1, 1))
    return person


@pytest.fixture
def coordinator(units: dict[str, Unit]) -> Person:
    return person_with(units, "coordinator", ("coordinator", "220200"))


@pytest.fixture
def officer(units: dict[str, Unit]) -> Person:
    return person_with(units, "officer", ("field_officer", "220204"))
