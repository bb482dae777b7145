"""Claims among payers that stay open while the family has its money or home (先安置、后理清)."""

from __future__ import annotations

from django.db import models

from zhengtu.accounts.models import Unit
from zhengtu.ledger.models import code_field


class AdvanceClaim(models.Model):
    """One payer advanced what another is held to owe, e.g. ``220200-V0001``; how it stands follows from its facts."""

    code = code_field(primary_key=True)
    project = code_field(db_index=True)
    household = code_field(blank=True, help_text="or empty: for the project as a whole")
    what = models.CharField(max_length=16, help_text="subsidy, home or money")
    amount_yuan = models.DecimalField(max_digits=16, decimal_places=2)
    advanced_by = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    claimed_from = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    advanced_on = models.DateField()
    ground = models.TextField(help_text="why the other is held to owe it")
