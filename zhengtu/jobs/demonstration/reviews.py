"""The demonstration's reviews: held on the days of the rhythm by deeds, their decisions kept, kept late or not, and the
next ones planned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from zhengtu.campaign.city_plans import compute_city_plans
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.reviews.decision import Decision
from zhengtu.core.reviews.rhythm import days_between
from zhengtu.directives import actions as directives
from zhengtu.jobs.demonstration.acting import actor_called
from zhengtu.jobs.demonstration.staging import Move, invented_paper, moment, play, script_of
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.reviews import room
from zhengtu.reviews.actions import begin_review, close_review, plan_review
from zhengtu.reviews.deciding import decisions_of
from zhengtu.reviews.queries import figure_dates, matters_of, ordinal_of

SCRIPT: Final = Path(__file__).with_name("reviews.yaml")
_LOOKED_BACK_DAYS: Final = 56


def hold_reviews(*, city: str, now: datetime) -> int:
    """Hold the script's reviews day by day in the loaded demonstration and plan the next; returns how many were held.

    Rhythms whose days have not come often enough since the campaign began hold fewer.
    """
    script = _Script(city, now)
    play(script.moves())
    for entry in script_of(SCRIPT)["planned"]:
        actor = actor_called(entry["by"], on=script.today)
        plan_review(actor=actor, city=city, rhythm=entry["rhythm"], now=now)
    return script.held


class _Script:
    """The script on the calendar of the day of loading."""

    def __init__(self, city: str, now: datetime) -> None:
        self.city, self.now, self.today = city, now, civil_date(at=now)
        self.codes: dict[str, str] = {}
        self.held = 0

    def moves(self) -> Iterator[Move]:
        order = 0
        for entry in script_of(SCRIPT)["reviews"]:
            day = self._day(entry)
            if day is None:
                continue
            yield Move(day, order := order + 1, partial(self._hold, entry, day))
            for decision in entry["decisions"]:
                for step in decision.get("then", ()):
                    on = day + timedelta(days=step["after"])
                    if on < self.today:
                        yield Move(on, order := order + 1, partial(self._step, decision, step, on))

    def _day(self, entry: Mapping[str, Any]) -> date | None:
        """The so-many-th last day of the rhythm before the day of loading, within eight weeks."""
        rhythm = current_rulebook().reviews.rhythms[entry["rhythm"]]
        days = days_between(
            rhythm, start=self.today - timedelta(days=_LOOKED_BACK_DAYS), end=self.today - timedelta(days=1),
            calendar=current_rulebook().calendar,
        )
        return days[-entry["back"]] if len(days) >= entry["back"] else None

    def _at(self, on: date, hour: int) -> datetime:
        return moment(on, hour=hour, now=self.now)

    def _hold(self, entry: Mapping[str, Any], day: date) -> None:
        actor = actor_called(entry["by"], on=day)
        code = plan_review(
            actor=actor, city=self.city, rhythm=entry["rhythm"], held_on=day, now=self._at(day - timedelta(days=1), 9)
        )
        for on, known in figure_dates(code):
            compute_city_plans(self.city, on=on, known=known, now=self.now)
        begin_review(actor=actor, code=code, now=self._at(day, 14))
        for note in entry["notes"]:
            room.note_matter(
                actor=actor, code=code, ordinal=self._matter(actor, code, note), note=note["text"], is_dealt=True
            )
        for one in entry["decisions"]:
            ordinal = self._matter(actor, code, one)
            decision = Decision(
                id=0, lead=one["lead"], matter=one["matter"], due_on=day + timedelta(days=one["due"]),
                joint=tuple(one.get("joint", ())), assisting=tuple(one.get("assisting", ())),
                goal=one.get("goal", ""),
            )
            room.decide(actor=actor, code=code, ordinal=ordinal, decision=decision, now=self._at(day, 15))
        close_review(actor=actor, code=code, now=self._at(day, 16))
        decided = [one for row in matters_of(code) for one in decisions_of(row)]
        words = {one.matter: one.code for one in decided}
        self.codes |= {one["key"]: words[one["matter"]] for one in entry["decisions"]}
        self.held += 1

    def _matter(self, actor: Actor, code: str, entry: Mapping[str, Any]) -> int:
        """The agenda's matter of the project, else one raised under the title."""
        found = ordinal_of(code, item=entry.get("project", ""), title=entry.get("title", ""))
        title = entry.get("title") or entry.get("text", entry.get("matter", ""))[:40]
        return found or room.raise_matter(actor=actor, code=code, title=title, units=entry.get("units", ()))

    def _step(self, decision: Mapping[str, Any], step: Mapping[str, Any], on: date) -> None:
        who = {
            "actor": actor_called(step["by"], on=on), "code": self.codes[decision["key"]],
            "now": self._at(on, 17),
        }
        _DEEDS[step["deed"]](who, step)


def _report(who: Mapping[str, Any], step: Mapping[str, Any]) -> None:
    paper = invented_paper("directive_report", step["text"])
    directives.report_on_directive(**who, text=step["text"], is_final=True, files=[paper])


_DEEDS: Final[Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], object]]] = {
    "receive": lambda who, step: directives.receive_directive(**who, officer=step["officer"]),
    "report": _report,
    "verify": lambda who, step: directives.verify_report(**who, finding=step["finding"]),
    "close": lambda who, step: directives.close_directive(**who, conclusion=step["conclusion"]),
}
