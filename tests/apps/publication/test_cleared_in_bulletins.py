"""How much of the vacated is so, in a bulletin: by what was released and known on its two dates, to the byte."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest

from tests.factories import CHANGYI, CHUANYING, CITY, NOW, TODAY, actor_with, at
from tests.inspection_scene import concluded, drawn, paper, uninvolved, vacated_scene, visited
from zhengtu.core.bulletins.figures import BulletinFigures, Period, PlaceFigures, canonical_json
from zhengtu.inspection.actions import Decision, decide_objection, object_to_conclusion, release_inspection
from zhengtu.inspection.truth import discrepancies
from zhengtu.publication.documents import Issue, annex_of
from zhengtu.publication.week_figures import ledger_figures

pytestmark = pytest.mark.django_db(transaction=True)

H1, H2 = "220204-P0001-S01-H00001", "220204-P0001-S01-H00002"


def period(*, known: int = 0) -> Period:
    return Period(TODAY - timedelta(days=6), TODAY + timedelta(days=1), TODAY, TODAY + timedelta(days=known))


def made(*, known: int = 0) -> BulletinFigures:
    return ledger_figures(CITY, kind="circular", period=period(known=known)).figures


def of(figures: BulletinFigures, code: str) -> PlaceFigures:
    return next(one for one in figures.places if one.code == code)


def test_it_says_what_is_released_and_stays_so_whatever_is_corrected_or_released_later() -> None:
    vacated_scene()
    before = made()
    assert of(before, CHUANYING).cleared is not None
    code = drawn()
    visited(code, {H1: "lived_in_again", H2: "belongings_left"})
    concluded(code)
    # Visited, concluded and not released: it is nowhere in what goes to the inspected.
    assert canonical_json(made()) == canonical_json(before)
    release_inspection(actor=actor_with("mayor"), code=code, now=NOW)
    told = made()
    place = of(told, CHUANYING)
    # Whoever lives there again has not vacated; whose belongings are left is contradicted.
    assert place.vacated == of(before, CHUANYING).vacated - 1
    assert place.cleared is not None
    assert place.cleared.contradicted == 1
    assert place.cleared.low is not None
    assert place.cleared.high is not None
    assert place.cleared.low <= place.cleared.high < place.vacated
    assert told.total.cleared is not None
    assert told.total.cleared.low is None
    # An objection is upheld later: what was known on the day stands as it was, what is known since is another.
    later = TODAY + timedelta(days=5)
    object_to_conclusion(
        actor=actor_with("district_leader", CHUANYING), code=code, jurisdiction=CHUANYING, households=[H2],
        now=at(later), why="当日为搬家收尾", files=[paper("statement")],
    )
    decide_objection(
        actor=uninvolved(), code=code, jurisdiction=CHUANYING, now=at(later),
        decision=Decision("upheld", "现场复核属实", [paper("decision")], {H2: "empty"}),
    )
    assert canonical_json(made()) == canonical_json(told)
    since = of(made(known=5), CHUANYING)
    assert since.cleared is not None
    assert (since.cleared.contradicted, since.cleared.verified) == (0, place.cleared.verified + 1)
    false = [
        discrepancies(CITY, on=TODAY, known=TODAY + timedelta(days=days), released_only=True)[CHUANYING].middle
        for days in (0, 5)
    ]
    assert false == [2, 1]


def test_what_was_released_after_the_day_of_knowledge_is_not_in_it() -> None:
    vacated_scene()
    code = drawn()
    visited(code, {H1: "belongings_left"})
    concluded(code)
    release_inspection(actor=actor_with("mayor"), code=code, now=at(TODAY + timedelta(days=3)))
    place = of(made(), CHUANYING)
    assert place.cleared is not None
    assert (place.cleared.contradicted, place.cleared.low) == (0, None)
    known = of(made(known=3), CHUANYING)
    assert known.cleared is not None
    assert known.cleared.contradicted == 1
    assert known.cleared.low is not None


def test_the_annex_has_the_verified_beside_the_vacated_with_formulas() -> None:
    vacated_scene()
    code = drawn()
    visited(code, {H1: "belongings_left"})
    concluded(code)
    release_inspection(actor=actor_with("mayor"), code=code, now=NOW)
    named = ledger_figures(CITY, kind="circular", period=period())
    content = annex_of(named, remarks={}, issue=Issue(number=3, issued_on=TODAY + timedelta(days=1)))
    book = openpyxl.load_workbook(BytesIO(content))
    for name in ("各单位进展情况", "腾空户数及其核实情况"):
        head = [cell.value for cell in book[name][3]]
        at_vacated = head.index(next(one for one in head if one and "腾空" in one))
        assert head[at_vacated + 1 : at_vacated + 3] == ["已核实（户）", "核实率"]
        assert str(book[name].cell(4, at_vacated + 3).value).startswith("=IF(")
    rows = {row[1].value: row for row in book["腾空户数及其核实情况"].iter_rows(min_row=4) if row[1].value}
    assert set(rows) == {CHUANYING, CHANGYI}
    assert [cell.value for cell in rows[CHUANYING]][-3] == 1
