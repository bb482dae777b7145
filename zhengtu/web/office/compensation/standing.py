"""Where an agreement stands, in words and with a light."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengtu.casework.agreement_queries import PERFORMED, SUPPLEMENTED
from zhengtu.casework.compensation_documents import spoken_way
from zhengtu.casework.models import Agreement, AgreementState

STANDINGS = {
    AgreementState.DRAFT.value: (_("Draft"), "idle"),
    AgreementState.CHECKED.value: (pgettext_lazy("agreement", "Checked"), "running"),
    AgreementState.SIGNED.value: (_("Signed"), "running"),
    PERFORMED: (_("Performed"), "green"),
    SUPPLEMENTED: (_("Supplemented"), "idle"),
    AgreementState.CANCELLED.value: (pgettext_lazy("agreement", "Cancelled"), "idle"),
}


@dataclass(frozen=True, slots=True)
class ShownAgreement:
    """An agreement with its way and standing in words."""

    row: Agreement
    way: str
    standing: str
    light: str


def shown_agreement(row: Agreement) -> ShownAgreement:
    """The agreement as lists and pages name it; ``row`` carries ``standing``."""
    label, light = STANDINGS[row.standing]  # type: ignore[attr-defined]
    return ShownAgreement(row, spoken_way(row.way), str(label), light)
