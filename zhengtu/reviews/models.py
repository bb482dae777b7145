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
    """One review; its figures are those of ``as_of_on`` as known on ``known_on``."""

    code = code_field(primary_key=True)
    rhythm = models.CharField(max_length=32, help_text="id in rulebook/reviews, or special")
    held_on = models.DateField()
    chair = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="chaired_reviews")
    place = models.CharField(max_length=64, blank=True)
    attending = models.JSONField(default=list, help_text="codes of units")
    as_of_on = models.DateField()
    known_on = models.DateField()
    stage = models.CharField(max_length=10, choices=ReviewStage.choices, default=ReviewStage.PLANNED)
    agenda = models.JSONField(default=list, help_text="the agenda as it was put, frozen when the review begins")
    minutes = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT)
    deed = code_field(blank=True)


class ReviewMatter(models.Model):
    """One matter as it was dealt with in the room: what was said, and which directives were decided."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="matters")
    ordinal = models.IntegerField()
    item = models.CharField(max_length=128, help_text="key of the agenda item, or empty for one raised in the room")
    title = models.CharField(max_length=255)
    note = models.TextField(blank=True)
    decisions = models.JSONField(default=list, help_text="drafts of directives, then their codes once set")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "ordinal"], name="review_matter_once")]
