"""Assessments (考核): a scheme over a period; scores are derived, and kept only as they were published."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtu.accounts.models import Person, Unit
from zhengtu.ledger.models import code_field


class Assessment(models.Model):
    """One scheme for one period: adopted by the mayor after a trial, published with its scorecards."""

    code = code_field(primary_key=True)
    scheme = models.CharField(max_length=32, help_text="id in rulebook/assessment/schemes")
    terms = models.JSONField(help_text="the scheme as adopted, whole; a later change of the rulebook does not touch it")
    scheme_sha256 = models.CharField(max_length=64, help_text="of the scheme as adopted, as canonical JSON")
    from_on = models.DateField()
    until_on = models.DateField(help_text="first day after its period")
    adopted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    adopted_on = models.DateField()
    published_on = models.DateField(null=True)
    known_on = models.DateField(null=True, help_text="the day as known on which the published cards were computed")
    cards = models.JSONField(default=list, help_text="scorecards as published")
    cards_sha256 = models.CharField(max_length=64, blank=True)


class AppealState(models.TextChoices):
    OPEN = "open", _("To be decided")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")


class AppealRemedy(models.TextChoices):
    """What an upheld appeal does; values as in ``core.assessment.unit_card.Remedy``."""

    LEFT_OUT = "left_out", _("Left out of the count")
    DONE = "done", _("Counted as done in time")


class Appeal(models.Model):
    """A unit's objection to a line of its card, with evidence."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="appeals")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    criterion = models.CharField(max_length=32)
    reference = models.CharField(max_length=160, help_text="the case or event of the card that is disputed")
    text = models.TextField()
    appealed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    appealed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=AppealState.choices, default=AppealState.OPEN)
    remedy = models.CharField(max_length=10, choices=AppealRemedy.choices, blank=True)
    decision = models.TextField(blank=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    deed = code_field(help_text="of the appeal; its evidence hangs there")
    decided_fact = code_field(blank=True, help_text="deed/ordinal of the fact that decided it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "unit", "criterion", "reference"], name="appeal_once"),
        ]
