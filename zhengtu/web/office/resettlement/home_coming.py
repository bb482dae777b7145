"""“When do I come home”: the section of a household's page, in figures for officials, in sentences for the family."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.urls import reverse

from zhengtu.core.authority.actor import Actor
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household
from zhengtu.resettlement.facts import VIEW
from zhengtu.resettlement.home_coming import HomeComing, WorksOfHome, home_coming_of
from zhengtu.web.office.resettlement.lives_at import lives_at_block
from zhengtu.web.office.resettlement.promise_words import home_text, state_cell, type_label, wish_label
from zhengtu.web.shared.access import opens
from zhengtu.web.shared.as_of import AsOf
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label

_WORKS_SHOWN: Final = 4


def home_coming_block(
    actor: Actor, household: Household, dates: AsOf, *, is_promised: bool, opened: Mapping[str, str] | None = None
) -> dict[str, Any] | None:
    """Context of the section; None where the family waits for no home or the reader does not see resettlement.

    The door to the household was opened already; so only the verb is asked here.

    Args:
        opened: texts of its transition addresses, where somebody just opened them.
    """
    if not opens(actor, VIEW):
        return None
    held = home_coming_of(household, on=dates.on, known=dates.known, is_promised=is_promised)
    if held is None:
        return None
    promise = held.promise
    colour, state = state_cell(promise)
    levels = current_rulebook().promises.levels
    return {
        "held": held, "promise": promise, "colour": colour, "state": state, "outlook": promise.outlook,
        "home": home_text(held.home) if held.home else "", "type": type_label(promise.named.type),
        "days": [promise.outlook.day_at(level) for level in levels] if promise.outlook else [],
        "works": [_works(one, middle=levels[1]) for one in held.works[:_WORKS_SHOWN]],
        "works_hidden": max(0, len(held.works) - _WORKS_SHOWN), "wish": wish_label(promise.waiting.wish),
        "lives": lives_at_block(actor, household.code, dates, opened=opened),
        **_answering(held), "promise_href": reverse("promise.household", args=[household.code]) + dates.query(),
        "subsidy_href": reverse("subsidy.household", args=[household.code]) + dates.query(),
        "claims_href": reverse("advance.list") + dates.query(about=household.code),
    }


def _answering(held: HomeComing) -> dict[str, Any]:
    """Who answers for what, by name, and the family's rights in the page's language."""
    return {
        "payer": in_language(held.payer), "builder": in_language(held.builder), "district": in_language(held.district),
        "demands": [{"held": one, "text": in_language(one.right.text)} for one in held.demands],
        "rights": [(in_language(right.text), right.source) for right in held.rights],
    }


def _works(one: WorksOfHome, *, middle: float) -> dict[str, Any]:
    reached = one.reached
    return {
        "name": one.name, "stage": rulebook_label(group="works_stage", id=reached.stage) if reached else "",
        "reached_on": reached.on if reached else None, "middle": one.forecast.day_at(middle),
        "is_done": not one.forecast.under_way,
        "under_way": rulebook_label(group="works_stage", id=one.forecast.under_way) if one.forecast.under_way else "",
        "lasted": one.forecast.lasted_months,
    }
