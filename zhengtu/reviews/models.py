"""Reviews (调度): one meeting with its agenda as it was put, its decisions and minutes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtu.accounts.models import Person
from zhengtu.ledger.models import StoredFile, code_field


class ReviewStage(models.TextChoices):
    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("In session")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class Review(models.Model):
    """One review; its figures are those of ``as_of_on`` as known on ``known_on``, beside those of ``since_on``."""

    code = code_field(primary_key=True)
    rhythm = models.CharField(max_length=32, help_text="id in rulebook/reviews, or special")
    topic = models.CharField(max_length=80, blank=True, help_text="what a special review is about")
    held_on = models.DateField()
    begins_at = models.TimeField()
    chair = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="chaired_reviews")
    place = models.CharField(max_length=64, blank=True)
    attending = models.JSONField(default=list, help_text="codes of units")
    as_of_on = models.DateField()
    known_on = models.DateField()
    since_on = models.DateField()
    last_review = code_field(blank=True, help_text="the review whose promises are looked at, or empty")
    stage = models.CharField(max_length=10, choices=ReviewStage.choices, default=ReviewStage.PLANNED)
    agenda = models.JSONField(default=dict, help_text="the agenda as it was put, frozen when the review begins")
    curves = models.JSONField(default=dict, help_text="plan against actual of each project on it, frozen with it")
    shown = models.IntegerField(default=0, help_text="ordinal of the matter that the room sees; 0: the overview")
    revision = models.IntegerField(default=0, help_text="grows with each change in the room")
    minutes = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    minutes_pdf = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField(null=True, help_text="running number of its minutes within the year")
    closed_on = models.DateField(null=True)
    deed = code_field(blank=True, help_text="the deed that closed or cancelled it")

    class Meta:
        ordering = ["-held_on", "-code"]


class ReviewMatter(models.Model):
    """One matter as it was dealt with in the room: what was said, and which directives were decided."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="matters")
    ordinal = models.IntegerField()
    item = models.CharField(max_length=128, blank=True, help_text="key on the agenda; empty: raised in the room")
    title = models.CharField(max_length=255)
    units = models.JSONField(default=list, help_text="codes of the units that answer for it")
    note = models.TextField(blank=True)
    decisions = models.JSONField(default=list, help_text="drafts of directives, then their codes once set")
    is_dealt = models.BooleanField(default=False)

    class Meta:
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["review", "ordinal"], name="review_matter_once")]
