"""Deeds on texts that assign work: keep one and read it; correct, merge, drop and add what is proposed out of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final

from django.core.files.base import ContentFile, File

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.directives.draft import GOALS, KINDS, MATTER_LIMIT, SaidDue, joined_matters
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.language.directive_text import Mention
from zhengtu.core.language.extraction import extract_directives
from zhengtu.core.language.file_refusals import FILE_BYTES_AT_MOST
from zhengtu.core.language.text_files import checked_length, read_text
from zhengtu.directives import writes
from zhengtu.directives.cases import SET, units_with
from zhengtu.directives.lexicon import lexicon_of
from zhengtu.directives.model_proposals import ask_later
from zhengtu.directives.models import Proposal, ProposalOrigin, ProposalState, SourceText, TextKind
from zhengtu.directives.proposing import proposal_columns, stored_due, stored_mentions
from zhengtu.ledger.act import OpenDeed, act
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.rulebook import current_rulebook

TITLE_LIMIT: Final = 160
_MENTIONS_LIMIT: Final = 60


def add_text(
    *,
    actor: Actor,
    city: str,
    kind: str,
    title: str,
    said_on: date,
    now: datetime,
    file: File | None = None,
    text: str = "",
) -> SourceText:
    """Keep a text with the file it came in, read it by the city's names, and store what is proposed out of it.

    Args:
        kind: one of ``TextKind``.
        file: text, Word or PDF; where there is none, ``text`` was pasted.

    Raises:
        Refused: no right, a file that cannot be read, no text, no title, or a day that lies ahead.
    """
    rulebook = current_rulebook()
    on = Subject(code=city, units=units_with(actor, SET))
    said = ""
    reasons = _text_reasons(kind=kind, title=title, said_on=said_on, today=civil_date(at=now))
    if not reasons and rulebook.authority.may(actor=actor, verb=SET, subject=on) is None:
        # Reading may take a while: it is done before the city's chain is held.
        said = _read(file, text)
        lexicon = lexicon_of(city, on=said_on)
        found = extract_directives(said, said_on=said_on, lexicon=lexicon, rules=rulebook.language)
    with act(actor, SET, on=on, at=now) as deed:
        if reasons:
            raise Refused(*reasons)
        name = (file.name or "") if file is not None else f"{title.strip()[:60]}.txt"
        kept = kept_files([OfferedFile("instruction", name, file or ContentFile(said.encode(), name=name))], [])
        deed.record(evidence=kept, because=[_told(N_("Text “%(title)s” added"), title.strip())])
        held = writes.insert_text(
            city=city, kind=kind, title=title.strip(), said_on=said_on, text=said,
            text_sha256=sha256(said.encode()).hexdigest(), file_id=kept[0].sha256, file_name=kept[0].name,
            added_by_id=actor.person, added_at=now, deed=deed.id,
        )
        writes.insert_proposals(
            held, [proposal_columns(one, rules=rulebook.directives) for one in found]
        )
        ask_later(held.pk)
        return held


def _read(file: File | None, text: str) -> str:
    """The text itself, line ends as ``\\n``; a pasted one passes the same checks as a file."""
    if file is not None:
        file.seek(0)
        data = file.read(FILE_BYTES_AT_MOST + 1)
        file.seek(0)
        return read_text(data, name=file.name or "")
    if not text.strip():
        raise Refused(_reason("text_empty", N_("The text is empty."), N_("Paste it, or choose a file.")))
    checked_length(text, name="")
    return read_text(text.encode("utf-8", errors="replace"), name="")


def _text_reasons(*, kind: str, title: str, said_on: date, today: date) -> list[Reason]:
    reasons = []
    if kind not in TextKind.values:
        reasons.append(_reason("text_kind", N_("Choose what kind of text it is.")))
    if not title.strip() or len(title.strip()) > TITLE_LIMIT:
        reasons.append(
            Reason(
                code="directive.text_title", message=N_("A text needs a title of at most %(limit)s characters."),
                parameters={"limit": TITLE_LIMIT}, remedy=N_("Write who said it where, e.g. the meeting's name."),
            )
        )
    if said_on > today:
        reasons.append(_reason("text_day", N_("The day on which the text was said lies ahead.")))
    return reasons


def change_proposal(
    *,
    actor: Actor,
    proposal: Proposal,
    now: datetime,
    units: Sequence[Mention] | None = None,
    assisting: Sequence[Mention] | None = None,
    projects: Sequence[Mention] | None = None,
    matter: str | None = None,
    due: SaidDue | None = None,
    goal: str | None = None,
    urgency: str | None = None,
) -> str:
    """Correct a proposal; what is None stays. Returns the deed's key.

    Raises:
        Refused: no right, the proposal is not open any more, or a value that cannot be.
    """
    def change(deed: OpenDeed, held: Proposal) -> None:
        columns: dict[str, Any] = {}
        for name, mentions in (("units", units), ("assisting", assisting), ("projects", projects)):
            if mentions is not None:
                columns[name] = stored_mentions(mentions)
        for name, value in (("matter", matter), ("goal", goal), ("urgency", urgency)):
            if value is not None:
                columns[name] = value.strip()
        if due is not None:
            columns["due"] = stored_due(due)
        reasons = _column_reasons(columns)
        if reasons:
            raise Refused(*reasons)
        deed.record(because=[_of_proposal(N_("Proposal %(number)s of “%(title)s” corrected"), held)])
        writes.change_columns(held, columns)

    return _on_proposals(actor, [proposal], now, lambda deed, held: change(deed, held[0]))


def drop_proposal(*, actor: Actor, proposal: Proposal, now: datetime) -> str:
    """Say that a sentence is no directive; returns the deed's key.

    Raises:
        Refused: no right, or the proposal is not open any more.
    """
    def drop(deed: OpenDeed, held: Sequence[Proposal]) -> None:
        deed.record(because=[_of_proposal(N_("Proposal %(number)s of “%(title)s” dropped"), held[0])])
        writes.set_proposals([held[0].pk], state=ProposalState.DROPPED)

    return _on_proposals(actor, [proposal], now, drop)


def merge_proposals(*, actor: Actor, kept: Proposal, merged: Sequence[Proposal], now: datetime) -> str:
    """Put several proposals into one, which takes over what they add; returns the deed's key.

    Its matter becomes all of theirs in the order of the text; units, helpers and projects are joined, its own first.

    Raises:
        Refused: no right, of different texts, or one of them is not open any more.
    """
    def merge(deed: OpenDeed, held: Sequence[Proposal]) -> None:
        into, others = held[0], held[1:]
        if not others or into.pk in {one.pk for one in others}:
            raise Refused(_reason("merge", N_("Choose another proposal to merge it with.")))
        in_order = sorted(held, key=lambda one: (one.span_start, one.ordinal))
        columns = {
            "matter": joined_matters([one.matter for one in in_order], rules=current_rulebook().directives),
            **{name: _joined(held, name) for name in ("units", "assisting", "projects")},
            "span_start": min(one.span_start for one in held), "span_end": max(one.span_end for one in held),
        }
        reasons = _column_reasons(columns)
        if reasons:
            raise Refused(*reasons)
        deed.record(because=[_of_proposal(N_("Proposals merged into %(number)s of “%(title)s”"), into)])
        writes.change_columns(into, columns)
        writes.set_proposals([one.pk for one in others], state=ProposalState.MERGED, into=into.pk)

    return _on_proposals(actor, [kept, *merged], now, merge)


def add_proposal(
    *, actor: Actor, text: SourceText, span: tuple[int, int], now: datetime, matter: str = ""
) -> Proposal:
    """Add a proposal for words of a text that were not found.

    Args:
        span: first and past-the-last character.
        matter: empty: the words themselves.

    Raises:
        Refused: no right, or a span outside the text.
    """
    with act(actor, SET, on=Subject(code=text.city, units=units_with(actor, SET)), at=now) as deed:
        held = writes.locked_text(text.pk)
        if held is None or not 0 <= span[0] < span[1] <= len(held.text):
            raise Refused(_reason("span", N_("These words do not stand in the text."), N_("Select them in the text.")))
        words = matter.strip() or held.text[span[0] : span[1]].strip()
        if not words or len(words) > MATTER_LIMIT:
            raise Refused(*_column_reasons({"matter": words}))
        last = max(Proposal.objects.filter(text=held).values_list("ordinal", flat=True), default=0)
        deed.record(because=[_told(N_("Proposal added to “%(title)s”"), held.title)])
        row = {
            "origin": ProposalOrigin.OFFICER, "span_start": span[0], "span_end": span[1], "matter": words,
            "due": {"kind": "unspecified", "on": None, "rrule": "", "text": ""}, "confidence": 1.0,
        }
        return writes.insert_proposals(held, [row], first=last + 1)[0]


def _on_proposals(
    actor: Actor,
    proposals: Sequence[Proposal],
    now: datetime,
    work: Callable[[OpenDeed, Sequence[Proposal]], None],
) -> str:
    """Hold proposals of one text that are open, and do the work on them in a deed."""
    city = proposals[0].text.city
    with act(actor, SET, on=Subject(code=city, units=units_with(actor, SET)), at=now) as deed:
        rows = writes.locked_proposals(one.pk for one in proposals)
        held = [rows[one.pk] for one in proposals if one.pk in rows]
        if len(held) < len(proposals) or len({one.text_id for one in held}) > 1:
            raise Refused(_reason("proposal", N_("A proposal does not belong to the text."), N_("Load the page anew.")))
        if any(one.state != ProposalState.OPEN for one in held):
            raise Refused(
                _reason("proposal_done", N_("A proposal was confirmed, merged or dropped already."),
                        N_("Load the page anew."))
            )
        work(deed, held)
        return deed.id


def _joined(proposals: Sequence[Proposal], name: str) -> list[Any]:
    found: list[Any] = []
    for proposal in proposals:
        found += [mention for mention in getattr(proposal, name) if mention not in found]
    return found


def _column_reasons(columns: dict[str, Any]) -> list[Reason]:
    reasons = []
    matter = columns.get("matter", "-")
    if not matter or len(matter) > MATTER_LIMIT:
        reasons.append(
            Reason(
                code="directive.matter", message=N_("The matter has between 1 and %(limit)s characters."),
                parameters={"limit": MATTER_LIMIT}, remedy=N_("Write what is to be done."),
            )
        )
    if columns.get("goal") and columns["goal"] not in GOALS:
        reasons.append(_reason("goal_unknown", N_("The ledger knows no such goal."), N_("Choose one from the list.")))
    if columns.get("urgency", "normal") not in current_rulebook().directives.handling_workdays:
        reasons.append(_reason("urgency_unknown", N_("There is no such urgency."), N_("Choose one from the list.")))
    if columns.get("due", {}).get("kind", "unspecified") not in KINDS:
        reasons.append(_reason("due_kind_unknown", N_("There is no such kind of due date.")))
    if any(len(columns.get(name, ())) > _MENTIONS_LIMIT for name in ("units", "assisting", "projects")):
        reasons.append(_reason("mentions", N_("Too many units or projects are named.")))
    return reasons


def _of_proposal(message: str, proposal: Proposal) -> Reason:
    return Reason(
        code=f"directive.proposal.{proposal.pk}", message=message,
        parameters={"number": proposal.ordinal, "title": proposal.text.title},
    )


def _told(message: str, title: str) -> Reason:
    return Reason(code="directive.text", message=message, parameters={"title": title})


def _reason(code: str, message: str, remedy: str = "") -> Reason:
    return Reason(code=f"directive.{code}", message=message, remedy=remedy)
