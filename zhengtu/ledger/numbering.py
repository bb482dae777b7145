"""Running numbers of documents: one series of a city and year, without gaps, given inside an open deed."""

from __future__ import annotations

from zhengtu.ledger.models import NumberRegister


def next_number(*, city: str, series: str, year: int) -> int:
    """The next number of the series, 1 and up; its row is held until the transaction ends."""
    NumberRegister.objects.get_or_create(city=city, series=series, year=year)
    register = NumberRegister.objects.select_for_update().get(city=city, series=series, year=year)
    register.last += 1
    register.save(update_fields=["last"])
    return register.last
