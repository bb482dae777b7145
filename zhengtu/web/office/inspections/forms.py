"""What the forms of inspections share: the page or nothing, days, numbers and files as they were sent."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.inspection.queries import InspectionPage, inspection_for
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.ledger.rulebook import current_rulebook


def inspection_or_404(request: HttpRequest, code: str) -> InspectionPage:
    """The inspection as the actor sees it.

    Raises:
        Http404: there is none, or none for the actor; the two are answered alike.
    """
    today: date = request.today  # type: ignore[attr-defined]
    page = inspection_for(request.actor, code, on=today)  # type: ignore[attr-defined]
    if page is None:
        raise Http404
    return page


def may(actor: Actor, verb: str, code: str, *, unit: str = "") -> bool:
    """Whether the actor may do this to an inspection, or to the part of it that is a unit's."""
    subject = Subject(code=code, units=frozenset({unit} if unit else ()))
    return current_rulebook().authority.may(actor=actor, verb=verb, subject=subject) is None


def city_for(actor: Actor, verb: str) -> str:
    """The city of the post that holds a verb."""
    scope = current_rulebook().authority.scope(actor=actor, verb=verb)
    return city_of(min(scope.prefixes, default=actor.postings[0].unit))


def given_day(request: HttpRequest, name: str) -> date:
    """A date of the form.

    Raises:
        Refused: when it is missing or no date.
    """
    text = request.POST.get(name, "")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(Reason(
            code="inspection.day", message=N_("A day is missing or is no date: “%(text)s”."),
            parameters={"text": text[:40]}, remedy=N_("Write it as year-month-day, e.g. 2025-02-14."),
        )) from None


def given_number(request: HttpRequest, name: str) -> int:
    """A whole number of the form; 0 where it is none."""
    text = request.POST.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def given_files(request: HttpRequest, name: str, *, kind: str) -> list[OfferedFile]:
    """Files of a field, as evidence of that kind."""
    return [OfferedFile(kind, file.name or "", file) for file in request.FILES.getlist(name)]
