"""What counts for and against lawful conduct: violations found, and sections handed over wholly by agreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from zhengtu.core.assessment.scoring import ScoredEvent
from zhengtu.core.assessment.window import Window
from zhengtu.core.kernel.codes import jurisdiction_of, section_of
from zhengtu.ledger.queries import Reach, figures_by_section, standing_facts

Events = Mapping[str, Sequence[ScoredEvent]]
"""Unit -> what happened there."""


def lawful_conduct(window: Window) -> Events:
    """Violations that were found to have happened in the window, and sections handed over in it without any."""
    reach = Reach(prefixes=(window.city[:4],))
    facts = standing_facts(("violation_found", "handed_over"), reach=reach, on=window.on, known=window.known)
    violations = [fact for fact in facts if fact.kind == "violation_found"]
    handed_over = [fact for fact in facts if fact.kind == "handed_over" and window.holds(fact.happened_on)]
    found: dict[str, list[ScoredEvent]] = defaultdict(list)
    for fact in violations:
        if window.holds(fact.happened_on):
            found[jurisdiction_of(fact.subject)].append(
                ScoredEvent("violation", fact.reference, fact.happened_on, fact.subject)
            )
    blamed = {section_of(fact.subject) for fact in violations}
    figures = figures_by_section(
        reach=reach, on=window.on, known=window.known, sections=[fact.subject for fact in handed_over],
        figures=("registered_count", "signed_count", "decided_count"),
    )
    for fact in handed_over:
        counts = figures.get(fact.subject)
        if counts is None or fact.subject in blamed or counts["decided_count"]:
            continue
        if 0 < counts["registered_count"] <= counts["signed_count"]:
            found[jurisdiction_of(fact.subject)].append(
                ScoredEvent("section_agreed", fact.reference, fact.happened_on, fact.subject)
            )
    return found
