"""What states, homes and days of promises are called on the pages about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengtu.core.resettlement.promises import Naming, PromiseState
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.resettlement.home_coming import HomeName, home_names
from zhengtu.resettlement.promises import FamilyPromise, Named, Told, site_names
from zhengtu.web.shared.figure_text import grouped
from zhengtu.web.shared.reason_text import rulebook_label

STATES: Final[Mapping[PromiseState, tuple[str, LazyText]]] = {
    PromiseState.BROKEN: ("red", _("Past the promise in force")),
    PromiseState.FORESEEN: ("yellow", _("Breach foreseen")),
    PromiseState.UNDATED: ("idle", _("No day on file")),
    PromiseState.HOLDS: ("green", _("Expected to hold")),
    PromiseState.LATER: ("idle", _("Due in more than a year")),
}
"""State -> its light, and what it is called."""
NAMINGS: Final[Mapping[Naming, LazyText]] = {
    Naming.HOME: _("Home named"),
    Naming.TYPE: _("Type and site named"),
    Naming.NONE: _("None named yet"),
}
_WAY: Final = "way_chosen.way."


def home_text(home: HomeName) -> str:
    """``江畔家园 1号楼 302``."""
    return " ".join((home.site, home.building, home.number))


def type_label(type: str) -> str:
    """What a type of homes is called; nothing for none."""
    return rulebook_label(group="home_type", id=type) if type in current_rulebook().resettlement.home_types else type


def told_text(told: Told) -> str:
    """The home that a family was told: one of a building, or a type at a site."""
    held = home_names([told.home]).get(told.home)
    return home_text(held) if held else " · ".join(
        part for part in (site_names([told.site]).get(told.site, ""), type_label(told.home)) if part
    )


def wish_label(way: str) -> str:
    """What a family wished, or nothing."""
    return rulebook_label(group="choice", id=f"{_WAY}{way}") if way else ""


class HomeWords:
    """Homes and sites of some promises, as the page's language has them."""

    def __init__(self, promises: Collection[FamilyPromise]) -> None:
        self._homes = home_names({one.named.home for one in promises if one.named.home})
        self._sites = site_names({one.named.site for one in promises if one.named.site})

    def site(self, code: str) -> str:
        """A site's name; for none, that none is named."""
        return self._sites.get(code, code) if code else gettext("no site named")

    def home(self, named: Named) -> str:
        """The home that is named, or that none is."""
        if named.home in self._homes:
            return home_text(self._homes[named.home])
        if named.naming is Naming.TYPE:
            return f"{self.site(named.site)} · {type_label(named.type)}"
        return str(NAMINGS[Naming.NONE])


def state_cell(promise: FamilyPromise) -> tuple[str, str]:
    """The light of a promise and its state in words, with what is lacking."""
    colour, label = STATES[promise.state]
    text = str(label)
    if promise.state is PromiseState.FORESEEN and promise.named.naming is Naming.NONE:
        text = gettext("%(state)s: no home is named") % {"state": label}
    elif promise.state is PromiseState.FORESEEN and promise.outlook is None:
        text = gettext("%(state)s: no such home is left") % {"state": label}
    elif promise.state is PromiseState.FORESEEN and promise.outlook and promise.outlook.covered < 1:
        text = gettext("%(state)s: %(homes)s homes for %(families)s families") % {
            "state": label, "homes": grouped(promise.outlook.homes), "families": grouped(promise.outlook.families),
        }
    return colour, text
