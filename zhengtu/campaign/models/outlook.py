"""Plans and forecasts as they were last computed: a projection, rebuilt by ``zhengtu refresh_outlooks``."""

from __future__ import annotations

from django.db import models

from zhengtu.ledger.models import code_field


class Outlook(models.Model):
    """The plan and forecast of one part of a project on a pair of dates.

    Attributes:
        known_on: as known by the end of this day; null: all that is recorded.
        basis: digest of what it was computed from: the city's chains, register and rulebook.
        row: ``plan_values.PlanRow`` in plain form, for lists.
        view: ``plan_values.PlanView`` in plain form.
    """

    code = code_field()
    on = models.DateField()
    known_on = models.DateField(null=True)
    basis = models.CharField(max_length=64)
    row = models.JSONField()
    view = models.JSONField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "on", "known_on"], nulls_distinct=False, name="outlook_once"),
        ]
        indexes = [models.Index(fields=["on", "known_on"], name="outlook_days")]
