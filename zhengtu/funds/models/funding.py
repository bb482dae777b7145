"""Bank statements of dedicated accounts, as they were imported; what matches them is worked out when asked."""

from __future__ import annotations

from django.db import models

from zhengtu.ledger.models import Deed, code_field


class BankStatement(models.Model):
    """One imported statement of the dedicated account of a project's part; its file is the deed's evidence."""

    participation = code_field()
    deed = models.OneToOneField(Deed, on_delete=models.PROTECT, related_name="bank_statement")
    file_name = models.CharField(max_length=255)
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["participation"], name="statement_participation")]


class BankStatementLine(models.Model):
    """A line of a statement; money coming in is positive. Names are kept masked, the whole is in the file."""

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    participation = code_field()
    number = models.IntegerField(help_text="row of the file, from 1")
    key = models.CharField(max_length=64, help_text="digest of day, sum, balance and reference: the same line twice")
    booked_on = models.DateField()
    amount_yuan = models.DecimalField(max_digits=16, decimal_places=2)
    balance_yuan = models.DecimalField(max_digits=16, decimal_places=2)
    reference = models.CharField(max_length=64, blank=True)
    counterparty_masked = models.CharField(max_length=128, blank=True)
    summary = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participation", "key"], name="statement_line_once")]
