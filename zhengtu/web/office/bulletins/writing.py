"""What whoever drafts a bulletin fills in on its page: remarks part by part, and the units that it goes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest

from zhengtu.accounts.models import Unit, UnitKind
from zhengtu.core.kernel.codes import city_of
from zhengtu.publication.addressees import units_addressed, units_offered
from zhengtu.publication.models import Bulletin
from zhengtu.publication.queries import kind_of_bulletin
from zhengtu.web.shared.languages import in_language

REMARK = "remark-"
"""Beginning of the name of a part's field."""
ADDRESSEES, ADDRESSEES_SHOWN = "addressees", "addressees-shown"
"""Names of the boxes, and of what says that they were on the page: with none of them ticked, nothing else would."""


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit that may be chosen, and whether it is."""

    code: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """The units of one kind."""

    kind: str
    name: str
    units: Sequence[UnitChoice]

    @property
    def chosen(self) -> int:
        """How many are chosen."""
        return sum(unit.is_chosen for unit in self.units)

    @property
    def is_whole(self) -> bool:
        """Whether all are chosen."""
        return self.chosen == len(self.units)


def addressee_groups(bulletin: Bulletin, request: HttpRequest) -> list[UnitGroup]:
    """The units that may be chosen, by kind; ticked as they were sent with a refused form, else as they are kept."""
    is_sent = ADDRESSEES_SHOWN in request.POST
    chosen = set(request.POST.getlist(ADDRESSEES) if is_sent else bulletin.addressees)
    offered = units_offered(city_of(bulletin.code), kind_of_bulletin(bulletin))
    return [_group(kind, list(units), chosen) for kind, units in groupby(offered, key=lambda unit: unit.kind)]


def _group(kind: str, units: Sequence[Unit], chosen: set[str]) -> UnitGroup:
    return UnitGroup(
        kind=kind, name=UnitKind(kind).label,
        units=[UnitChoice(unit.code, in_language((unit.name, unit.name_en)), unit.code in chosen) for unit in units],
    )


def is_usual(bulletin: Bulletin) -> bool:
    """Whether it goes to exactly the units that its kind goes to by itself."""
    return set(bulletin.addressees) == set(units_addressed(city_of(bulletin.code), kind_of_bulletin(bulletin)))


def remark_text(bulletin: Bulletin, part: str, request: HttpRequest) -> str:
    """What stands in a part's field: as it was sent with a refused form, else as it is kept."""
    kept = "\n".join(bulletin.remarks.get(part, ()))
    return str(request.POST.get(f"{REMARK}{part}", kept))
