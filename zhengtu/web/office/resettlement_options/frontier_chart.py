"""Values of the frontier's chart for ``js/resettlement_options.js``."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext

from zhengtu.resettlement.options_outline import OutlinePoint

_WAN: Final = Decimal(10_000)


def frontier_chart(
    run: int, points: Sequence[OutlinePoint], *, first_come: OutlinePoint, chosen: int | None
) -> dict[str, Any]:
    """The points with first come first served, in 10,000 yuan and family-months; a click leads to the run's point.

    Args:
        chosen: the point that is marked, from 0; None for none.
    """
    return {
        "frontier": [_pair(one) for one in points], "first": _pair(first_come), "chosen": chosen,
        "href": reverse("options.view", args=[run]),
        "texts": {
            "spent": gettext("Homes and money (10,000 yuan)"), "waiting": gettext("Family-months of waiting"),
            "point": gettext("Point %(number)s") % {"number": "{n}"}, "first": gettext("First come, first served"),
            "home": gettext("Families home"), "chosen": gettext("Chosen point"), "months": gettext("months from now"),
        },
    }


def _pair(one: OutlinePoint) -> list[float]:
    return [float(one.spent_yuan / _WAN), one.family_months]
