"""MPLIB files: several projects that share renewable resources (Van Eynde and Vanhoucke 2020).

Number of projects, number of resources, capacities; then for each project the number of its activities and its release
tick, a line that marks the resources it uses, and a line for each activity: duration, demands, number of successors,
successors as ``project:activity``. The published best known values are the makespan over all projects.
"""

from __future__ import annotations

from collections.abc import Iterator

from zhengtu.core.kernel.messages import N_
from zhengtu.core.plan_files.psplib import refuse, whole_numbers
from zhengtu.core.scheduling.problem import Activity, Link, Problem, Resource

_MOST = 1_000_000


def read_multiproject(text: str) -> Problem:
    """Activities (``project:activity``), links and resources; a project's release holds for each of its activities.

    Raises:
        Refused: a line holds something else, lines are missing or left over, a successor does not exist; the line is
            named.
    """
    lines = _Lines(text)
    line, (projects,) = lines.numbers(1, "the number of projects")
    _, (kinds,) = lines.numbers(1, "the number of resources")
    if not projects or projects > _MOST or kinds > _MOST:
        refuse(line, "the number of projects is expected", N_("Give an MPLIB multi-project file."))
    _, capacities = lines.numbers(kinds, f"{kinds} capacities")
    resources = tuple(Resource(id=f"R{number}", capacity=amount) for number, amount in enumerate(capacities, start=1))
    activities: list[Activity] = []
    after: list[tuple[int, str, str]] = []
    for project in range(1, projects + 1):
        _, (count, release) = lines.numbers(2, f"number of activities and release of project {project}")
        lines.numbers(kinds, f"the resources that project {project} uses")
        for number in range(1, count + 1):
            name = f"{project}:{number}"
            line, words = lines.words(f"activity {name}")
            row = whole_numbers(" ".join(words[: kinds + 2]), line)
            if len(row) != kinds + 2 or len(words) != kinds + 2 + row[-1]:
                refuse(line, f"activity {name}: duration, {kinds} demands, number of successors and these are expected")
            demands = {f"R{kind}": amount for kind, amount in enumerate(row[1:-1], start=1) if amount}
            activities.append(Activity(id=name, duration=row[0], not_earlier=release, demands=demands))
            after.extend((line, name, word) for word in words[kinds + 2 :])
    lines.end()
    known = {activity.id for activity in activities}
    for line, name, word in after:
        if word not in known:
            refuse(line, f"successor {word[:40]} of activity {name} does not exist")
    links = tuple(Link(before=name, after=word) for _, name, word in after)
    return Problem(activities=tuple(activities), links=links, resources=resources)


class _Lines:
    """The lines that are not empty, one after the other."""

    def __init__(self, text: str) -> None:
        self._rest: Iterator[tuple[int, list[str]]] = (
            (number, line.split()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()
        )
        self._last = 0

    def words(self, what: str) -> tuple[int, list[str]]:
        for number, words in self._rest:
            self._last = number
            return number, words
        refuse(self._last + 1, f"the file ends where {what} is expected")

    def numbers(self, count: int, what: str) -> tuple[int, list[int]]:
        line, words = self.words(what)
        row = whole_numbers(" ".join(words), line)
        if len(row) != count:
            refuse(line, f"{what} is expected, {len(row)} numbers stand here")
        return line, row

    def end(self) -> None:
        for number, _ in self._rest:
            refuse(number, "nothing more is expected after the last project")
