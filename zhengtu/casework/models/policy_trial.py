"""A compensation policy tried on a project before anybody adopts it; it changes nothing real."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtu.accounts.models import Person
from zhengtu.ledger.models import code_field
from zhengtu.registry.models import Project


class TrialStage(models.TextChoices):
    """How far a trial is."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Being computed")
    DONE = "done", _("Computed")
    FAILED = "failed", _("Failed")


class PolicyTrial(models.Model):
    """What was asked, and under which digests the input and the result are kept.

    The result itself is a stored file: it can be recomputed from the stored input, and then has the same digest.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="policy_trials")
    subject = code_field(help_text="the project, its part in a jurisdiction, or a section")
    title = models.CharField(max_length=120)
    tried_on = models.DateField(help_text="the day whose rules apply to every household")
    parameter_set = models.CharField(max_length=64, blank=True, help_text="set that B elects; empty: as in force")
    signing_day = models.IntegerField(
        null=True, help_text="households that have not signed are taken to sign and move on this day of the period"
    )
    changes = models.JSONField(help_text="list of {parameter, value}; values as in the rulebook, numbers as text")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="policy_trials")
    asked_at = models.DateTimeField()
    asked_deed = code_field()
    stage = models.CharField(max_length=12, choices=TrialStage.choices, default=TrialStage.QUEUED)
    progress = models.FloatField(default=0, help_text="share done, 0 to 1")
    moved_at = models.DateTimeField(null=True, help_text="when the work last told how far it is")
    input_digest = models.CharField(max_length=64, blank=True)
    input_file = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the stored, packed input")
    result_digest = models.CharField(max_length=64, blank=True)
    result_file = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the stored, packed result")
