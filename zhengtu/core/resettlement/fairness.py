"""Exchanges that cost nobody anything: a family that comes first gets what one behind it was to get sooner.

A plan counts families of groups; which of two groups gets a home that suits both is all the same to its sum of waiting.
It is not the same to the families. Two families exchange their ways home where the one that comes first (hardship, then
months waited) would be home sooner by the other's, each may take the other's, and no payer pays a fen more. Homes, sums
of every payer and year, and the months waited in all stay what they were. What is left between families are differences
that money makes: another payer, or a sum that another family's money does not cover.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from zhengtu.core.resettlement.options import FamilyGroup, OptionsCase, Slot, mean_months, precedence, slots_for

Held = Counter[Slot | None]
"""How many families of a group have which way home; None: none within the horizon."""


def exchanged(case: OptionsCase, groups: Sequence[FamilyGroup], held: Sequence[Held]) -> list[Held]:
    """The same ways home, given to those who come first wherever an exchange allows it.

    Args:
        held: group by group, as many ways as it has families.
    """
    return _Exchange(case, groups, held).carried_out()


class _Exchange:
    """Ways home by number, the soonest first and none last; which groups hold which, and who is last to have it."""

    def __init__(self, case: OptionsCase, groups: Sequence[FamilyGroup], held: Sequence[Held]) -> None:
        means = mean_months(case)
        usable = [slots_for(group, case, means=means) for group in groups]
        self._slots = sorted({slot for slots in usable for slot in slots}, key=_by_order)
        number_of = {slot: number for number, slot in enumerate(self._slots)}
        self._none = len(self._slots)
        self._months = [slot.months for slot in self._slots]
        self._is_paid = [slot.spend_month is not None for slot in self._slots]
        self._usable = [sorted(number_of[slot] for slot in slots) for slots in usable]
        self._may = [frozenset(slots) for slots in self._usable]
        self._payers = [group.families[0].payer for group in groups]
        self._ranks = [[precedence(family) for family in group.families] for group in groups]
        self._codes = [[family.code for family in group.families] for group in groups]
        self._held = [
            Counter({self._none if slot is None else number_of[slot]: count for slot, count in one.items()})
            for one in held
        ]
        self._holders: dict[int, set[int]] = {}
        for group, one in enumerate(self._held):
            for number in one:
                self._holders.setdefault(number, set()).add(group)
        self._lines: dict[int, list[tuple[tuple[bool, int], int]]] = {}

    def carried_out(self) -> list[Held]:
        """Exchange until nobody gains by it any more; each exchange serves one who comes first, so it ends."""
        line = sorted(
            (rank, self._codes[group][place], group, place)
            for group, ranks in enumerate(self._ranks) for place, rank in enumerate(ranks)
        )
        is_moved = True
        while is_moved:
            is_moved = False
            for rank, _, group, place in line:
                while self._gave_way(rank, group, place):
                    is_moved = True
        return [
            Counter({None if number == self._none else self._slots[number]: count for number, count in one.items()})
            for one in self._held
        ]

    def _gave_way(self, rank: tuple[bool, int], group: int, place: int) -> bool:
        """Exchange a family's way for a sooner one of somebody behind it; false where there is none."""
        own = self._at(group, place)
        for slot in self._usable[group]:
            if slot >= own or (own != self._none and self._months[slot] >= self._months[own]):
                return False
            for last, other in self._last_holders(slot):
                if last <= rank:
                    break
                if other != group and self._may_exchange(group, slot, other, own):
                    self._move(group, given=own, got=slot)
                    self._move(other, given=slot, got=own)
                    return True
        return False

    def _at(self, group: int, place: int) -> int:
        passed = 0
        for slot in sorted(self._held[group]):
            passed += self._held[group][slot]
            if place < passed:
                return slot
        return self._none

    def _last_holders(self, slot: int) -> list[tuple[tuple[bool, int], int]]:
        """Rank of the last family of each group that has a way, with its group, the last of all first."""
        if slot not in self._lines:
            found = []
            for group in self._holders.get(slot, ()):
                last = sum(count for one, count in self._held[group].items() if one <= slot) - 1
                found.append((self._ranks[group][last], group))
            self._lines[slot] = sorted(found, reverse=True)
        return self._lines[slot]

    def _may_exchange(self, group: int, slot: int, other: int, own: int) -> bool:
        """Whether each may take over the other's way: it is open to it, and what is paid stays with its payer."""
        if slot not in self._may[group] or (own != self._none and own not in self._may[other]):
            return False
        is_paid = self._is_paid[slot] or (own != self._none and self._is_paid[own])
        return not is_paid or self._payers[group] == self._payers[other]

    def _move(self, group: int, *, given: int, got: int) -> None:
        held = self._held[group]
        for slot in held:
            self._lines.pop(slot, None)
        self._lines.pop(got, None)
        held[given] -= 1
        if not held[given]:
            del held[given]
            self._holders[given].discard(group)
        held[got] += 1
        self._holders.setdefault(got, set()).add(group)


def _by_order(slot: Slot) -> tuple[float, str, str, int, Decimal]:
    return (*slot_order(slot), slot.yuan)


def slot_order(slot: Slot | None) -> tuple[float, str, str, int]:
    """The soonest way first, none at the end."""
    if slot is None:
        return (float("inf"), "", "", 0)
    return (slot.months, slot.way, slot.supply, -1 if slot.spend_month is None else slot.spend_month)
