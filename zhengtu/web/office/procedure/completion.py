"""History from before the platform, listed for completion: what each fact lacks, and where to add it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.casework.procedure_line import ToComplete, to_complete_at
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import kind_of
from zhengtu.web.office.cockpit.sentences import kept
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import as_of
from zhengtu.web.shared.reason_text import rulebook_label, spoken_value
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter


@requires("household.view")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponseBase:
    """The list of a participation or section, as a page or a workbook."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        kind = kind_of(code)
    except ValueError:
        raise Http404 from None
    dates = as_of(request)
    rows = None if kind not in ("participation", "section") else to_complete_at(actor, code, known=dates.known)
    if rows is None:
        raise Http404
    counts = Counter(row.step for row in rows)
    table = Table(
        name="completion", title=_("History to complete"), request=request, rows=rows, columns=_columns(),
        filters=[
            Filter("step", _("Step"), kind="choice", choices=[
                (step, f"{rulebook_label(group='step', id=step)} ({count})") for step, count in counts.most_common()
            ], apply=lambda held, step: [row for row in held if row.step == step]),
            Filter("subject", _("Code"), kind="text", apply=lambda held, text: [r for r in held if text in r.subject]),
        ],
        row_href=lambda row: _where(row) + kept(dates),
        empty_text=_("Nothing of the history from before the platform is left to complete."),
    )
    if table.wants_export:
        return table.export()
    context: dict[str, Any] = {
        "code": code, "table": table.render_context(), "dates": dates, "count": len(rows),
        "procedure_href": reverse("procedure.view", args=[code]) + kept(dates),
    }
    return render(request, "procedure/completion.html", context)


def _where(row: ToComplete) -> str:
    """The page on which the fact is read, completed and verified."""
    names = {"household": "household.view", "participation": "procedure.view"}
    return reverse(names.get(kind_of(row.subject), "fact.record"), args=[row.subject])


def _columns() -> list[Column]:
    return [
        Column("subject", _("Code"), kind="code"),
        Column("step", _("Step"), value=lambda row: rulebook_label(group="step", id=row.step), sort="step"),
        Column("happened_on", _("Happened on"), kind="date"),
        Column("lacking", _("Lacks"), value=_lacking, sort=""),
    ]


def _lacking(row: ToComplete) -> str:
    named = [spoken_value(reason.parameters["lacking"]) for reason in row.reasons if "lacking" in reason.parameters]
    return gettext(", ").join(named) if named else str(_("its check against the paper file"))
