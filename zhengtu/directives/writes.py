"""Row changes of directives, texts and proposals; only deeds call them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from zhengtu.core.directives.content import DirectiveContent, fingerprint
from zhengtu.directives.models import (
    Directive,
    DirectiveUnit,
    Proposal,
    ProposalState,
    SourceText,
    UnitPart,
)


def insert_directives(
    contents: Sequence[DirectiveContent],
    *,
    set_by: str,
    set_on: date,
    source: SourceText | None = None,
    proposals: Mapping[str, int] | None = None,
) -> None:
    """Keep directives with their units; ``proposals`` names by code the proposal that each confirms."""
    confirmed = proposals or {}
    Directive.objects.bulk_create(
        [
            Directive(
                code=one.code, parent_id=one.parent or None, setter_id=one.setter, set_by_id=set_by,
                matter=one.matter, due_kind=one.due_kind, due_on=one.due_on, due_text=one.due_text, rrule=one.rrule,
                rrule_from=one.rrule_from, rrule_until=one.rrule_until, urgency=one.urgency, goal=one.goal,
                projects=list(one.projects), source=source, proposal_id=confirmed.get(one.code),
                span_start=one.span[0] if one.span else None, span_end=one.span[1] if one.span else None,
                review=one.review, set_on=set_on, content_sha256=fingerprint(one),
            )
            for one in contents
        ]
    )
    DirectiveUnit.objects.bulk_create(
        [
            DirectiveUnit(directive_id=one.code, unit_id=unit, part=part)
            for one in contents
            for part, units in (
                (UnitPart.LEAD, (one.lead,)), (UnitPart.JOINT, one.joint), (UnitPart.ASSISTING, one.assisting),
            )
            for unit in units
        ]
    )


def insert_later_lead(directive: str, unit: str) -> None:
    """Note a unit that a directive was reassigned to, so that it is found among those given to the unit."""
    DirectiveUnit.objects.get_or_create(
        directive_id=directive, unit_id=unit, defaults={"part": UnitPart.LATER_LEAD}
    )


def insert_text(**columns: Any) -> SourceText:
    """Keep a text."""
    return SourceText.objects.create(**columns)


def set_text_deed(text: SourceText, deed: str) -> None:
    """Note the deed that kept a text."""
    SourceText.objects.filter(pk=text.pk).update(deed=deed)


def insert_proposals(text: SourceText, rows: Iterable[Mapping[str, Any]], *, first: int = 1) -> list[Proposal]:
    """Keep proposals of a text, numbered in their order."""
    return Proposal.objects.bulk_create(
        [Proposal(text=text, ordinal=ordinal, **row) for ordinal, row in enumerate(rows, start=first)]
    )


def locked_proposals(keys: Iterable[int]) -> dict[int, Proposal]:
    """Proposals by key, row-locked until the transaction ends."""
    rows = Proposal.objects.select_for_update(of=("self",)).filter(pk__in=list(keys)).order_by("pk")
    return {row.pk: row for row in rows.select_related("text")}


def locked_text(key: int) -> SourceText | None:
    """A text, row-locked until the transaction ends."""
    return SourceText.objects.select_for_update().filter(pk=key).first()


def set_proposals(keys: Iterable[int], *, state: ProposalState, into: int | None = None) -> None:
    """Note what became of proposals; ``into``: the one that they were merged into."""
    Proposal.objects.filter(pk__in=list(keys)).update(state=state, merged_into=into)


def change_columns(proposal: Proposal, columns: Mapping[str, Any]) -> None:
    """Correct a proposal."""
    Proposal.objects.filter(pk=proposal.pk).update(**columns)


