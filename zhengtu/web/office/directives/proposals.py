"""Deeds on the proposals of a text: correct, expand, merge, drop, add, and confirm as directives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.language.directive_text import Due, DueKind, Mention
from zhengtu.directives import actions, queries
from zhengtu.directives.models import Proposal, ProposalState, SourceText
from zhengtu.web.office.directives.cards import DUE_KINDS, Fields
from zhengtu.web.office.directives.names import Register, mentions_of
from zhengtu.web.office.directives.recurrence import Recurrence, given_rule
from zhengtu.web.office.directives.spans import found_span
from zhengtu.web.office.directives.text_page import register_of, text_or_404, text_page
from zhengtu.web.shared.access import requires


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


def given_due(form: Mapping[str, str], *, kept_rule: str = "") -> Due:
    """The due date that a form says.

    Raises:
        Refused: a day is needed and missing or no date, or a recurrence without its rhythm.
    """
    kind = DueKind(form["due_kind"]) if form.get("due_kind") in list(DueKind) else DueKind.UNSPECIFIED
    said, on, rule = form.get("due_text", "").strip(), None, ""
    if kind in (DueKind.DATE, DueKind.FESTIVAL):
        on = _day(form.get("due_on", ""))
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
    form, register = request.POST, register_of(text)
    actions.change_proposal(
        actor=request.actor, proposal=proposal,  # type: ignore[attr-defined]
        units=[*register.given_units(form.get("lead", ""))[:1], *register.given_units(form.get("joint", ""))],
        assisting=register.given_units(form.get("assisting", "")),
        projects=register.given_places(form.get("projects", "")), matter=form.get("matter", "").strip(),
        due=given_due(form, kept_rule=str(proposal.due.get("rrule") or "")), goal=form.get("goal", ""),
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


def _now(request: HttpRequest) -> datetime:
    now: datetime = request.now  # type: ignore[attr-defined]
    return now
