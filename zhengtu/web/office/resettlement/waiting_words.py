"""What bands, payers and places are called on the pages about families that wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengtu.accounts.queries import unit_names
from zhengtu.core.authority.actor import Actor
from zhengtu.core.compensation.transition_rules import Counted
from zhengtu.core.ledger.lateness import BANDS, Band
from zhengtu.ledger.rulebook import current_compensation
from zhengtu.registry.queries import projects_for
from zhengtu.resettlement.facts import AGREED, VIEW
from zhengtu.resettlement.subsidies import SubsidyRow
from zhengtu.web.shared.figure_text import grouped
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label

PAYER_KINDS = ("public_finance", "state_enterprise", "private_enterprise")
PUBLIC_KINDS = PAYER_KINDS[:2]
"""Kinds of payer whose money is public: finance and the state's enterprises."""


def band_label(band: Band) -> str:
    """``1–6 months``, ``over 40 months``."""
    if band.up_to is None:
        return gettext("over %(months)s months") % {"months": band.over}
    return gettext("%(first)s–%(last)s months") % {"first": band.over + 1, "last": band.up_to}


def band_choices() -> list[tuple[str, str]]:
    """Bands for a filter."""
    return [(band.id, band_label(band)) for band in BANDS]


def payer_kind_label(kind: str) -> str:
    """What a kind of payer is called; for none, that no payer is on file."""
    return rulebook_label(group="choice", id=f"{AGREED}.payer_kind.{kind}") if kind else gettext("no payer on file")


class Names:
    """Names of projects and units of some rows, as the page's language has them."""

    def __init__(self, actor: Actor, rows: Iterable[SubsidyRow]) -> None:
        units: set[str] = set()
        for row in rows:
            units |= {row.jurisdiction, row.client, row.payer}
            units |= {span.payer for span in getattr(row, "spans", ())}
        self._units: Mapping[str, tuple[str, str]] = unit_names(units - {""})
        projects = projects_for(actor, verb=VIEW).values_list("code", "name", "name_en")
        self._projects = {code: (name, name_en or name) for code, name, name_en in projects}

    def unit(self, code: str) -> str:
        """A unit's name; for none, that no payer is on file."""
        if not code:
            return gettext("no payer on file")
        return in_language(self._units[code]) if code in self._units else code

    def project(self, code: str) -> str:
        """A project's name."""
        return in_language(self._projects[code]) if code in self._projects else code


def rule_label(id: str) -> str:
    """What a rule on transition subsidies is called; its id where the rulebook does not have it."""
    labels = {rule.id: rule.label for rule in current_compensation().transition_rules}
    return in_language(labels[id]) if id in labels else id


_RATES: Final = {
    Counted.M2: _("%(rate)s yuan per m² and month"), Counted.ROOM: _("%(rate)s yuan per room and month"),
    Counted.PERSON: _("%(rate)s yuan per person and month"),
}
_UNITS: Final = {
    Counted.M2: _("yuan per m² and month"), Counted.ROOM: _("yuan per room and month"),
    Counted.PERSON: _("yuan per person and month"),
}


def rate_text(counted: Counted, rate: Decimal) -> str:
    """``270 yuan per room and month``."""
    return str(_RATES[counted]) % {"rate": grouped(rate, digits=2 if rate % 1 else 0)}


def rate_unit(counted: Counted) -> str:
    """In what a rule's rates are given."""
    return str(_UNITS[counted])
