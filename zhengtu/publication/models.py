"""Documents that go out: drafts of bulletins, and released copies with their numbers and hashes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtu.accounts.models import Person
from zhengtu.ledger.models import StoredFile, code_field


class BulletinStage(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("To be reviewed")
    RETURNED = "returned", _("Returned")
    RELEASED = "released", _("Released")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Bulletin(models.Model):
    """A bulletin (调度通报, 督查专报): the period, the two dates of its figures, and what people wrote beside them."""

    code = code_field(primary_key=True)
    kind = models.CharField(max_length=32, help_text="id in rulebook/bulletins")
    from_on = models.DateField(help_text="first day of its period")
    until_on = models.DateField(help_text="first day after its period")
    as_of_on = models.DateField()
    known_on = models.DateField()
    addressees = models.JSONField(default=list, help_text="codes of the units that read it once it is released")
    remarks = models.JSONField(default=dict, help_text="part of the bulletin -> paragraphs written by people")
    stage = models.CharField(max_length=10, choices=BulletinStage.choices, default=BulletinStage.DRAFT)
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="drafted_bulletins")
    drafted_at = models.DateTimeField()
    written_by = models.JSONField(default=list, help_text="codes of everybody who drafted, wrote remarks or submitted")
    submitted_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="released_bulletins")
    released_at = models.DateTimeField(null=True)
    return_reason = models.TextField(blank=True)
    withdrawal_reason = models.TextField(blank=True)
    number = models.CharField(max_length=64, blank=True)
    figures = models.JSONField(default=dict, help_text="the figures of the released copy")
    names = models.JSONField(default=dict, help_text="code -> names that the released copy used")
    figures_sha256 = models.CharField(max_length=64, blank=True)
    word = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    pdf = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    annex = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    deed = code_field(blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "from_on"], name="bulletin_of_period")]
