"""The clocks of a plan's calendars: the project's, a task's, a resource's, and what two of them share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.plan_files.calendar_days import CalendarDays, CommonDays
from zhengtu.core.plan_files.mspdi_values import DAY_SECONDS, NO_UID, MspdiPlan, PlanCalendar
from zhengtu.core.plan_files.plan_instants import to_second, working_seconds
from zhengtu.core.scheduling.working_time import Calendar, WorkingTime

_ORDINARY: Final = PlanCalendar(uid=NO_UID, name="Standard")


class PlanClocks:
    """Clocks by calendar, made when first asked for.

    Args:
        plan: its calendars; a plan without any works 8–12 and 13–17, Monday to Friday.
        around: an instant of the plan; the window reaches ``years`` to either side of it.
    """

    def __init__(self, plan: MspdiPlan, *, around: datetime, years: int) -> None:
        self._calendars = {calendar.uid: calendar for calendar in plan.calendars}
        self._first_on = date(max(1, around.year - years), 1, 1)
        self._last_on = date(around.year + years, 12, 31)
        self._days: dict[int, CalendarDays] = {}
        self._clocks: dict[tuple[int, int], WorkingTime] = {}
        self._same_as = {uid: self._plain_base(uid) for uid in self._calendars}
        self.project_uid = plan.calendar_uid if plan.calendar_uid in self._calendars else self._standard_uid()

    @property
    def window(self) -> tuple[int, int]:
        """The instants between which calendars are worked out."""
        first, last = (datetime.combine(on, time.min) for on in (self._first_on, self._last_on))
        return to_second(first), to_second(last) + DAY_SECONDS

    def _standard_uid(self) -> int:
        bases = [calendar for calendar in self._calendars.values() if calendar.is_base]
        named = [calendar for calendar in bases if calendar.name.strip().lower() == "standard"]
        return next((calendar.uid for calendar in [*named, *bases]), NO_UID)

    def _plain_base(self, uid: int) -> int:
        """The first calendar behind this one that adds anything of its own."""
        seen: set[int] = set()
        while uid in self._calendars and uid not in seen:
            seen.add(uid)
            held = self._calendars[uid]
            if held.days or held.exceptions or held.work_weeks or not self._has_base(held):
                break
            uid = held.base_uid
        return uid

    def _has_base(self, held: PlanCalendar) -> bool:
        """Whether a calendar stands behind it; base calendars of Project 2010 and later name a UID of 0 as theirs."""
        return not held.is_base and held.base_uid in self._calendars

    def known(self, uid: int) -> int:
        """The calendar meant by a field of a task or resource; the project's where it names none."""
        return self._same_as.get(uid, self._same_as.get(self.project_uid, self.project_uid))

    def clock(self, uid: int) -> Calendar:
        """The clock of a known calendar.

        Raises:
            Refused: where the calendar never works.
        """
        return self.common_clock(uid, uid)

    def common_clock(self, uid: int, other_uid: int) -> Calendar:
        """The clock of the time that two known calendars share.

        Raises:
            Refused: where there is none.
        """
        key = (min(uid, other_uid), max(uid, other_uid))
        found = self._clocks.get(key)
        if found is None:
            first, second = self._days_of(key[0], ()), self._days_of(key[1], ())
            days = first if uid == other_uid else CommonDays(first, second)
            found = working_seconds(days.periods_on, first_on=self._first_on, last_on=self._last_on)
            if not found.has_work:
                raise self._never_works(key)
            self._clocks[key] = found
        return found

    def _days_of(self, uid: int, behind: tuple[int, ...]) -> CalendarDays:
        found = self._days.get(uid)
        if found is not None:
            return found
        held = self._calendars.get(uid, _ORDINARY)
        if uid in behind:
            raise Refused(
                Reason(
                    code="plan_file.calendar_circle",
                    message=N_("The calendar “%(calendar)s” (UID %(uid)s) is based on itself."),
                    parameters={"calendar": held.name, "uid": uid},
                    remedy=N_("Choose another base calendar for it."),
                )
            )
        base = self._days_of(held.base_uid, (*behind, uid)) if self._has_base(held) else None
        found = CalendarDays(held, base, first_on=self._first_on, last_on=self._last_on)
        self._days[uid] = found
        return found

    def _never_works(self, key: tuple[int, int]) -> Refused:
        names: Mapping[int, str] = {uid: self._calendars.get(uid, _ORDINARY).name for uid in key}
        if key[0] == key[1]:
            return Refused(
                Reason(
                    code="plan_file.calendar_without_work",
                    message=N_("The calendar “%(calendar)s” (UID %(uid)s) has no working days."),
                    parameters={"calendar": names[key[0]], "uid": key[0]},
                    remedy=N_("Give it working times, or use another calendar for the plan, task or resource."),
                )
            )
        return Refused(
            Reason(
                code="plan_file.calendars_share_nothing",
                message=N_("The calendars “%(first)s” and “%(second)s” share no working time."),
                parameters={"first": names[key[0]], "second": names[key[1]]},
                remedy=N_("Let the task ignore resource calendars, or give it another calendar or resource."),
            )
        )
