"""Classes of sections that are as hard as one another: kind of land, how long ago announced, contested or not.

Every part of a class follows from the register and from facts about the section; nothing is known of persons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from zhengtu.core.assessment.window import Window
from zhengtu.core.kernel.codes import section_of
from zhengtu.ledger.queries import Reach, standing_facts
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Project
from zhengtu.registry.procedure_cases import participation_of

_ANNOUNCED = ("expropriation_announced", "land_expropriation_announced")


@dataclass(frozen=True, slots=True)
class SectionClasses:
    """What the class of any section on any day of a window follows from.

    Attributes:
        regimes: project -> kind of land.
        announced: section or part of a project -> the day of its first announcement.
        contested: section -> the day of the first decision or case in it.
    """

    regimes: Mapping[str, str]
    announced: Mapping[str, date]
    contested: Mapping[str, date]
    new_days: int

    def of(self, section: str, *, project: str, on: date) -> str:
        """The class of a section on a day: ``STATE_LAND.running.agreed``."""
        days = [self.announced[code] for code in (section, participation_of(section)) if code in self.announced]
        begun_on = min(days, default=None)
        if begun_on is None or begun_on > on:
            age = "unannounced"
        else:
            age = "new" if on - begun_on < timedelta(days=self.new_days) else "running"
        contested_on = self.contested.get(section)
        court = "contested" if contested_on is not None and contested_on <= on else "agreed"
        return f"{self.regimes.get(project, '')}.{age}.{court}"


def section_classes(window: Window) -> SectionClasses:
    """The classes of a city's sections, read at once."""
    rules = current_rulebook().assessment
    reach = Reach(prefixes=(window.city[:4],))
    announced: dict[str, date] = {}
    contested: dict[str, date] = {}
    for fact in standing_facts((*_ANNOUNCED, *rules.court_facts), reach=reach, on=window.on, known=window.known):
        if fact.kind in _ANNOUNCED:
            announced.setdefault(fact.subject, fact.happened_on)
        else:
            contested.setdefault(section_of(fact.subject), fact.happened_on)
    regimes = dict(Project.objects.filter(code__startswith=window.city[:4]).values_list("code", "regime"))
    return SectionClasses(regimes, announced, contested, rules.new_days)
