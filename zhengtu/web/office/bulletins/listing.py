"""Every bulletin in scope, by year and kind."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from zhengtu.core.authority.actor import Actor
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.publication.models import BulletinStage
from zhengtu.publication.queries import bulletins_for, kinds_drafted_by
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

LIGHTS = {
    BulletinStage.DRAFT: "idle", BulletinStage.SUBMITTED: "running", BulletinStage.RETURNED: "yellow",
    BulletinStage.RELEASED: "green", BulletinStage.WITHDRAWN: "idle",
}


@requires("bulletin.view")
@require_safe
def view(request: HttpRequest) -> HttpResponseBase:
    """Bulletins, the latest period first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    kinds = current_rulebook().bulletins.kinds
    rows = bulletins_for(actor)
    years = sorted({day.year for day in rows.values_list("from_on", flat=True)}, reverse=True)
    table = Table(
        name="bulletins", title=_("Bulletins"), request=request, rows=rows,
        row_href=lambda row: reverse("bulletin.view", args=[row.code]), empty_text=_("There is no bulletin yet."),
        columns=[
            Column("code", _("Code"), kind="code"),
            Column("kind", _("Kind"), value=lambda row: rulebook_label(group="bulletin", id=row.kind), width=20),
            Column("number", _("Issue"), width=24),
            Column("from_on", _("Period from"), kind="date"),
            Column("as_of_on", _("Figures as of"), kind="date"),
            Column("known_on", _("As known on"), kind="date"),
            Column("stage", pgettext_lazy("bulletin", "State"), kind="light",
                   value=lambda row: (LIGHTS[row.stage], row.get_stage_display())),
            Column("drafted_by", _("Drafted by"), value=lambda row: row.drafted_by.name, sort="drafted_by"),
            Column("released_by", _("Released by"), sort="released_by",
                   value=lambda row: row.released_by.name if row.released_by else ""),
            Column("released_at", _("Released at"), kind="instant"),
        ],
        filters=[
            Filter("kind", _("Kind"), kind="choice", choices=[
                (id, in_language(kind.label)) for id, kind in kinds.items()
            ]),
            Filter("year", _("Year"), kind="choice", choices=[(str(year), str(year)) for year in years],
                   paths=("from_on__year",)),
            Filter("stage", pgettext_lazy("bulletin", "State"), kind="choice", choices=BulletinStage.choices),
        ],
    )
    if table.wants_export:
        return table.export()
    return render(request, "bulletins/list.html", {
        "table": table.render_context(), "may_draft": bool(kinds_drafted_by(actor)),
    })
