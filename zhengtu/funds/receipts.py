"""The receipt that a family signs for a payment: plain values, with whole names only where a deed notes it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import get_language, gettext

from zhengtu.accounts.sealing import unseal
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import grouped, in_words
from zhengtu.core.kernel.reasons import Reason
from zhengtu.funds.models import PaymentLine
from zhengtu.funds.payment_queries import payment_day
from zhengtu.ledger.act import act
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.press.document import Document, Paragraph, Signatures, Table, TableColumn
from zhengtu.registry.queries import is_demonstration, subject_of


def receipt_for(*, actor: Actor, line: PaymentLine, now: datetime) -> Document:
    """The receipt of a paid line.

    Whoever may see full personal data gets whole name and account, and a deed notes that; others get them masked.
    """
    subject = subject_of(line.household_id)
    if current_rulebook().authority.may(actor=actor, verb="household.unmask", subject=subject) is not None:
        return receipt(line, name=line.payee_masked, account=line.account_masked, paid_on=payment_day(line))
    with act(actor, "household.unmask", on=subject, at=now) as deed:
        deed.record(because=[_noted(line)])
    payee = unseal(line.payee_sealed)
    return receipt(line, name=payee["name"], account=payee["account"], paid_on=payment_day(line))


def receipt(line: PaymentLine, *, name: str, account: str, paid_on: date) -> Document:
    """The receipt as a document, in the page's language; the sum in words is Chinese by its nature."""
    household = line.household
    rows = [
        (gettext("Project"), household.section.project.name),
        (gettext("Household"), f"{household.code} {household.address} {household.room}".strip()),
        (gettext("Payee"), name), (gettext("Payee account"), account),
        (gettext("Amount (yuan)"), grouped(line.amount_yuan)),
        (gettext("Amount in words"), in_words(line.amount_yuan)),
        (gettext("Paid on"), paid_on.isoformat()), (gettext("Payment reference"), line.reference),
    ]
    return Document(
        title=gettext("Receipt for expropriation compensation"), number=line.reference,
        blocks=(
            Paragraph(gettext("The payee confirms that the compensation named below was received.")),
            Table((TableColumn(gettext("Item"), width=1.0), TableColumn(gettext("Content"), width=3.0)), rows),
            Paragraph(gettext("Signing this receipt gives up no right to review or litigation.")),
            Signatures((gettext("Payee (signature, date)"), gettext("Paying unit (seal, date)"))),
        ),
        mark=gettext("Demonstration; the data are fictitious.") if is_demonstration(city_of(household.code)) else "",
        language="en" if (get_language() or "").startswith("en") else "zh-Hans",
    )


def _noted(line: PaymentLine) -> Reason:
    return Reason("payment.receipt_issued", N_("Receipt of %(reference)s issued."), {"reference": line.reference})
