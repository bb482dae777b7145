"""Compensation agreements with their payees, and the runs that draft them in bulk."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengtu.accounts.models import Person
from zhengtu.ledger.models import code_field
from zhengtu.registry.models import Household, Project, Section


class AgreementState(models.TextChoices):
    """Where an agreement stands; that it is performed follows from the facts and is never set."""

    DRAFT = "draft", _("Draft")
    CHECKED = "checked", pgettext_lazy("agreement", "Checked")
    SIGNED = "signed", _("Signed")
    CANCELLED = "cancelled", pgettext_lazy("agreement", "Cancelled")


class Agreement(models.Model):
    """One version of a household's compensation agreement; what it says is frozen when it is drafted.

    A supplementary agreement points to the signed one that it changes. The database refuses to change what an
    agreement says, to change anything of a signed or cancelled one, and to remove any.
    """

    number = code_field(primary_key=True)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="agreements")
    sequence = models.IntegerField(help_text="counts the household's agreements from 1")
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="supplements")
    reason = models.CharField(max_length=500, blank=True, help_text="why a supplement changes the one before")
    state = models.CharField(max_length=12, choices=AgreementState.choices, default=AgreementState.DRAFT)
    way = models.CharField(max_length=12, help_text="cash, exchange or resite")
    option = models.JSONField(help_text="the option as compensation.facts.Option, with the dates it assumes")
    facts = models.JSONField(help_text="the household's facts as they were assessed")
    valued_on = models.DateField(help_text="the day whose rules apply")
    sign_on = models.DateField(help_text="the day of signing that the statement assumes")
    pay_by = models.DateField()
    move_out_by = models.DateField()
    statement = models.BinaryField(help_text="the statement's canonical JSON")
    statement_digest = models.CharField(max_length=64)
    amount_yuan = models.DecimalField(
        max_digits=16, decimal_places=2, help_text="what is paid under it; nothing where the household pays"
    )
    rulebook = models.CharField(max_length=64, help_text="fingerprint of the whole rulebook when drafted")
    drafted_by = code_field()
    drafted_on = models.DateField()
    drafted_deed = code_field()
    checked_by = code_field(blank=True)
    checked_on = models.DateField(null=True)
    checked_deed = code_field(blank=True)
    signed_on = models.DateField(null=True)
    signed_deed = code_field(blank=True)
    cancelled_deed = code_field(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["household", "sequence"], name="agreement_sequence"),
            models.UniqueConstraint(
                fields=["household"], condition=Q(state__in=["draft", "checked"]), name="agreement_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state="cancelled") | ~Q(checked_deed=""),
                name="agreement_checked_by_deed",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | (~Q(signed_deed="") & Q(signed_on__isnull=False)),
                name="agreement_signed_by_deed",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="agreement_state")]


class PayeeKind(models.TextChoices):
    """Whose money a share is."""

    HOUSEHOLD = "household", _("Household")
    COLLECTIVE = "collective", _("Rural collective")
    SOCIAL_SECURITY = "social_security", _("Social security fund")


class AgreementPayee(models.Model):
    """One payee with its share of the sum; who it is and its account are sealed."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="payees")
    ordinal = models.IntegerField()
    kind = models.CharField(max_length=16, choices=PayeeKind.choices, default=PayeeKind.HOUSEHOLD)
    personal_sealed = models.BinaryField(help_text="name, identity number, account, bank: one sealed JSON object")
    name_masked = models.CharField(max_length=64)
    name_index = models.CharField(max_length=32, blank=True, help_text="keyed hash of the name")
    account_masked = models.CharField(max_length=32, blank=True)
    account_index = models.CharField(max_length=32, blank=True, help_text="keyed hash of the account")
    share_yuan = models.DecimalField(max_digits=16, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "ordinal"], name="agreement_payee_ordinal"),
            models.CheckConstraint(condition=Q(share_yuan__gt=0), name="agreement_payee_share"),
        ]
        indexes = [models.Index(fields=["account_index"], name="agreement_payee_account")]


class RunStage(models.TextChoices):
    """Where a bulk run stands."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class AgreementRun(models.Model):
    """One bulk run: statements computed and agreements drafted for the valued households of a project or section."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="agreement_runs")
    section = models.ForeignKey(Section, null=True, on_delete=models.PROTECT, related_name="agreement_runs")
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    started_at = models.DateTimeField()
    sign_on = models.DateField()
    pay_by = models.DateField()
    move_out_by = models.DateField()
    stage = models.CharField(max_length=12, choices=RunStage.choices, default=RunStage.QUEUED)
    household_count = models.IntegerField(default=0)
    done_count = models.IntegerField(default=0)
    drafted_count = models.IntegerField(default=0)
    refused_count = models.IntegerField(default=0)
    moved_at = models.DateTimeField(null=True, help_text="when the run last told how far it is")
