"""Policies tried on a project: asked for in a deed, computed at once or by a task, kept so that they recompute.

A trial records no fact and touches no statement, agreement or plan: the deed says only that somebody tried.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from django.core.files.base import ContentFile
from django.db.models import Q, QuerySet
from procrastinate.contrib.django import app as task_queue

from zhengtu.casework import policy_writes
from zhengtu.casework.compensation_facts import CompensationCase, compensation_cases_of, rules_for
from zhengtu.casework.models import PolicyTrial, TrialStage
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.compensation.assess import CompensationRules
from zhengtu.core.compensation.facts import Mode, Option
from zhengtu.core.compensation.parameter_trying import Change, plain_changes, tried
from zhengtu.core.compensation.parameters import STANDARD_SET
from zhengtu.core.compensation.policy_trial import PolicyComparison, Trial, compare
from zhengtu.core.compensation.trial_record import (
    TrialInputs,
    comparison_as_bytes,
    comparison_from,
    digest_of,
    inputs_from,
    told,
)
from zhengtu.core.kernel.codes import jurisdiction_of, kind_of, project_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.act import act
from zhengtu.ledger.files import evidence_path, evidence_storage, keep_file
from zhengtu.registry.models import Household, Participation, Regime, Section
from zhengtu.registry.queries import projects_for, scope_of, sections_for, subject_of

TASK: Final = "try_policy"
VERB: Final = "policy.try"
AT_ONCE: Final = 150
"""Up to so many households a trial is computed while its asker waits."""
_SILENT_FOR: Final = timedelta(minutes=5)
_KEPT_AS: Final = "policy_trial"


def trials_for(actor: Actor, *, verb: str = "policy.view") -> QuerySet[PolicyTrial]:
    """Trials whose whole subject the actor reaches, the latest first."""
    scope = scope_of(actor, verb=verb)
    reach = Q(pk__in=[]) | Q(project__client__in=scope.clients) | Q(project__lead__in=scope.leads)
    for prefix in scope.prefixes:
        reach |= Q(subject__startswith=prefix)
    for code in scope.subjects:
        if kind_of(code) == "project":
            reach |= Q(project=code)
        elif kind_of(code) == "section":
            reach |= Q(subject=code)
    return PolicyTrial.objects.filter(reach).select_related("project", "asked_by").order_by("-asked_at", "-pk")


def trial_subjects_for(actor: Actor) -> list[tuple[str, str, str]]:
    """(code, Chinese name, English name) of what the actor may try policies on: projects, their parts, sections."""
    projects = projects_for(actor, verb=VERB).exclude(regime=Regime.LEGACY_DEMOLITION)
    scope = scope_of(actor, verb=VERB)
    found = []
    sections: dict[str, list[Section]] = {}
    for section in sections_for(actor, verb=VERB).defer("shape").order_by("code"):
        sections.setdefault(section.project_id, []).append(section)
    parts: dict[str, list[Participation]] = {}
    for part in Participation.objects.filter(project__in=projects).select_related("jurisdiction"):
        parts.setdefault(part.project_id, []).append(part)
    for project in projects.defer("shape").order_by("code"):
        subject = Subject(
            project.code, frozenset({project.client_id}), frozenset({project.lead_id} if project.lead_id else ())
        )
        if scope.covers(subject):
            found.append((project.code, project.name, project.name_en))
        for part in sorted(parts.get(project.code, []), key=lambda one: one.jurisdiction_id):
            code = f"{part.jurisdiction_id}-{project.code.split('-')[1]}"
            if scope.covers(replace(subject, code=code)) and len(parts[project.code]) > 1:
                unit = part.jurisdiction
                found.append((code, f"{project.name} · {unit.name}", f"{project.name_en} · {unit.name_en}"))
        for section in sections.get(project.code, []):
            names = f"{project.name} · {section.name}", f"{project.name_en} · {section.name_en or section.name}"
            found.append((section.code, *names))
    return found


def trial_households(subject: str) -> QuerySet[Household]:
    """The households of a project, of its part in a jurisdiction, or of a section."""
    kind = kind_of(subject)
    if kind == "project":
        return Household.objects.filter(section__project=subject)
    if kind == "section":
        return Household.objects.filter(section=subject)
    project, jurisdiction = project_of(subject), jurisdiction_of(subject)
    return Household.objects.filter(section__project=project, section__jurisdiction=jurisdiction)


def trial_place(subject: str) -> str:
    """The division whose values are compared: the subject's own, or that of the project's leading part."""
    if kind_of(subject) != "project":
        return jurisdiction_of(subject)
    part = Participation.objects.filter(project=subject).order_by("-is_lead", "jurisdiction").first()
    return part.jurisdiction_id if part else jurisdiction_of(subject)


def start_trial(
    *,
    actor: Actor,
    subject: str,
    title: str,
    tried_on: date,
    changes: Sequence[Change],
    parameter_set: str,
    signing_day: int | None,
    now: datetime,
) -> PolicyTrial:
    """Ask for a trial: computed at once where few households are concerned, else by a task.

    Raises:
        Refused: no right, nothing changed, or a value that the rulebook's reader refuses.
    """
    with act(actor, VERB, on=subject_of(subject), at=now) as deed:
        reasons = _shape_reasons(title, changes=changes, parameter_set=parameter_set)
        try:
            _rules_b(subject, changes=changes, on=tried_on, set_name=parameter_set or STANDARD_SET)
        except Refused as refused:
            reasons += refused.reasons
        if reasons:
            raise Refused(*reasons)
        deed.record(because=[tried_reason(title)])
        trial = policy_writes.insert_trial(
            project=project_of(subject), subject=subject, title=title.strip(), tried_on=tried_on,
            parameter_set=parameter_set, signing_day=signing_day, changes=plain_changes(changes),
            person=actor.person, at=now, deed=deed.id,
        )
        is_small = trial_households(subject).count() <= AT_ONCE
        if not is_small:
            task_queue.configure_task(TASK).defer(trial_id=trial.pk)
    if is_small:
        carry_out_trial(trial.pk, clock=lambda: now)
        trial.refresh_from_db()
    return trial


def compute_again(trial: PolicyTrial) -> None:
    """Queue a trial that failed, or whose worker died, once more."""
    policy_writes.set_trial(trial.pk, stage=TrialStage.QUEUED, progress=0)
    task_queue.configure_task(TASK).defer(trial_id=trial.pk)


def is_dead(trial: PolicyTrial, *, now: datetime) -> bool:
    """Whether a trial says that it is computed while nobody works on it any more."""
    return trial.stage == TrialStage.RUNNING and trial.moved_at is not None and now - trial.moved_at > _SILENT_FOR


def carry_out_trial(trial_id: int, *, clock: Callable[[], datetime]) -> str:
    """Compute a trial that waits; returns the stage it ends at."""
    if policy_writes.claim_trial(trial_id, at=clock()):
        trial = PolicyTrial.objects.get(pk=trial_id)

        def tell(share: float) -> None:
            policy_writes.set_trial(trial_id, progress=share, moved_at=clock())

        try:
            inputs = gathered_inputs(trial)
            result = comparison_as_bytes(recomputed(inputs, tell=tell))
        except Exception:
            policy_writes.set_trial(trial_id, stage=TrialStage.FAILED)
            raise
        content = inputs.to_bytes()
        policy_writes.set_trial(
            trial_id, stage=TrialStage.DONE, progress=1, moved_at=clock(),
            input_digest=digest_of(content), input_file=_kept(content, name=f"trial-{trial_id}-input.json.gz"),
            result_digest=digest_of(result), result_file=_kept(result, name=f"trial-{trial_id}-result.json.gz"),
        )
    return PolicyTrial.objects.get(pk=trial_id).stage


def gathered_inputs(trial: PolicyTrial) -> TrialInputs:
    """All that a trial is computed from, as ledger and register have it now."""
    codes = list(trial_households(trial.subject).order_by("code").values_list("code", flat=True))
    cases = compensation_cases_of(codes)
    households = [_household(cases[code], trial) for code in codes if code in cases]
    place = trial_place(trial.subject)
    rules = rules_for(trial.project_id)
    fingerprints = {
        set_name: rules.parameters.on(
            date=trial.tried_on, place=place, project=trial.project_id, set_name=set_name
        ).fingerprint
        for set_name in sorted({one.facts.parameter_set for one in households})
    }
    return TrialInputs(
        on=trial.tried_on, place=place, project=trial.project_id, set_b=trial.parameter_set, changes=trial.changes,
        rulebook=fingerprints, households=households,
    )


def recomputed(inputs: TrialInputs, *, tell: Callable[[float], None] = lambda share: None) -> PolicyComparison:
    """The result of these inputs under the rules on file: the same, however often it is asked."""
    rules_a = rules_for(inputs.project)
    changes = [Change(one["parameter"], one["value"]) for one in inputs.changes]
    set_b = inputs.set_b or next((one.facts.parameter_set for one in inputs.households), STANDARD_SET)
    parameters = tried(
        rules_a.parameters, changes, on=inputs.on, place=inputs.place, project=inputs.project, set_name=set_b
    )
    rules_b = CompensationRules(parameters=parameters, items=rules_a.items)
    return compare(
        rules_a=rules_a, rules_b=rules_b, households=told(inputs.households, tell), set_b=inputs.set_b
    )


def kept_inputs(trial: PolicyTrial) -> TrialInputs:
    """What the trial was computed from, as it was kept."""
    return inputs_from(_content(trial.input_file))


@lru_cache(maxsize=16)
def kept_comparison(result_file: str) -> PolicyComparison:
    """A kept result, by the SHA-256 under which it lies."""
    return comparison_from(_content(result_file))


def reproduces(trial: PolicyTrial) -> bool:
    """Whether the kept input, computed once more under the rules on file, gives the kept result to the byte."""
    return digest_of(comparison_as_bytes(recomputed(kept_inputs(trial)))) == trial.result_digest


def _household(case: CompensationCase, trial: PolicyTrial) -> Trial:
    option = case.option or Option(mode=Mode.CASH)
    opened = case.facts.signing_opens_on
    if trial.signing_day is not None and opened is not None and option.signed_on is None:
        day = opened + timedelta(days=trial.signing_day)
        option = replace(option, signed_on=day, vacated_on=option.vacated_on or day)
    return Trial(case.facts, option, trial.tried_on)


def _rules_b(subject: str, *, changes: Sequence[Change], on: date, set_name: str) -> None:
    """Read every change as the trial will; refuses what cannot be read."""
    project = project_of(subject)
    tried(
        rules_for(project).parameters, changes, on=on, place=trial_place(subject), project=project, set_name=set_name
    )


def _shape_reasons(title: str, *, changes: Sequence[Change], parameter_set: str) -> list[Reason]:
    reasons = []
    if not title.strip():
        reasons.append(
            Reason(
                code="policy.title_missing", message=N_("The trial has no name."),
                remedy=N_("Say in a few words what is tried."),
            )
        )
    if not changes and not parameter_set:
        reasons.append(
            Reason(
                code="policy.nothing_changed",
                message=N_("The trial changes nothing: every value is the one in force."),
                remedy=N_("Change at least one value, or choose another parameter set."),
            )
        )
    return reasons


def tried_reason(title: str) -> Reason:
    """What a deed that tries a policy says of itself."""
    return Reason(
        code="policy.tried", message=N_("Policy trial “%(title)s”: computed only, nothing takes effect."),
        parameters={"title": title.strip()},
    )


def _kept(content: bytes, *, name: str) -> str:
    packed = ContentFile(gzip.compress(content, compresslevel=6, mtime=0))
    return keep_file(packed, kind=_KEPT_AS, name=name, media_type="application/gzip").sha256


def _content(digest: str) -> bytes:
    with evidence_storage().open(evidence_path(digest)) as file:
        return gzip.decompress(file.read())
