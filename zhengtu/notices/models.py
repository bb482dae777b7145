"""What people are told: notices, the ways they reach a person, and every attempt to deliver them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtu.accounts.models import Person, Unit
from zhengtu.ledger.models import code_field


class Notice(models.Model):
    """Something one person is to be told, once; it stands in their inbox whatever else carries it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    key = models.CharField(max_length=128, db_collation="C")
    kind = models.CharField(max_length=32)
    message = models.TextField()
    parameters = models.JSONField(default=dict)
    path = models.CharField(max_length=255)
    subject = code_field(blank=True)
    units = models.JSONField(default=list, help_text="units for whose sake the reader may see the subject")
    urgency = models.CharField(max_length=8)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="notice_once")]
        indexes = [models.Index(fields=["person", "read_at"], name="notice_inbox")]


class ChannelKind(models.TextChoices):
    EMAIL = "email", _("E-mail")
    WECOM = "wecom", _("WeCom robot")
    DINGTALK = "dingtalk", _("DingTalk robot")


class Channel(models.Model):
    """A way that leads out of the platform: a person's e-mail, or the robot of a unit's group."""

    kind = models.CharField(max_length=10, choices=ChannelKind.choices)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="channels")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="channels")
    address_sealed = models.BinaryField(help_text="address or webhook with its secret: one sealed JSON object")
    digest = models.CharField(max_length=12, default="role", help_text="role, at_once, daily or weekly")
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    is_active = models.BooleanField(default=True)
    deed = code_field(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) ^ models.Q(unit__isnull=True), name="channel_of_one"
            )
        ]


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    UNCERTAIN = "uncertain", _("May have arrived")
    GIVEN_UP = "given_up", _("Given up")
    EMPTY = "empty", _("Nothing left to tell")


class Delivery(models.Model):
    """One message on one channel: a notice or a digest of several."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    message_id = models.CharField(max_length=64, unique=True, help_text="the same at each attempt")
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    is_test = models.BooleanField(default=False, help_text="asked for by hand; carries no notice")
    due_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    attempted_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    may_repeat = models.BooleanField(default=False, help_text="an earlier attempt may have arrived")
    notices = models.ManyToManyField(Notice, related_name="deliveries")

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="delivery_due")]


class DeliveryAttempt(models.Model):
    """What came of one attempt; it never names the address."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="log")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10)
    error = models.CharField(max_length=32, blank=True, help_text="id of the failure")
    answer_code = models.CharField(max_length=16, blank=True, help_text="number that the other side answered")
