"""What findings, price classes and twins show, in words: named facts, their values, items, figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.utils.translation import get_language, gettext, gettext_lazy

from zhengtu.campaign.models import Finding, FindingState
from zhengtu.ledger.rulebook import current_compensation
from zhengtu.web.shared.figure_text import NOTHING, grouped
from zhengtu.web.shared.reason_text import rulebook_label, spoken_value

FACT_NAMES: Final[Mapping[str, object]] = {
    "place": gettext_lazy("Place"),
    "valued_on": gettext_lazy("Day of value"),
    "parameter_set": gettext_lazy("Rule set"),
    "dwelling_area": gettext_lazy("Area of dwellings (m²)"),
    "other_area": gettext_lazy("Area of other buildings (m²)"),
    "use": gettext_lazy("Use"),
    "standing": gettext_lazy("Standing of the buildings"),
    "structure": gettext_lazy("Structure"),
    "built": gettext_lazy("Built in the decade from"),
    "built_year": gettext_lazy("Year of building"),
    "floor": gettext_lazy("Floor"),
    "mode": gettext_lazy("Way of compensation"),
    "transition": gettext_lazy("Transition"),
    "signed_on": gettext_lazy("Signed on"),
    "vacated_on": gettext_lazy("Vacated on"),
    "stairwell_signed_on": gettext_lazy("Whole stairwell signed on"),
    "takes_voucher": gettext_lazy("Takes a housing voucher"),
    "sole_home": gettext_lazy("Sole home"),
    "persons": gettext_lazy("Persons"),
    "hardship": gettext_lazy("Recognised hardship"),
    "farmers": gettext_lazy("Farmers whose land is taken"),
    "attachments": gettext_lazy("Attachments"),
    "quotes": gettext_lazy("Fittings and moving of equipment"),
    "pieces": gettext_lazy("Counted items"),
    "business": gettext_lazy("Business"),
    "land": gettext_lazy("Land"),
    "homestead": gettext_lazy("Homestead"),
    "replacements": gettext_lazy("Houses taken in exchange"),
}
_VALUES: Final[Mapping[str, object]] = {
    "dwelling": gettext_lazy("dwelling"),
    "shop": gettext_lazy("shop"),
    "storage": gettext_lazy("storage"),
    "non_dwelling": gettext_lazy("other than dwelling"),
    "registered": gettext_lazy("registered"),
    "recognised": gettext_lazy("recognised"),
    "temporary": gettext_lazy("temporary"),
    "temporary_expired": gettext_lazy("temporary, expired"),
    "unauthorised": gettext_lazy("unauthorised"),
    "undetermined": gettext_lazy("not yet investigated"),
    "cash": gettext_lazy("cash"),
    "exchange": gettext_lazy("exchange of title"),
    "resite": gettext_lazy("new homestead"),
    "none": gettext_lazy("none"),
    "None": gettext_lazy("not valued"),
    "fee": gettext_lazy("found by the household"),
    "turnover": gettext_lazy("turnover housing"),
    "True": gettext_lazy("yes"),
    "False": gettext_lazy("no"),
    "standard": gettext_lazy("standard"),
    "low_income": gettext_lazy("low income"),
    "disability": gettext_lazy("disability"),
    "serious_illness": gettext_lazy("serious illness"),
    "single_elderly": gettext_lazy("elderly person alone"),
    "fittings": gettext_lazy("fittings"),
    "equipment_moving": gettext_lazy("moving of equipment"),
    "land": gettext_lazy("land"),
}
_SUM: Final = re.compile(r"^[+-]?\d+\.\d{1,2}$")


def fact_name(name: str) -> str:
    """A named fact in words."""
    return str(FACT_NAMES.get(name, name))


def fact_value(name: str, value: str) -> str:
    """The value of a named fact in words; nothing is a dash."""
    if not value:
        return NOTHING
    if name == "place":
        return value
    return gettext(", ").join(" ".join(_token(token) for token in part.split(" ")) for part in value.split(", "))


def _token(token: str) -> str:
    if token in _VALUES:
        return str(_VALUES[token])
    label = rulebook_label(group="choice", id=f"item_inventoried.item.{token}")
    return token if label.startswith("item_inventoried.") else label


def item_name(item: str) -> str:
    """A head of compensation in words."""
    held = current_compensation().rules.items.get(item)
    if held is None:
        return item
    return held.label[1 if (get_language() or "").startswith("en") else 0]


def figure_name(what: str) -> str:
    """What a figure of a finding's row is."""
    prefix, separator, item = what.partition(":")
    return item_name(item) if separator and prefix == "item" else gettext(what)


def figure_value(value: str) -> str:
    """A figure of a finding's row: sums and areas grouped, labels in words."""
    if _SUM.match(value):
        return grouped(Decimal(value), digits=2, sign=value.startswith("+"))
    return spoken_value(value)


def state_light(finding: Finding, *, today: object, due_on: object = None) -> tuple[str, str]:
    """Light and words of where a finding stands."""
    if finding.gone_on is not None:
        return "idle", gettext("Not found any more since %(on)s") % {"on": finding.gone_on.isoformat()}
    label = str(FindingState(finding.state).label)
    if finding.state == FindingState.CLOSED:
        return "green", label
    if finding.state == FindingState.ASKED:
        is_late = due_on is not None and due_on < today  # type: ignore[operator]
        return ("red", gettext("The answer is overdue")) if is_late else ("running", label)
    return "yellow", label


def detector_name(detector: str) -> str:
    """What a detector looks for, in words."""
    return rulebook_label(group="detector", id=detector)
