"""What the dossier says of compensation in short: both ways with their totals, and the agreement that stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhengtu.casework.agreement_queries import agreements_of
from zhengtu.casework.compensation_documents import spoken_way
from zhengtu.casework.models import AgreementState
from zhengtu.casework.statement_words import spoken_notes
from zhengtu.casework.statements import ways_of
from zhengtu.web.office.compensation.standing import ShownAgreement, shown_agreement


@dataclass(frozen=True, slots=True)
class ShortWay:
    """One way with its total (yuan), or the first thing that is missing for one."""

    name: str
    total: Decimal | None
    why: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class CompensationBlock:
    """Both ways and the latest agreement that is not cancelled."""

    ways: list[ShortWay]
    agreement: ShownAgreement | None
    is_assumed: bool


def compensation_block(household: str, *, on: date) -> CompensationBlock:
    """The block of one household as of a day."""
    ways = ways_of(household, on=on)
    standing = [row for row in agreements_of(household) if row.state != AgreementState.CANCELLED]
    return CompensationBlock(
        ways=[
            ShortWay(
                name=spoken_way(way.option.mode), total=way.statement.total if way.statement else None,
                why=spoken_notes(way.reasons)[0].message if way.reasons else "", is_chosen=way.is_chosen,
            )
            for way in ways
        ],
        agreement=shown_agreement(standing[0]) if standing else None,
        is_assumed=any(way.is_assumed and way.statement for way in ways),
    )
