"""What was done: deeds, facts, evidence and refusals; and what follows from them: milestones and daily figures.

Deeds, facts and evidence are append-only; the database refuses UPDATE, DELETE and TRUNCATE on them.
Milestones and figures are projections, rebuilt to the same values by ``zhengtu rebuild_projections``.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtu.core.ledger.figures import FIGURES
from zhengtu.core.ledger.milestones import Milestone


def code_field(**options: object) -> models.CharField:
    """A key that starts with the administrative division code; compared byte by byte."""
    return models.CharField(max_length=64, db_collation="C", **options)


class ChainHead(models.Model):
    """The last deed of one division's chain; its row lock serialises that division's deeds."""

    chain = models.CharField(max_length=6, primary_key=True)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)


class Deed(models.Model):
    """Who did what, when, on what evidence and under which rulebook, chained to the deed before."""

    id = code_field(primary_key=True)
    chain = models.CharField(max_length=6)
    number = models.BigIntegerField()
    verb = models.CharField(max_length=64)
    actor = code_field()
    posting = models.CharField(max_length=128)
    subject = code_field()
    recorded_at = models.DateTimeField()
    recorded_on = models.DateField(help_text="civil date of recorded_at in Asia/Shanghai")
    reasons = models.JSONField(default=list)
    rulebook = models.CharField(max_length=64)
    facts_count = models.IntegerField()
    facts_digest = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="deed_chain_number")]
        indexes = [
            models.Index(fields=["recorded_on"], name="deed_recorded_on"),
            models.Index(fields=["subject"], name="deed_subject"),
        ]


class StoredFile(models.Model):
    """A file kept under its SHA-256."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size_bytes = models.BigIntegerField()
    media_type = models.CharField(max_length=128)


class Evidence(models.Model):
    """A stored file in the role of evidence for one deed."""

    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="evidence")
    ordinal = models.IntegerField()
    kind = models.CharField(max_length=64)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    name = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deed", "ordinal"], name="evidence_deed_ordinal")]


KINDS_FOUND_BY_INDEX = ("expropriation_announced", "matter_opened", "matter_closed")
"""Kinds that no milestone stands for and that are yet asked for over a whole city; few facts are of them."""

KINDS_OF_MONEY = (
    "signed", "agreement_supplemented", "decided", "paid", "compensation_deposited", "land_compensation_deposited",
    "funds_planned", "funds_arrived", "funds_in_account", "land_fees_in_account", "bank_statement_imported",
    "funds_difference_explained",
)
"""Kinds whose sums are added up over a whole city."""

KINDS_OF_SOURCES = ("site_found", "source_confirmed", "payment_received", "family_replied")
"""Kinds by which somebody else than who reports says that a house is empty; asked for over a whole city."""


KINDS_OF_RESETTLEMENT = (
    "entitlement_agreed", "way_chosen", "hardship_recognised", "site_permitted", "site_funded", "works_reached",
    "home_assigned", "home_released", "home_promised", "breach_answered", "area_settled", "title_registered",
    "subsidy_paid", "cash_settled",
)
"""Kinds about homes that are owed, built, given and paid for; asked for over a whole city."""


class Fact(models.Model):
    """A dated fact about one subject."""

    pk = models.CompositePrimaryKey("deed_id", "ordinal")
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="facts", db_constraint=True, db_index=False)
    ordinal = models.IntegerField()
    subject_kind = models.CharField(max_length=32)
    subject = code_field()
    kind = models.CharField(max_length=64)
    happened_on = models.DateField()
    attributes = models.JSONField(default=dict)
    supersedes = code_field(
        default="", db_default="", help_text="deed/ordinal of the fact that this one corrects, or empty"
    )
    is_verified = models.BooleanField(default=True, help_text="false for history imported from before the platform")

    class Meta:
        indexes = [
            models.Index(fields=["subject"], name="fact_subject"),
            models.Index(
                fields=["kind", "subject"], name="fact_without_milestone",
                condition=models.Q(kind__in=KINDS_FOUND_BY_INDEX),
            ),
            models.Index(
                fields=["kind", "subject"], name="fact_of_money", condition=models.Q(kind__in=KINDS_OF_MONEY)
            ),
            models.Index(
                fields=["subject", "kind"], name="fact_of_source", condition=models.Q(kind__in=KINDS_OF_SOURCES)
            ),
            models.Index(
                fields=["kind", "subject"], name="fact_of_resettlement",
                condition=models.Q(kind__in=KINDS_OF_RESETTLEMENT),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["supersedes"], condition=~models.Q(supersedes=""), name="fact_superseded_once"
            ),
        ]

    @property
    def reference(self) -> str:
        """``deed/ordinal``, as other facts name this one."""
        return f"{self.deed_id}/{self.ordinal}"


class Refusal(models.Model):
    """An attempt that was refused: attempts matter to inspectors."""

    at = models.DateTimeField()
    actor = code_field()
    verb = models.CharField(max_length=64)
    subject = code_field()
    reasons = models.JSONField(default=list)

class NumberRegister(models.Model):
    """The last number given in a series (督办通知, 调度通报…) of a city in a year; its row lock gives the next."""

    city = models.CharField(max_length=6, db_collation="C")
    series = models.CharField(max_length=32)
    year = models.IntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "series", "year"], name="number_series_once")]


class Milestones(models.Model):
    """Dates reached by one household or section: one column per milestone, folded from its facts."""

    subject = code_field(primary_key=True)
    subject_kind = models.CharField(max_length=16)
    section = code_field()
    is_verified = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["section", "subject_kind"], name="milestones_section")]


for _milestone in Milestone:
    Milestones.add_to_class(f"{_milestone}_on", models.DateField(null=True))


class FigureColumns(models.Model):
    """Abstract: one integer column per figure."""

    class Meta:
        abstract = True


for _figure in FIGURES:
    FigureColumns.add_to_class(_figure, models.IntegerField(default=0, db_default=0))


class DailyFigures(FigureColumns):
    """Changes of a section's figures on one day, by the day on which they became known.

    Summed over ``day <= D and recorded_on <= K`` they give the figures as of D as known on K.
    """

    pk = models.CompositePrimaryKey("section", "day", "recorded_on")
    section = code_field()
    day = models.DateField()
    recorded_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["recorded_on"], name="daily_recorded_on")]


class Span(models.TextChoices):
    YEAR = "year", _("year")
    MONTH = "month", _("month")
    DAY = "day", _("day")


class PeriodFigures(FigureColumns):
    """The same changes as known now, summed per year, month and day.

    The figures as of D are whole years, then whole months, then days: some dozens of rows per
    section however long the history is.
    """

    pk = models.CompositePrimaryKey("span", "starts_on", "section")
    span = models.CharField(max_length=5, choices=Span.choices)
    starts_on = models.DateField()
    section = code_field()
