"""The list of payment orders, with the bulk runs beside it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.core.funds.payments import STATE_LABELS, OrderState
from zhengtu.funds.models import OrderKind
from zhengtu.funds.payment_queries import listed_orders, payable_parts, runs_for
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

STATE_LIGHTS = {
    OrderState.PREPARED: "running", OrderState.RETURNED: "yellow", OrderState.CHECKED: "running",
    OrderState.AUTHORISED: "running", OrderState.SETTLED: "green", OrderState.CANCELLED: "idle",
}
_RUNS_SHOWN = 5


@require_safe
@requires("payment.view")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Orders in reach."""
    actor = request.actor  # type: ignore[attr-defined]
    table = Table(
        name="payment_orders", title=pgettext_lazy("area", "Payments"), request=request, sort="-prepared_at",
        rows=listed_orders(actor), columns=_columns(),
        filters=[
            Filter("code", _("Payment order"), paths=("code", "project__name")),
            Filter(
                "state", _("State"), kind="choice",
                choices=[(state.value, gettext(label)) for state, label in STATE_LABELS.items()],
            ),
            Filter("kind", _("Kind"), kind="choice", choices=OrderKind.choices),
        ],
        row_href=lambda row: reverse("payment.order", args=[row.code]),
        empty_text=_("No payment order has been made yet."),
    )
    if table.wants_export:
        return table.export()
    context = {
        "table": table.render_context(), "runs": runs_for(actor)[:_RUNS_SHOWN], "parts": payable_parts(actor),
    }
    return render(request, "payments/list.html", context)


def state_light(state: str) -> tuple[str, str]:
    """An order's state as a light with its name."""
    return STATE_LIGHTS[OrderState(state)], gettext(STATE_LABELS[OrderState(state)])


def _columns() -> list[Column]:
    return [
        Column("code", _("Payment order"), kind="code", width=22),
        Column("project", _("Project"), value=lambda row: row.project.name, sort="project__name", width=26),
        Column("kind", _("Kind"), value=lambda row: row.get_kind_display(), width=18),
        Column("state", _("State"), kind="light", value=lambda row: state_light(row.state), width=14),
        Column("line_count", _("Lines"), kind="integer", width=10),
        Column("total_yuan", _("Sum"), kind="money", unit=_("yuan"), width=18),
        Column("paid_yuan", _("Paid"), kind="money", unit=_("yuan"), width=18),
        Column("prepared_at", _("Made at"), kind="instant", width=18),
        Column("maker", _("Made by"), value=lambda row: row.maker.name, sort="maker__name"),
        Column("checker", _("Checked by"), value=lambda row: row.checker and row.checker.name, sort="checker__name"),
        Column(
            "authoriser", _("Authorised by"), value=lambda row: row.authoriser and row.authoriser.name,
            sort="authoriser__name",
        ),
    ]
