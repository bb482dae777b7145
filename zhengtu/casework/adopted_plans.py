"""A project adopts its compensation scheme: once published, within its level, and never at the cost of who has signed.

An adopted scheme is law for its project from its day on and is never changed; a later one follows it. It is adopted by
the jurisdiction that leads the project.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Max, QuerySet

from zhengtu.casework import writes
from zhengtu.casework.compensation_facts import compensation_cases_of, rules_for
from zhengtu.casework.models import AdoptedPlan
from zhengtu.core.authority.actor import Actor
from zhengtu.core.compensation.assess import CompensationRules
from zhengtu.core.compensation.parameter_reading import plan_adopted
from zhengtu.core.compensation.parameters import STANDARD_SET
from zhengtu.core.compensation.policy_trial import Trial, compare
from zhengtu.core.compensation.scheme_difference import SchemeChange, scheme_changes
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.procedure.standing import case_standing
from zhengtu.core.procedure.steps import Act
from zhengtu.ledger.act import act
from zhengtu.ledger.models import Milestones
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.rulebook import current_compensation, current_rulebook
from zhengtu.registry.models import Participation, Project, Regime, Section
from zhengtu.registry.procedure_cases import case_of
from zhengtu.registry.queries import projects_for, subject_of

VERB: Final = "policy.adopt"
SCHEME, APPROVAL = "compensation_scheme", "approval"
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """An adopted scheme with what it sets otherwise than the one before."""

    plan: AdoptedPlan
    changes: Sequence[SchemeChange]
    adopted_at: datetime | None = None


def plan_projects_for(actor: Actor) -> QuerySet[Project]:
    """Projects whose schemes the actor may see, with the number of schemes adopted and the day of the latest."""
    rows = projects_for(actor, verb="policy.view").exclude(regime=Regime.LEGACY_DEMOLITION).defer("shape")
    return rows.annotate(plan_version=Max("adopted_plans__version"), plan_from=Max("adopted_plans__from_on")).order_by(
        "code"
    )


def plan_versions(project: Project) -> list[PlanVersion]:
    """All schemes of a project, the latest first, each compared with the one before."""
    plans = list(AdoptedPlan.objects.filter(project=project).order_by("version"))
    parameters = current_compensation().rules.parameters
    found = []
    for before, plan in zip([None, *plans], plans, strict=False):
        changes = scheme_changes(
            parameters, before=_dated(before) if before else None, after=_dated(plan), project=project.code
        )
        found.append(PlanVersion(plan, changes))
    return list(reversed(found))


def plans_setting(parameter: str, *, projects: QuerySet[Project]) -> list[AdoptedPlan]:
    """Adopted schemes of these projects that set a parameter, by project and version."""
    plans = AdoptedPlan.objects.filter(project__in=projects, plan__parameters__contains=[{"id": parameter}])
    return list(plans.select_related("project").order_by("project", "version"))


def adopting_subject(project: str) -> str:
    """The project's part in the jurisdiction that leads it: its government adopts the scheme."""
    part = Participation.objects.filter(project=project).order_by("-is_lead", "jurisdiction").first()
    return f"{part.jurisdiction_id}-{project.split('-')[1]}" if part else project


def may_adopt(actor: Actor, project: str) -> bool:
    """Whether the actor's posts include adopting a scheme for the project."""
    subject = subject_of(adopting_subject(project))
    return current_rulebook().authority.may(actor=actor, verb=VERB, subject=subject) is None


def adopt_plan(
    *,
    actor: Actor,
    project: str,
    plan: Mapping[str, Any],
    from_on: date,
    parameter_set: str,
    files: Sequence[OfferedFile],
    now: datetime,
) -> AdoptedPlan:
    """Adopt a scheme for a project from ``from_on`` on.

    Args:
        plan: as a file of ``rulebook/compensation/schemes``.
        parameter_set: the pilot that the project elects, or ``standard``.
        files: the scheme (``compensation_scheme``) and its approval (``approval``).

    Raises:
        Refused: no right; not published for its full period; sets what another level sets; would lower what somebody
            who signed or was decided on is due; scheme or approval not attached.
    """
    subject = adopting_subject(project)
    with act(actor, VERB, on=subject_of(subject), at=now) as deed:
        reasons = [
            *_evidence_reasons(files),
            *_order_reasons(project, from_on=from_on),
            *publication_reasons(project, from_on=from_on, today=civil_date(at=now)),
            *_set_reasons(parameter_set),
        ]
        dated = {**plan, "from": from_on}
        try:
            adopted = plan_adopted(rules_for(project).parameters, dated, project=project)
        except Refused as refused:
            reasons += refused.reasons
        else:
            rules = CompensationRules(parameters=adopted, items=current_compensation().rules.items)
            reasons += _settled_reasons(project, rules=rules, from_on=from_on, parameter_set=parameter_set)
        if not plan.get("parameters"):
            reasons.append(_empty_reason())
        evidence = kept_files(files, reasons)
        deed.record(evidence=evidence, because=[adopted_reason(project, from_on)])
        return writes.insert_adopted_plan(
            project=project, from_on=from_on, plan=plan, deed=deed.id, parameter_set=parameter_set,
            approval_sha256=next(file.sha256 for file in evidence if file.kind == APPROVAL),
        )


def _dated(plan: AdoptedPlan) -> dict[str, Any]:
    return {**plan.plan, "from": plan.from_on}


def _evidence_reasons(files: Sequence[OfferedFile]) -> list[Reason]:
    attached = {file.kind for file in files}
    return [
        Reason(
            code="ledger.evidence_missing", message=N_("“%(evidence)s” is not attached."),
            parameters={"evidence": f"evidence:{kind}"}, remedy=N_("Attach the file and adopt again."),
        )
        for kind in (SCHEME, APPROVAL) if kind not in attached
    ]


def _order_reasons(project: str, *, from_on: date) -> list[Reason]:
    latest = AdoptedPlan.objects.filter(project=project).order_by("-version").first()
    if latest is None or from_on > latest.from_on:
        return []
    return [
        Reason(
            code="policy.scheme_order",
            message=N_("The project's scheme no. %(version)s holds from %(from)s; a later one begins after it."),
            parameters={"version": latest.version, "from": latest.from_on.isoformat()},
            remedy=N_("Choose a later day. What was adopted stays as it is."),
        )
    ]


def publication_reasons(project: str, *, from_on: date, today: date) -> list[Reason]:
    """Why the scheme is not published as the procedure that governs the leading part asks."""
    case = case_of(adopting_subject(project))
    if case is None:
        return [
            Reason(
                code="policy.no_procedure",
                message=N_("No procedure of today's law governs the project: it keeps what its permit promised."),
                source="state-council-decree-590#35",
                remedy=N_("Record the agreements of legacy projects as they stand."),
            )
        ]
    standing = case_standing(
        facts=case.facts, procedure=case.procedure, calendar=current_rulebook().calendar, today=today
    )
    reasons = []
    for step in case.procedure.having(Act.SCHEME_PUBLICATION):
        where = standing.steps.get(step.id)
        given = {"step": f"step:{step.id}", "from": from_on.isoformat()}
        if where is None or not where.facts:
            reasons.append(_publication_reason(
                N_("“%(step)s” is not recorded: no scheme is adopted that was not published."), given, step.source
            ))
            continue
        fact = where.facts[-1]
        began = fact.published_from or fact.happened_on
        if where.earliest_on is not None or where.reasons:
            until = where.earliest_on.isoformat() if where.earliest_on else "–"
            reasons.append(_publication_reason(
                N_("“%(step)s” has not run its full period; the scheme can be adopted from %(until)s."),
                {**given, "until": until}, step.source,
            ))
        if from_on < began:
            reasons.append(_publication_reason(
                N_("The scheme would hold from %(from)s, before it was published on %(published)s."),
                {**given, "published": began.isoformat()}, step.source,
            ))
    return reasons


def scheme_published_on(project: str) -> date | None:
    """The day from which the leading part's scheme hangs out, or None while none does."""
    case = case_of(adopting_subject(project))
    if case is None:
        return None
    steps = {step.id for step in case.procedure.having(Act.SCHEME_PUBLICATION)}
    days = [fact.published_from or fact.happened_on for fact in case.facts.project if fact.step in steps]
    return max(days, default=None)


def _publication_reason(message: str, parameters: Mapping[str, str], source: str) -> Reason:
    return Reason(
        code="policy.scheme_unpublished", message=message, parameters=parameters, source=source,
        remedy=N_("Record the publication of the scheme on the procedure page, or choose a later day."),
    )


def _set_reasons(parameter_set: str) -> list[Reason]:
    if parameter_set in known_sets():
        return []
    return [
        Reason(
            code="policy.unknown_set", message=N_("The rulebook knows no parameter set “%(set)s”."),
            parameters={"set": parameter_set}, remedy=N_("Choose one of the list."),
        )
    ]


def known_sets() -> list[str]:
    """The standard set, and every pilot of which the rulebook holds a value."""
    by_id = current_compensation().rules.parameters.by_id
    pilots = {value.set_name for parameter in by_id.values() for value in parameter.values} - {STANDARD_SET}
    return [STANDARD_SET, *sorted(pilots)]


def _settled_reasons(
    project: str, *, rules: CompensationRules, from_on: date, parameter_set: str
) -> list[Reason]:
    """Who has signed or was decided on would be due less, or could no longer be computed."""
    sections = Section.objects.filter(project=project).values("code")
    rows = Milestones.objects.filter(subject_kind="household", section__in=sections)
    settled = rows.exclude(signed_on__isnull=True, decided_on__isnull=True).values_list("subject", flat=True)
    trials = [
        Trial(case.facts, case.option, case.valued_on)
        for case in compensation_cases_of(sorted(settled)).values()
        if case.option is not None and case.valued_on is not None and case.valued_on >= from_on
    ]
    comparison = compare(rules_a=rules_for(project), rules_b=rules, households=trials, set_b=parameter_set)
    computed = {refusal.household for refusal in comparison.refusals if refusal.under == "a"}
    lost = [one.household for one in comparison.refusals if one.under == "b" and one.household not in computed]
    worse = [change.household for change in comparison.losers] + lost
    if not worse:
        return []
    return [
        Reason(
            code="policy.lowers_settled",
            message=N_("%(count)s households signed or decided on would be due less, such as %(households)s."),
            parameters={"count": len(worse), "households": ", ".join(worse[:_NAMED])},
            source="state-council-decree-590#25",
            remedy=N_("Begin the scheme after the day for which they were valued, or keep what they were promised."),
        )
    ]


def _empty_reason() -> Reason:
    return Reason(
        code="policy.scheme_empty", message=N_("The scheme sets nothing."),
        remedy=N_("Fill in at least one value that the project's scheme decides."),
    )


def adopted_reason(project: str, from_on: date) -> Reason:
    """What a deed that adopts a scheme says of itself."""
    return Reason(
        code="policy.adopted", message=N_("Compensation scheme of %(project)s adopted, in force from %(from)s."),
        parameters={"project": project, "from": from_on.isoformat()},
    )
