"""Texts that assign work, what is proposed out of them, and the directives that were set."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtu.accounts.models import Person, Unit
from zhengtu.ledger.models import StoredFile, code_field
from zhengtu.registry.models import DeadlineGoal


class TextKind(models.TextChoices):
    SPEECH = "speech", _("Speech")
    MINUTES = "minutes", _("Minutes")
    PLAN = "plan", _("Plan")
    INSTRUCTION = "instruction", _("Written instruction")
    REVIEW = "review", _("Review")


class SourceText(models.Model):
    """A text out of which directives are read; it never changes once kept."""

    city = models.CharField(max_length=6, db_collation="C", db_index=True)
    kind = models.CharField(max_length=12, choices=TextKind.choices)
    title = models.CharField(max_length=160)
    said_on = models.DateField()
    text = models.TextField(help_text="line ends as \\n; spans count its characters")
    text_sha256 = models.CharField(max_length=64, help_text="of the text in UTF-8; directives name their source by it")
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, help_text="the file as it came")
    file_name = models.CharField(max_length=255, blank=True)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    added_at = models.DateTimeField()
    deed = code_field(blank=True)


class ProposalState(models.TextChoices):
    OPEN = "open", _("To be confirmed")
    CONFIRMED = "confirmed", _("Confirmed")
    DROPPED = "dropped", _("Not a directive")
    MERGED = "merged", _("Merged into another")


class ProposalOrigin(models.TextChoices):
    RULE = "rule", _("By rule")
    MODEL = "model", _("By language model")
    OFFICER = "officer", _("Added by hand")


class Proposal(models.Model):
    """One directive that is proposed out of a text; an officer corrects it, merges it, confirms or drops it."""

    text = models.ForeignKey(SourceText, on_delete=models.PROTECT, related_name="proposals")
    ordinal = models.IntegerField()
    origin = models.CharField(max_length=8, choices=ProposalOrigin.choices, default=ProposalOrigin.RULE)
    span_start = models.IntegerField()
    span_end = models.IntegerField()
    matter = models.TextField()
    units = models.JSONField(default=list, help_text="mentions {name, code, members}; the first leads")
    assisting = models.JSONField(default=list)
    projects = models.JSONField(default=list)
    due = models.JSONField(default=dict, help_text="{kind, on, rrule, text}")
    confidence = models.FloatField()
    because = models.JSONField(default=list, help_text="ids of the rules that spoke for it")
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "ordinal"], name="proposal_once")]


class Directive(models.Model):
    """What was assigned; it never changes. How it stands follows from its facts (``directives.queries``)."""

    code = code_field(primary_key=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="sub_items")
    setter = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="directives_set")
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    matter = models.TextField()
    due_kind = models.CharField(max_length=16)
    due_on = models.DateField(null=True)
    due_text = models.CharField(max_length=64, blank=True)
    rrule = models.CharField(max_length=255, blank=True)
    rrule_from = models.DateField(null=True, help_text="first day of the recurrence")
    rrule_until = models.DateField(null=True, help_text="first day without it; empty: until it is closed")
    urgency = models.CharField(max_length=12, default="normal", help_text="id in rulebook/directives")
    goal = models.CharField(
        max_length=16, choices=DeadlineGoal.choices, blank=True, help_text="what the ledger knows of it, or empty"
    )
    projects = models.JSONField(default=list, help_text="codes of projects or sections that it is about")
    source = models.ForeignKey(SourceText, null=True, on_delete=models.PROTECT, related_name="directives")
    proposal = models.ForeignKey(
        Proposal, null=True, on_delete=models.PROTECT, related_name="directives",
        help_text="one that names each district may become one directive for each",
    )
    span_start = models.IntegerField(null=True)
    span_end = models.IntegerField(null=True)
    review = code_field(blank=True, help_text="the review that decided it, or empty")
    set_on = models.DateField(help_text="the day of its setting, as in its fact", db_index=True)
    content_sha256 = models.CharField(max_length=64, help_text="of its content as canonical JSON, as in the ledger")


class UnitPart(models.TextChoices):
    LEAD = "lead", _("Lead unit")
    JOINT = "joint", _("Jointly responsible unit")
    ASSISTING = "assisting", _("Assisting unit")
    LATER_LEAD = "later_lead", _("Lead unit after reassignment")


class DirectiveUnit(models.Model):
    """A unit that a directive was given to; when it was set one of them led. A later lead follows from the facts and
    stands here too, so that whom a directive was given to is found by one condition."""

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="directive_units")
    part = models.CharField(max_length=10, choices=UnitPart.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["directive", "unit"], name="directive_unit_once"),
            models.UniqueConstraint(
                fields=["directive"], condition=models.Q(part="lead"), name="directive_one_lead"
            ),
        ]
