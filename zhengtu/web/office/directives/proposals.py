"""Deeds on the proposals of a text: correct, expand, merge, drop, add, and confirm as directives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from zhengtu.campaign.queries import names_in_reach
from zhengtu.core.directives.draft import DirectiveDraft
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.language.directive_text import Due, DueKind, Mention
from zhengtu.directives import actions, page_queries, queries
from zhengtu.directives.lexicon import lexicon_of
from zhengtu.directives.models import Proposal, SourceText
from zhengtu.directives.reminding import remind_of
from zhengtu.directives.setting import problems_by_draft
from zhengtu.web.office.directives.cards import Fields
from zhengtu.web.office.directives.names import Register, mentions_of
from zhengtu.web.office.directives.recurrence import Recurrence, given_rule
from zhengtu.web.office.directives.spans import found_span
from zhengtu.web.office.directives.text_page import register_of, text_or_404, text_page
from zhengtu.web.shared.access import requires


class RefusedCards(Exception):
    """Some of the chosen proposals cannot be set; none is.

    Attributes:
        cards: ordinal -> what is wrong with it.
    """

    def __init__(self, cards: Mapping[int, Sequence[Reason]]) -> None:
        self.cards = cards
        super().__init__(", ".join(str(ordinal) for ordinal in cards))


_NOTHING_SET: Final = Reason(
    code="directive.nothing_set", message=N_("Nothing is set: some of the checked proposals are not complete yet."),
    remedy=N_("Correct them as their cards say, or uncheck them."),
)


@requires("directive.set")
@require_POST
def change(request: HttpRequest, number: int, ordinal: int) -> HttpResponse:
    """What a card's buttons ask: save, confirm, drop, merge, or expand a collective name."""
    text = text_or_404(request, number)
    proposal = _proposal_or_404(text, ordinal)
    asked = request.POST.get("deed", "save")
    given = _given_fields(request, proposal) if asked in ("save", "confirm") else None
    try:
        said = _DEEDS.get(asked, _save)(request, text, proposal)
    except RefusedCards as refused:
        return text_page(request, text, card_reasons=refused.cards, status=409)
    except Refused as refused:
        return text_page(
            request, text, card_reasons={ordinal: refused.reasons}, given={ordinal: given} if given else None,
            status=409,
        )
    messages.success(request, said)
    return redirect(_address(request, text, ordinal))


def _address(request: HttpRequest, text: SourceText, ordinal: int) -> str:
    part = request.POST.get("part", "")
    query = f"?part={int(part)}" if part.isdecimal() and len(part) < 6 and int(part) > 1 else ""
    return f"{reverse('directive.text', args=[text.pk])}{query}#p{ordinal}"


def _proposal_or_404(text: SourceText, ordinal: int) -> Proposal:
    found = next((one for one in queries.proposals_of(text) if one.ordinal == ordinal), None)
    if found is None:
        raise Http404
    return found


def _given_fields(request: HttpRequest, proposal: Proposal) -> Fields:
    """The form as it came, so that what was refused stays written."""
    form = request.POST
    return Fields(
        **{name: form.get(name, "") for name in (
            "lead", "joint", "assisting", "matter", "projects", "due_kind", "due_on", "due_text", "goal", "urgency",
        )},
        rule=Recurrence.of(_rule(form, proposal)),
    )


def _rule(form: Mapping[str, str], proposal: Proposal) -> str:
    return given_rule(form, kept=str(proposal.due.get("rrule") or ""))


def given_due(form: Mapping[str, str], *, kept_rule: str = "", campaign_end_on: date | None = None) -> Due:
    """The due date that a form says.

    Args:
        kept_rule: the recurrence before.
        campaign_end_on: the day that is meant where the campaign's end is chosen without a day.

    Raises:
        Refused: a day is needed and missing or no date, or a recurrence without its rhythm.
    """
    kind = DueKind(form["due_kind"]) if form.get("due_kind") in list(DueKind) else DueKind.UNSPECIFIED
    said, on, rule = form.get("due_text", "").strip(), None, ""
    if kind in (DueKind.DATE, DueKind.FESTIVAL, DueKind.CAMPAIGN_END):
        on = _day(form.get("due_on", "")) or (campaign_end_on if kind == DueKind.CAMPAIGN_END else None)
        if on is None:
            raise Refused(Reason(
                code="directives.due_day", message=N_("The last day is missing or is no date: “%(text)s”."),
                parameters={"text": form.get("due_on", "")},
                remedy=N_("Write it as year-month-day, or choose “no day said”."),
            ))
    elif kind == DueKind.RECURRING:
        rule = given_rule(form, kept=kept_rule)
        if not rule:
            raise Refused(Reason(
                code="directives.due_rule", message=N_("A recurring directive needs to say how often."),
                remedy=N_("Choose days, weeks or months and every how many of them."),
            ))
    return Due(kind=kind, on=on, rrule=rule, text=said)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _save(request: HttpRequest, text: SourceText, proposal: Proposal) -> str:
    form, lexicon = request.POST, lexicon_of(text.city, on=text.said_on)
    register = Register.of(lexicon, names_in_reach())
    due = given_due(
        form, kept_rule=str(proposal.due.get("rrule") or ""), campaign_end_on=lexicon.campaign_end_on
    )
    units = [*register.given_units(form.get("lead", ""))[:1], *register.given_units(form.get("joint", ""))]
    actions.change_proposal(
        actor=request.actor, proposal=proposal,  # type: ignore[attr-defined]
        units=list(dict.fromkeys(units)),
        assisting=register.given_units(form.get("assisting", "")),
        projects=register.given_places(form.get("projects", "")), matter=form.get("matter", "").strip(),
        due=due, goal=form.get("goal", ""),
        urgency=form.get("urgency", ""), now=_now(request),
    )
    return gettext("Proposal %(number)s is corrected.") % {"number": proposal.ordinal}


def _save_and_confirm(request: HttpRequest, text: SourceText, proposal: Proposal) -> str:
    _save(request, text, proposal)
    return _confirmed(request, text, [_proposal_or_404(text, proposal.ordinal)])


def _drop(request: HttpRequest, _text: SourceText, proposal: Proposal) -> str:
    actions.drop_proposal(actor=request.actor, proposal=proposal, now=_now(request))  # type: ignore[attr-defined]
    return gettext("Proposal %(number)s is dropped.") % {"number": proposal.ordinal}


def _merge(request: HttpRequest, text: SourceText, proposal: Proposal) -> str:
    into = request.POST.get("into", "")
    target = _proposal_or_404(text, int(into)) if into.isdecimal() and len(into) < 9 else None
    if target is None:
        raise Refused(Reason(code="directives.merge_target", message=N_("Choose the proposal to merge it into.")))
    actions.merge_proposals(
        actor=request.actor, kept=target, merged=[proposal], now=_now(request),  # type: ignore[attr-defined]
    )
    return gettext("Proposal %(number)s is merged into %(into)s.") % {
        "number": proposal.ordinal, "into": target.ordinal,
    }


def _expand(request: HttpRequest, text: SourceText, proposal: Proposal) -> str:
    """Put the members of a collective name in its place."""
    register, name = register_of(text), request.POST.get("group", "")
    actions.change_proposal(
        actor=request.actor, proposal=proposal,  # type: ignore[attr-defined]
        units=_expanded(mentions_of(proposal.units), name, register),
        assisting=_expanded(mentions_of(proposal.assisting), name, register), now=_now(request),
    )
    return gettext("“%(name)s” is expanded to its members.") % {"name": name}


def _expanded(mentions: Sequence[Mention], name: str, register: Register) -> list[Mention]:
    found: list[Mention] = []
    for mention in mentions:
        members = mention.members if mention.name == name else ()
        found += [register.units.get(code, Mention(name=code, code=code)) for code in members] or [mention]
    return list(dict.fromkeys(found))


def _each(request: HttpRequest, text: SourceText, proposal: Proposal) -> str:
    """Set one directive for each member of a collective name."""
    register, name = register_of(text), request.POST.get("group", "")
    units = mentions_of(proposal.units)
    members = [one for one in _expanded(units, name, register) if one not in units]
    others = [mention for mention in units if mention.name != name]
    reasons = _mention_reasons([*others, *mentions_of(proposal.assisting)], mentions_of(proposal.projects))
    if reasons:
        raise RefusedCards({proposal.ordinal: reasons})
    drafts = [_draft(proposal, units=[member, *others]) for member in members]
    return _set(request, text, {proposal.ordinal: drafts})


@requires("directive.set")
@require_POST
def add(request: HttpRequest, number: int) -> HttpResponse:
    """Add a proposal for words of the text that were not found, or that stand inside another proposal."""
    text = text_or_404(request, number)
    try:
        proposal = actions.add_proposal(
            actor=request.actor, text=text, span=_given_span(request, text), now=_now(request),  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return text_page(request, text, add_reasons=refused.reasons, status=409)
    messages.success(request, gettext("Proposal %(number)s is added; name its unit and its matter.") % {
        "number": proposal.ordinal,
    })
    return redirect(_address(request, text, proposal.ordinal))


def _given_span(request: HttpRequest, text: SourceText) -> tuple[int, int]:
    """The place that was selected, or where the written words stand.

    Raises:
        Refused: they stand nowhere in the text.
    """
    ends = [request.POST.get(name, "") for name in ("start", "end")]
    if all(one.isdecimal() and len(one) < 10 for one in ends) and int(ends[0]) < int(ends[1]) <= len(text.text):
        return int(ends[0]), int(ends[1])
    span = found_span(text.text, request.POST.get("words", ""))
    if span is None:
        raise Refused(Reason(
            code="directive.words", message=N_("These words do not stand in the text."),
            remedy=N_("Select them in the text, or copy them as they stand there."),
        ))
    return span


@requires("directive.set")
@require_POST
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Set the checked proposals as directives: all of them or none."""
    text = text_or_404(request, number)
    checked = {int(one) for one in request.POST.getlist("proposal") if one.isdecimal() and len(one) < 9}
    chosen = [one for one in queries.proposals_of(text) if one.ordinal in checked]
    try:
        said = _confirmed(request, text, chosen)
    except RefusedCards as refused:
        return text_page(request, text, reasons=[_NOTHING_SET], card_reasons=refused.cards, checked=checked, status=409)
    except Refused as refused:
        return text_page(request, text, reasons=refused.reasons, checked=checked, status=409)
    messages.success(request, said)
    part = request.POST.get("part", "")
    return redirect(f"{reverse('directive.text', args=[text.pk])}?part={part}" if part.isdecimal() and part != "1"
                    else reverse("directive.text", args=[text.pk]))


def _confirmed(request: HttpRequest, text: SourceText, chosen: Sequence[Proposal]) -> str:
    """Set proposals as directives.

    Raises:
        RefusedCards: with what is wrong, by proposal.
        Refused: none is chosen.
    """
    if not chosen:
        raise Refused(Reason(
            code="directive.none_checked", message=N_("No proposal is checked."),
            remedy=N_("Check the proposals that are to be set."),
        ))
    wrong = {}
    for one in chosen:
        units = [*mentions_of(one.units), *mentions_of(one.assisting)]
        if found := _mention_reasons(units, mentions_of(one.projects)):
            wrong[one.ordinal] = found
    drafts = {
        one.ordinal: _draft(one, units=mentions_of(one.units)) for one in chosen if one.ordinal not in wrong
    }
    if wrong:
        against = problems_by_draft(
            actor=request.actor, drafts=list(drafts.values()), on=civil_date(at=_now(request)),  # type: ignore[attr-defined]
        )
        wrong |= {ordinal: found for ordinal, found in zip(drafts, against, strict=True) if found}
        raise RefusedCards(wrong)
    return _set(request, text, {ordinal: [draft] for ordinal, draft in drafts.items()})


def _set(request: HttpRequest, text: SourceText, drafts: Mapping[int, Sequence[DirectiveDraft]]) -> str:
    """Set the drafts of proposals, all or none; says how many and with which numbers.

    Raises:
        RefusedCards: with what is wrong, by proposal.
    """
    flat = [(ordinal, draft) for ordinal, ones in drafts.items() for draft in ones]
    try:
        codes = actions.set_directives(
            actor=request.actor, drafts=[draft for _, draft in flat], source=text,  # type: ignore[attr-defined]
            now=_now(request),
        )
    except Refused as refused:
        raise _by_card(refused, [ordinal for ordinal, _ in flat]) from refused
    remind_of(codes, now=_now(request))
    numbers = page_queries.directive_numbers(codes)
    return ngettext(
        "%(count)s directive is set and assigned: %(numbers)s.",
        "%(count)s directives are set and assigned: %(numbers)s.", len(codes),
    ) % {"count": len(codes), "numbers": gettext(", ").join(numbers[code] for code in codes)}


def _by_card(refused: Refused, ordinals: Sequence[int]) -> Exception:
    """The refusal with each reason at the card whose draft it names; one that names none is about all of them."""
    cards: dict[int, list[Reason]] = {}
    for reason in refused.reasons:
        item = reason.parameters.get("item", 1 if len(ordinals) == 1 and reason.code.startswith("directive.") else 0)
        if not isinstance(item, int) or not 0 < item <= len(ordinals):
            return refused
        cards.setdefault(ordinals[item - 1], []).append(reason)
    return RefusedCards(cards)


def _mention_reasons(units: Sequence[Mention], places: Sequence[Mention]) -> list[Reason]:
    """What stands in the way of naming units and projects by their codes."""
    reasons = []
    for mention in units:
        if mention.members:
            reasons.append(Reason(
                code="directive.group", message=N_("“%(name)s” stands for several units."),
                parameters={"name": mention.name}, remedy=N_("Expand it, or choose the units."),
            ))
        elif not mention.code:
            reasons.append(Reason(
                code="directive.unknown_unit", message=N_("The register holds no unit “%(name)s”."),
                parameters={"name": mention.name}, remedy=N_("Choose the unit from the list, or take the name out."),
            ))
    reasons += [
        Reason(
            code="directive.unknown_place", message=N_("The register holds no project or section “%(name)s”."),
            parameters={"name": mention.name}, remedy=N_("Choose it from the list, or take the name out."),
        )
        for mention in places if not mention.code
    ]
    return reasons


def _draft(proposal: Proposal, *, units: Sequence[Mention]) -> DirectiveDraft:
    codes = [mention.code for mention in units]
    due = proposal.due
    return DirectiveDraft(
        lead=codes[0] if codes else "", joint=codes[1:],
        assisting=[mention.code for mention in mentions_of(proposal.assisting)], matter=proposal.matter,
        due=Due(
            kind=DueKind(due.get("kind") or DueKind.UNSPECIFIED),
            on=date.fromisoformat(due["on"]) if due.get("on") else None,
            rrule=str(due.get("rrule") or ""), text=str(due.get("text") or ""),
        ),
        projects=[mention.code for mention in mentions_of(proposal.projects)], goal=proposal.goal,
        urgency=proposal.urgency, proposal=proposal.pk, span=(proposal.span_start, proposal.span_end),
    )


def _now(request: HttpRequest) -> datetime:
    now: datetime = request.now  # type: ignore[attr-defined]
    return now


_DEEDS: Final[Mapping[str, Callable[[HttpRequest, SourceText, Proposal], str]]] = {
    "save": _save, "confirm": _save_and_confirm, "drop": _drop, "merge": _merge, "expand": _expand, "each": _each,
}
