"""Resettlement plans in an actor's reach, what may be done with them, and how far their milestones are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.ledger.models import Milestones
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household, Participation
from zhengtu.registry.queries import participations_for
from zhengtu.resettlement.models import PlanFiling

VIEW: Final = "resettlement.view"
DRAFT: Final = "resettlement_plan.draft"


@dataclass(frozen=True, slots=True)
class MilestoneStanding:
    """A milestone of a plan with the families of it that the ledger knows to be home.

    Attributes:
        directive: the directive by which it is followed, or empty.
    """

    milestone: dict[str, Any]
    due_on: date
    count: int
    home: int
    directive: str = ""

    @property
    def is_done(self) -> bool:
        return self.home >= self.count


def plans_for(actor: Actor, *, verb: str = VIEW) -> QuerySet[PlanFiling]:
    """Plans of parts of projects that the actor reaches, the latest first."""
    reached = [row.code for row in participations_for(actor, verb=verb).only("project_id", "jurisdiction_id")]
    rows = PlanFiling.objects.filter(project__in=reached).select_related("drafted_by", "approved_by", "filed_by")
    return rows.order_by("-drafted_at", "-pk")


def part_named(code: str) -> Participation | None:
    """A part of a project with its project and district, by its code."""
    jurisdiction, _, project = code.partition("-")
    rows = Participation.objects.select_related("project", "jurisdiction").defer("project__shape")
    return rows.filter(jurisdiction=jurisdiction, project__code__endswith=f"-{project}").first()


def part_name(row: Participation) -> tuple[str, str]:
    """Names of project and district, Chinese and English."""
    project, place = row.project, row.jurisdiction
    return f"{project.name} · {place.short_name or place.name}", f"{project.name_en} · {place.name_en}"


def part_names(actor: Actor) -> dict[str, tuple[str, str]]:
    """Part of a project that the actor reaches -> its names."""
    rows = participations_for(actor, verb=VIEW).select_related("project", "jurisdiction").defer("project__shape")
    return {row.code: part_name(row) for row in rows}


def may(actor: Actor, verb: str, code: str) -> bool:
    """Whether the actor's posts let it do something with a plan, or with a part of a project."""
    return current_rulebook().authority.may(actor=actor, verb=verb, subject=Subject(code=code)) is None


def milestone_standings(plan: PlanFiling, *, on: date) -> list[MilestoneStanding]:
    """Milestones in order, each with how many of its families came home by a day."""
    milestones = plan.content["milestones"]
    codes = [code for one in milestones for code in one["households"]]
    home = set(
        Milestones.objects.filter(subject_kind="household", subject__in=codes, resettled_on__lte=on)
        .values_list("subject", flat=True)
    )
    return [
        MilestoneStanding(
            milestone=one, due_on=date.fromisoformat(one["due_on"]), count=one["count"],
            home=len(home.intersection(one["households"])),
            directive=plan.directives[place] if place < len(plan.directives) else "",
        )
        for place, one in enumerate(milestones)
    ]


def masked_names(households: Collection[str]) -> dict[str, str]:
    """Household -> masked name of its owner."""
    return dict(Household.objects.filter(code__in=households).values_list("code", "name_masked"))


def filings_of(run_id: int, plans: QuerySet[PlanFiling]) -> Sequence[PlanFiling]:
    """Plans out of a run among these."""
    return list(plans.filter(run=run_id))


def filings_by_part(
    runs: Collection[int], plans: QuerySet[PlanFiling]
) -> dict[tuple[int, str], list[PlanFiling]]:
    """(run, part of a project) -> plans out of it among these, their contents not fetched."""
    found: dict[tuple[int, str], list[PlanFiling]] = {}
    for plan in plans.filter(run__in=runs).defer("content"):
        found.setdefault((plan.run_id, plan.project), []).append(plan)
    return found
