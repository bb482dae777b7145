"""A finding as the latest run saw it, and what was asked, answered and closed about it.

Findings are derived: a run writes them anew from facts and register under the same keys. Questions, answers and
closings are acts; the database refuses to change or remove them.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtu.accounts.models import Person, Unit
from zhengtu.ledger.models import code_field


class FindingState(models.TextChoices):
    """How far a finding is; that it is gone is a date of its own."""

    NEW = "new", _("Not yet asked")
    ASKED = "asked", _("Waiting for an answer")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


class ClosingOutcome(models.TextChoices):
    """How a finding ended."""

    EXPLAINED = "explained", _("Explained and lawful")
    CORRECTED = "corrected", _("Corrected")
    HANDED_ON = "handed_on", _("Handed on for investigation")


class RunStage(models.TextChoices):
    """Where a run stands."""

    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Finding(models.Model):
    """One matter that one ruler does not explain, under a key that stays.

    Attributes:
        sentence: a ``Reason`` as JSON.
        rows: [{"subject", "fact", "figures": [[what, value]]}].
        digest: of sentence and rows; a closed finding whose digest changes is open again.
        gone_on: first run that did not find it any more.
    """

    key = models.CharField(max_length=64, primary_key=True, db_collation="C")
    city = models.CharField(max_length=6)
    detector = models.CharField(max_length=32)
    subjects = ArrayField(code_field())
    projects = ArrayField(code_field())
    jurisdictions = ArrayField(models.CharField(max_length=6))
    people = ArrayField(code_field(), default=list, help_text="whose acts it is about; none of them may close it")
    sentence = models.JSONField()
    rows = models.JSONField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=FindingState.choices, default=FindingState.NEW)
    found_on = models.DateField()
    seen_on = models.DateField(help_text="the last run that found it")
    gone_on = models.DateField(null=True)
    reopened_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["city", "detector"], name="finding_city_detector")]


class FindingQuestion(models.Model):
    """A finding put to a unit; ``place`` is a subject of the finding that the unit answers for."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="questions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    place = code_field()
    text = models.TextField()
    due_on = models.DateField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    deed = code_field()

    class Meta:
        indexes = [models.Index(fields=["unit"], name="question_unit")]


class FindingAnswer(models.Model):
    """An answer of the unit that was asked; its evidence hangs on its deed. A later answer adds to an earlier one."""

    question = models.ForeignKey(FindingQuestion, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField()
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    deed = code_field()


class FindingClosing(models.Model):
    """How a finding ended, on what it showed then (``digest``)."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="closings")
    outcome = models.CharField(max_length=12, choices=ClosingOutcome.choices)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    deed = code_field()


class FindingRun(models.Model):
    """One search through a city or project: who asked for it, how far it is, what came of it."""

    city = models.CharField(max_length=6)
    project = code_field(blank=True)
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    stage = models.CharField(max_length=8, choices=RunStage.choices, default=RunStage.QUEUED)
    progress = models.FloatField(default=0, help_text="share done, 0 to 1")
    counts = models.JSONField(default=dict, help_text="households, found, new, gone, and what could not be computed")
