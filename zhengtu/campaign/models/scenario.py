"""A scenario tried beside the plan: it changes nothing real."""

from __future__ import annotations

from django.db import models

from zhengtu.accounts.models import Person
from zhengtu.campaign.models.finding import RunStage
from zhengtu.ledger.models import code_field
from zhengtu.registry.models import Project


class Scenario(models.Model):
    """What was asked, on which day's facts, and the comparison with the plan as it was computed then.

    Attributes:
        subject: the project, or its part in one jurisdiction.
        changes: list of ``core.planning.scenario`` changes as plain values.
        growth: {yearly_share, opening_share, opens_on}: how prices are taken to grow; empty where nothing is assumed.
        result: what ``core.planning.comparison`` gave, as plain values; empty until it is computed.
        reasons: why it could not be computed, as reasons in plain values.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="scenarios")
    subject = code_field(help_text="the project, or its part in a jurisdiction")
    title = models.CharField(max_length=120)
    on = models.DateField(help_text="the day whose facts it starts from")
    changes = models.JSONField()
    growth = models.JSONField(default=dict)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="scenarios")
    asked_at = models.DateTimeField()
    asked_deed = code_field()
    stage = models.CharField(max_length=12, choices=RunStage.choices, default=RunStage.QUEUED)
    progress = models.FloatField(default=0, help_text="share done, 0 to 1")
    moved_at = models.DateTimeField(null=True, help_text="when the work last told how far it is")
    result = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
