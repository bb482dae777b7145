"""Plain row changes of sites, homes, stock and drawings; only actions and the founding of a demonstration call them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import date

from zhengtu.accounts.sealing import seal_all
from zhengtu.resettlement.addresses import address_row
from zhengtu.resettlement.models import (
    AdvanceClaim,
    Home,
    HomeStock,
    LotDraw,
    ResettlementBuilding,
    Site,
    TransitionAddress,
)

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


def next_site_code(jurisdiction: str) -> str:
    """The code of the next site of a division, whose chain is held."""
    last = Site.objects.filter(code__startswith=f"{jurisdiction}-T").order_by("-code").values_list("code").first()
    return f"{jurisdiction}-T{(int(last[0][-4:]) if last else 0) + 1:04d}"


def next_building_code(site: str) -> str:
    """The code of the next building of a site, whose division's chain is held."""
    last = ResettlementBuilding.objects.filter(site=site).order_by("-code").values_list("code").first()
    return f"{site}-Z{(int(last[0].rpartition('-Z')[2]) if last else 0) + 1:02d}"


def new_seed() -> str:
    """A seed that nobody chose: 64 hexadecimal characters from the machine's source of chance."""
    return secrets.token_hex(32)


def next_lot_code(jurisdiction: str) -> str:
    """The code of the next drawing of a division, whose chain is held."""
    last = LotDraw.objects.filter(code__startswith=f"{jurisdiction}-L").order_by("-code").values_list("code").first()
    return f"{jurisdiction}-L{(int(last[0][-4:]) if last else 0) + 1:04d}"


def insert_lot_draw(*, code: str, site: Site, title: str, seed: str, commitment: str) -> LotDraw:
    """Insert a drawing whose list is open."""
    return LotDraw.objects.create(code=code, site=site, title=title, seed=seed, commitment=commitment)


def close_lot_list(row: LotDraw, *, households: Sequence[str], list_digest: str) -> None:
    """Keep the closed list."""
    row.households, row.list_digest = list(households), list_digest
    row.save(update_fields=["households", "list_digest"])


def keep_lot_order(row: LotDraw, *, order: Sequence[str], drawn_on: date) -> None:
    """Keep what was drawn."""
    row.order, row.drawn_on = list(order), drawn_on
    row.save(update_fields=["order", "drawn_on"])


def keep_addresses(told: Sequence[tuple[str, str]]) -> None:
    """Seal the texts of transition addresses, (household, text); a text that is kept already is kept once."""
    rows = [(household, *address_row(household, text)) for household, text in told]
    sealed = seal_all([values for *_others, values in rows])
    TransitionAddress.objects.bulk_create(
        [
            TransitionAddress(household_id=household, digest=digest, address_masked=masked, address_sealed=one)
            for (household, digest, masked, _values), one in zip(rows, sealed, strict=True)
        ],
        batch_size=_AT_ONCE, ignore_conflicts=True,
    )


def next_claim_code(city: str) -> str:
    """The code of the next claim among payers of a city, whose chain is held."""
    codes = AdvanceClaim.objects.filter(code__startswith=f"{city}-V").values_list("code", flat=True)
    return f"{city}-V{max((int(code.rpartition('-V')[2]) for code in codes), default=0) + 1:04d}"


def insert_claim(row: AdvanceClaim) -> None:
    """Insert a claim among payers."""
    row.save(force_insert=True)
