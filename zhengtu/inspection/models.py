"""Inspections (督查): the plan, the households drawn, who goes where and what was found; states follow from facts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtu.accounts.models import Person
from zhengtu.ledger.models import code_field


class InspectionForm(models.TextChoices):
    """Forms of government inspection (State Council decree 733, art. 14)."""

    GENERAL = "general", _("General inspection")
    SPECIAL = "special", _("Special inspection")
    EVENT = "event", _("Investigation of an event")
    CLUE = "clue", _("Check of a clue")
    PATROL = "patrol", _("Patrol of vacated houses")


class Instruction(models.Model):
    """An instruction given in the platform by whoever heads the government; the plan under it bears its code."""

    code = code_field(primary_key=True)
    words = models.TextField()
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, help_text="role in which it was given")
    given_on = models.DateField()
    deed = code_field(blank=True)


class Inspection(models.Model):
    """A plan and its draw. Nothing of it is shown below the mayor and the inspection office until it is released."""

    code = code_field(primary_key=True)
    form = models.CharField(max_length=8, choices=InspectionForm.choices)
    matter = models.CharField(max_length=32, help_text="id in rulebook/inspection/matters")
    title = models.CharField(max_length=160)
    places = models.JSONField(default=list, help_text="jurisdictions, projects or sections that it covers")
    from_on = models.DateField()
    until_on = models.DateField(help_text="last day on which it goes on site")
    as_of_on = models.DateField(help_text="the day whose reported figures are checked")
    households = models.IntegerField(help_text="how many are to be seen")
    instruction = models.TextField(help_text="words of the authorising instruction")
    instruction_by = models.CharField(max_length=16, help_text="role of whoever gave it")
    instruction_on = models.DateField()
    planned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="inspections_planned")
    planned_at = models.DateTimeField()
    commitment = models.CharField(max_length=64, help_text="SHA-256 of the seed, kept before the list is closed")
    seed = models.CharField(max_length=64, help_text="kept from sight until the draw")
    list_digest = models.CharField(max_length=64, blank=True)
    candidates = models.JSONField(default=dict, help_text="stratum -> codes of the closed list")
    listed = models.JSONField(default=dict, help_text="stratum -> how many stand in the closed list")
    least_per_stratum = models.IntegerField(default=0, help_text="as the rulebook had it at the draw")
    expected_rate = models.FloatField(default=0, help_text="as the rulebook had it at the draw")
    together = models.IntegerField(default=0, help_text="inspectors who go together, as the rulebook had it")
    sizes = models.JSONField(default=dict, help_text="stratum -> how many were drawn")
    weights = models.JSONField(default=dict, help_text="of a patrol: household -> [vacated on, last seen empty on]")
    inspectors = models.JSONField(default=dict, help_text="person -> jurisdictions where they recuse themselves")
    drawn_on = models.DateField(null=True)
    drawn_sha256 = models.CharField(max_length=64, blank=True, help_text="of everything that was drawn")
    cancelled_on = models.DateField(null=True)
    released_on = models.DateField(null=True, help_text="day on which its conclusions were fed back")


class InspectionTeam(models.Model):
    """Who goes to a jurisdiction, as drawn."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="teams")
    jurisdiction = models.CharField(max_length=6, db_collation="C")
    inspector = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "jurisdiction", "inspector"], name="inspection_team_once")
        ]


class Recusal(models.Model):
    """A jurisdiction where an inspector does not inspect: former posts there, relatives, as declared."""

    inspector = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="recusals")
    jurisdiction = models.CharField(max_length=6, db_collation="C")
    reason = models.CharField(max_length=160)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inspector", "jurisdiction"], name="recusal_once")]


class Drawn(models.Model):
    """One household of the draw with what was reported of it; an on-site check fills in what was found."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="drawn")
    household = code_field(db_index=True)
    stratum = models.CharField(max_length=32)
    ordinal = models.IntegerField(help_text="place in the order of the draw within its stratum")
    reported = models.CharField(max_length=16, help_text="state reported as of the inspected day")
    found = models.CharField(max_length=24, blank=True, help_text="id in rulebook/inspection/matters, or empty")
    is_false = models.BooleanField(null=True, help_text="whether the report was not so; null: not to be told on site")
    found_at = models.DateTimeField(null=True)
    found_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    longitude = models.FloatField(null=True, help_text="WGS 84, degrees")
    latitude = models.FloatField(null=True, help_text="WGS 84, degrees")
    accuracy_m = models.FloatField(null=True)
    distance_m = models.FloatField(null=True, help_text="from the house, where its place is known")
    note = models.TextField(blank=True)
    deed = code_field(blank=True, help_text="the deed of the on-site check, with its photos")
    corrected_by = code_field(blank=True, help_text="the deed that put another finding in its place, or empty")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inspection", "household"], name="inspection_household_once")]


class Conclusion(models.Model):
    """What is told to one jurisdiction: the finding in words, what must be repaired and until when."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="conclusions")
    jurisdiction = models.CharField(max_length=6, db_collation="C")
    text = models.TextField()
    repair = models.TextField(blank=True)
    repair_until_on = models.DateField(null=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    found_by_deed = code_field(blank=True, help_text="the deed that entered its findings, once released")
    directive = code_field(blank=True, help_text="the directive that follows the repair, once released")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inspection", "jurisdiction"], name="conclusion_once")]


class ObjectionOutcome(models.TextChoices):
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")


class Objection(models.Model):
    """What a jurisdiction says against what was found there, and what somebody decided who took no part."""

    conclusion = models.OneToOneField(Conclusion, on_delete=models.PROTECT, related_name="objection")
    households = models.JSONField(default=list, help_text="codes of the findings that it is about")
    reason = models.TextField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField()
    deed = code_field()
    outcome = models.CharField(max_length=10, choices=ObjectionOutcome.choices, blank=True)
    decision = models.TextField(blank=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True)
    decision_deed = code_field(blank=True)
