"""Hard cases in reach by cause, each with its light, its sponsor and the next lawful step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import jurisdiction_of, project_of
from zhengtu.core.sponsorship.hard_cases import CaseLight, HardCase
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.sponsorship.queries import hard_cases_for, sponsors_of
from zhengtu.web.office.records.filters import district_filter
from zhengtu.web.office.sponsorship.words import Places, cause_label, causes_in_words, page_of, remedy_line
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import as_of
from zhengtu.web.shared.reason_text import spoken_reason
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

_LIGHTS = {
    CaseLight.RED: pgettext_lazy("light", "Red"), CaseLight.YELLOW: pgettext_lazy("light", "Yellow"),
    CaseLight.GREEN: pgettext_lazy("light", "Green"), CaseLight.IDLE: pgettext_lazy("hard case", "Solved"),
}
_STATES = (("open", pgettext_lazy("hard case", "Open")), ("solved", pgettext_lazy("hard case", "Solved")))


@requires("sponsor.view")
@require_safe
def view(request: HttpRequest) -> HttpResponseBase:
    """The list, with how many open cases each cause has."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    rows = hard_cases_for(actor, on=dates.on, known=dates.known)
    counts = Counter(cause.cause for case in rows if case.is_open for cause in case.causes)
    table = _table(request, rows)
    if table.wants_export:
        return table.export()
    causes = current_rulebook().sponsorship.causes
    return render(request, "sponsorship/hard_cases.html", {
        "table": table.render_context(), "dates": dates, "tab": "cases",
        "open_count": sum(case.is_open for case in rows),
        "open_href": reverse("hard_case.list") + dates.query(state="open"),
        "causes": [
            {"label": cause_label(cause), "count": counts[cause],
             "href": reverse("hard_case.list") + dates.query(cause=cause, state="open")}
            for cause in causes
        ],
    })


def _table(request: HttpRequest, rows: Sequence[HardCase]) -> Table:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    places = Places(case.household for case in rows)
    sponsors = sponsors_of([case.household for case in rows], on=dates.on)

    def next_step(case: HardCase) -> str | None:
        line = remedy_line(case.next_remedy)
        return line["name"] if line else None

    return Table(
        name="hard-cases", title=_("Hard cases"), request=request, rows=rows, sort="light",
        row_href=lambda case: page_of(case.household, dates), empty_text=_("No hard case is described."),
        columns=[
            Column("name", _("Household"), value=lambda case: places.name(case.household)),
            Column("light", _("Light"), kind="light", width=30,
                   value=lambda case: (str(case.light), spoken_reason(case.reason).message)),
            Column("causes", _("Cause"), value=causes_in_words),
            Column("next", _("Next lawful step"), value=next_step, width=24),
            Column("sponsor", _("Sponsor"), value=lambda case: sponsors.get(case.household, ("", ""))[1] or None),
            Column("place", _("Lies in"), value=lambda case: places.lies_in(case.household), width=30),
            Column("household", _("Code"), kind="code"),
            Column("opened_on", _("Described on"), kind="date"),
            Column("last_step_on", _("Last lawful step"), kind="date"),
        ],
        filters=[
            Filter("cause", _("Cause"), kind="choice",
                   choices=[(cause, cause_label(cause)) for cause in current_rulebook().sponsorship.causes],
                   apply=lambda found, cause: [
                       case for case in found if any(one.cause == cause for one in case.causes)
                   ]),
            Filter("state", pgettext_lazy("hard case", "State"), kind="choice", choices=_STATES,
                   apply=lambda found, state: [case for case in found if case.is_open == (state == "open")]),
            Filter("light", _("Light"), kind="choice", choices=[(str(one), label) for one, label in _LIGHTS.items()],
                   apply=lambda found, light: [case for case in found if case.light == light]),
            district_filter(actor, apply=lambda found, code: [
                case for case in found if jurisdiction_of(case.household) == code
            ]),
            Filter("project", _("Project"), apply=lambda found, text: [
                case for case in found if text in (project_of(case.household), places.name(project_of(case.household)))
            ]),
        ],
    )
