"""Plans to bring families home: computed, chosen, drafted, approved and filed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtu.accounts.models import Person
from zhengtu.campaign.models.finding import RunStage
from zhengtu.ledger.models import StoredFile, code_field


class OptionsRun(models.Model):
    """One case of the options engine with its frontier; it changes nothing real."""

    city = models.CharField(max_length=6, db_collation="C")
    projects = models.JSONField(default=list)
    title = models.CharField(max_length=120)
    on = models.DateField(help_text="the day whose facts it starts from")
    settings = models.JSONField(default=dict, help_text="budgets by payer and year, horizon, months until paid")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_deed = code_field()
    stage = models.CharField(max_length=12, choices=RunStage.choices, default=RunStage.QUEUED)
    progress = models.FloatField(default=0, help_text="share done, 0 to 1")
    moved_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict, help_text="frontier, worths, comparison with first come, assignments")
    reasons = models.JSONField(default=list)
    handed_point = models.IntegerField(null=True, help_text="point of the frontier out of which districts draft plans")
    handed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField(null=True)
    handed_deed = code_field(blank=True)


class FilingStage(models.TextChoices):
    """How far a resettlement plan is."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("To be approved")
    APPROVED = "approved", _("Approved")
    FILED = "filed", _("Filed with the inspection office")


class PlanFiling(models.Model):
    """A resettlement plan of a project, e.g. ``220202-F0001``, out of a chosen point of a frontier."""

    code = code_field(primary_key=True)
    project = code_field(db_index=True)
    run = models.ForeignKey(OptionsRun, on_delete=models.PROTECT, related_name="filings")
    point = models.IntegerField(help_text="which point of the frontier was chosen")
    stage = models.CharField(max_length=10, choices=FilingStage.choices, default=FilingStage.DRAFT)
    title = models.CharField(max_length=120)
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    return_reason = models.TextField(blank=True, help_text="why it was returned, until it is submitted again")
    approved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    filed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(null=True)
    directives = models.JSONField(default=list, help_text="directives by which its milestones are followed, in order")
    content = models.JSONField(default=dict, help_text="figures and milestones as drafted")
    content_sha256 = models.CharField(max_length=64, blank=True)
    word = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    pdf = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
