"""The demonstration's sponsors, promises, visits and hard cases, by deeds on the days of ``sponsors.yaml``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import yaml
from django.core.files.base import ContentFile

from zhengtu.accounts.queries import person_called
from zhengtu.channel.actions import name_reader
from zhengtu.core.kernel.civil_dates import SHANGHAI, civil_date
from zhengtu.core.kernel.codes import project_of
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.jobs.demonstration.acting import actor_called
from zhengtu.jobs.demonstration.model import DemonstrationCampaign
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.registry.procedure_cases import participation_of
from zhengtu.sponsorship.actions import keep_promise, name_sponsor, promise, record_visit
from zhengtu.sponsorship.case_actions import describe_case, reply_to_case, solve_case, try_remedy
from zhengtu.sponsorship.facts import first_without
from zhengtu.sponsorship.queries import case_of_family

SCRIPT: Final = Path(__file__).with_name("sponsors.yaml")
_PAPER: Final = "演示材料，内容虚构：{text}\n"
_CITY_LEADERS: Final = ("mayor", "vice_mayor")


@dataclass(frozen=True)
class _Move:
    """One deed of the script: on which day, and what is done; those of one day in the order of the script."""

    on: date
    order: int
    run: Callable[[], object]


def record_sponsors(demonstration: DemonstrationCampaign, *, now: datetime) -> int:
    """Record the script in the loaded demonstration, day by day; returns how many deeds there were."""
    script = _Script(demonstration, now)
    moves = sorted(script.moves(), key=lambda one: (one.on, one.order))
    for move in moves:
        move.run()
    return len(moves)


class _Script:
    """The script on the calendar of the day of loading."""

    def __init__(self, demonstration: DemonstrationCampaign, now: datetime) -> None:
        self.now, self.today = now, civil_date(at=now)
        self.script: dict[str, Any] = yaml.safe_load(SCRIPT.read_text(encoding="utf-8"))
        self.demonstration = demonstration
        self.taken: set[str] = set()
        self._order = 0

    def moves(self) -> Iterator[_Move]:
        """Every deed that lies within the campaign and the script."""
        named = self.script["named"]
        for subject, sponsor in self._sponsors().items():
            yield self._move(named, self._name, subject, sponsor, named)
        for entry in self.script["visits"]:
            yield self._move(entry["day"], self._visit, entry)
        for entry in self.script["promises"]:
            yield from self._promise(entry["of"], entry)
        for entry in self.script["hard_cases"]:
            yield from self._case(entry)
        reader = self.script["reader"]
        yield self._move(reader["named"], self._name_reader, reader)

    def _sponsors(self) -> dict[str, str]:
        """Whom the campaign names for each project: whole where it is a leader of the city, else the leader's part."""
        held = {}
        for project in self.demonstration.projects:
            if not project.sponsor:
                continue
            part = f"{project.jurisdictions[0]}-{project.code.partition('-')[2]}"
            held[project.code if project.sponsor in _CITY_LEADERS else part] = project.sponsor
        return held | self.script["parts"]

    def _move(self, days_ago: int, run: Callable[..., object], *given: Any) -> _Move:
        self._order += 1
        return _Move(self.today - timedelta(days=days_ago), self._order, partial(run, *given))

    def _at(self, days_ago: int, hour: int = 10) -> datetime:
        day = self.today - timedelta(days=days_ago)
        return min(datetime.combine(day, time(hour), tzinfo=SHANGHAI), self.now)

    def _who(self, username: str, days_ago: int) -> dict[str, Any]:
        on = self.today - timedelta(days=days_ago)
        return {"actor": actor_called(username, on=on), "now": self._at(days_ago)}

    def _file(self, kind: str, text: str) -> OfferedFile:
        name = self.script["minutes" if kind == "minutes" else "paper"]
        return OfferedFile(kind, name, ContentFile(_PAPER.format(text=text).encode(), name=name))

    def _name(self, subject: str, sponsor: str, days_ago: int) -> None:
        person = person_called(sponsor)
        if person is None:
            raise LookupError(sponsor)
        minutes = self._file("minutes", f"{project_of(subject)} {person.name}")
        name_sponsor(
            subject=subject, sponsor=person.code, files=[minutes], **self._who("coordinator", days_ago)
        )

    def _name_reader(self, entry: Mapping[str, Any]) -> None:
        person = person_called(entry["person"])
        if person is None:
            raise LookupError(entry["person"])
        name_reader(reader=person.code, **self._who("mayor", entry["named"]))

    def _visit(self, entry: Mapping[str, Any]) -> None:
        who = self._who(entry["by"], entry["day"])
        record_visit(subject=entry["of"], visited_on=None, result=entry["result"], **who)

    def _promise(self, subject: str, entry: Mapping[str, Any]) -> Iterator[_Move]:
        held: dict[str, str] = {}

        def make() -> None:
            due_on = self.today - timedelta(days=entry["due"])
            who = self._who(self._speaker(subject, entry), entry["made"])
            held["reference"] = f"{promise(subject=subject, text=entry['text'], due_on=due_on, **who)}/1"

        def keep() -> None:
            keep_promise(
                subject=subject, promised=held["reference"], result=entry["result"],
                files=[self._file("other", entry["result"])], **self._who(self._speaker(subject, entry), entry["kept"]),
            )

        yield self._move(entry["made"], make)
        if "kept" in entry:
            yield self._move(entry["kept"], keep)

    def _speaker(self, subject: str, entry: Mapping[str, Any]) -> str:
        """Who promises: whom the script names, else whoever sponsors the subject."""
        if "by" in entry:
            return str(entry["by"])
        held = self._sponsors()
        part = participation_of(subject)
        return held.get(part) or held[project_of(subject)]

    def _case(self, entry: Mapping[str, Any]) -> Iterator[_Move]:
        household = self._household(entry)
        if not household:
            return
        by = entry["by"]
        for cause, words in entry["causes"].items():
            yield self._move(entry["described"], lambda cause=cause, words=words: describe_case(
                household=household, cause=cause, described=words, **self._who(by, entry["described"])
            ))
        for one in entry["tried"]:
            yield self._move(one["day"], lambda one=one: try_remedy(
                household=household, remedy=self._remedy(household, one["remedy"]), result=one["result"],
                **self._who(by, one["day"])
            ))
        if "promise" in entry:
            yield from self._promise(household, entry["promise"])
        if "reply" in entry:
            reply = entry["reply"]
            yield self._move(reply["day"], lambda: reply_to_case(
                household=household, text=reply["text"], **self._who("family", reply["day"])
            ))
        if "solved" in entry:
            solved = entry["solved"]
            yield self._move(solved["day"], lambda: solve_case(
                household=household, result=solved["result"], **self._who(by, solved["day"])
            ))

    def _remedy(self, household: str, named: str | list[str]) -> str:
        """The remedy, of several the one that the household's case offers."""
        case = case_of_family(household, on=self.today)
        offered = [one.remedy.id for one in case.remedies] if case is not None else []
        return next((id for id in ([named] if isinstance(named, str) else named) if id in offered), "")

    def _household(self, entry: Mapping[str, Any]) -> str:
        """The family's own, or the first of the part that waits for its milestone and has no case of the script."""
        if entry.get("of_family"):
            return actor_called("family", on=self.today).postings[0].subject
        milestone = Milestone(entry.get("without", "signed"))
        waiting = (code for part in entry["parts"] for code in first_without(milestone, part=part))
        found = next((code for code in waiting if code not in self.taken), "")
        self.taken.add(found)
        return found
