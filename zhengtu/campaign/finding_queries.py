"""Reads of findings: all of them for whoever watches, and for a unit only what was put to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, QuerySet

from zhengtu.accounts.models import Person, Unit
from zhengtu.campaign.models import Finding, FindingAnswer, FindingClosing, FindingQuestion, FindingRun, RunStage
from zhengtu.campaign.reach import reach_of
from zhengtu.core.authority.actor import Actor, is_at_or_below
from zhengtu.core.kernel.codes import jurisdiction_of, kind_of, project_of
from zhengtu.ledger.models import Evidence, Fact
from zhengtu.ledger.queries import Reach, standing_facts
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household, Project
from zhengtu.registry.queries import scope_of

VIEW: Final = "finding.view"
ANSWER: Final = "finding.answer"
_LONGEST_RUN: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row behind a finding as the actor may see it; out of reach it names nothing.

    Attributes:
        deed: key of the deed behind the row, or empty.
    """

    subject: str
    name_masked: str
    place: tuple[str, str]
    figures: Sequence[tuple[str, str]]
    deed: str
    is_in_reach: bool


def findings_for(actor: Actor) -> QuerySet[Finding]:
    """Findings that the actor watches: of whole cities, or those that lie wholly within what a posting names."""
    scope = scope_of(actor, verb=VIEW)
    within = Q(pk__in=[])
    for prefix in scope.prefixes:
        within |= Q(city__startswith=prefix) if len(prefix) == 4 else Q(jurisdictions__contained_by=[prefix])
    for code in scope.subjects:
        if kind_of(code) == "project":
            within |= Q(projects__contained_by=[code])
        elif kind_of(code) == "household":
            within |= Q(subjects__contained_by=[code])
    return Finding.objects.filter(within)


def listed_findings_for(actor: Actor) -> QuerySet[Finding]:
    """The same with how often each was asked and answered, and the first day by which an answer is still due."""
    return findings_for(actor).annotate(
        question_count=Count("questions", distinct=True), answer_count=Count("questions__answers", distinct=True),
        due_on=Min("questions__due_on", filter=Q(questions__answers=None)),
    )


def finding_for(actor: Actor, key: str) -> Finding | None:
    """One finding with what was asked, answered and closed, or None."""
    return (
        findings_for(actor).filter(pk=key)
        .prefetch_related(_questions(), Prefetch("closings", FindingClosing.objects.select_related("closed_by")
                                                 .order_by("closed_at", "pk")))
        .first()
    )


def _questions() -> Prefetch:
    answers = FindingAnswer.objects.select_related("answered_by").order_by("answered_at", "pk")
    questions = FindingQuestion.objects.select_related("unit", "asked_by").order_by("asked_at", "pk")
    return Prefetch("questions", questions.prefetch_related(Prefetch("answers", answers)))


def questions_for(actor: Actor) -> QuerySet[FindingQuestion]:
    """Questions put to the actor's own units; nobody else's."""
    roles = current_rulebook().authority.roles
    whole, limited = set(), []
    for posting in actor.postings:
        if ANSWER in roles.get(posting.role, {}):
            if posting.subject:
                limited.append(posting)
            else:
                whole.add(posting.unit)
    within = Q(unit__in=whole)
    for posting in limited:
        asked = FindingQuestion.objects.filter(unit=posting.unit).values_list("pk", "place")
        within |= Q(pk__in=[pk for pk, place in asked if is_at_or_below(place, posting.subject)])
    answered = Exists(FindingAnswer.objects.filter(question=OuterRef("pk")))
    return FindingQuestion.objects.filter(within).select_related("finding", "unit").annotate(is_answered=answered)


def question_for(actor: Actor, number: int) -> FindingQuestion | None:
    """One question put to the actor's unit with its answers, or None."""
    answers = FindingAnswer.objects.select_related("answered_by").order_by("answered_at", "pk")
    return questions_for(actor).filter(pk=number).prefetch_related(Prefetch("answers", answers)).first()


def waiting_count(actor: Actor) -> int:
    """How many questions wait for an answer of the actor's units."""
    return questions_for(actor).filter(is_answered=False, finding__gone_on=None).count()


def rows_of(actor: Actor, finding: Finding) -> list[ShownRow]:
    """The rows behind a finding; what the actor does not reach as a dossier names nothing."""
    reach, ledger = reach_of(actor, verb="household.view"), reach_of(actor, verb="ledger.view")
    codes = [row["subject"] for row in finding.rows]
    households = {
        row.code: row
        for row in Household.objects.filter(pk__in=codes).select_related("section__jurisdiction")
        .only("code", "name_masked", "section__name", "section__name_en", "section__jurisdiction__name",
              "section__jurisdiction__name_en")
    }
    return [_shown(row, households.get(row["subject"]), reach, ledger) for row in finding.rows]


def _shown(row: Mapping[str, Any], household: Household | None, reach: Reach, ledger: Reach) -> ShownRow:
    if not reach.covers(row["subject"]):
        return ShownRow("", "", ("", ""), (), "", is_in_reach=False)
    section = household.section if household else None
    return ShownRow(
        subject=row["subject"], name_masked=household.name_masked if household else "",
        place=(
            f"{section.jurisdiction.name} {section.name}",
            f"{section.jurisdiction.name_en}, {section.name_en or section.name}",
        ) if section else ("", ""),
        figures=[(str(what), str(value)) for what, value in row["figures"]],
        deed=str(row["fact"]).partition("/")[0] if ledger.covers(row["subject"]) else "", is_in_reach=True,
    )


def units_to_ask(finding: Finding) -> list[tuple[Unit, str]]:
    """Units that answer for the finding, each with a subject of it: its districts and the clients of its projects."""
    places: dict[str, str] = {}
    jurisdictions = {jurisdiction_of(code) for code in finding.subjects}
    clients = dict(Project.objects.filter(pk__in=finding.projects).values_list("pk", "client_id"))
    for code in finding.subjects:
        places.setdefault(jurisdiction_of(code), code)
    for code in finding.subjects:
        client = clients.get(project_of(code))
        if client:
            places.setdefault(client, code)
    units = sorted(Unit.objects.filter(pk__in=places), key=lambda unit: (unit.code not in jurisdictions, unit.code))
    return [(unit, places[unit.code]) for unit in units]


def violations_for(actor: Actor, *, on: date, known: date | None = None) -> list[Fact]:
    """Violations found in what the actor watches, the latest first."""
    facts = standing_facts(("violation_found",), reach=reach_of(actor, verb=VIEW), on=on, known=known)
    return facts[::-1]


def latest_run(cities: Sequence[str], *, project: str | None = None) -> FindingRun | None:
    """The run of these cities, or of one project there, that was asked for last."""
    runs = FindingRun.objects.filter(city__in=cities).select_related("asked_by").order_by("-asked_at", "-pk")
    return (runs if project is None else runs.filter(project=project)).first()


def run_for(actor: Actor, number: int) -> FindingRun | None:
    """A run over what the actor watches, or None."""
    reach = reach_of(actor, verb=VIEW)
    run = FindingRun.objects.filter(pk=number).first()
    return run if run is not None and reach.covers(run.project or run.city) else None


def is_moving(run: FindingRun | None, *, now: datetime) -> bool:
    """Whether a run still waits or works; one that was asked for long ago has been left by its worker."""
    if run is None or now - run.asked_at > _LONGEST_RUN:
        return False
    return run.stage in (RunStage.QUEUED, RunStage.RUNNING)


def evidence_of_deeds(deeds: Sequence[str]) -> dict[str, list[Evidence]]:
    """Deed -> its files, for answers that may be read."""
    found: dict[str, list[Evidence]] = {}
    for file in Evidence.objects.filter(deed__in=deeds).select_related("file").order_by("deed", "ordinal"):
        found.setdefault(file.deed_id, []).append(file)
    return found


def names_of(codes: Sequence[str]) -> list[str]:
    """Names of people, in the order of their codes."""
    return list(Person.objects.filter(pk__in=codes).order_by("pk").values_list("name", flat=True))
