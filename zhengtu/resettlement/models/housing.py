"""Resettlement sites, their buildings and homes, and homes bought on the market; states follow from facts."""

from __future__ import annotations

from django.db import models

from zhengtu.accounts.models import Unit
from zhengtu.ledger.models import code_field
from zhengtu.registry.models import Household


class Site(models.Model):
    """A resettlement site, e.g. ``220202-T0001``."""

    code = code_field(primary_key=True)
    name = models.CharField(max_length=120)
    client = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", help_text="who builds it")
    address = models.CharField(max_length=255, blank=True)
    longitude = models.FloatField(null=True, help_text="WGS 84, degrees")
    latitude = models.FloatField(null=True, help_text="WGS 84, degrees")
    projects = models.JSONField(default=list, help_text="projects whose households come here")
    is_bought = models.BooleanField(default=False, help_text="existing homes that were bought, not built")


class ResettlementBuilding(models.Model):
    """A building of a site, e.g. ``220202-T0001-Z01``; its construction is in its facts."""

    code = code_field(primary_key=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="buildings")
    name = models.CharField(max_length=64)
    floors = models.IntegerField()
    planned_completion_on = models.DateField()
    budget_yuan = models.DecimalField(max_digits=16, decimal_places=2, null=True)


class Home(models.Model):
    """A home in a building, e.g. ``220202-T0001-Z01-U0012``; who has it is in the facts."""

    code = code_field(primary_key=True)
    building = models.ForeignKey(ResettlementBuilding, on_delete=models.PROTECT, related_name="homes")
    home_type = models.CharField(max_length=32, help_text="id in rulebook/resettlement/home_types")
    area_m2 = models.DecimalField(max_digits=10, decimal_places=2, help_text="built area as planned or surveyed")
    floor = models.IntegerField()
    number = models.CharField(max_length=16)


class HomeAssignment(models.Model):
    """Who has a home: a projection of ``home_assigned`` and ``home_released``; one household has one home."""

    home = models.OneToOneField(Home, primary_key=True, on_delete=models.PROTECT, related_name="assignment")
    household = models.OneToOneField(Household, on_delete=models.PROTECT, related_name="home_assignment")
    by = models.CharField(max_length=16, help_text="lot, signing or plan")
    assigned_on = models.DateField()
    fact = code_field(help_text="deed/ordinal of the fact that it follows from")


class HomeStock(models.Model):
    """Existing homes of one type that can be bought, as offered; an offer that changes is a new row."""

    city = models.CharField(max_length=6, db_collation="C")
    name = models.CharField(max_length=120)
    home_type = models.CharField(max_length=32)
    area_m2 = models.DecimalField(max_digits=10, decimal_places=2)
    count = models.IntegerField()
    price_yuan = models.DecimalField(max_digits=14, decimal_places=2, help_text="of one home, fitted out")
    ready_on = models.DateField()
    offered_on = models.DateField()
    until_on = models.DateField(null=True, help_text="first day on which the offer stands no more")
    deed = code_field()
