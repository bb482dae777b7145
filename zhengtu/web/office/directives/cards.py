"""Cards of a text's proposals: what is proposed, how sure it is and why, and the fields that correct it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext, gettext_lazy

from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.language.directive_text import DueKind, Mention
from zhengtu.directives.models import Proposal, ProposalOrigin, ProposalState
from zhengtu.registry.models import DeadlineGoal
from zhengtu.web.office.cockpit.sentences import subject_href
from zhengtu.web.office.directives import words
from zhengtu.web.office.directives.because import spoken_because
from zhengtu.web.office.directives.names import Register, mentions_of
from zhengtu.web.office.directives.recurrence import Recurrence, spoken_rule
from zhengtu.web.office.directives.spans import Marked
from zhengtu.web.shared.as_of import AsOf
from zhengtu.web.shared.figure_text import day

SURE, UNSURE = 0.8, 0.55
"""From which confidence on a proposal is marked as sure, and below which as unsure."""

NEIGHBOURS: Final = 10
"""How many proposals before and behind one it can be merged into."""

LEGEND: Final = (
    ("mark-high", gettext_lazy("sure")), ("mark-middle", gettext_lazy("look at it")),
    ("mark-low", gettext_lazy("unsure")), ("mark-confirmed", gettext_lazy("confirmed")),
)
DUE_KINDS: Final[Mapping[DueKind, object]] = {
    DueKind.DATE: gettext_lazy("on a day"),
    DueKind.CAMPAIGN_END: gettext_lazy("by the end of the campaign"),
    DueKind.FESTIVAL: gettext_lazy("by a festival"),
    DueKind.RECURRING: gettext_lazy("again and again"),
    DueKind.UNSPECIFIED: gettext_lazy("no day said"),
}


@dataclass(frozen=True, slots=True)
class ShownName:
    """A unit or place on a card; ``is_unknown`` where the register does not hold it."""

    name: str
    href: str = ""
    is_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A collective name of units that can be expanded."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Fields:
    """Values of the form that corrects a proposal or sets a directive."""

    lead: str = ""
    joint: str = ""
    assisting: str = ""
    matter: str = ""
    projects: str = ""
    due_kind: str = str(DueKind.UNSPECIFIED)
    due_on: str = ""
    due_text: str = ""
    rule: Recurrence = field(default_factory=Recurrence)
    goal: str = ""
    urgency: str = "normal"


@dataclass(frozen=True, slots=True)
class Card:
    """One proposal as it is shown beside the text.

    Attributes:
        is_by_model: shown as such, and checked only one by one.
    """

    number: int
    is_open: bool
    units: Sequence[ShownName]
    assisting: Sequence[ShownName]
    projects: Sequence[ShownName]
    groups: Sequence[Group]
    matter: str
    due_words: str
    goal_label: str
    level: str
    percent: int | None
    origin: str
    because: Sequence[str]
    state_label: str
    fields: Fields
    others: Sequence[tuple[int, str]] = ()
    directives: Sequence[tuple[str, str]] = ()
    merged_into: int | None = None
    reasons: Sequence[Reason] = ()
    is_checked: bool = False
    is_by_model: bool = False


def level_of(proposal: Proposal) -> str:
    """high, middle or low."""
    if proposal.origin == ProposalOrigin.OFFICER:
        return "high"
    return "high" if proposal.confidence >= SURE else "low" if proposal.confidence < UNSURE else "middle"


def mark_of(proposal: Proposal) -> Marked:
    """The span of a proposal with the class that its state and confidence give it."""
    css = "confirmed" if proposal.state == ProposalState.CONFIRMED else level_of(proposal)
    return Marked(start=proposal.span_start, end=proposal.span_end, number=proposal.ordinal, css=f"mark-{css}")


def is_marked(proposal: Proposal) -> bool:
    """Whether its span is marked: what was dropped or merged is not."""
    return proposal.state in (ProposalState.OPEN, ProposalState.CONFIRMED)


def cards_of(
    proposals: Sequence[Proposal], *, every: Sequence[Proposal], register: Register, dates: AsOf,
    numbers: Mapping[int, Sequence[tuple[str, str]]], reasons: Mapping[int, Sequence[Reason]] | None = None,
    given: Mapping[int, Fields] | None = None, checked: Collection[int] = (),
) -> list[Card]:
    """Cards in the order of the text.

    Args:
        proposals: those to show.
        every: all of the text, for merging.
        numbers: proposal's key -> (code, number) of the directives it became.
        reasons: ordinal -> why what was asked of it was refused.
        given: ordinal -> fields as they came back from the browser.
    """
    still = [one for one in every if one.state == ProposalState.OPEN]
    places = {one.pk: place for place, one in enumerate(still)}
    return [
        _card(
            one, register, dates, others=_neighbours(still, places.get(one.pk)),
            directives=numbers.get(one.pk, ()), reasons=(reasons or {}).get(one.ordinal, ()),
            given=(given or {}).get(one.ordinal), is_checked=one.ordinal in checked,
        )
        for one in proposals
    ]


def _neighbours(still: Sequence[Proposal], place: int | None) -> list[tuple[int, str]]:
    """Open proposals around one, the one before it first: those it may be merged into."""
    if place is None:
        return []
    around = [*reversed(still[max(0, place - NEIGHBOURS):place]), *still[place + 1 : place + 1 + NEIGHBOURS]]
    return [(one.ordinal, one.matter) for one in around]


def _card(
    proposal: Proposal, register: Register, dates: AsOf, *, others: Sequence[tuple[int, str]],
    directives: Sequence[tuple[str, str]], reasons: Sequence[Reason], given: Fields | None, is_checked: bool,
) -> Card:
    units, assisting = mentions_of(proposal.units), mentions_of(proposal.assisting)
    is_open = proposal.state == ProposalState.OPEN
    is_by_hand = proposal.origin == ProposalOrigin.OFFICER
    return Card(
        number=proposal.ordinal, is_open=is_open, matter=proposal.matter,
        units=[_shown(one, register) for one in units], assisting=[_shown(one, register) for one in assisting],
        projects=[_place(one, register, dates) for one in mentions_of(proposal.projects)],
        groups=[Group(register.shown(one), len(one.members)) for one in [*units, *assisting] if one.members],
        due_words=due_words(proposal.due), goal_label=goal_name(proposal.goal), level=level_of(proposal),
        percent=None if is_by_hand else round(100 * proposal.confidence),
        origin=str(ProposalOrigin(proposal.origin).label), because=spoken_because(proposal.because),
        state_label="" if is_open else str(ProposalState(proposal.state).label),
        fields=given or fields_of(proposal, register), others=others,
        directives=[(called, words.page_of(code, dates)) for code, called in directives],
        merged_into=proposal.merged_into.ordinal if proposal.merged_into else None,
        reasons=reasons, is_checked=is_checked, is_by_model=proposal.origin == ProposalOrigin.MODEL,
    )


def _shown(mention: Mention, register: Register) -> ShownName:
    return ShownName(register.shown(mention), is_unknown=not mention.code and not mention.members)


def _place(mention: Mention, register: Register, dates: AsOf) -> ShownName:
    href = subject_href(mention.code, dates) if mention.code else ""
    return ShownName(register.shown(mention), href=href, is_unknown=not mention.code)


def goal_name(goal: str) -> str:
    """What the ledger is asked for, in words."""
    return str(DeadlineGoal(goal).label) if goal in DeadlineGoal.values else ""


def fields_of(proposal: Proposal, register: Register) -> Fields:
    """The form's values for a proposal."""
    units = mentions_of(proposal.units)
    due: Mapping[str, Any] = proposal.due
    return Fields(
        lead=register.field(units[:1]), joint=register.field(units[1:]),
        assisting=register.field(mentions_of(proposal.assisting)), matter=proposal.matter,
        projects=register.field(mentions_of(proposal.projects)),
        due_kind=str(due.get("kind") or DueKind.UNSPECIFIED), due_on=str(due.get("on") or ""),
        due_text=str(due.get("text") or ""), rule=Recurrence.of(str(due.get("rrule") or "")),
        goal=proposal.goal, urgency=proposal.urgency,
    )


def due_words(due: Mapping[str, Any]) -> str:
    """A due date in words: the day, the recurrence or the words of the text."""
    said = str(due.get("text") or "")
    kind, on, rule = due.get("kind"), due.get("on"), spoken_rule(str(due.get("rrule") or ""))
    if rule:
        return gettext("%(rule)s (“%(said)s”)") % {"rule": rule, "said": said} if said else rule
    if on:
        shown = day(on) if not isinstance(on, str) else on
        return gettext("%(day)s (“%(said)s”)") % {"day": shown, "said": said} if said else shown
    if said:
        return gettext("“%(said)s”") % {"said": said}
    return "" if kind in (None, DueKind.UNSPECIFIED) else str(DUE_KINDS[DueKind(kind)])
