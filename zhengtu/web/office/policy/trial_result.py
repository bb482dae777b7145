"""The result of a trial as it is read: sums, items, winners and losers, distribution, refusals, and the workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext, ngettext

from zhengtu.casework.compensation_facts import rules_for
from zhengtu.casework.models import PolicyTrial
from zhengtu.casework.policy_trials import kept_comparison, trial_place
from zhengtu.casework.statement_words import spoken_notes
from zhengtu.core.authority.actor import Actor
from zhengtu.core.compensation.parameter_reading import value_from
from zhengtu.core.compensation.parameters import STANDARD_SET
from zhengtu.core.compensation.policy_trial import HouseholdChange, PolicyComparison
from zhengtu.core.compensation.trial_record import (
    QUANTILES,
    TrialInputs,
    change_edges,
    changed_households,
    refusals_by_reason,
)
from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.press.spreadsheet import CellValue, SheetColumn, write_workbook
from zhengtu.registry.queries import scope_of, subject_of
from zhengtu.web.office.policy.words import places_of, value_lines_of, word
from zhengtu.web.shared import figure_text
from zhengtu.web.shared.languages import in_language

_NAMED = 12
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def changes_in_words(trial: PolicyTrial) -> list[dict[str, Any]]:
    """What a trial sets otherwise: the value in force on its day and the one tried."""
    parameters = rules_for(trial.project_id).parameters.by_id
    places = places_of(trial_place(trial.subject), trial.project_id)
    rows = []
    for change in trial.changes:
        parameter = parameters.get(change["parameter"])
        if parameter is None:
            continue
        held = parameter.on(day=trial.tried_on, places=places, set_name=trial.parameter_set or STANDARD_SET)
        value = value_from(change["value"], kind=parameter.kind, choices=parameter.choices)
        rows.append({
            "id": parameter.id, "label": in_language(parameter.label),
            "level": word("levels", parameter.set_by.value),
            "before": value_lines_of(parameter, held.value if held else None),
            "after": value_lines_of(parameter, value),
        })
    return rows


def result_context(trial: PolicyTrial, actor: Actor) -> dict[str, Any]:
    """Everything that the page shows of a computed trial."""
    comparison = kept_comparison(trial.result_file)
    changed = scope_of(actor, verb="household.view").covers(subject_of(trial.subject))
    items = sorted(comparison.items, key=lambda one: (-abs(one.change), one.item))
    edges = change_edges(comparison)
    return {
        "comparison": comparison, "change": comparison.total_b - comparison.total_a,
        "share": (comparison.total_b / comparison.total_a - 1) if comparison.total_a else None,
        "computed": len(comparison.changes), "winner_count": len(comparison.winners),
        "loser_count": len(comparison.losers), "items": items,
        "labels": {one.item: in_language(one.label) for one in items},
        "item_rows": [(in_language(one.label), one) for one in items],
        "winners": comparison.winners[:_NAMED], "losers": comparison.losers[:_NAMED],
        "links_households": changed,
        "quantiles": [(quantile, comparison.quantile(quantile)) for quantile in QUANTILES],
        "refusals": _refusals(comparison), "refused_count": len({one.household for one in comparison.refusals}),
        "charts": {
            "items": {
                "unit": gettext("10,000 yuan"), "inForce": gettext("A in force"), "tried": gettext("B tried"),
                "rows": [
                    {"label": in_language(one.label), "a": _wan(one.amount_a), "b": _wan(one.amount_b),
                     "change": figure_text.grouped(one.change / 10_000, digits=2, sign=True) if one.change else ""}
                    for one in items
                ],
            },
            "distribution": {
                "unit": gettext("households"), "axis": gettext("change for the household, yuan"),
                "rows": _bins(comparison, edges),
            },
        },
    }


def _wan(amount: Decimal) -> float:
    return round(float(amount) / 10_000, 4)


def _bins(comparison: PolicyComparison, edges: Sequence[Decimal]) -> list[dict[str, Any]]:
    """Bars of the distribution; those without any change stand by themselves between losers and winners."""
    counts = changed_households(comparison, edges)
    rows = []
    for low, high, count in zip(edges, edges[1:], counts, strict=False):
        if low == 0:
            rows.append(_unchanged(comparison))
        digits = 0 if high - low >= 1 else 2
        ends = (figure_text.grouped(end, digits=digits, sign=True) for end in (low, high))
        label = " … ".join(ends)
        rows.append({"label": label, "count": count, "side": "loss" if high <= 0 else "gain"})
    return rows or [_unchanged(comparison)]


def _unchanged(comparison: PolicyComparison) -> dict[str, Any]:
    return {"label": gettext("no change"), "count": comparison.unchanged, "side": "same"}


def _refusals(comparison: PolicyComparison) -> list[dict[str, Any]]:
    rows = []
    for reason, under, households in refusals_by_reason(comparison.refusals):
        rows.append({
            "reason": spoken_notes([reason])[0], "under": _under(under),
            "count": len(households), "examples": households[:3],
            "more": ngettext("%(count)s household", "%(count)s households", len(households))
            % {"count": figure_text.grouped(len(households))},
        })
    return rows


def result_workbook(
    trial: PolicyTrial, *, comparison: PolicyComparison, inputs: TrialInputs, now: datetime
) -> HttpResponse:
    """One sheet of households, and what was asked, by digest, beside the sums."""
    target = BytesIO()
    write_workbook(
        target, sheet_name=gettext("Households"), rows=_rows(comparison), columns=[
            SheetColumn(gettext("Household"), width=26),
            SheetColumn(gettext("A in force (yuan)"), "money", 18),
            SheetColumn(gettext("B tried (yuan)"), "money", 18),
            SheetColumn(gettext("B less A (yuan)"), "money", 18),
            SheetColumn(gettext("No statement under"), width=18),
            SheetColumn(gettext("Reason"), width=80),
        ],
        particulars_name=gettext("Particulars"), particulars=_particulars(trial, comparison, inputs),
        created=now.astimezone(SHANGHAI).replace(tzinfo=None),
    )
    response = HttpResponse(target.getvalue(), content_type=_TYPE)
    response["Content-Disposition"] = f'attachment; filename="policy-trial-{trial.pk}.xlsx"'
    return response


def _rows(comparison: PolicyComparison) -> Iterator[Sequence[CellValue]]:
    for change in comparison.changes:
        yield _row(change)
    for refusal in comparison.refusals:
        words = " ".join(f"{one.message} {one.remedy}".strip() for one in spoken_notes(refusal.reasons))
        yield refusal.household, None, None, None, _under(refusal.under), words


def _under(rules: str) -> str:
    return {"a": gettext("A in force"), "b": gettext("B tried")}.get(rules, gettext("A and B"))


def _row(change: HouseholdChange) -> Sequence[CellValue]:
    return change.household, change.total_a, change.total_b, change.change, "", ""


def _particulars(trial: PolicyTrial, comparison: PolicyComparison, inputs: TrialInputs) -> list[tuple[str, str]]:
    changes = [
        (row["label"], f"{gettext('; ').join(row['before'])} → {gettext('; ').join(row['after'])}")
        for row in changes_in_words(trial)
    ]
    items = [
        (in_language(one.label), f"{one.amount_a:,} → {one.amount_b:,} ({one.change:+,})") for one in comparison.items
    ]
    return [
        (gettext("Trial"), f"{trial.pk} {trial.title}"), (gettext("Households of"), trial.subject),
        (gettext("Rules of"), trial.tried_on.isoformat()),
        (gettext("Parameter set of B"), word("parameter_sets", trial.parameter_set or STANDARD_SET)),
        *changes,
        (gettext("A in force (yuan)"), f"{comparison.total_a:,}"),
        (gettext("B tried (yuan)"), f"{comparison.total_b:,}"),
        *items,
        (gettext("Households taken in"), f"{len(inputs.households):,}"),
        (gettext("Asked by"), trial.asked_by.name), (gettext("Deed"), trial.asked_deed),
        (gettext("SHA-256 of the input"), trial.input_digest), (gettext("SHA-256 of the result"), trial.result_digest),
        (gettext("Effect"), gettext("None: a trial changes no statement, agreement or plan.")),
    ]
