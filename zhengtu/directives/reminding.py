"""Reminders and escalations of a city's directives put into inboxes; run as often as one likes, told once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from zhengtu.accounts.queries import unit_names
from zhengtu.core.authority.actor import Subject
from zhengtu.core.directives.numbering import head_of
from zhengtu.core.directives.reminders import Reminder, reminders
from zhengtu.core.directives.standing import DirectiveStanding
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.notices.notice import NewNotice, Urgency
from zhengtu.directives.models import Directive
from zhengtu.directives.queries import city_directives, standings_below
from zhengtu.directives.reach import VIEW
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.notices.queries import recipients
from zhengtu.notices.writes import keep_notices


def remind(city: str, *, now: datetime) -> int:
    """Tell everybody what their directives ask of them today; returns how many notices are new.

    Of a unit those are told who receive and answer for it, or check answers; each rung of the ladder by its role.
    """
    return _remind(city_directives(city, on=civil_date(at=now)), now=now)


def remind_of(codes: Collection[str], *, now: datetime) -> int:
    """Tell at once what a deed on these directives asks of whom; returns how many notices are new."""
    return _remind(standings_below(codes, on=civil_date(at=now)), now=now) if codes else 0


def _remind(standings: Sequence[DirectiveStanding], *, now: datetime) -> int:
    if not standings:
        return 0
    today = civil_date(at=now)
    rulebook = current_rulebook()
    told = _Told(city_of(standings[0].code), today)
    notices = [
        notice
        for standing in standings
        for reminder in reminders(standing, on=today, rules=rulebook.directives, calendar=rulebook.calendar)
        for notice in told.notices(standing, reminder)
    ]
    return keep_notices(notices, now=now)


def cities_with_directives() -> list[str]:
    """Cities that have any directive."""
    return sorted({code[:6] for code in Directive.objects.values_list("code", flat=True)})


class _Told:
    """Whom reminders go to; each unit and role is looked up once."""

    def __init__(self, city: str, today: date) -> None:
        self._city, self._today = city, today
        self._people: dict[tuple[str, str], list[str]] = {}
        self._names: dict[str, str] = {}

    def notices(self, standing: DirectiveStanding, reminder: Reminder) -> Iterator[NewNotice]:
        """One notice for each person who is to be told."""
        for unit, person in self._people_of(standing, reminder):
            yield NewNotice(
                person=person, key=reminder.key, kind=f"directive_{reminder.turn}", message=reminder.message.message,
                parameters={
                    name: self._name(str(value)) if name == "unit" else str(value)
                    for name, value in reminder.message.parameters.items()
                },
                path=f"/directives/{standing.code}/", subject=standing.code,
                urgency=Urgency.URGENT if reminder.is_urgent else None,
                units=frozenset({unit}) if unit else frozenset(),
            )

    def _people_of(self, standing: DirectiveStanding, reminder: Reminder) -> Iterator[tuple[str, str]]:
        for unit in reminder.units:
            for role in reminder.roles:
                yield from ((unit, person) for person in self._looked_up(unit, role))
        if not reminder.units:
            head = head_of(standing.code)[0]
            for role in reminder.roles:
                yield from (("", person) for person in self._in_city(role, head))

    def _looked_up(self, unit: str, role: str) -> list[str]:
        if (unit, role) not in self._people:
            self._people[unit, role] = recipients(on=self._today, unit=unit, role=role)
        return self._people[unit, role]

    def _in_city(self, role: str, code: str) -> list[str]:
        if ("", role) not in self._people:
            self._people["", role] = recipients(on=self._today, role=role, verb=VIEW, subject=Subject(code=code))
        return self._people["", role]

    def _name(self, unit: str) -> str:
        if unit not in self._names:
            self._names[unit] = unit_names([unit]).get(unit, (unit, unit))[0]
        return self._names[unit]
