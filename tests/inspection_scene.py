"""An inspection in the test campaign: four inspectors, six households reported as vacated, and what is found there.

The plan's day is 13 February 2025, the days on site begin on the 14th. Everything is fictitious.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, Final

from django.core.files.base import ContentFile

from tests.factories import (
    CHANGYI,
    CHUANYING,
    CITY,
    NOW,
    TODAY,
    Scene,
    actor_with,
    advance,
    build_campaign,
    build_units,
)
from zhengtu.accounts.models import Person, Posting
from zhengtu.accounts.queries import actor_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.inspection.site import SitePosition
from zhengtu.inspection.actions import (
    authorise_inspection,
    draw_inspection,
    plan_inspection,
    record_visit,
    release_inspection,
    write_conclusion,
)
from zhengtu.inspection.models import Drawn, InspectionTeam
from zhengtu.ledger.offered_files import OfferedFile

AS_OF: Final = TODAY - timedelta(days=1)
LAST: Final = TODAY + timedelta(days=6)
_NUMBERS = count(1)


def inspectors(number: int = 4) -> list[Person]:
    """So many people posted to inspect in the city."""
    build_units()
    found = []
    for place in range(1, number + 1):
        person, is_new = Person.objects.get_or_create(
            code=f"{CITY}-u-on-site-{place}", defaults={"username": f"on-site-{place}", "name": f"督查员{place}"},
        )
        if is_new:
            Posting.objects.create(person=person, unit_id=CITY, role="inspector", from_on=date(2025, 1, 1))
        found.append(person)
    return found


def vacated_scene() -> Scene:
    """The test campaign with all of its six households reported as vacated on 18 January, and four inspectors."""
    scene = build_campaign()
    for household in scene.households:
        advance(household, to="vacated")
    inspectors()
    return scene


def photo(text: str = "") -> OfferedFile:
    """A picture as far as its bytes tell, other than every one before."""
    content = b"\xff\xd8\xff" + f"photo {next(_NUMBERS)} {text}".encode() + b"\xff\xd9"
    return OfferedFile("photo", "site.jpg", ContentFile(content, name="site.jpg"))


def paper(kind: str, text: str = "paper") -> OfferedFile:
    """A paper of that kind of evidence."""
    return OfferedFile(kind, f"{kind}.txt", ContentFile(f"{text} {next(_NUMBERS)}".encode(), name=f"{kind}.txt"))


def planned(*, now: datetime = NOW, **fields: Any) -> str:
    """An inspection of both districts under an instruction of the mayor; returns its code."""
    words = authorise_inspection(actor=actor_with("mayor"), city=CITY, words="就腾空真实性开展督查", now=now)
    plan: dict[str, Any] = {
        "form": "special", "matter": "moved_out", "title": "腾空真实性督查", "places": [CHUANYING, CHANGYI],
        "from_on": TODAY, "until_on": LAST, "as_of_on": AS_OF, "households": 6, **fields,
    }
    planner = actor_of(inspectors()[0], on=TODAY)
    return plan_inspection(actor=planner, city=CITY, instruction=words, now=now, **plan)


def drawn(*, now: datetime = NOW, **fields: Any) -> str:
    """The same, drawn; returns its code."""
    code = planned(now=now, **fields)
    draw_inspection(actor=actor_of(inspectors()[0], on=TODAY), code=code, now=now)
    return code


def sent_to(code: str, place: str) -> Actor:
    """The first of those who were drawn to go there."""
    person = InspectionTeam.objects.filter(inspection=code, jurisdiction=place[:6]).order_by("pk")[0].inspector
    return actor_of(person, on=TODAY)


def at_the_house(household: str) -> SitePosition:
    """A position at the test campaign's sections."""
    return SitePosition(126.5505 if household.startswith(CHUANYING) else 126.5565, 43.8403, 8.0)


def visit(code: str, household: str, found: str = "empty", *, now: datetime = NOW, **given: Any) -> str:
    """Record what was found at one house by somebody who was drawn to go there; returns the deed's key."""
    values = {"photos": [photo(household)], "position": at_the_house(household), "note": "", **given}
    if found == "unreachable" and not values["note"]:
        values["note"] = "敲门无人应答"
    return record_visit(
        actor=sent_to(code, household), code=code, household=household, found=found, now=now, **values
    )


def visited(code: str, answers: Mapping[str, str] | None = None, *, now: datetime = NOW) -> None:
    """Visit every drawn house; where no answer is given it is empty."""
    for household in Drawn.objects.filter(inspection=code, found="").values_list("household", flat=True):
        visit(code, household, (answers or {}).get(household, "empty"), now=now)


def concluded(code: str, *, repair: str = "", now: datetime = NOW) -> None:
    """Write the conclusion of each jurisdiction."""
    drawn_there = Drawn.objects.filter(inspection=code).values_list("household", flat=True)
    for place in sorted({household[:6] for household in drawn_there}):
        write_conclusion(
            actor=sent_to(code, place), code=code, jurisdiction=place, text=f"对{place}的督查结论", repair=repair,
            now=now,
        )


def released(answers: Mapping[str, str] | None = None, *, repair: str = "", now: datetime = NOW, **fields: Any) -> str:
    """A whole inspection, released by the mayor; returns its code."""
    code = drawn(now=now, **fields)
    visited(code, answers, now=now)
    concluded(code, repair=repair, now=now)
    release_inspection(actor=actor_with("mayor"), code=code, now=now)
    return code
