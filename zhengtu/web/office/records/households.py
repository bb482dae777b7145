"""The list of households: whoever is behind a figure, on the same dates, with masked names."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from zhengtu.campaign import records
from zhengtu.campaign.queries import ranked_projects
from zhengtu.core.ledger.figures import OVERDUE_AFTER_MONTHS
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.inspection.truth import households_standing
from zhengtu.registry.models import Household, HouseUse
from zhengtu.web.office.cockpit.sentences import is_english, kept, state_label
from zhengtu.web.office.records.filters import deadline_filter, district_filter, project_filter, state_filter
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.reason_text import rulebook_label
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

_SHOWN_MILESTONES = (Milestone.SIGNED, Milestone.PAID, Milestone.VACATED)


@require_safe
@requires("household.view")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Households in reach; a family goes straight to its own dossier."""
    actor = request.actor  # type: ignore[attr-defined]
    own = {posting.subject for posting in actor.postings if posting.role == "family"}
    if len(own) == 1 and len(actor.postings) == 1:
        return redirect("household.view", code=own.pop())
    dates = as_of(request)
    table = Table(
        name="households", title=pgettext_lazy("area", "Households"), request=request, sort="code",
        rows=records.household_rows(actor, known=dates.known), columns=_columns(dates),
        filters=_filters(request, dates), row_href=lambda row: reverse("household.view", args=[row.code]) + kept(dates),
        opens_panel=False,
    )
    if table.wants_export:
        return table.export()
    return render(request, "records/households.html", {"table": table.render_context(), "dates": dates})


def _filters(request: HttpRequest, dates: AsOf) -> list[Filter]:
    actor = request.actor  # type: ignore[attr-defined]
    clocks: dict[str, Any] = {"on": dates.on, "known": dates.known}
    verb = "household.view"

    def reached(rows: QuerySet[Household], milestone: str) -> QuerySet[Household]:
        days = request.GET.get("within", "")
        return records.reached_by(rows, milestone, within_days=int(days) if days in ("7", "30") else None, **clocks)

    return [
        Filter("place", _("Code or address"), paths=("code", "address")),
        district_filter(actor, verb=verb, apply=lambda rows, code: rows.filter(section__jurisdiction=code)),
        project_filter(actor, verb=verb, apply=lambda rows, code: rows.filter(section__project=code)),
        Filter("section", _("Section"), paths=("section__code", "section__name")),
        state_filter(
            lambda rows, state: records.in_household_state(rows, state, **clocks), with_hand_over=False
        ),
        Filter(
            "reached", _("Reached"), kind="choice", apply=reached,
            choices=[
                *((str(m), rulebook_label(group="milestone", id=str(m))) for m in Milestone
                  if m is not Milestone.HANDED_OVER),
                ("settled", _("Signed or decided")), ("left_home", _("Vacated or demolished")),
            ],
        ),
        Filter(
            "within", _("Reached within"), kind="choice", choices=[("7", _("7 days")), ("30", _("30 days"))],
            apply=lambda rows, _days: rows,
        ),
        Filter(
            "overdue", _("Overdue"), kind="choice",
            choices=[
                (str(months), _("by more than %(months)s months") % {"months": months} if months else _("at all"))
                for months in OVERDUE_AFTER_MONTHS
            ],
            apply=lambda rows, months: records.overdue_households(rows, months, **clocks),
        ),
        deadline_filter(
            actor, dates, lambda rows, key: records.households_left(rows, key, actor=actor, **clocks)
        ),
        _cleared_filter(clocks),
        Filter(
            "ranked", _("Counted in the ranking"), kind="flag",
            apply=lambda rows, _value: rows.filter(section__project__in=ranked_projects(actor)),
        ),
    ]


def _cleared_filter(clocks: dict[str, Any]) -> Filter:
    """Households reported as cleared, by what independent sources say of them."""
    return Filter(
        "cleared", _("Reported as cleared"), kind="choice",
        choices=[
            ("verified", _("Verified by an independent source")), ("contradicted", _("Contradicted by a source")),
            ("unverified", _("Not verified")),
        ],
        apply=lambda rows, standing: rows.filter(code__in=households_standing(standing, **clocks)),
    )


def _columns(dates: AsOf) -> list[Column]:
    def named(thing: Any) -> str:
        return thing.name_en if is_english() and thing.name_en else thing.name

    def day(milestone: Milestone) -> Column:
        return Column(
            str(milestone), rulebook_label(group="milestone", id=str(milestone)), kind="date",
            value=lambda row: records.date_of(row, str(milestone), on=dates.on),
            sort=KeyTextTransform(str(milestone), "milestone_dates"), is_shown=milestone in _SHOWN_MILESTONES,
        )

    def state(row: Household) -> str:
        reached = records.state_of(row, on=dates.on)
        return state_label(str(reached) if reached else "unregistered")

    return [
        Column("code", _("Code"), kind="code", width=26),
        Column("name_masked", _("Owner"), sort=""),
        Column("address", _("Address"), width=34),
        Column("project", _("Project"), value=lambda row: named(row.section.project), sort="section__project", width=26,
               href=lambda row: reverse("project.view", args=[row.section.project_id]) + kept(dates)),
        Column("section", _("Section"), value=lambda row: named(row.section), sort="section", width=22,
               href=lambda row: reverse("section.view", args=[row.section_id]) + kept(dates)),
        Column("district", _("District"), value=lambda row: named(row.section.jurisdiction),
               sort="section__jurisdiction", is_shown=False),
        Column("state", _("State"), value=state, sort=""),
        *(day(milestone) for milestone in Milestone if milestone is not Milestone.HANDED_OVER),
        Column("overdue_months", _("Overdue"), kind="integer", unit=_("months"), sort="", is_shown=True,
               value=lambda row: records.overdue_months(row, on=dates.on)),
        Column("use", _("Use"), value=lambda row: str(HouseUse(row.use).label) if row.use else None, is_shown=False),
        Column("members", _("Members"), kind="integer", is_shown=False),
        Column("registered_area_m2", _("Registered floor area"), kind="area", unit="m²", is_shown=False),
        Column("unregistered_area_m2", _("Unregistered floor area"), kind="area", unit="m²", is_shown=False),
        Column("land_area_m2", _("Land area"), kind="area", unit="m²", is_shown=False),
    ]
