"""Rows of inspections are held against the ledger: whoever changes what was drawn or found by hand is found out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.inspection_scene import released, vacated_scene
from zhengtu.inspection.models import Conclusion, Drawn, Inspection
from zhengtu.inspection.verification import broken_inspections

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda: Inspection.objects.update(title="另一项督查"), "the plan is not"),
        (lambda: Inspection.objects.update(seed="ab" * 32), "the draw is not"),
        (lambda: Drawn.objects.filter(ordinal=1).update(ordinal=9), "the draw is not"),
        (lambda: Drawn.objects.filter(found="never_left").update(found="empty", is_false=False), "what was found"),
        (lambda: Conclusion.objects.update(text="一切属实"), "a conclusion is not"),
    ],
)
def test_what_was_changed_by_hand_is_found(change: Callable[[], object], what: str) -> None:
    scene = vacated_scene()
    code = released({scene.households[0].code: "never_left"})
    assert list(broken_inspections()) == []
    change()
    (found,) = broken_inspections()
    assert found[0] == code
    assert found[1].startswith(what)
