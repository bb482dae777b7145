"""Names and sentences of the funds pages."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext

from zhengtu.core.funds.history import Source
from zhengtu.core.funds.lights import Light
from zhengtu.funds.funding_queries import Account
from zhengtu.ledger.reason_text import rulebook_label, spoken_reason
from zhengtu.web.shared.as_of import AsOf


def name_of(thing: Any) -> str:
    """The name of a project or unit in the current language; a unit's short one in Chinese."""
    if (get_language() or "").startswith("en") and thing.name_en:
        return str(thing.name_en)
    return str(getattr(thing, "short_name", "") or thing.name)


def account_name(account: Account) -> str:
    """Project and jurisdiction."""
    return f"{name_of(account.project)} · {name_of(account.jurisdiction)}"


def source_label(source: Source | str) -> str:
    """A source of money in words."""
    return rulebook_label(group="choice", id=f"funds_arrived.source.{source}")


def light_sentence(light: Light) -> str:
    """Why a light shows."""
    if light.reason is None:
        return gettext("Nothing recorded yet") if light.name == "idle" else gettext("Covered")
    return spoken_reason(light.reason).message


def facts_href(figure: str, dates: AsOf, **more: object) -> str:
    """The address of the facts behind a figure."""
    return reverse("funds.facts") + dates.query(figure=figure, **more)


def account_href(account: str, dates: AsOf) -> str:
    """The page of one account on the page's dates."""
    query = dates.query()
    return reverse("funds.account", args=[account]) + (query if query != "?" else "")
