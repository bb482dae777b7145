"""Steps that a ledger dates: history from before the campaign becomes facts, everything else is refused.

A step taken during the campaign is recorded with its evidence on the dossier; a sheet cannot stand for it.
Dates that are recorded already are no news; dates that contradict what is recorded are refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zhengtu.core.ledger.fact_kinds import FactKind, checked_attributes, missing_before, order_reasons
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.core.survey_sheets.field_types import FieldType, SheetField
from zhengtu.core.survey_sheets.fields import FIELDS, HISTORY_KINDS, date_field_of, word_of
from zhengtu.core.survey_sheets.problems import SheetProblem
from zhengtu.ledger.act import NewFact
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.facts import HeldStep, RegistryState, held_milestones, standing_steps
from zhengtu.registry.procedure_gate import refusals_of_each

if TYPE_CHECKING:
    from zhengtu.registry.survey_import.ledger_plan import LedgerPlan

_PROMISE = "resettlement_promised"


@dataclass(frozen=True, slots=True)
class NewStep:
    """A fact of history to record; attributes as they are stored."""

    position: int
    kind: str
    happened_on: date
    attributes: Mapping[str, Any]

    def as_fact(self, household: str, *, campaign_start_on: date) -> NewFact:
        """The fact as it is recorded; of what happened before the campaign the platform saw no evidence."""
        return NewFact(
            "household", household, self.kind, self.happened_on, dict(self.attributes),
            is_verified=self.happened_on >= campaign_start_on,
        )


@dataclass(slots=True)
class _Row:
    """One row while its steps are read: what is held, what is new."""

    position: int
    code: str
    held: dict[Milestone, date]
    steps: list[NewStep] = field(default_factory=list)
    dates: dict[Milestone, date] = field(default_factory=dict)


def history_of(plan: LedgerPlan, state: RegistryState, matched: Sequence[str]) -> None:
    """Add the steps that the ledger dates to the plan, and what is wrong with them."""
    fields = [about for about in FIELDS if about.fact and any(plan.ledger.columns.get(about.id) or ())]
    if not fields:
        return
    kinds = [kind for kind in HISTORY_KINDS if any(about.fact == kind for about in fields)]
    known = sorted({code for code in matched if code})
    milestones, steps = held_milestones(known), standing_steps(codes=known, kinds=kinds)
    columns = {about.id: plan.ledger.columns[about.id] for about in FIELDS if about.id in plan.ledger.columns}
    filled = sorted({i for about in fields for i, value in enumerate(columns[about.id]) if value is not None})
    for position in filled:
        row = _Row(position, matched[position], milestones.get(matched[position], {}))
        for kind in kinds:
            _read_step(plan, state, row, kind, columns, steps)
        if row.steps:
            _settle(plan, state, row)
    _ask_gate(plan, state)


def _ask_gate(plan: LedgerPlan, state: RegistryState) -> None:
    """Refuse rows whose history contradicts the procedure that governs the project, each at its own date."""
    by_subject = {plan.codes[step.position]: step.position for step in plan.steps}
    facts = [
        step.as_fact(plan.codes[step.position], campaign_start_on=state.campaign_start_on) for step in plan.steps
    ]
    for fact, reasons in refusals_of_each(facts, evidence=["ledger_sheet"], today=state.today):
        row, dated = plan.ledger.rows[by_subject[fact.subject]], date_field_of(fact.kind)
        plan.problems += [SheetProblem(reason.code, row, dated.id, reason=reason) for reason in reasons]


def _read_step(
    plan: LedgerPlan,
    state: RegistryState,
    row: _Row,
    kind: str,
    columns: Mapping[str, Sequence[Any]],
    steps: Mapping[tuple[str, str], HeldStep],
) -> None:
    """Read the columns of one kind of step in one row."""
    dated = date_field_of(kind)
    on = columns[dated.id][row.position] if dated.id in columns else None
    given: dict[str, Any] = {}
    for about in FIELDS:
        if about.fact == kind and about.id in columns and (about.attribute or about is dated):
            value = columns[about.id][row.position]
            if value is not None and about.attribute:
                given[about.attribute] = value
    held = steps.get((row.code, kind))
    if on is None:
        if given and held is None:
            about = next(about for about in FIELDS if about.fact == kind and about.attribute in given)
            _problem(plan, row, "step_undated", about)
        elif held is not None:
            _compare(plan, row, kind, None, given, held)
        return
    if held is not None:
        _compare(plan, row, kind, on, given, held)
        return
    rules = current_rulebook().fact_kinds[kind]
    happened_on = _agreed_on(row) if kind == _PROMISE else on
    attributes, reasons = checked_attributes(rules, given)
    for reason in reasons:
        plan.problems.append(SheetProblem(reason.code, plan.ledger.rows[row.position], dated.id, reason=reason))
    if happened_on is None:
        happened_on = min(on, state.today)
    if not reasons:
        row.steps.append(NewStep(row.position, kind, happened_on, attributes))
    if rules.milestone is not None:
        row.dates[rules.milestone] = on


def _agreed_on(row: _Row) -> date | None:
    """The day of the agreement or decision that a promise belongs to."""
    dates = row.held | row.dates
    days = [dates[milestone] for milestone in (Milestone.SIGNED, Milestone.DECIDED) if milestone in dates]
    return min(days, default=None)


def _compare(
    plan: LedgerPlan, row: _Row, kind: str, on: date | None, given: Mapping[str, Any], held: HeldStep
) -> None:
    """Report what the sheet says otherwise than the recorded fact."""
    dated = date_field_of(kind)
    held_on: object = held.attributes.get("promised_on") if kind == _PROMISE else held.happened_on.isoformat()
    if on is not None and on.isoformat() != held_on:
        _problem(plan, row, "step_recorded_otherwise", dated, held=held_on, value=on.isoformat())
    for about in FIELDS:
        if about.fact == kind and about.attribute in given and about is not dated:
            recorded = held.attributes.get(about.attribute)
            value = given[about.attribute]
            if not _same(about, recorded, value):
                words = {name: word_of(about, str(one)) if about.choices else one
                         for name, one in (("held", recorded or "—"), ("value", value))}
                _problem(plan, row, "step_recorded_otherwise", about, **words)


def _same(about: SheetField, recorded: object, value: object) -> bool:
    if about.type is FieldType.MONEY and recorded is not None:
        return Decimal(str(recorded)) == Decimal(str(value))
    return recorded == value


def _problem(plan: LedgerPlan, row: _Row, code: str, about: SheetField, /, **parameters: object) -> None:
    parameters["label"] = f"label:{about.label}"
    plan.problems.append(SheetProblem(code, plan.ledger.rows[row.position], about.id, parameters))


def _settle(plan: LedgerPlan, state: RegistryState, row: _Row) -> None:
    """Check the order of a row's steps with what is held, and put the registration before the first of them."""
    kinds = current_rulebook().fact_kinds
    earliest = min(min(step.happened_on for step in row.steps), state.today)
    registered = min(row.held.get(Milestone.REGISTERED, state.today), earliest)
    dates = {**row.held, **row.dates, Milestone.REGISTERED: registered}
    refused = False
    for step in row.steps:
        rules = kinds[step.kind]
        dated = date_field_of(step.kind)
        before = {milestone: on for milestone, on in dates.items() if milestone is not rules.milestone}
        if _is_out_of_order(rules, step, before, state.today):
            for reason in order_reasons(
                rules, happened_on=step.happened_on, today=state.today, dates=before, corrects=False
            ):
                plan.problems.append(SheetProblem(reason.code, plan.ledger.rows[row.position], dated.id, reason=reason))
                refused = True
        elif step.happened_on >= state.campaign_start_on:
            parameters = {"on": step.happened_on.isoformat(), "start": state.campaign_start_on.isoformat()}
            plan.problems.append(
                SheetProblem("step_needs_evidence", plan.ledger.rows[row.position], dated.id, parameters)
            )
            refused = True
    if not refused:
        plan.steps += row.steps
        if registered < row.held.get(Milestone.REGISTERED, state.today):
            plan.registered_on[row.position] = registered


def _is_out_of_order(rules: FactKind, step: NewStep, dates: Mapping[Milestone, date], today: date) -> bool:
    return step.happened_on > today or any(missing_before(rules, happened_on=step.happened_on, dates=dates))
