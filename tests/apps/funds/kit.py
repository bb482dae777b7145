"""Three people of the paying unit, signed households of the test project, and replies as the bank writes them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile

from tests.factories import (
    CHUANYING,
    NOW,
    RAILWAY_INVESTMENT,
    Scene,
    advance,
    announce,
    build_campaign,
    record,
    serve_valuation,
)
from zhengtu.accounts.models import Person, Posting
from zhengtu.accounts.queries import actor_of
from zhengtu.accounts.sealing import unseal
from zhengtu.core.authority.actor import Actor
from zhengtu.funds.models import BankReply, PaymentOrder
from zhengtu.funds.ordering import OrderedSum
from zhengtu.funds.paying import record_reply
from zhengtu.funds.payment_actions import authorise_order, check_order, prepare_order

PART = f"{CHUANYING}-P0001"
DUE = Decimal("430000.00")
HEADINGS = (
    "Payment reference", "Payee account", "Amount (yuan)", "Result", "Paid on", "Bank serial number",
    "Reason of failure",
)


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def payer(which: str) -> Actor:
    """``maker``, ``checker`` or ``authoriser``: three people with the same post in the paying unit."""
    person, is_new = Person.objects.get_or_create(
        code=f"220200-u-{which}", defaults={"username": which, "name": "测试甲"}
    )
    if is_new:
        Posting.objects.create(person=person, unit_id=RAILWAY_INVESTMENT, role="client", from_on=date(2025, 1, 1))
    return actor_of(person, on=NOW.date())


def signed_scene() -> Scene:
    """The test campaign, announced in 船营区, its three households there signed for 430,000 yuan each."""
    scene = build_campaign()
    announce(CHUANYING)
    for household in scene.households[:3]:
        advance(household, to="valued")
        serve_valuation(household)
        record(household.code, "signed", date(2025, 1, 20), {"option": "cash", "amount_yuan": str(DUE)})
    return scene


def prepared(*sums: tuple[str, str], who: str = "maker", minutes: int = 0) -> str:
    """An order of these (household, yuan)."""
    return prepare_order(
        actor=payer(who), participation=PART, now=later(minutes),
        sums=[OrderedSum(household, Decimal(amount)) for household, amount in sums],
    ).code


def authorised(*sums: tuple[str, str]) -> str:
    """An order of these (household, yuan), checked and authorised."""
    order = prepared(*sums)
    check_order(actor=payer("checker"), order=order, now=later(1))
    authorise_order(actor=payer("authoriser"), order=order, now=later(2))
    return order


def reply_rows(order: str) -> list[dict[str, str]]:
    """What the bank answers when it executed everything on the day."""
    return [
        {
            "Payment reference": line.reference, "Payee account": unseal(line.payee_sealed)["account"],
            "Amount (yuan)": f"{line.amount_yuan:,.2f}", "Result": "Executed", "Paid on": NOW.date().isoformat(),
            "Bank serial number": f"B{line.pk}", "Reason of failure": "",
        }
        for line in PaymentOrder.objects.get(pk=order).lines.order_by("reference")
    ]


def reply_file(rows: Sequence[Mapping[str, str]]) -> ContentFile:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADINGS)
    writer.writeheader()
    writer.writerows(rows)
    return ContentFile(text.getvalue().encode(), name="reply.csv")


def answered(order: str, rows: Sequence[Mapping[str, str]] | None = None, *, minutes: int = 5) -> BankReply:
    return record_reply(
        actor=payer("maker"), order=order, file=reply_file(reply_rows(order) if rows is None else rows),
        name="reply.csv", now=later(minutes),
    )
