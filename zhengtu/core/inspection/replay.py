"""The published draw as a document, and what a second person finds who draws again from it.

The document holds the seed, the commitment made before the list was closed, the closed list by stratum, what was drawn
of it and who was sent where. Nothing else is needed to draw again: see ``core.kernel.draw`` for the one line that is
hashed. A jurisdiction that sees its own part gets a document of its own strata, without the whole list's fingerprint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from zhengtu.core.inspection.pairing import Inspector, drawn_teams
from zhengtu.core.inspection.patrol import PURPOSE as PATROL
from zhengtu.core.inspection.patrol import patrol_list, patrol_weight
from zhengtu.core.inspection.sampling import PURPOSE as HOUSEHOLD
from zhengtu.core.inspection.sampling import Stratum, allocated
from zhengtu.core.kernel.draw import commitment_of, digest_of_list, drawn_order, weighted_order
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.published import Check, document_in, fingerprint_of, holds, text_of
from zhengtu.core.kernel.reasons import Reason, Refused

FORMAT: Final = "zhengtu-inspection-draw-1"


@dataclass(frozen=True, slots=True)
class DrawnStratum:
    """One stratum of a published draw.

    Attributes:
        key: jurisdiction and reported milestone, ``220204/vacated``.
        codes: every household in it. drawn: those drawn, in the order of the draw.
    """

    key: str
    codes: Sequence[str]
    drawn: Sequence[str]


@dataclass(frozen=True, slots=True)
class DrawDocument:
    """A draw as it is published.

    Attributes:
        households: how many the plan wanted; of a part, how many were drawn there.
        weights: of a patrol: household -> the day it was vacated, and the day it was last seen empty or None.
        inspectors: person -> jurisdictions where they recuse themselves; empty in a part.
        teams: jurisdiction -> who goes there.
        list_digest: fingerprint of the whole list; empty in a part.
    """

    inspection: str
    form: str
    matter: str
    as_of_on: date
    households: int
    least_per_stratum: int
    expected_rate: float
    together: int
    seed: str
    commitment: str
    list_digest: str
    strata: Sequence[DrawnStratum]
    inspectors: Mapping[str, Sequence[str]]
    teams: Mapping[str, Sequence[str]]
    weights: Mapping[str, tuple[date, date | None]] = field(default_factory=dict)
    format: str = FORMAT

    @property
    def is_part(self) -> bool:
        """Whether it is one jurisdiction's part."""
        return not self.list_digest

    @property
    def places(self) -> dict[str, int]:
        """Jurisdiction -> households drawn there."""
        found: dict[str, int] = {}
        for stratum in self.strata:
            if stratum.drawn:
                place = stratum.key.partition("/")[0]
                found[place] = found.get(place, 0) + len(stratum.drawn)
        return found


def fingerprint(document: DrawDocument) -> str:
    """SHA-256 of the document as canonical JSON: sorted keys, no spaces, UTF-8."""
    return fingerprint_of(document)


def written(document: DrawDocument) -> str:
    """The document as it is handed out."""
    return text_of(document)


def read_document(text: str) -> DrawDocument:
    """The document that ``written`` wrote.

    Raises:
        Refused: when it is no such document.
    """
    return document_in(text, DrawDocument, format=FORMAT, check=_check_shape, refusal=Reason(
        code="inspection.no_draw_document", message=N_("The file is no published draw: %(error)s"),
        remedy=N_("Take the file that the inspection's page offers."),
    ))


def _check_shape(document: DrawDocument) -> None:
    for stratum in document.strata:
        if not all(isinstance(code, str) for code in (stratum.key, *stratum.codes, *stratum.drawn)):
            raise ValueError("codes are text")
    numbers = (document.households, document.least_per_stratum, document.together)
    if any(isinstance(one, bool) or not isinstance(one, int) or one < 0 for one in numbers):
        raise ValueError("counts are whole numbers")
    if not 0 < float(document.expected_rate) < 1:
        raise ValueError("expected_rate")
    if document.form == "patrol" and set(document.weights) != {
        code for stratum in document.strata for code in stratum.codes
    }:
        raise ValueError("every house of a patrol has its days")


def checks(document: DrawDocument) -> list[Check]:
    """Everything that a second person draws again, in order, with whether it agrees."""
    strata = document.strata
    codes = [code for stratum in strata for code in stratum.codes]
    found = [
        Check(N_("The seed is the one committed to before the draw"), holds(
            lambda: commitment_of(document.seed) == document.commitment
        )),
        Check(N_("The list is the one that was closed"), None if document.is_part else holds(
            lambda: digest_of_list(codes) == document.list_digest
        ), {"count": len(codes)}),
        Check(N_("Each stratum's share follows from the plan"), _shares_agree(document)),
    ]
    found += [
        Check(
            N_("%(stratum)s: %(count)s households drawn"),
            _is_drawn_again(stratum, document),
            {"stratum": stratum.key, "count": len(stratum.drawn)},
        )
        for stratum in strata
    ]
    found.append(Check(N_("The inspectors were sent where chance sends them"), _teams_agree(document)))
    return found


def _is_drawn_again(stratum: DrawnStratum, document: DrawDocument) -> bool:
    return holds(lambda: _again(stratum, document) == list(stratum.drawn))


def _again(stratum: DrawnStratum, document: DrawDocument) -> list[str]:
    """What the seed draws of the stratum, as many as were drawn."""
    if document.form != "patrol":
        order = drawn_order(stratum.codes, seed=document.seed, purpose=HOUSEHOLD)
    else:
        weights = {
            code: patrol_weight(
                vacated_on=document.weights[code][0], last_seen_on=document.weights[code][1], on=document.as_of_on
            )
            for code in stratum.codes
        }
        order = weighted_order(weights, seed=document.seed, purpose=PATROL)
    return order[: len(stratum.drawn)]


def _shares_agree(document: DrawDocument) -> bool | None:
    if document.is_part:
        return None
    sizes = {stratum.key: len(stratum.drawn) for stratum in document.strata}
    if document.form == "patrol":
        houses = dict(document.weights)
        whole = patrol_list(houses, on=document.as_of_on, count=document.households, seed=document.seed)
        return set(whole) == {code for stratum in document.strata for code in stratum.drawn}
    strata = [
        Stratum(key=one.key, codes=one.codes, expected_rate=document.expected_rate) for one in document.strata
    ]
    return allocated(strata, total=document.households, least=document.least_per_stratum) == sizes


def _teams_agree(document: DrawDocument) -> bool | None:
    if document.is_part:
        return None
    inspectors = [Inspector(person, frozenset(places)) for person, places in sorted(document.inspectors.items())]
    try:
        again = drawn_teams(
            document.places, inspectors=inspectors, seed=document.seed, together=document.together
        )
    except (Refused, ValueError):
        return False
    return {place: tuple(team) for place, team in document.teams.items()} == again
