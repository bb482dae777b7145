"""Numbers of documents: running ones of a city and year, without gaps, and codes by chance that count nothing."""

from __future__ import annotations

from collections.abc import Callable
from secrets import randbelow

from zhengtu.ledger.models import NumberRegister

_FIRST_DRAWN, _DRAWN = 10_000, 90_000


def next_number(*, city: str, series: str, year: int) -> int:
    """The next number of the series, 1 and up; its row is held until the transaction ends."""
    NumberRegister.objects.get_or_create(city=city, series=series, year=year)
    register = NumberRegister.objects.select_for_update().get(city=city, series=series, year=year)
    register.last += 1
    register.save(update_fields=["last"])
    return register.last


def drawn_code(start: str, *, is_free: Callable[[str], bool]) -> str:
    """A free code that begins so and ends in five digits by chance, so that it does not tell how many others there are.

    Call it with the chain held that its row is kept under.
    """
    while True:
        code = f"{start}{_FIRST_DRAWN + randbelow(_DRAWN)}"
        if is_free(code):
            return code
