"""What stands behind the lines of a card, by name, with what of it a reader may open."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from zhengtu.accounts.queries import unit_names
from zhengtu.assessment.queries import own_units
from zhengtu.campaign.reach import reach_of
from zhengtu.core.assessment.scheme import Label
from zhengtu.core.assessment.scoring import Measured
from zhengtu.core.assessment.unit_card import UnitCard
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.codes import jurisdiction_of, kind_of, project_of
from zhengtu.directives.models import Directive
from zhengtu.directives.reach import rows_for
from zhengtu.ledger.models import Deed
from zhengtu.ledger.queries import deeds_within
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Project, Section

QUESTION: Final = "question."
VIOLATION: Final = "violation"
_WATCHES: Final = "finding.view"
_MATTER_CHARACTERS: Final = 40


@dataclass(frozen=True, slots=True)
class Openings:
    """What of the subjects and facts behind a card the reader may open.

    Attributes:
        names: code -> name, where it has one that may be shown.
        subjects: codes whose page is open; deeds: deeds that the reader sees in the ledger.
    """

    names: Mapping[str, Label] = field(default_factory=dict)
    subjects: Collection[str] = ()
    deeds: Collection[str] = ()


def sees_findings(actor: Actor, *, city: str, unit: str) -> bool:
    """Whether the actor may read what findings and violations on a unit's card are about: whoever watches the city,
    and the unit itself, to which its published card is addressed."""
    if unit in own_units(actor):
        return True
    authority = current_rulebook().authority
    return authority.may(actor=actor, verb=_WATCHES, subject=Subject(code=city)) is None


def as_seen_by(actor: Actor, card: UnitCard, *, city: str) -> UnitCard:
    """The card as the actor may read it: what is looked into keeps its points, but says nothing of whom it is about."""
    if sees_findings(actor, city=city, unit=card.unit):
        return card
    return replace(card, measured={id: _veiled(known) for id, known in card.measured.items()})


def is_watched(*, about: str = "", event: str = "") -> bool:
    """Whether a case or event is of what is looked into unseen: a question out of a finding, a violation."""
    return about.startswith(QUESTION) or event == VIOLATION


def _veiled(known: Measured) -> Measured:
    return replace(
        known,
        cases=tuple(
            replace(case, subject="", facts=()) if is_watched(about=case.about) else case for case in known.cases
        ),
        events=tuple(
            replace(event, subject="") if is_watched(event=event.kind) else event for event in known.events
        ),
    )


def openings(actor: Actor, *, subjects: Collection[str], facts: Collection[str]) -> Openings:
    """Names and open doors of subjects and facts (``deed/ordinal``), in a handful of queries."""
    by_kind: dict[str, list[str]] = {}
    for code in sorted(set(subjects)):
        by_kind.setdefault(kind_of(code), []).append(code)
    open_codes: set[str] = set()
    for kind, verb in (("household", "household.view"), ("section", "registry.view"), ("participation", "funds.view"),
                       ("project", "registry.view")):
        if kind in by_kind:
            reach = reach_of(actor, verb=verb)
            open_codes |= {code for code in by_kind[kind] if reach.covers(code)}
    directives = by_kind.get("directive", [])
    heads = {"-".join(code.split("-")[:2]) for code in directives}
    reached = set(rows_for(actor).filter(code__startswith=_city_prefix(heads)).values_list("code", flat=True))
    open_codes |= {code for code in directives if code in reached or code.rpartition("-")[0] in reached}
    deeds = {reference.partition("/")[0] for reference in facts}
    ledger = reach_of(actor, verb="ledger.view")
    seen = deeds_within(ledger).filter(pk__in=deeds) if ledger else Deed.objects.none()
    return Openings(
        names=_names(by_kind, open_codes), subjects=open_codes, deeds=set(seen.values_list("pk", flat=True))
    )


def _city_prefix(codes: Collection[str]) -> str:
    return min(codes, default="")[:4]


def _names(by_kind: Mapping[str, Collection[str]], open_codes: Collection[str]) -> dict[str, Label]:
    """Names of sections, parts, projects and of directives that are open; a household is named by its code alone."""
    placed = [*by_kind.get("section", ()), *by_kind.get("participation", ()), *by_kind.get("project", ())]
    projects = {
        code: (name, name_en)
        for code, name, name_en in Project.objects.filter(pk__in={project_of(code) for code in placed})
        .values_list("code", "name", "name_en")
    }
    units = unit_names({jurisdiction_of(code) for code in placed})
    found: dict[str, Label] = {}
    for code, name, name_en in Section.objects.filter(pk__in=by_kind.get("section", ())).values_list(
        "code", "name", "name_en"
    ):
        found[code] = _joined(projects.get(project_of(code)), (name, name_en or name))
    for code in by_kind.get("participation", ()):
        found[code] = _joined(projects.get(project_of(code)), units.get(jurisdiction_of(code)))
    found |= {code: projects[code] for code in by_kind.get("project", ()) if code in projects}
    return found | _matters(set(by_kind.get("directive", ())) & set(open_codes))


def _matters(codes: Collection[str]) -> dict[str, Label]:
    """Directives by what they ask; an occurrence by that of its directive."""
    heads = {code: code.rpartition("-")[0] for code in codes}
    rows = dict(Directive.objects.filter(pk__in={*codes, *heads.values()}).values_list("code", "matter"))
    matters = {code: rows.get(code) or rows.get(heads[code], "") for code in codes}
    return {code: (_short(matter), _short(matter)) for code, matter in matters.items() if matter}


def _short(matter: str) -> str:
    return matter if len(matter) <= _MATTER_CHARACTERS else f"{matter[:_MATTER_CHARACTERS]}…"


def _joined(first: Label | None, second: Label | None) -> Label:
    parts = [pair for pair in (first, second) if pair is not None]
    return " · ".join(pair[0] for pair in parts), " · ".join(pair[1] for pair in parts)
