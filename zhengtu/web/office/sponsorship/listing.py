"""Every sponsorship in reach: who answers for what, since when, and what they promised."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import jurisdiction_of
from zhengtu.sponsorship.queries import Sponsored, sponsorships_for
from zhengtu.web.office.records.filters import district_filter
from zhengtu.web.office.sponsorship.words import KINDS, Places, page_of
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import as_of
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter


@requires("sponsor.view")
@require_safe
def view(request: HttpRequest) -> HttpResponseBase:
    """All sponsorships of the city or the own reach."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    rows = sponsorships_for(actor, on=dates.on, known=dates.known)
    places = Places(row.subject for row in rows)
    sponsors = sorted({(row.sponsor, row.name) for row in rows})

    def light(row: Sponsored) -> tuple[str, str] | None:
        if row.broken:
            return "red", str(_("a promise is broken"))
        return ("running", str(_("a promise is in hand"))) if row.open else None

    table = Table(
        name="sponsorships", title=_("Sponsorships"), request=request, rows=rows, sort="subject",
        row_href=lambda row: page_of(row.subject, dates), empty_text=_("Nobody is named as sponsor yet."),
        columns=[
            Column("name", _("Sponsored"), value=lambda row: places.name(row.subject), width=30),
            Column("kind", _("Kind"), value=lambda row: str(KINDS[row.kind])),
            Column("place", _("Lies in"), value=lambda row: places.lies_in(row.subject) or None, width=30),
            Column("subject", _("Code"), kind="code"),
            Column("sponsor", _("Sponsor"), value=lambda row: row.name),
            Column("title", _("Title")),
            Column("from_on", _("Since"), kind="date"),
            Column("promises", pgettext_lazy("sponsor", "Promises"), kind="light", value=light),
        ],
        filters=[
            Filter("text", _("Name or code"), apply=lambda found, text: [
                row for row in found if text in row.subject or text in places.name(row.subject)
            ]),
            Filter("sponsor", _("Sponsor"), kind="choice", choices=sponsors),
            Filter("kind", _("Kind"), kind="choice", choices=list(KINDS.items())),
            district_filter(actor, apply=lambda found, code: [
                row for row in found if jurisdiction_of(row.subject) == code
            ]),
            Filter("broken", _("With a broken promise"), kind="flag",
                   apply=lambda found, text: [row for row in found if row.broken]),
        ],
    )
    if table.wants_export:
        return table.export()
    return render(request, "sponsorship/list.html", {"table": table.render_context(), "dates": dates, "tab": "all"})
