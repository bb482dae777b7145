"""Every family of a run with its way home at a point, and why, in one sentence; owners masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.resettlement.plan_queries import masked_names
from zhengtu.web.office.resettlement_options.run import point_of, run_or_404
from zhengtu.web.office.resettlement_options.words import payer_names, sentence, way_label
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter


@requires("options.try")
@require_safe
def view(request: HttpRequest, number: int) -> HttpResponseBase:
    """The families of a run that is done."""
    run = run_or_404(request, number)
    if not run.result:
        raise Http404(number)
    point = point_of(request, run)
    held = run.result["points"][point]["assignments"]
    table = family_table(
        request, held, name=f"resettlement-options-{run.pk}", on=run.on, payers=payer_names(run)
    )
    if table.wants_export:
        return table.export()
    response: HttpResponse = render(request, "resettlement_options/families.html", {
        "run": run, "point": point + 1, "points": range(1, len(run.result["points"]) + 1), "tab": "options",
        "table": table.render_context(),
    })
    return response


def family_table(
    request: HttpRequest, held: Sequence[Mapping[str, Any]], *, name: str, on: date,
    payers: Mapping[str, str] | None = None,
) -> Table:
    """Kept assignments as a table.

    Args:
        on: the day from which their months count.
        payers: names of payers; None where the rows do not say who pays.
    """
    names = masked_names([row["household"] for row in held])
    payer = [] if payers is None else [Column("payer", _("Payer"), width=20)]
    return Table(
        name=name, title=_("Families and their ways home"), request=request,
        rows=[_family(row, payers or {}, names, on=on) for row in held], empty_text=_("No family waits in this run."),
        columns=[
            Column("household", _("Household"), kind="code", width=24), Column("name", _("Owner"), width=10),
            Column("waited", _("Months overdue"), kind="integer"), Column("way", _("Way"), width=14),
            Column("home_on", _("Home expected on"), kind="date"), Column("yuan", _("Sum"), kind="wan"),
            *payer, Column("why", _("Why"), width=60, sort=""),
        ],
        filters=[
            Filter("household", _("Household")),
            Filter("way_id", _("Way"), kind="choice", choices=[
                *((way, way_label(way)) for way in ("building", "purchase", "cash")), ("none", _("Still waiting")),
            ], apply=_of_way),
        ],
    )


def _family(
    row: Mapping[str, Any], payers: Mapping[str, str], names: Mapping[str, str], *, on: date
) -> dict[str, Any]:
    payer = row.get("payer", "")
    return {
        "household": row["household"], "name": names.get(row["household"], ""), "waited": int(row["told"]["waited"]),
        "way_id": row["way"], "way": way_label(row["way"]) or "–",
        "home_on": None if row["months"] is None else add_months(on, round(row["months"])),
        "yuan": Decimal(row["yuan"]), "payer": payers.get(payer, payer), "why": sentence(row),
    }


def _of_way(rows: Sequence[Mapping[str, Any]], text: str) -> list[Mapping[str, Any]]:
    return [row for row in rows if row["way_id"] == ("" if text == "none" else text)]
