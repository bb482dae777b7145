"""What no procedure file may contain, and what each must: checked when the rulebook is loaded."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from zhengtu.core.procedure.invariants import PREDICATES
from zhengtu.core.procedure.steps import Act, Bound, DateField, Procedure, Scope, Step
from zhengtu.core.rules.reading import RulebookInvalid

FORBIDDEN_WORDS: Final = (
    "强拆", "强制拆除", "强制腾空", "强制搬迁", "停水", "停电", "停热", "停气", "断水", "断电", "断热", "断气", "断路",
    "evict", "forced demolition", "cut off", "utilities",
)
"""No step bears a name of forced eviction by the administration or of cutting utilities (decree 590, art. 27, 28, 31;
Administrative Enforcement Law, art. 43)."""

REQUIRED_ACTS: Final = (
    Act.EXPROPRIATION_DECISION, Act.FUNDS_IN_ACCOUNT, Act.OPTIONS_OFFERED, Act.AGREEMENT, Act.COMPENSATION_DECISION,
    Act.DECISION_SERVICE, Act.PAYMENT, Act.VACATING, Act.DEMOLITION, Act.HANDOVER, Act.RESULTS_PUBLICATION,
    Act.DEMAND_NOTICE, Act.COURT_APPLICATION, Act.COURT_RULING, Act.ENFORCEMENT,
)
DATE_FIELDS: Final = frozenset({"happened_on", "served_on", "published_from", "published_until"})


def check_procedure(
    procedure: Procedure, *, file: str, evidence: Collection[str], verbs: Collection[str]
) -> None:
    """Refuse a procedure that contradicts itself or breaks an invariant.

    Raises:
        RulebookInvalid: naming the file, the step and what is wrong.
    """
    for step in procedure.steps.values():
        for problem in _problems(step, procedure, evidence=evidence, verbs=verbs):
            raise RulebookInvalid(f"{file}: {step.id}: {problem}")
    for act in REQUIRED_ACTS:
        if not procedure.having(act):
            raise RulebookInvalid(f"{file}: no step does the act {act}")
    for kind in {step.recorded_by for step in procedure.steps.values()}:
        if sum(step.recorded_by == kind for step in procedure.steps.values()) > 1:
            raise RulebookInvalid(f"{file}: two steps are recorded by {kind}")
    _check_rights(procedure, file=file)
    _check_order(procedure, file=file)
    _check_phases(procedure, file=file)


def _problems(
    step: Step, procedure: Procedure, *, evidence: Collection[str], verbs: Collection[str]
) -> Iterable[str]:
    words = " ".join((*step.label, step.id.replace("_", " "))).lower()
    if any(word in words for word in FORBIDDEN_WORDS):
        yield "no step may be named for forced eviction by the administration or for cutting utilities"
    if step.verb not in verbs:
        yield f"unknown verb {step.verb}"
    if not step.evidence:
        yield "a step needs evidence"
    if unknown := set(step.evidence) - set(evidence):
        yield f"unknown evidence kind {sorted(unknown)[0]}"
    if unknown := {name for group in (*step.needs, *step.needs_begun) for name in group} - set(procedure.steps):
        yield f"needs the unknown step {sorted(unknown)[0]}"
    if unknown := set(step.conditions) - set(PREDICATES):
        yield f"unknown condition {sorted(unknown)[0]}"
    if step.restart is not None and (unknown := set(step.restart.steps) - set(procedure.steps)):
        yield f"restarts the unknown step {sorted(unknown)[0]}"
    for clause in step.applies_when:
        names = {*clause.recorded, *clause.not_recorded}
        names |= {value.partition(".")[0] for value in (clause.value, clause.share_of) if "." in value}
        if unknown := names - set(procedure.steps):
            yield f"applies by the unknown step {sorted(unknown)[0]}"
    for period in step.periods:
        if not _is_known(period.counted_from, own=step, procedure=procedure):
            yield f"the period {period.id} counts from an unknown date"
        if period.bound in (Bound.AT_LEAST, Bound.REMEDY) and period.counted_from.step:
            yield f"the period {period.id} must count from the step's own date"
    yield from _invariant_problems(step, procedure)


def _invariant_problems(step: Step, procedure: Procedure) -> Iterable[str]:
    """What the order itself must show, beside the predicates that hold at the gate."""
    needed = {procedure.steps[name].act for group in step.needs for name in group if name in procedure.steps}
    if step.act is Act.ENFORCEMENT and Act.COURT_RULING not in needed:
        yield "enforcement must need the ruling of the court (INV-1)"
    if step.act is Act.COURT_RULING and not needed & {Act.OTHER, Act.JUDGMENT_ENFORCEMENT}:
        yield "a ruling must need the court's acceptance (INV-1)"
    if step.act is Act.COURT_APPLICATION and not {Act.DEMAND_NOTICE, Act.DECISION_SERVICE} <= needed:
        yield "the application must need the service of the decision and the demand notice"
    if step.act is Act.DEMOLITION and Act.VACATING not in needed:
        yield "demolition must need vacating (INV-2)"
    if step.act is Act.HANDOVER and Act.RESULTS_PUBLICATION not in needed:
        yield "handing over must need the published results (INV-11)"
    if step.act in (Act.AGREEMENT, Act.COMPENSATION_DECISION) and Act.OPTIONS_OFFERED not in needed:
        yield "an agreement or decision must need the offer of both ways (INV-7)"
    if step.act is not Act.OTHER and step.act in _HOUSEHOLD_ACTS and step.scope is not Scope.HOUSEHOLD:
        yield "this act concerns one household"


_HOUSEHOLD_ACTS: Final = frozenset(
    {Act.AGREEMENT, Act.COMPENSATION_DECISION, Act.PAYMENT, Act.VACATING, Act.DEMOLITION, Act.COURT_APPLICATION,
     Act.COURT_RULING, Act.ENFORCEMENT}
)


def _is_known(field: DateField, *, own: Step, procedure: Procedure) -> bool:
    step = procedure.steps.get(field.step) if field.step else own
    return step is not None and (field.field in DATE_FIELDS or field.field in step.attributes)


def _check_rights(procedure: Procedure, *, file: str) -> None:
    for right in procedure.rights.values():
        fields = [right.counted_from, *([right.until] if right.until else [])]
        if not all(field.step in procedure.steps for field in fields):
            raise RulebookInvalid(f"{file}: {right.id}: counts from an unknown step")
        if not all(_is_known(field, own=procedure.steps[field.step], procedure=procedure) for field in fields):
            raise RulebookInvalid(f"{file}: {right.id}: counts from an unknown date")
        if right.period is None and right.until is None:
            raise RulebookInvalid(f"{file}: {right.id}: needs a period or a last day")
        named = {*right.exercised_by, *([right.replaced_by] if right.replaced_by else [])}
        if unknown := named - set(procedure.steps):
            raise RulebookInvalid(f"{file}: {right.id}: names the unknown step {sorted(unknown)[0]}")
    if unknown := set(procedure.remedies) - set(procedure.rights):
        raise RulebookInvalid(f"{file}: remedies name the unknown right {sorted(unknown)[0]}")


def _check_order(procedure: Procedure, *, file: str) -> None:
    """No step may need itself, however far round."""
    done: set[str] = set()

    def visit(id: str, path: tuple[str, ...]) -> None:
        if id in path:
            raise RulebookInvalid(f"{file}: steps need one another in a circle: {' > '.join((*path, id))}")
        if id in done:
            return
        step = procedure.steps[id]
        allowed = [period.counted_from.step for period in step.periods if period.bound is Bound.ALLOW]
        needed = [name for group in (*step.needs, *step.needs_begun) for name in group] + [n for n in allowed if n]
        for name in needed:
            visit(name, (*path, id))
        done.add(id)

    for id in procedure.steps:
        visit(id, ())


def _check_phases(procedure: Procedure, *, file: str) -> None:
    """Phases cover the steps from the first on, in the order of the file."""
    order = list(procedure.steps)
    starts = [phase.first_step for phase in procedure.phases]
    if unknown := set(starts) - set(order):
        raise RulebookInvalid(f"{file}: a phase starts with the unknown step {sorted(unknown)[0]}")
    if not starts or starts[0] != order[0] or starts != sorted(starts, key=order.index):
        raise RulebookInvalid(f"{file}: phases must start with the first step and follow the order of the file")
