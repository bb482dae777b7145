"""Whether published cards can be made again from the ledger as it was known then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhengtu.assessment.models import Assessment
from zhengtu.assessment.queries import published_cards, scheme_of
from zhengtu.assessment.scoring_units import cards
from zhengtu.core.assessment.unit_card import differences, fingerprint_of
from zhengtu.core.kernel.codes import city_of
from zhengtu.ledger.models import Fact


@dataclass(frozen=True, slots=True)
class Check:
    """What a check of a publication found.

    Attributes:
        is_kept: whether the stored cards have the fingerprint that the ledger holds.
        differences: (unit, criterion, published, made again) of whatever is not the same.
    """

    code: str
    is_kept: bool
    differences: Sequence[tuple[str, str, str, str]]

    @property
    def is_equal(self) -> bool:
        """Whether the cards are kept and come out the same again."""
        return self.is_kept and not self.differences


def check_publication(code: str) -> Check | None:
    """Make the published cards again as known on their day; None where nothing is published under the code."""
    assessment = Assessment.objects.filter(pk=code, published_on__isnull=False).first()
    if assessment is None:
        return None
    said = Fact.objects.filter(subject=code, kind="assessment_published").values_list("attributes", flat=True)
    kept = {str(attributes["cards_sha256"]) for attributes in said}
    made = cards(
        city_of(code), scheme=scheme_of(assessment), from_on=assessment.from_on, until_on=assessment.until_on,
        known=assessment.known_on,
    )
    return Check(
        code=code, is_kept=kept == {fingerprint_of(assessment.cards)} and assessment.cards_sha256 in kept,
        differences=differences(published_cards(assessment), made),
    )
