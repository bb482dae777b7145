"""Cases of accountability and of praise (问责, 表扬); how one stands follows from its facts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtu.accounts.models import Unit
from zhengtu.ledger.models import code_field


class Tone(models.TextChoices):
    BLAME = "blame", _("Accountability")
    PRAISE = "praise", _("Commendation")


class Case(models.Model):
    """Opened by a rule on the day its trigger is met; it never changes."""

    code = code_field(primary_key=True)
    tone = models.CharField(max_length=6, choices=Tone.choices)
    trigger = models.CharField(max_length=32, help_text="id in rulebook/accountability/triggers")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    subject = code_field(db_index=True, help_text="household, project or directive that met it, or the unit itself")
    met_on = models.DateField(help_text="the day on which the trigger was met")
    basis = models.JSONField(default=list, help_text="references of the facts and rules that met it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trigger", "unit", "subject", "met_on"], name="case_once")
        ]
