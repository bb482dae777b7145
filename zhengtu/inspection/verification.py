"""Inspections held against the ledger: plan, draw, what was found and what was concluded have the fingerprints kept
there."""

from __future__ import annotations

from collections.abc import Iterator

from zhengtu.core.inspection.replay import fingerprint
from zhengtu.inspection.concluding import conclusion_fingerprint
from zhengtu.inspection.models import Inspection
from zhengtu.inspection.planning import plan_fingerprint
from zhengtu.inspection.published import whole_document
from zhengtu.ledger.models import Fact


def broken_inspections() -> Iterator[tuple[str, str]]:
    """(code, what is wrong) of every inspection whose rows are not what its facts say."""
    for inspection in Inspection.objects.order_by("code"):
        facts = list(
            Fact.objects.filter(subject=inspection.code).select_related("deed").order_by("deed__number", "ordinal")
        )
        for what in (
            *_plan_faults(inspection, facts), *_visit_faults(inspection, facts), *_conclusion_faults(inspection, facts)
        ):
            yield inspection.code, what


def _plan_faults(inspection: Inspection, facts: list[Fact]) -> Iterator[str]:
    planned = [fact.attributes for fact in facts if fact.kind == "inspection_planned"]
    if len(planned) != 1 or planned[0] != {
        "commitment": inspection.commitment, "content_sha256": plan_fingerprint(inspection)
    }:
        yield "the plan is not the one that was recorded"
    drawn = [fact.attributes for fact in facts if fact.kind == "inspection_drawn"]
    if inspection.drawn_on is None:
        if drawn:
            yield "the draw is gone"
    elif drawn != [{
        "seed": inspection.seed, "list_digest": inspection.list_digest,
        "drawn_sha256": fingerprint(whole_document(inspection)),
    }]:
        yield "the draw is not the one that was recorded"


def _visit_faults(inspection: Inspection, facts: list[Fact]) -> Iterator[str]:
    """A finding that an objection corrected is held against the facts of its household instead."""
    seen = {
        fact.attributes["household"]: fact.attributes["found"] for fact in facts if fact.kind == "inspection_visited"
    }
    held = {
        row.household: row.found for row in inspection.drawn.exclude(found="") if not row.corrected_by
    }
    corrected = set(inspection.drawn.exclude(corrected_by="").values_list("household", flat=True))
    if held != {household: found for household, found in seen.items() if household not in corrected}:
        yield "what was found on site is not what was recorded"


def _conclusion_faults(inspection: Inspection, facts: list[Fact]) -> Iterator[str]:
    told = {
        fact.attributes["jurisdiction"]: fact.attributes["content_sha256"]
        for fact in facts if fact.kind == "inspection_concluded"
    }
    held = {
        one.jurisdiction: conclusion_fingerprint(one.text, one.repair, one.repair_until_on)
        for one in inspection.conclusions.all()
    }
    if held != told:
        yield "a conclusion is not the one that was recorded"
