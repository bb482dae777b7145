"""Reads an MSPDI file with MPXJ (a Java library of another author) and prints what it found, as JSON.

Run in a process of its own: ``python mpxj_reader.py PLAN.xml YEAR [--schedule]``.
"""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from typing import Any

_QUIET = "-Dlog4j2.loggerContextFactory=org.apache.logging.log4j.simple.SimpleLoggerContextFactory"


def _text(value: Any) -> str | None:
    return None if value is None else str(value.toString())


def _days(calendar: Any, year: int) -> list[str]:
    """The days of a year on which MPXJ says people work."""
    from java.time import LocalDate

    found = []
    on = date(year, 1, 1)
    while on.year == year:
        if calendar.isWorkingDate(LocalDate.of(on.year, on.month, on.day)):
            found.append(on.isoformat())
        on += timedelta(days=1)
    return found


def _task(task: Any) -> dict[str, Any]:
    return {
        "name": _text(task.getName()) or "",
        "outline_level": int(str(task.getOutlineLevel())),
        "notes": _text(task.getNotes()) or "",
        "duration": _text(task.getDuration()),
        "constraint": _text(task.getConstraintType()),
        "constraint_at": _text(task.getConstraintDate()),
        "deadline": _text(task.getDeadline()),
        "baseline": [_text(task.getBaselineStart()), _text(task.getBaselineFinish())],
        "text1": _text(task.getText(1)) or "",
        "links": [
            [int(str(link.getPredecessorTask().getUniqueID())), _text(link.getType()), _text(link.getLag())]
            for link in task.getPredecessors()
        ],
        "dates": [
            _text(moment)
            for moment in (task.getEarlyStart(), task.getEarlyFinish(), task.getLateStart(), task.getLateFinish())
        ],
        "planned": [_text(task.getStart()), _text(task.getFinish())],
        "critical": bool(task.getCritical()),
    }


def main(path: str, year: int, is_scheduled: bool) -> None:
    """Print the plan."""
    import jpype
    import mpxj  # noqa: F401  (puts MPXJ on the class path)

    jpype.startJVM(_QUIET)
    from org.mpxj.cpm import MicrosoftScheduler
    from org.mpxj.reader import UniversalProjectReader

    project = UniversalProjectReader().read(path)
    if is_scheduled:
        MicrosoftScheduler().schedule(project, project.getProjectProperties().getStartDate())
    answer = {
        "tasks": {str(task.getUniqueID()): _task(task) for task in project.getTasks()},
        "days": {str(calendar.getUniqueID()): _days(calendar, year) for calendar in project.getCalendars()},
    }
    print(json.dumps(answer))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), "--schedule" in sys.argv)
