"""Where families live while they wait: personal data, kept apart from the ledger, which proves it by a digest."""

from __future__ import annotations

from django.db import models

from zhengtu.registry.models import Household


class TransitionAddress(models.Model):
    """The text of a transition address, sealed; since when and from whom it is known is in the facts.

    A row that is deleted takes the address with it, and nothing else: the fact keeps its digest, the chain its hashes.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="transition_addresses")
    digest = models.CharField(max_length=32, db_collation="C", help_text="keyed hash by which facts prove the text")
    address_sealed = models.BinaryField(help_text="the whole text")
    address_masked = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("household", "digest"), name="one_text_of_an_address"),
        ]
