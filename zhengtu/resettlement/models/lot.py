"""Drawing lots for homes (摇号)."""

from __future__ import annotations

from django.db import models

from zhengtu.ledger.models import code_field
from zhengtu.resettlement.models.housing import Site


class LotDraw(models.Model):
    """A drawing, e.g. ``220202-L0001``: committed to before its list was closed, replayed by anybody afterwards."""

    code = code_field(primary_key=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="lot_draws")
    title = models.CharField(max_length=120)
    commitment = models.CharField(max_length=64, help_text="SHA-256 of the seed, published before the list was closed")
    seed = models.CharField(max_length=64, help_text="kept from sight until the drawing")
    households = models.JSONField(default=list, help_text="the closed list")
    list_digest = models.CharField(max_length=64, blank=True)
    drawn_on = models.DateField(null=True)
    order = models.JSONField(default=list, help_text="households as they choose, the first first")
