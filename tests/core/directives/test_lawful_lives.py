"""Random lives out of lawful deeds, held against a checker that knows the conventions and none of the code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.directives.scene import CITY, DUE_ON, JOINT, LEAD, OTHER, SET_ON, begun, case, content, event, rulebook
from zhengtu.core.directives.life_cycle import DirectiveEvent, Life, joint_units, life_of
from zhengtu.core.directives.next_deeds import DirectiveDeed, reasons_against
from zhengtu.core.directives.particulars import new_day_reasons
from zhengtu.core.directives.standing import OPEN_STATES, State

UNITS = (CITY, LEAD, JOINT, OTHER)
PEOPLE = {CITY: "city", LEAD: "lead", JOINT: "joint", OTHER: "other"}
KINDS = {
    DirectiveDeed.RECEIVE: "received", DirectiveDeed.OBJECT: "objected", DirectiveDeed.REASSIGN: "reassigned",
    DirectiveDeed.DECLINE_OBJECTION: "objection_declined", DirectiveDeed.RELEASE: "unit_released",
    DirectiveDeed.REPORT: "reported",
    DirectiveDeed.RETURN: "returned", DirectiveDeed.VERIFY: "verified",
    DirectiveDeed.ASK_EXTENSION: "extension_asked", DirectiveDeed.GRANT_EXTENSION: "extended",
    DirectiveDeed.REFUSE_EXTENSION: "extension_refused", DirectiveDeed.CHASE: "chased",
    DirectiveDeed.CLOSE: "closed", DirectiveDeed.CANCEL: "cancelled", DirectiveDeed.ARCHIVE: "archived",
}
tries = st.lists(
    st.tuples(
        st.sampled_from(sorted(KINDS)), st.sampled_from(UNITS), st.integers(0, 4), st.integers(-3, 20), st.booleans()
    ),
    max_size=40,
)


@dataclass
class Checker:
    """What the conventions say, kept in plain words: who leads, who holds the pen, which day counts."""

    lead: str = LEAD
    joint: set[str] = field(default_factory=lambda: {JOINT})
    received: set[str] = field(default_factory=set)
    objecting: set[str] = field(default_factory=set)
    stage: str = "given"
    due_on: date = DUE_ON
    asked: bool = False

    def see(self, kind: str, unit: str, on: date, new: date | None, is_final: bool) -> None:
        """Follow one deed; asserts that it was lawful."""
        if kind == "archived":
            assert self.stage in ("closed", "cancelled")
            assert unit == CITY
            self.stage = "archived"
            return
        assert self.stage not in ("closed", "cancelled", "archived"), "nothing happens after the end"
        getattr(self, f"see_{kind}")(unit, on, new, is_final)

    def see_received(self, unit: str, *_: object) -> None:
        assert unit in {self.lead, *self.joint}
        assert unit not in self.received
        assert unit not in self.objecting
        self.received.add(unit)
        if unit == self.lead:
            assert self.stage == "given"
            self.stage = "in hand"

    def see_objected(self, unit: str, on: date, *_: object) -> None:
        assert unit in {self.lead, *self.joint}
        assert unit not in self.received
        if unit != self.lead:
            assert unit not in self.objecting
            self.objecting.add(unit)
            return
        assert self.stage == "given"
        self.stage = "disputed"

    def see_reassigned(self, unit: str, on: date, new: date | None, is_final: bool) -> None:
        assert unit == CITY
        assert self.stage in ("given", "disputed", "in hand", "returned")
        self.received -= {self.lead, OTHER if self.lead == LEAD else LEAD}
        self.lead = OTHER if self.lead == LEAD else LEAD
        self.stage, self.asked = "given", False

    def see_objection_declined(self, unit: str, *_: object) -> None:
        if unit in self.objecting:
            self.objecting.remove(unit)
            return
        assert unit == self.lead
        assert self.stage == "disputed"
        self.stage = "given"

    def see_unit_released(self, unit: str, *_: object) -> None:
        assert unit in self.objecting
        self.objecting.remove(unit)
        self.joint.remove(unit)

    def see_reported(self, unit: str, on: date, new: date | None, is_final: bool) -> None:
        assert unit in self.received
        if unit == self.lead:
            assert self.stage in ("in hand", "returned")
            if is_final:
                self.stage = "answered"

    def see_returned(self, unit: str, on: date, new: date | None, is_final: bool) -> None:
        assert unit == CITY
        assert self.stage == "answered"
        assert new is not None
        assert new > on
        self.stage, self.due_on = "returned", new

    def see_verified(self, unit: str, *_: object) -> None:
        assert unit == CITY
        assert self.stage == "answered"
        self.stage = "verified"

    def see_extension_asked(self, unit: str, on: date, new: date | None, is_final: bool) -> None:
        assert unit == self.lead
        assert self.stage in ("in hand", "returned")
        assert not self.asked
        assert on <= self.due_on, "never after the last day"
        assert new is not None
        assert new > self.due_on
        self.asked = True

    def see_extended(self, unit: str, on: date, new: date | None, is_final: bool) -> None:
        assert unit == CITY
        assert self.asked
        assert new is not None
        assert new > self.due_on
        self.due_on, self.asked = new, False

    def see_extension_refused(self, unit: str, *_: object) -> None:
        assert unit == CITY
        assert self.asked
        self.asked = False

    def see_chased(self, unit: str, *_: object) -> None:
        assert unit == CITY
        assert self.stage in ("given", "in hand", "returned")

    def see_closed(self, unit: str, *_: object) -> None:
        assert unit == CITY, "closed by whoever set it and by nobody else"
        assert self.stage == "verified"
        self.stage = "closed"

    def see_cancelled(self, unit: str, *_: object) -> None:
        assert unit == CITY
        self.stage = "cancelled"


STAGES = {
    "given": State.ASSIGNED, "disputed": State.OBJECTED, "in hand": State.RECEIVED, "answered": State.REPORTED,
    "returned": State.RETURNED, "verified": State.VERIFIED, "closed": State.CLOSED, "cancelled": State.CANCELLED,
    "archived": State.ARCHIVED,
}


def fact(
    deed: DirectiveDeed, unit: str, on: date, new: date, lead: str, is_final: bool, objector: str = ""
) -> DirectiveEvent:
    """The fact that a deed leaves."""
    given: dict[str, str] = {
        DirectiveDeed.REASSIGN: {"lead": OTHER if lead == LEAD else LEAD},
        DirectiveDeed.REPORT: {"is_final": "final" if is_final else "interim"},
    }.get(deed, {})
    return event(
        KINDS[deed], on, by=PEOPLE[unit], unit=objector or unit, due_on=new.isoformat(), officer="某甲", reason="因故",
        **given,
    )


@settings(max_examples=300, deadline=None)
@given(tries=tries)
def test_whatever_is_tried_only_lawful_deeds_pass_and_the_fold_agrees(
    tries: list[tuple[DirectiveDeed, str, int, int, bool]],
) -> None:
    checker, on, events = Checker(), SET_ON, begun()
    for deed, unit, wait, ahead, is_final in tries:
        on += timedelta(days=wait)
        new = on + timedelta(days=ahead)
        found = alive(events, on)
        held = case(found, joint=joint_units(content(joint=(JOINT,)), found))
        reasons = reasons_against(
            deed, held, unit=unit, person=PEOPLE[unit], on=on, rules=rulebook().directives,
            calendar=rulebook().calendar,
        )
        if not reasons and deed in (DirectiveDeed.RETURN, DirectiveDeed.ASK_EXTENSION, DirectiveDeed.GRANT_EXTENSION):
            reasons = new_day_reasons(deed, held, due_on=new, on=on)
        if reasons:
            continue
        objector = ""
        if deed in (DirectiveDeed.DECLINE_OBJECTION, DirectiveDeed.RELEASE):
            objector = [one for one in held.objectors if deed is not DirectiveDeed.RELEASE or one != found.lead][-1]
        events.append(fact(deed, unit, on, new, found.lead, is_final, objector))
        checker.see(KINDS[deed], objector or unit, on, new, is_final)
        after = alive(events, on)
        assert (after.state, after.lead) == (STAGES[checker.stage], checker.lead)
        assert (after.due_on, set(after.received)) == (checker.due_on, checker.received)
        assert set(after.objections) == checker.objecting
        assert set(joint_units(content(joint=(JOINT,)), after)) == checker.joint
        assert after.is_open == (after.state in OPEN_STATES)


def alive(events: list[DirectiveEvent], on: date) -> Life:
    """The life by then."""
    found = life_of(content(joint=(JOINT,)), events, on=on)
    assert found is not None
    return found
