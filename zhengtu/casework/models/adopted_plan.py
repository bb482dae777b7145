"""The compensation scheme that a project adopted: law for that project, frozen once adopted."""

from __future__ import annotations

from django.db import models

from zhengtu.ledger.models import code_field
from zhengtu.registry.models import Project


class AdoptedPlan(models.Model):
    """One adopted scheme of a project; a later one adds values from its own day and leaves this as it is.

    The database refuses to change or remove it.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="adopted_plans")
    version = models.IntegerField(help_text="counts the project's schemes from 1")
    from_on = models.DateField(help_text="day from which its values hold")
    parameter_set = models.CharField(
        max_length=64, default="standard", help_text="the pilot that the project elects, or “standard”"
    )
    plan = models.JSONField(help_text="as rulebook/compensation/schemes: from, confidence, parameters; numbers as text")
    approval_sha256 = models.CharField(max_length=64, help_text="the approved scheme among the deed's evidence")
    adopted_deed = code_field()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="adopted_plan_version"),
            models.UniqueConstraint(fields=["project", "from_on"], name="adopted_plan_from"),
        ]
