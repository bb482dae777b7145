"""Plain row changes of sites, homes, stock and drawings; only actions and the founding of a demonstration call them."""

from __future__ import annotations

from collections.abc import Iterable

from zhengtu.resettlement.models import Home, HomeStock, ResettlementBuilding, Site

_AT_ONCE = 2_000


def insert_sites(
    *, sites: Iterable[Site], buildings: Iterable[ResettlementBuilding] = (), homes: Iterable[Home] = ()
) -> None:
    """Insert sites, their buildings and homes.

    Raises:
        django.db.IntegrityError: when a code is taken; nothing of the batch is then inserted.
    """
    Site.objects.bulk_create(sites, batch_size=_AT_ONCE)
    ResettlementBuilding.objects.bulk_create(buildings, batch_size=_AT_ONCE)
    Home.objects.bulk_create(homes, batch_size=_AT_ONCE)


def insert_stock(rows: Iterable[HomeStock]) -> None:
    """Insert offers of existing homes."""
    HomeStock.objects.bulk_create(rows, batch_size=_AT_ONCE)
