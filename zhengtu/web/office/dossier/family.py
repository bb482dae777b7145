"""What a family reads of its own dossier: plain sentences, what comes next, what was agreed and paid."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengtu.casework.facts import RecordedFact
from zhengtu.casework.queries import Dossier
from zhengtu.casework.timeline import TimelineEntry
from zhengtu.core.ledger.milestones import Milestone

_HAPPENED: Mapping[Milestone, Promise] = {
    Milestone.REGISTERED: _("Your home was entered into the register."),
    Milestone.SURVEYED: _("Your home was surveyed."),
    Milestone.VALUED: _("An appraiser valued your home."),
    Milestone.SIGNED: _("You signed the compensation agreement."),
    Milestone.DECIDED: _("The government made a compensation decision."),
    Milestone.PAID: _("The compensation was paid."),
    Milestone.VACATED: _("You handed over your old home."),
    Milestone.DEMOLISHED: _("Your old home was demolished."),
    Milestone.PROMISED: _("A day for your new home was agreed."),
    Milestone.RESETTLED: _("You moved into your new home."),
}
_AHEAD: Mapping[Milestone, Promise] = {
    Milestone.SURVEYED: _("Officers will come to survey your home together with you."),
    Milestone.VALUED: _("An appraiser will value your home and give you the report."),
    Milestone.SIGNED: _("You can talk over and sign the compensation agreement."),
    Milestone.PAID: _("The compensation has to be paid to you. Nobody may ask you to move out before that."),
    Milestone.VACATED: _("After the compensation is paid you hand over your old home."),
    Milestone.RESETTLED: _("You receive the keys to your new home."),
}


def family_page(file: Dossier) -> dict[str, Any]:
    """Context of the family's page: what happened, what comes next, sums, documents."""
    happened = [
        (day, _HAPPENED[milestone])
        for milestone, day in sorted(file.dates.items(), key=lambda reached: reached[1])
        if milestone in _HAPPENED and milestone is not Milestone.PROMISED
    ]
    standing = [entry for entry in file.timeline if entry.withdrawn_by is None]
    return {
        "happened": happened,
        "ahead": [_AHEAD[step.milestone] for step in file.steps if step.status == "next" and step.milestone in _AHEAD],
        "agreed_yuan": _sum_of(standing, "signed") or _sum_of(standing, "decided"),
        "paid_yuan": _sum_of(standing, "paid"),
        "promised_on": file.dates.get(Milestone.PROMISED) if Milestone.RESETTLED not in file.dates else None,
        "documents": [(entry.fact, document) for entry in standing for document in entry.evidence],
    }


def _sum_of(entries: list[TimelineEntry], kind: str) -> Decimal | None:
    """The sum of all standing facts of that kind, yuan; None without any."""
    facts: list[RecordedFact] = [entry.fact for entry in entries if entry.fact.kind == kind]
    return sum((Decimal(str(fact.attributes["amount_yuan"])) for fact in facts), Decimal(0)) if facts else None
