"""The line that sets the two counts of late families beside each other, with the lists behind them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from zhengtu.resettlement.late_figures import LateFigures
from zhengtu.web.shared.as_of import AsOf


def late_sum(figures: LateFigures, dates: AsOf, **narrowed: str) -> dict[str, Any] | None:
    """Context of ``resettlement/late_sum.html``; None where nobody is late.

    Args:
        narrowed: what the lists are narrowed by, as in their addresses.
    """
    if not (figures.by_agreement or figures.by_promise):
        return None
    families = reverse("promise.families")
    return {
        "figures": figures, "agreement_href": reverse("overdue.families") + dates.query(**narrowed),
        "promise_href": families + dates.query(**narrowed, state="broken"),
        "renewed_href": families + dates.query(**narrowed, renewed="1"),
    }
