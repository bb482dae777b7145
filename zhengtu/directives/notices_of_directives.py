"""The papers of a directive as documents: the notice, the second demand after a chase, and the red slip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import override

from zhengtu.accounts.models import Unit
from zhengtu.casework.notices import DEMONSTRATION_MARK
from zhengtu.core.directives.life_cycle import DirectiveEvent
from zhengtu.core.directives.papers import Paper, Papers, filled, filled_rows, paper_reasons
from zhengtu.core.directives.standing import DirectiveStanding, Progress
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.directives.models import Directive
from zhengtu.ledger.reason_text import spoken_reason
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.press.document import Document, FieldGrid, FormField, Layout
from zhengtu.registry.queries import is_demonstration

NOTICE = "notice"
CHASED = "directive_chased"


@dataclass(frozen=True, slots=True)
class Background:
    """What a paper says besides the standing.

    Attributes:
        units: code -> name of every unit that it names.
        source: title and date of the text that assigned it; empty and None without one.
        is_of_review: whether a review decided it.
        urgency: in words. contact: name of the person who set it.
        mark: remark on every page, or empty.
    """

    units: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    said_on: date | None = None
    is_of_review: bool = False
    urgency: str = ""
    contact: str = ""
    mark: str = ""


def background_of(standing: DirectiveStanding) -> Background:
    """What the registers say of a directive, part or occurrence."""
    # An occurrence has no row of its own: its code is that of its directive with the day behind it.
    codes = (standing.code, standing.code.rpartition("-")[0])
    row = Directive.objects.select_related("source", "set_by").filter(code__in=codes).order_by("-code")[0]
    units = {standing.setter, standing.lead, *standing.joint, *standing.assisting}
    return Background(
        units=dict(Unit.objects.filter(code__in=units).values_list("code", "name")),
        source=row.source.title if row.source else "",
        said_on=row.source.said_on if row.source else None,
        is_of_review=bool(row.review),
        urgency=current_rulebook().label(group="urgency", id=row.urgency, language="zh-Hans"),
        contact=row.set_by.name,
        mark=_demonstration_mark(standing.code),
    )


def _demonstration_mark(code: str) -> str:
    if not is_demonstration(city_of(code)):
        return ""
    with override("zh-hans"):
        return spoken_reason(Reason("mark", DEMONSTRATION_MARK)).message


def papers_open(
    standing: DirectiveStanding, events: Sequence[DirectiveEvent]
) -> Mapping[str, Sequence[Reason]]:
    """Every paper in the order of its weight, with what speaks against making it now."""
    chases = _chases(events)
    papers = current_rulebook().directive_papers.papers
    return {id: paper_reasons(paper, standing, chases=len(chases)) for id, paper in papers.items()}


def directive_notice(
    standing: DirectiveStanding,
    *,
    events: Sequence[DirectiveEvent],
    today: date,
    paper: str = NOTICE,
    background: Background | None = None,
    phone: str = "",
) -> Document:
    """One paper of a directive; the caller has asked whether the actor may see the directive.

    Args:
        events: its facts, earliest first (``directives.queries.history_of``).
        today: the date under the paper.
        paper: ``notice``, ``chase`` or ``red``.
        background: read from the registers where it is not given.
        phone: of the contact; left to be filled in by hand where it is empty.

    Raises:
        Refused: where such a paper does not fit how the directive stands.
    """
    papers = current_rulebook().directive_papers
    chosen = papers.papers[paper]
    chases = _chases(events)
    reasons = paper_reasons(chosen, standing, chases=len(chases))
    if reasons:
        raise Refused(*reasons)
    known = background if background is not None else background_of(standing)
    values = _values(standing, chases, known=known, papers=papers, today=today) | {"phone": phone}
    return _document(chosen, standing, values=values, known=known, papers=papers)


def _document(
    paper: Paper, standing: DirectiveStanding, *, values: Mapping[str, str], known: Background, papers: Papers
) -> Document:
    rows = [
        [FormField(one.label, one.text, lines=one.lines) for one in row] for row in filled_rows(paper, values)
    ]
    return Document(
        title=paper.label[0], blocks=[FieldGrid(rows)], layout=Layout(paper.layout),
        number=filled(papers.phrases["number"], {"number": standing.number}), issuer=values["setter"],
        dated=values["today"], mark=known.mark,
    )


def _chases(events: Sequence[DirectiveEvent]) -> list[DirectiveEvent]:
    return [event for event in events if event.kind == CHASED]


def _values(
    standing: DirectiveStanding, chases: Sequence[DirectiveEvent], *, known: Background, papers: Papers, today: date
) -> dict[str, str]:
    phrases, rulebook = papers.phrases, current_rulebook()
    said = [
        filled(phrases["chase"], {
            "date": _day(event.on, phrases), "ordinal": str(at), "text": str(event.attributes.get("text", "")),
        })
        for at, event in enumerate(chases, start=1)
    ]
    return {
        "number": standing.number,
        "source": _source(standing, known=known, phrases=phrases),
        "setter": _named([standing.setter], known, phrases),
        "lead": _named([standing.lead], known, phrases),
        "joint": _named(standing.joint, known, phrases),
        "assisting": _named(standing.assisting, known, phrases),
        "officer": standing.officer or phrases["officer_unnamed"],
        "matter": standing.matter,
        "due": _due(standing, phrases=phrases),
        "urgency": known.urgency,
        "set_on": _day(standing.set_on, phrases),
        "today": _day(today, phrases),
        "state": rulebook.label(group="directive_state", id=standing.state, language="zh-Hans"),
        "overdue": str(standing.overdue_workdays) if standing.overdue_workdays else "",
        "progress": _progress(standing.progress, papers=papers, today=today),
        "chases": str(len(chases)),
        "last_chase": str(chases[-1].attributes.get("text", "")) if chases else "",
        "all_chases": "\n".join(said),
        "objection_workdays": str(rulebook.directives.objection_workdays),
        "contact": known.contact,
    }


def _day(day: date, phrases: Mapping[str, str]) -> str:
    return filled(phrases["date"], {"year": str(day.year), "month": str(day.month), "day": str(day.day)})


def _named(codes: Sequence[str], known: Background, phrases: Mapping[str, str]) -> str:
    return phrases["between"].join(known.units.get(code, code) for code in codes)


def _source(standing: DirectiveStanding, *, known: Background, phrases: Mapping[str, str]) -> str:
    if known.source and known.said_on is not None:
        return filled(phrases["source_text"], {"title": known.source, "date": _day(known.said_on, phrases)})
    if known.is_of_review:
        return filled(phrases["source_review"], {"date": _day(standing.set_on, phrases)})
    return filled(phrases["source_own"], {"setter": _named([standing.setter], known, phrases)})


def _due(standing: DirectiveStanding, *, phrases: Mapping[str, str]) -> str:
    if standing.due_on is None:
        return phrases["due_none"]
    due = _day(standing.due_on, phrases)
    first = standing.first_due_on
    if first is None or first == standing.due_on:
        return due
    return filled(phrases["due_extended"], {"due": due, "first": _day(first, phrases)})


def _progress(progress: Progress | None, *, papers: Papers, today: date) -> str:
    if progress is None:
        return ""
    return filled(papers.phrases["progress"], {
        "today": _day(today, papers.phrases), "done": f"{progress.done:,}", "total": f"{progress.total:,}",
        "unit": papers.units_of_count[progress.unit_of_count],
    })
