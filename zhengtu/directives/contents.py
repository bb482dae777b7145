"""Stored directives as the content that the life cycle and the fingerprint read."""

from __future__ import annotations

from typing import Final

from zhengtu.core.directives.content import DirectiveContent
from zhengtu.directives.models import Directive, UnitPart

_PARTS: Final = tuple(UnitPart.values)


def content_of(row: Directive) -> DirectiveContent:
    """The content of a directive; reads its units and its source, which a list has fetched beforehand."""
    parts: dict[str, list[str]] = {part: [] for part in _PARTS}
    for unit in sorted(row.units.all(), key=lambda one: one.pk):
        parts[unit.part].append(unit.unit_id)
    span = None if row.span_start is None or row.span_end is None else (row.span_start, row.span_end)
    return DirectiveContent(
        code=row.code, setter=row.setter_id, lead=parts[UnitPart.LEAD][0], joint=tuple(parts[UnitPart.JOINT]),
        assisting=tuple(parts[UnitPart.ASSISTING]), matter=row.matter, due_kind=row.due_kind, due_on=row.due_on,
        due_text=row.due_text, rrule=row.rrule, rrule_from=row.rrule_from, rrule_until=row.rrule_until,
        urgency=row.urgency, goal=row.goal, projects=tuple(row.projects), parent=row.parent_id or "",
        source=row.source.text_sha256 if row.source_id else "", span=span, review=row.review,
    )
