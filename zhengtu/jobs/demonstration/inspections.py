"""The demonstration's inspections: instructed, drawn, seen on site, released and objected to on the days of
``inspections.yaml``; everything found in them is invented."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import yaml
from django.core.files.base import ContentFile

from zhengtu.accounts.queries import actor_of, person_by_code
from zhengtu.core.authority.actor import Actor
from zhengtu.core.inspection.site import SitePosition
from zhengtu.core.kernel.civil_dates import SHANGHAI, civil_date
from zhengtu.core.kernel.reasons import Refused
from zhengtu.directives.actions import receive_directive
from zhengtu.inspection import actions
from zhengtu.inspection.queries import InspectionPage, SiteRow, inspection_for
from zhengtu.jobs.demonstration.acting import actor_called
from zhengtu.jobs.demonstration.site_photos import SitePhoto, site_photos
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.ledger.rulebook import current_rulebook

SCRIPT: Final = Path(__file__).with_name("inspections.yaml")
_PLANNER: Final = "inspector"
_MAYOR: Final = "mayor"
_PHOTO: Final = "现场照片（演示）.png"
_PAPER: Final = "演示材料，内容虚构：{text}\n"
_BETWEEN_MINUTES: Final = 7
_STEP_OFF: Final = 0.00004
"""Degrees by which the position lies beside the middle of the house."""


@cache
def read_inspections() -> dict[str, Any]:
    """Return inspections.yaml as read."""
    script: dict[str, Any] = yaml.safe_load(SCRIPT.read_text(encoding="utf-8"))
    return script


@dataclass(frozen=True)
class _Move:
    """One deed of the script: when, and what is done; those of one day in the order of the script."""

    day: int
    order: int
    run: Callable[[], None]


def hold_inspections(*, city: str, now: datetime) -> list[str]:
    """Hold the script's inspections in the loaded demonstration, day by day; returns their codes.

    One of whose matter nothing is reported on its day in a small demonstration is planned and not drawn.
    """
    script = _Script(city, now)
    for move in sorted(script.moves(), key=lambda one: (one.day, one.order)):
        move.run()
    return list(script.codes.values())


class _Script:
    """The script on the calendar of the day of loading."""

    def __init__(self, city: str, now: datetime) -> None:
        self.city, self.now, self.today = city, now, civil_date(at=now)
        self.codes: dict[str, str] = {}
        self.undrawn: set[str] = set()

    def moves(self) -> Iterator[_Move]:
        order = 0
        for entry in read_inspections()["inspections"]:
            yield _Move(entry["day"], order := order + 1, partial(self._plan, entry))
            turns: list[tuple[int, Callable[[], None]]] = [(entry["draw"], partial(self._draw, entry))]
            turns.append((entry["visits"][-1], partial(self._visit, entry)))
            if "conclude" in entry:
                turns.append((entry["conclude"], partial(self._conclude, entry)))
                turns.append((entry["release"], partial(self._release, entry)))
            turns += [(step["day"], partial(self._receive, entry, step)) for step in entry.get("then", ())]
            if objection := entry.get("objection"):
                turns.append((objection["day"], partial(self._object, entry, objection)))
                turns.append((objection["decision"]["day"], partial(self._decide, entry, objection)))
            for day, run in turns:
                yield _Move(day, order := order + 1, partial(self._if_drawn, entry, run))

    def _if_drawn(self, entry: Mapping[str, Any], run: Callable[[], None]) -> None:
        if entry["key"] not in self.undrawn:
            run()

    def _at(self, day: int, hour: int = 9, minutes: int = 0) -> datetime:
        """That hour of a day; never after the loading."""
        moment = datetime.combine(self._on(day), time(hour), tzinfo=SHANGHAI) + timedelta(minutes=minutes)
        return min(moment, self.now)

    def _on(self, day: int) -> date:
        return self.today + timedelta(days=day)

    def _actor(self, username: str, day: int) -> Actor:
        return actor_called(username, on=self._on(day))

    def _page(self, entry: Mapping[str, Any], day: int) -> InspectionPage:
        page = inspection_for(self._actor(_PLANNER, day), self.codes[entry["key"]], on=self._on(day))
        if page is None:
            raise LookupError(f"the inspection office does not see {entry['key']}")
        return page

    def _plan(self, entry: Mapping[str, Any]) -> None:
        day = entry["day"]
        words = actions.authorise_inspection(
            actor=self._actor(_MAYOR, day), city=self.city, words=entry["words"], now=self._at(day)
        )
        self.codes[entry["key"]] = actions.plan_inspection(
            actor=self._actor(_PLANNER, day), city=self.city, form=entry["form"], matter=entry["matter"],
            title=entry["title"], places=entry["places"], from_on=self._on(entry["from"]),
            until_on=self._on(entry["until"]), as_of_on=self._on(entry["as_of"]), households=entry["households"],
            instruction=words, now=self._at(day, 10),
        )

    def _draw(self, entry: Mapping[str, Any]) -> None:
        try:
            actions.draw_inspection(
                actor=self._actor(_PLANNER, entry["draw"]), code=self.codes[entry["key"]],
                now=self._at(entry["draw"], 8),
            )
        except Refused as refused:
            if {one.code for one in refused.reasons} != {"inspection.nobody_listed"}:
                raise
            self.undrawn.add(entry["key"])

    def _visit(self, entry: Mapping[str, Any]) -> None:
        """Visit the drawn houses of each jurisdiction, the days by turns; the last ``left`` ones stay to be seen."""
        page = self._page(entry, entry["visits"][-1])
        answers = current_rulebook().inspection.matters[entry["matter"]].answers
        turns: list[tuple[int, datetime, SiteRow, str]] = []
        for place, rows in page.households.items():
            for number, row in enumerate(rows):
                found = entry["found"].get(place, {}).get(number) or entry["else"][row.reported]
                day = entry["visits"][number % len(entry["visits"])]
                turns.append((day, self._at(day, 9, minutes=_BETWEEN_MINUTES * (number + 1)), row, found))
        turns.sort(key=lambda turn: (turn[1], turn[2].household))
        turns = turns[: len(turns) - entry.get("left", 0)]
        pictures = site_photos([
            SitePhoto(row.household, f"{at:%Y-%m-%d %H:%M}", answers[found]) for _, at, row, found in turns
        ])
        for (_, at, row, found), picture in zip(turns, pictures, strict=True):
            west, south = row.house or (126.55, 43.84)
            actions.record_visit(
                actor=self._sent(page, row.jurisdiction, on=civil_date(at=at)), code=page.standing.code,
                household=row.household, found=found, now=at, note=entry["note"].get(found, ""),
                position=SitePosition(west + _STEP_OFF, south - _STEP_OFF, 6.0),
                photos=[OfferedFile("photo", _PHOTO, ContentFile(picture, name=_PHOTO))],
            )

    def _sent(self, page: InspectionPage, place: str, *, on: date) -> Actor:
        person = person_by_code(page.teams[place][0][0])
        if person is None:
            raise LookupError(f"nobody was sent to {place}")
        return actor_of(person, on=on)

    def _conclude(self, entry: Mapping[str, Any]) -> None:
        page = self._page(entry, entry["conclude"])
        for place, rows in sorted(page.households.items()):
            counts: dict[str, int] = defaultdict(int, drawn=len(rows))
            for row in rows:
                counts["untold" if row.is_false is None else "false" if row.is_false else "agrees"] += 1
            counts |= {name: counts[name] for name in ("agrees", "false", "untold")}
            actions.write_conclusion(
                actor=self._sent(page, place, on=self._on(entry["conclude"])), code=page.standing.code,
                jurisdiction=place, text=entry["text"].format(**counts),
                repair=entry["repair"].format(**counts) if counts["false"] else "",
                repair_until_on=self._on(entry["release"] + entry["repair_days"]), now=self._at(entry["conclude"], 16),
            )

    def _release(self, entry: Mapping[str, Any]) -> None:
        actions.release_inspection(
            actor=self._actor(_MAYOR, entry["release"]), code=self.codes[entry["key"]], now=self._at(entry["release"])
        )

    def _receive(self, entry: Mapping[str, Any], step: Mapping[str, Any]) -> None:
        """The directive that follows the repair is received by the unit."""
        page = self._page(entry, step["day"])
        codes = [row.directive for row in page.conclusions if row.jurisdiction == step["place"] and row.directive]
        for code in codes:
            receive_directive(
                actor=self._actor(step["by"], step["day"]), code=code, officer=step["officer"],
                now=self._at(step["day"]),
            )

    def _object(self, entry: Mapping[str, Any], objection: Mapping[str, Any]) -> None:
        if household := self._objected(entry, objection):
            actions.object_to_conclusion(
                actor=self._actor(objection["by"], objection["day"]), code=self.codes[entry["key"]],
                jurisdiction=objection["place"], households=[household], why=objection["why"],
                files=[_paper("statement", "书面说明（演示）.txt", objection["why"])], now=self._at(objection["day"]),
            )

    def _decide(self, entry: Mapping[str, Any], objection: Mapping[str, Any]) -> None:
        decision = objection["decision"]
        if household := self._objected(entry, objection):
            actions.decide_objection(
                actor=self._actor(decision["by"], decision["day"]), code=self.codes[entry["key"]],
                jurisdiction=objection["place"], now=self._at(decision["day"]),
                decision=actions.Decision(
                    decision["outcome"], decision["why"],
                    [_paper("decision", "复核决定书（演示）.txt", decision["why"])], {household: decision["answer"]},
                ),
            )

    def _objected(self, entry: Mapping[str, Any], objection: Mapping[str, Any]) -> str:
        """The first household of the place where that was found; empty where none was."""
        rows = self._page(entry, objection["day"]).households.get(objection["place"], ())
        return next((row.household for row in rows if row.found == objection["found"]), "")


def _paper(kind: str, name: str, text: str) -> OfferedFile:
    return OfferedFile(kind, name, ContentFile(_PAPER.format(text=text).encode(), name=name))
