"""What exists: campaigns, lists, projects, sections, parcels, buildings and households."""

from __future__ import annotations

from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtu.accounts.models import Person, Unit
from zhengtu.ledger.models import code_field


def _area(**options: object) -> models.DecimalField:
    """An area in m² to the hundredth."""
    return models.DecimalField(max_digits=14, decimal_places=2, null=True, **options)


class Geometry(models.Model):
    """Abstract: a shape as WKB in CGCS2000 (EPSG:4490, longitude first) with its bounding box in degrees."""

    shape = models.BinaryField(null=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)

    class Meta:
        abstract = True


class Regime(models.TextChoices):
    STATE_LAND = "STATE_LAND", _("Houses on state-owned land")
    COLLECTIVE_LAND = "COLLECTIVE_LAND", _("Collective land")
    LEGACY_DEMOLITION = "LEGACY_DEMOLITION", _("Legacy demolition permit")


class ProjectKind(models.TextChoices):
    RAILWAY = "railway", _("Railway")
    EXPRESSWAY = "expressway", _("Expressway")
    URBAN_ROAD = "urban_road", _("Urban road")
    PARK = "park", _("Park")
    SHANTY_TOWN = "shanty_town", _("Shanty-town renewal")
    RESETTLEMENT = "resettlement", _("Resettlement housing")
    PUBLIC_SERVICE = "public_service", _("Public service")
    INDUSTRY = "industry", _("Industry")


class Campaign(models.Model):
    """A time-boxed drive; ``end_on`` is its last day."""

    code = code_field(primary_key=True)
    name = models.CharField(max_length=128)
    name_en = models.CharField(max_length=128)
    start_on = models.DateField()
    end_on = models.DateField()
    is_demonstration = models.BooleanField(default=False)


class Project(Geometry):
    """A public work that needs land."""

    code = code_field(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="projects")
    name = models.CharField(max_length=128)
    name_en = models.CharField(max_length=160)
    kind = models.CharField(max_length=20, choices=ProjectKind.choices)
    regime = models.CharField(max_length=20, choices=Regime.choices)
    client = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="client_projects")
    lead = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="led_projects")
    governed_from = models.DateField(
        null=True, help_text="date whose version of the procedure governs the project; else the campaign's first day"
    )
    is_fictitious = models.BooleanField(default=False)


class StartListKind(models.TextChoices):
    START = "start", _("Start list")
    SUPERVISION_NATIONAL = "supervision_national", _("National supervision list")
    SUPERVISION_PROVINCIAL = "supervision_provincial", _("Provincial supervision list")


class StartList(models.Model):
    """A named list of projects, with the common start date where it has one."""

    code = code_field(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="start_lists")
    name = models.CharField(max_length=64)
    name_en = models.CharField(max_length=128)
    kind = models.CharField(max_length=24, choices=StartListKind.choices)
    start_on = models.DateField(null=True)
    projects = models.ManyToManyField(Project, related_name="start_lists")


class Participation(models.Model):
    """A jurisdiction's part in a project; one of them leads."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="participations")
    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="participations")
    is_lead = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "jurisdiction"], name="participation_once"),
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(is_lead=True), name="participation_one_lead"
            ),
        ]

    @property
    def code(self) -> str:
        """``220204-P0001``: the key under which its facts are recorded."""
        return f"{self.jurisdiction_id}-{self.project_id.split('-')[1]}"


class Section(Geometry):
    """A deliverable stretch or block of a project's land in one jurisdiction."""

    code = code_field(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="sections")
    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="sections")
    name = models.CharField(max_length=128)
    name_en = models.CharField(max_length=160, blank=True)
    order = models.IntegerField(default=0, help_text="place along the corridor or in the programme, from 1")


class Outline(Geometry):
    """The outline of a district or zone as its city loaded it; it takes the place of the one that comes along."""

    jurisdiction = models.OneToOneField(Unit, on_delete=models.PROTECT, primary_key=True)
    source = models.CharField(max_length=255)
    is_demonstration = models.BooleanField(default=False)
    loaded_at = models.DateTimeField()


class DeadlineGoal(models.TextChoices):
    SIGNED = "signed", _("All signed")
    VACATED = "vacated", _("All vacated")
    HANDED_OVER = "handed_over", _("All handed over")
    STARTED = "started", _("Construction starts")
    RESETTLED = "resettled", _("All resettled")
    LAUNCHED = "launched", _("Expropriation launched everywhere")


class Deadline(models.Model):
    """A date by which a campaign, project or section has to reach a goal."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="deadlines")
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT, related_name="deadlines")
    section = models.ForeignKey(Section, null=True, on_delete=models.PROTECT, related_name="deadlines")
    goal = models.CharField(max_length=16, choices=DeadlineGoal.choices)
    due_on = models.DateField()
    name = models.CharField(max_length=128)
    name_en = models.CharField(max_length=160)
    source = models.CharField(max_length=255, blank=True)


class Mapped(Geometry):
    """Abstract: a thing on the map; ``map_number`` counts within its jurisdiction and never changes."""

    section = models.ForeignKey(Section, on_delete=models.PROTECT)
    map_number = models.IntegerField(null=True)

    class Meta:
        abstract = True


class Parcel(Mapped):
    """A spatial unit of land."""

    code = code_field(primary_key=True)
    name = models.CharField(max_length=128, blank=True)
    declared_area_m2 = _area()
    area_m2 = _area(help_text="computed from the shape in its survey's projection")


class Building(Mapped):
    code = code_field(primary_key=True)
    parcel = models.ForeignKey(Parcel, null=True, on_delete=models.PROTECT, related_name="buildings")
    use = models.CharField(max_length=16, blank=True)
    floors = models.IntegerField(null=True)
    floor_area_m2 = _area()


class HouseUse(models.TextChoices):
    DWELLING = "dwelling", _("Dwelling")
    SHOP = "shop", _("Shop")
    OFFICE = "office", _("Office")
    PRODUCTION = "production", _("Production")
    OTHER = "other", _("Other")


class Household(models.Model):
    """An affected household, the case unit; who they are is sealed, what is masked may be listed."""

    code = code_field(primary_key=True)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="households")
    parcel = models.ForeignKey(Parcel, null=True, on_delete=models.PROTECT, related_name="households")
    building = models.ForeignKey(Building, null=True, on_delete=models.PROTECT, related_name="households")
    room = models.CharField(max_length=32, blank=True)
    personal_sealed = models.BinaryField(help_text="name, identity number, phone, account: one sealed JSON object")
    name_masked = models.CharField(max_length=64)
    name_index = models.CharField(max_length=32, blank=True, help_text="keyed hash of the name, for exact search")
    identity_masked = models.CharField(max_length=32, blank=True)
    identity_index = models.CharField(max_length=32, blank=True, help_text="keyed hash, for search and duplicates")
    address = models.CharField(max_length=255, blank=True)
    use = models.CharField(max_length=16, choices=HouseUse.choices, default=HouseUse.DWELLING)
    members = models.IntegerField(null=True)
    registered_area_m2 = _area()
    unregistered_area_m2 = _area()
    land_area_m2 = _area()

    class Meta:
        indexes = [
            # Keyed hashes are only ever asked for equality, and arrive in no order.
            HashIndex(fields=["name_index"], name="household_name", condition=~models.Q(name_index="")),
            HashIndex(fields=["identity_index"], name="household_identity", condition=~models.Q(identity_index="")),
        ]


class Owner(models.Model):
    """A right holder of a household; a household without rows has one owner, the person of its own file."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="owners")
    ordinal = models.IntegerField(help_text="1 and up; services name the owner by it, so it never changes")
    personal_sealed = models.BinaryField(help_text="name, identity number, phone, account: one sealed JSON object")
    name_masked = models.CharField(max_length=64)
    name_index = models.CharField(max_length=32, blank=True)
    identity_masked = models.CharField(max_length=32, blank=True)
    identity_index = models.CharField(max_length=32, blank=True)
    share = models.CharField(max_length=16, help_text="part of the right as a fraction, e.g. 1/2; or joint")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["household", "ordinal"], name="owner_once")]
        indexes = [
            HashIndex(fields=["name_index"], name="owner_name", condition=~models.Q(name_index="")),
            HashIndex(fields=["identity_index"], name="owner_identity", condition=~models.Q(identity_index="")),
        ]


class ColumnMapping(models.Model):
    """How a unit's own sheet maps to the registry, confirmed once and remembered by its header row."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    header_digest = models.CharField(max_length=64)
    columns = models.JSONField(help_text="registry field -> heading in the sheet")
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "header_digest"], name="mapping_once")]


class ImportStage(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    IMPORTING = "importing", _("Being imported")
    IMPORTED = "imported", _("Imported")
    REFUSED = "refused", _("Refused")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


class SurveyImport(models.Model):
    """One uploaded file on its way into the registry: its check report, progress and outcome."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="imports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    uploaded_at = models.DateTimeField()
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    options = models.JSONField(default=dict, help_text="layer, sheet, columns, coordinate system as confirmed")
    stage = models.CharField(max_length=12, choices=ImportStage.choices, default=ImportStage.UPLOADED)
    progress = models.FloatField(default=0, help_text="share done, 0 to 1")
    cancel_requested = models.BooleanField(default=False)
    report = models.JSONField(default=dict)
    deed = models.CharField(max_length=64, blank=True, db_collation="C")


class TileSet(models.Model):
    """The published vector tiles of one jurisdiction; rebuilt after an import changes its shapes."""

    jurisdiction = models.OneToOneField(Unit, on_delete=models.PROTECT, primary_key=True)
    version = models.CharField(max_length=64)
    file_name = models.CharField(max_length=128)
    built_at = models.DateTimeField()
    parcel_count = models.IntegerField(default=0)
    building_count = models.IntegerField(default=0)
    section_count = models.IntegerField(default=0)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)


class TeamSkill(models.TextChoices):
    """Stages of household work that teams do; values as in ``core.planning.plan_case.Stage``."""

    SURVEY = "survey", _("Survey")
    VALUATION = "valuation", _("Valuation")
    NEGOTIATION = "negotiation", _("Negotiation")
    DEMOLITION = "demolition", _("Demolition")


class Team(models.Model):
    """What was entered of a field team by one deed; a later version of the same code takes its place from its first
    day on, and nothing is written over."""

    code = code_field(help_text="220204-T001: the jurisdiction it works in and its number there")
    version = models.IntegerField(help_text="1 and up")
    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="teams_at_work")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="teams", help_text="whose team it is")
    name = models.CharField(max_length=64)
    name_en = models.CharField(max_length=128, blank=True)
    skill = models.CharField(max_length=16, choices=TeamSkill.choices)
    members = models.IntegerField()
    households_per_day = models.DecimalField(
        max_digits=6, decimal_places=2, null=True, help_text="per working day; empty: the pace of the rulebook"
    )
    from_on = models.DateField(help_text="first day on which this version holds")
    until_on = models.DateField(null=True, help_text="first day without the team")
    days_off = models.JSONField(default=list, help_text="pairs of first and last day, ISO")
    extra_days = models.JSONField(default=list, help_text="rest days on which it works: pairs of first and last day")
    recorded_on = models.DateField()
    deed = code_field()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="team_version_once"),
            models.CheckConstraint(condition=models.Q(members__gte=1), name="team_has_members"),
        ]
