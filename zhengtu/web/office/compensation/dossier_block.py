"""What the dossier says of compensation in short: both ways with their totals, and the agreement that stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhengtu.casework.agreement_queries import agreements_of
from zhengtu.casework.compensation_documents import spoken_way
from zhengtu.casework.models import AgreementState
from zhengtu.casework.statement_words import spoken_notes
from zhengtu.casework.statements import legacy_reason, ways_of
from zhengtu.ledger.queries import Reach
from zhengtu.ledger.reason_text import SpokenReason
from zhengtu.registry.models import Household, Regime
from zhengtu.resettlement.facts import Terms, terms_within
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
    """Both ways and the latest agreement that is not cancelled.

    Attributes:
        legacy: for a legacy demolition household why there is no statement; its agreed figures stand in ``terms``.
    """

    ways: list[ShortWay]
    agreement: ShownAgreement | None
    is_assumed: bool
    legacy: SpokenReason | None = None
    terms: Terms | None = None


def compensation_block(household: Household, *, on: date, known: date | None) -> CompensationBlock:
    """The block of one household as of a day; in a legacy demolition project the agreement's own figures hold."""
    code = household.code
    standing = [row for row in agreements_of(code) if row.state != AgreementState.CANCELLED]
    if household.section.project.regime == Regime.LEGACY_DEMOLITION:
        return CompensationBlock(
            ways=[], agreement=shown_agreement(standing[0]) if standing else None, is_assumed=False,
            legacy=spoken_notes([legacy_reason()])[0],
            terms=terms_within(Reach(codes=(code,)), on=on, known=known).get(code),
        )
    ways = ways_of(code, on=on)
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
