"""The mayor's channel: who reads it beside the mayor. Each reading is a deed."""

from __future__ import annotations

from django.db import models

from zhengtu.accounts.models import Person
from zhengtu.ledger.models import code_field


class ChannelDirective(models.Model):
    """A directive that the mayor set out of the channel, and what it followed; shown in the channel alone."""

    about = models.CharField(max_length=128, db_index=True, help_text="kind and key of what it followed")
    directive = code_field(unique=True)


class ChannelReader(models.Model):
    """Somebody whom the mayor named to read the channel."""

    city = models.CharField(max_length=6, db_collation="C")
    reader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True, help_text="first day on which they read it no more")
    deed = code_field()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city", "reader"], condition=models.Q(until_on=None), name="channel_reader_once"
            )
        ]
