"""A levelling of a district's teams over all its projects: asked for, computed by a task, kept with its result."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtu.accounts.models import Person, Unit
from zhengtu.ledger.models import code_field


class LevellingStage(models.TextChoices):
    """How far a levelling is."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Being computed")
    DONE = "done", _("Computed")
    FAILED = "failed", _("Failed")


class TeamLevelling(models.Model):
    """One levelling; it changes no team, plan or fact.

    Attributes:
        on: the day as of which the work left is counted.
        basis: digest of the teams and cases that it was computed from.
        result: ``core.planning.team_plan.Levelling`` in plain form.
    """

    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="team_levellings")
    on = models.DateField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    deed = code_field()
    seconds = models.IntegerField(help_text="time that the solver may take")
    stage = models.CharField(max_length=8, choices=LevellingStage.choices, default=LevellingStage.QUEUED)
    progress = models.FloatField(default=0, help_text="share done, 0 to 1")
    moved_at = models.DateTimeField(null=True, help_text="when the work last told how far it is")
    basis = models.CharField(max_length=64, blank=True)
    result = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["jurisdiction", "-asked_at"], name="levelling_latest")]
