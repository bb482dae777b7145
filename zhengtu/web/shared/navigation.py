"""The places of the main navigation, in groups: each is declared here once, with the verb that opens it.

A new place is one `Place` in the group where people look for it; the bar, the folded menu of a phone, the mark of the
current place and the page after signing in follow from that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhengtu.channel.reading import reads
from zhengtu.core.authority.actor import Actor
from zhengtu.web.shared.access import opens

_PAGES: Final = "zhengtu.web.office."
_FEW: Final = 6
"""Up to so many places stand in the bar one by one; groups would only hide them."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the navigation.

    Attributes:
        verb: the verb that opens the page, the same as the view's own.
        name: the name of its address, which takes no arguments.
        also: packages or modules of ``zhengtu.web.office`` whose pages belong here although their address begins
            otherwise than that of this place.
        opened_by: who else opens it, where postings do not say so; None where they do.
    """

    verb: str
    name: str
    label: str | Promise
    also: tuple[str, ...] = ()
    opened_by: Callable[[Actor], bool] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Places that are looked for together."""

    label: str | Promise
    places: tuple[Place, ...]


GROUPS: Final = (
    Group(pgettext_lazy("navigation", "Command"), (
        Place("cockpit.view", "cockpit.view", gettext_lazy("Cockpit")),
        Place("wall.view", "wall.view", gettext_lazy("Wall map")),
        Place("schedule.view", "schedule.view", gettext_lazy("Schedule"), also=("teams", "trajectories")),
        Place("scenario.try", "scenario.list", gettext_lazy("Scenarios")),
    )),
    Group(pgettext_lazy("navigation", "Expropriation"), (
        Place("registry.view", "project.list", gettext_lazy("Projects"), also=("records.sections", "procedure")),
        Place(
            "household.view", "household.list", pgettext_lazy("area", "Households"),
            also=("dossier.record", "dossier.correcting", "court", "service"),
        ),
        Place("household.view", "agreement.list", gettext_lazy("Agreements")),
        Place("policy.view", "policy.view", gettext_lazy("Compensation policy")),
    )),
    Group(pgettext_lazy("navigation", "Resettlement"), (
        Place("resettlement.view", "overdue.view", gettext_lazy("Overdue resettlement")),
        Place("resettlement.view", "subsidy.view", gettext_lazy("Subsidy ledger")),
        Place("resettlement.view", "resettlement.register", gettext_lazy("Resettlement register")),
        Place(
            "resettlement.view", "site.list", gettext_lazy("Resettlement sites"),
            also=(
                "resettlement.lots", "resettlement.sites", "resettlement.site_founding", "resettlement.site_recording",
            ),
        ),
        Place("options.try", "options.list", gettext_lazy("Resettlement options"), also=("resettlement_options",)),
        Place("resettlement.view", "resettlement_plan.list", gettext_lazy("Resettlement plans")),
        Place("resettlement.view", "promise.list", gettext_lazy("Promise ledger")),
        Place("resettlement.view", "advance.list", gettext_lazy("Claims among payers")),
    )),
    Group(pgettext_lazy("navigation", "Money"), (
        Place("funds.view", "funds.view", gettext_lazy("Funds")),
        Place("payment.view", "payment.list", gettext_lazy("Payments")),
    )),
    Group(pgettext_lazy("navigation", "Follow-up"), (
        Place("directive.view", "directive.desk", gettext_lazy("Directives")),
        Place("review.view", "review.list", gettext_lazy("Reviews")),
        Place("bulletin.view", "bulletin.list", gettext_lazy("Bulletins")),
        Place("sponsor.view", "sponsorship.mine", pgettext_lazy("area", "Sponsorship"), also=("sponsorship",)),
    )),
    Group(pgettext_lazy("navigation", "Oversight"), (
        Place("channel.view", "channel.view", gettext_lazy("Mayor's channel"), also=("channel",), opened_by=reads),
        Place("inspection.read", "truth.view", gettext_lazy("Truth of figures")),
        Place("finding.view", "finding.list", gettext_lazy("Findings")),
        Place("finding.answer", "finding.inbox", gettext_lazy("Findings to answer")),
        Place("assessment.view", "assessment.list", gettext_lazy("Assessment")),
        Place("inspection.read", "inspection.list", gettext_lazy("Inspections")),
        Place("inspection.record", "inspection.on_site", gettext_lazy("On-site checks")),
        Place("accountability.view", "accountability.list", gettext_lazy("Accountability and praise")),
    )),
    Group(pgettext_lazy("navigation", "Records"), (
        Place("survey.import", "survey.import", gettext_lazy("Imports")),
        Place("ledger.view", "ledger.view", gettext_lazy("Ledger")),
        Place("organisation.view", "organisation.view", gettext_lazy("Organisation")),
    )),
)


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One place that the actor may open."""

    label: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class NavigationGroup:
    """The places of a group that the actor may open, at least one.

    Attributes:
        is_current: whether the page that is open belongs to one of them.
    """

    label: str
    entries: tuple[NavigationEntry, ...]
    is_current: bool


def navigation(request: HttpRequest, actor: Actor, *, query: str = "") -> list[NavigationGroup]:
    """What the actor may open, group by group; a group of which nothing is open to the actor is left out.

    Whoever may open few places gets each of them as a group of its own.

    Args:
        query: what every address carries along, with its question mark: the dates of the figures.
    """
    reached = [(group.label, [place for place in group.places if _is_open(place, actor)]) for group in GROUPS]
    open_places = [place for _, places in reached for place in places]
    if len(open_places) <= _FEW:
        reached = [(place.label, [place]) for place in open_places]
    current = _current(request, open_places)
    return [
        NavigationGroup(
            label=str(label),
            entries=tuple(
                NavigationEntry(str(place.label), href_of(place.name) + query, place is current) for place in places
            ),
            is_current=current in places,
        )
        for label, places in reached if places
    ]


def first_place(actor: Actor) -> str:
    """The address of the first place that the actor may open, or nothing."""
    return next((href_of(place.name) for group in GROUPS for place in group.places if _is_open(place, actor)), "")


def href_of(name: str) -> str:
    """The address of a page, or nothing where this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _is_open(place: Place, actor: Actor) -> bool:
    may = opens(actor, place.verb) or (place.opened_by is not None and place.opened_by(actor))
    return may and bool(href_of(place.name))


def _current(request: HttpRequest, places: list[Place]) -> Place | None:
    """The place to which the open page belongs: by the longest beginning of its address, else by its module."""
    within = [place for place in places if _lies_under(request.path, href_of(place.name))]
    if within:
        return max(within, key=lambda place: len(href_of(place.name)))
    module = _module_of(request)
    return next((place for place in places if any(_is_part(module, _PAGES + name) for name in place.also)), None)


def _lies_under(path: str, href: str) -> bool:
    return path == href or path.startswith(href.rstrip("/") + "/")


def _module_of(request: HttpRequest) -> str:
    return getattr(request.resolver_match.func, "__module__", "") if request.resolver_match else ""


def _is_part(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")
