"""Payment orders: who made, checked and authorised them, whom they pay, what the bank answered, what is claimed.

What is due and what is paid is not held here: it follows from the facts.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtu.accounts.models import Person
from zhengtu.core.funds.asset_claims import AssetKind
from zhengtu.core.funds.payments import OrderState, OrderStep
from zhengtu.ledger.models import Deed, code_field
from zhengtu.registry.models import Household, Project


class OrderKind(models.TextChoices):
    """Where an order's money goes."""

    TRANSFER = "transfer", _("Transfer to the payees")
    DEPOSIT = "deposit", _("Deposit with a notary")


class LineState(models.TextChoices):
    """What became of a line."""

    PENDING = "pending", _("Under way")
    PAID = "paid", _("Paid")
    FAILED = "failed", _("Not executed")


_AFTER_CHECK = (OrderState.CHECKED, OrderState.AUTHORISED, OrderState.SETTLED)
_AFTER_AUTHORISING = (OrderState.AUTHORISED, OrderState.SETTLED)


class PaymentOrder(models.Model):
    """An order to pay households of one part of a project, e.g. ``220204-P0001-Z0001``."""

    code = code_field(primary_key=True)
    participation = code_field()
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="payment_orders")
    kind = models.CharField(max_length=10, choices=OrderKind.choices, default=OrderKind.TRANSFER)
    state = models.CharField(
        max_length=12, choices=[(state.value, state.value) for state in OrderState], default=OrderState.PREPARED
    )
    purpose = models.CharField(max_length=255, blank=True, help_text="of a deposit: why the payee cannot be paid")
    maker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="made_orders")
    checker = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="checked_orders")
    authoriser = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="authorised_orders")
    digest = models.CharField(max_length=64, blank=True, help_text="of the lines as they were checked")

    class Meta:
        indexes = [models.Index(fields=["participation", "state"], name="payment_order_place")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(checker=None) | ~Q(checker=F("maker")))
                & (Q(authoriser=None) | (~Q(authoriser=F("maker")) & ~Q(authoriser=F("checker")))),
                name="payment_order_three_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_AFTER_CHECK) | (Q(checker__isnull=False) & ~Q(digest="")),
                name="payment_order_checked",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_AFTER_AUTHORISING) | Q(authoriser__isnull=False),
                name="payment_order_authorised",
            ),
        ]


class PaymentOrderStep(models.Model):
    """One step of an order with its deed: who did what, and why where a reason was given."""

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=12, choices=[(step.value, step.value) for step in OrderStep])
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)


class PaymentLine(models.Model):
    """One payee of one household in an order; the payee is sealed, what is masked may be listed."""

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="lines")
    reference = code_field(unique=True, help_text="what the bank quotes, e.g. 220204-P0001-Z0001-00001")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="payment_lines")
    amount_yuan = models.DecimalField(max_digits=16, decimal_places=2)
    payee_sealed = models.BinaryField(help_text="name and account: one sealed JSON object")
    payee_masked = models.CharField(max_length=64)
    payee_index = models.CharField(max_length=32)
    account_masked = models.CharField(max_length=40)
    account_index = models.CharField(max_length=32)
    other_property_reason = models.CharField(
        max_length=255, blank=True, help_text="why the same owner is paid for another property"
    )
    state = models.CharField(max_length=10, choices=LineState.choices, default=LineState.PENDING)
    failure = models.CharField(max_length=255, blank=True)
    fact = code_field(default="", blank=True, help_text="deed/ordinal of the payment recorded")

    class Meta:
        indexes = [models.Index(fields=["household", "state"], name="payment_line_household")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_yuan__gt=0), name="payment_line_positive"),
            models.CheckConstraint(condition=~Q(state="paid") | ~Q(fact=""), name="payment_line_proven"),
        ]


class AssetClaim(models.Model):
    """What a household's payments claim, as a keyed hash: no two households claim the same."""

    key = models.CharField(max_length=32, primary_key=True)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in AssetKind])
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="asset_claims")
    order = models.ForeignKey(
        PaymentOrder, null=True, on_delete=models.PROTECT, related_name="+",
        help_text="the first order that pays it; none for what was paid before orders were kept",
    )
    claimed_on = models.DateField()


class BankReply(models.Model):
    """One uploaded reply of the bank to an order, with what each of its lines came to."""

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="replies")
    deed = models.OneToOneField(Deed, on_delete=models.PROTECT, related_name="bank_reply")
    file_name = models.CharField(max_length=255)


class BankReplyLine(models.Model):
    """A line of a reply beside the order's: outcome and, where it was not accepted, the reasons."""

    reply = models.ForeignKey(BankReply, on_delete=models.PROTECT, related_name="lines")
    row = models.IntegerField()
    reference = models.CharField(max_length=64, blank=True)
    amount_yuan = models.DecimalField(max_digits=16, decimal_places=2)
    account_masked = models.CharField(max_length=40, blank=True)
    booked_on = models.DateField(null=True)
    bank_reference = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=10)
    reasons = models.JSONField(default=list)


class RunStage(models.TextChoices):
    """Where a bulk run stands."""

    WAITING = "waiting", _("Waits for its turn")
    RUNNING = "running", _("Being worked on")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")


class PaymentRun(models.Model):
    """A bulk run: one order of everything due in one part of a project, with one result file."""

    participation = code_field()
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="payment_runs")
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    beaten_at = models.DateTimeField(help_text="last sign of life of whoever works on it")
    stage = models.CharField(max_length=10, choices=RunStage.choices, default=RunStage.WAITING)
    progress = models.FloatField(default=0, help_text="share done, 0 to 1")
    purpose = models.CharField(max_length=255, blank=True)
    report = models.JSONField(default=dict, help_text="counts and, where refused, reasons")
    order = models.ForeignKey(PaymentOrder, null=True, on_delete=models.PROTECT, related_name="runs")
