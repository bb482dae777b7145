"""The demonstration's directives: read out of a speech of its own, set, answered, returned, extended and closed by
deeds on the days of ``directives.yaml``; everything in them is invented."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from zhengtu.core.authority.actor import Actor
from zhengtu.core.directives.draft import DirectiveDraft, DraftDue
from zhengtu.core.directives.numbering import occurrence_code
from zhengtu.core.directives.recurrences import Occurrence, occurrences
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.directives import actions
from zhengtu.directives.models import Proposal, ProposalState, SourceText
from zhengtu.directives.queries import proposals_of
from zhengtu.jobs.demonstration.acting import actor_called
from zhengtu.jobs.demonstration.script import day_of
from zhengtu.jobs.demonstration.staging import Move, invented_paper, moment, play, script_of
from zhengtu.ledger.rulebook import current_rulebook

SCRIPT: Final = Path(__file__).with_name("directives.yaml")
_WAY_OF_DATES: Final = "{date.month}月{date.day}日"


def record_directives(*, now: datetime) -> int:
    """Record the script in the loaded demonstration, day by day; returns how many directives were set."""
    script = _Script(now)
    play(script.moves())
    return len(script.codes)


class _Script:
    """The script on the calendar of the day of loading."""

    def __init__(self, now: datetime) -> None:
        self.now, self.today = now, civil_date(at=now)
        self.codes: dict[str, str] = {}
        self._text: SourceText | None = None

    def moves(self) -> Iterator[Move]:
        script = script_of(SCRIPT)
        yield Move(self._on(script["text"]["day"]), 0, partial(self._add_text, script["text"]))
        order = 0
        for entry in script["directives"]:
            yield Move(self._on(entry["day"]), order := order + 1, partial(self._set, entry))
            for step in entry.get("then", ()):
                yield Move(self._on(step["day"]), order := order + 1, partial(self._step, entry, step))
            for place, turn in enumerate(self._turns(entry)):
                answered = partial(self._answer_turn, entry, turn.on)
                yield Move(turn.due_on, order := order + 1, answered)
                if place < entry["turns"]["closed"]:
                    day = (turn.due_on - self.today).days + 1
                    closed = partial(self._close_turn, entry, turn.on, day)
                    yield Move(self._on(day), order := order + 1, closed)

    def _on(self, day: int) -> date:
        return self.today + timedelta(days=day)

    def _at(self, day: int) -> datetime:
        """Ten in the morning of a day; never after the loading."""
        return moment(self._on(day), hour=10, now=self.now)

    def _actor(self, username: str, day: int) -> Actor:
        return actor_called(username, on=self._on(day))

    def _add_text(self, entry: Mapping[str, Any]) -> None:
        days = {
            label: _WAY_OF_DATES.format(date=day_of(label, today=self.today))
            for label in ("handover", "spring_festival")
        }
        paragraphs = [line.format(**days) for line in entry["paragraphs"]]
        self._text = actions.add_text(
            actor=self._actor(entry["by"], entry["day"]), city="220200", kind=entry["kind"], title=entry["title"],
            said_on=self._on(entry["day"]), text="\n".join(paragraphs), now=self._at(entry["day"]),
        )

    def _set(self, entry: Mapping[str, Any]) -> None:
        span = self._span(entry.get("phrase", ""))
        proposal = self._proposal(span)
        draft = DirectiveDraft(
            lead=entry["lead"], joint=tuple(entry.get("joint", ())), assisting=tuple(entry.get("assisting", ())),
            matter=entry["matter"], due=self._due(entry), projects=tuple(entry.get("projects", ())),
            goal=entry.get("goal", ""), urgency=entry.get("urgency", "normal"),
            proposal=proposal.pk if proposal is not None else None, span=span,
        )
        (self.codes[entry["key"]],) = actions.set_directives(
            actor=self._actor(entry["by"], entry["day"]), drafts=[draft], source=self._text if span else None,
            now=self._at(entry["day"]),
        )

    def _span(self, phrase: str) -> tuple[int, int] | None:
        """The sentence of the speech that holds the phrase."""
        if not phrase or self._text is None:
            return None
        said = self._text.text
        place = said.index(phrase)
        start = max(said.rfind(mark, 0, place) for mark in "。；\n") + 1
        ends = [end for mark in "。；\n" if (end := said.find(mark, place)) >= 0]
        return start, min(ends, default=len(said))

    def _proposal(self, span: tuple[int, int] | None) -> Proposal | None:
        """A proposal that was read out of that sentence and is still open."""
        if span is None or self._text is None:
            return None
        return next(
            (
                one for one in proposals_of(self._text)
                if one.state == ProposalState.OPEN and one.span_start < span[1] and one.span_end > span[0]
            ),
            None,
        )

    def _due(self, entry: Mapping[str, Any]) -> DraftDue:
        if "rrule" in entry:
            return DraftDue("recurring", rrule=entry["rrule"])
        if "due" not in entry:
            return DraftDue()
        due = entry["due"]
        if isinstance(due, int):
            return DraftDue("date", self._on(due))
        kind = {"campaign_end": "campaign_end", "spring_festival": "festival"}.get(due, "date")
        return DraftDue(kind, day_of(due, today=self.today))

    def _step(self, entry: Mapping[str, Any], step: Mapping[str, Any]) -> None:
        code = self.codes[entry["key"]]
        if "part" in step:
            code = f"{code}-{step['part']:02d}"
        who = {"actor": self._actor(step["by"], step["day"]), "code": code, "now": self._at(step["day"])}
        _DEEDS[step["deed"]](self, who, step)

    def day(self, step: Mapping[str, Any]) -> date:
        """The new last day that a step names."""
        return self._on(step["due"])

    def divide(self, who: Mapping[str, Any], step: Mapping[str, Any]) -> None:
        """Give parts to units below."""
        drafts = [
            DirectiveDraft(
                lead=part["lead"], matter=part["matter"], due=self._due(part),
                projects=tuple(part.get("projects", ())), goal=part.get("goal", ""),
            )
            for part in step["parts"]
        ]
        actions.divide_directive(**who, drafts=drafts)

    def _turns(self, entry: Mapping[str, Any]) -> list[Occurrence]:
        """The occurrences that are answered: those that fell due first."""
        if "turns" not in entry:
            return []
        yesterday = self.today - timedelta(days=1)
        found = occurrences(
            entry["rrule"], from_on=self.today + timedelta(days=entry["day"] + 1), through_on=yesterday,
            calendar=current_rulebook().calendar,
        )
        wanted = entry["turns"]["closed"] + entry["turns"]["reported"]
        return [one for one in found if one.due_on <= yesterday][:wanted]

    def _answer_turn(self, entry: Mapping[str, Any], on: date) -> None:
        turns = entry["turns"]
        code = occurrence_code(self.codes[entry["key"]], on=on)
        day = next(one.due_on for one in self._turns(entry) if one.on == on) - self.today
        _report(self._who(turns["by"], code, day.days), turns["text"], is_final=True)

    def _close_turn(self, entry: Mapping[str, Any], on: date, day: int) -> None:
        turns = entry["turns"]
        who = self._who(entry["by"], occurrence_code(self.codes[entry["key"]], on=on), day)
        actions.verify_report(**who, finding=turns["finding"])
        actions.close_directive(**who, conclusion=turns["conclusion"])

    def _who(self, username: str, code: str, day: int) -> dict[str, Any]:
        return {"actor": self._actor(username, day), "code": code, "now": self._at(day)}


def _report(who: Mapping[str, Any], text: str, *, is_final: bool) -> None:
    actions.report_on_directive(**who, text=text, is_final=is_final, files=[invented_paper("directive_report", text)])


_Deed = Callable[[_Script, Mapping[str, Any], Mapping[str, Any]], object]
_DEEDS: Final[Mapping[str, _Deed]] = {
    "receive": lambda script, who, step: actions.receive_directive(**who, officer=step["officer"]),
    "object": lambda script, who, step: actions.object_to_directive(**who, reason=step["reason"]),
    "reassign": lambda script, who, step: actions.reassign_directive(
        **who, lead=step["lead"], reason=step["reason"]
    ),
    "decline_objection": lambda script, who, step: actions.decline_objection(**who, reason=step["reason"]),
    "release": lambda script, who, step: actions.release_unit(**who, reason=step["reason"]),
    "interim": lambda script, who, step: _report(who, step["text"], is_final=False),
    "report": lambda script, who, step: _report(who, step["text"], is_final=True),
    "return": lambda script, who, step: actions.return_report(
        **who, reason=step["reason"], due_on=script.day(step)
    ),
    "verify": lambda script, who, step: actions.verify_report(**who, finding=step["finding"]),
    "ask_extension": lambda script, who, step: actions.ask_extension(
        **who, reason=step["reason"], due_on=script.day(step)
    ),
    "grant_extension": lambda script, who, step: actions.grant_extension(
        **who, reason=step["reason"], due_on=script.day(step)
    ),
    "chase": lambda script, who, step: actions.chase_directive(**who, text=step["text"]),
    "close": lambda script, who, step: actions.close_directive(**who, conclusion=step["conclusion"]),
    "cancel": lambda script, who, step: actions.cancel_directive(
        **who, reason=step["reason"], files=[invented_paper("instruction", step["reason"])]
    ),
    "archive": lambda script, who, step: actions.archive_directive(**who),
    "divide": lambda script, who, step: script.divide(who, step),
}
