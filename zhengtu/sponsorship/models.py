"""Leaders who answer for a project or a hard case (包保); what they saw and promised is in the ledger's facts."""

from __future__ import annotations

from django.db import models

from zhengtu.accounts.models import Person
from zhengtu.ledger.models import code_field


class Sponsorship(models.Model):
    """One leader for one project, part of it, section or household, from a day on; it never changes but for its end."""

    subject = code_field(db_index=True, help_text="project, its part in one jurisdiction, section or household")
    sponsor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sponsorships")
    from_on = models.DateField()
    until_on = models.DateField(null=True, help_text="first day on which it holds no more")
    deed = code_field(help_text="the deed that named the sponsor")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=models.Q(until_on=None), name="sponsorship_one_at_a_time"
            )
        ]


class HardCaseFile(models.Model):
    """A household of which a hard case was ever described, so that lists find it; how it stands follows from facts."""

    household = code_field(primary_key=True)
