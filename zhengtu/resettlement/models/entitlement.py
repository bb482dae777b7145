"""What a household is owed by its agreement: a projection of its facts, rebuilt with them."""

from __future__ import annotations

from django.db import models

from zhengtu.accounts.models import Unit
from zhengtu.ledger.models import code_field
from zhengtu.registry.models import Household


class Entitlement(models.Model):
    """The agreed home and the terms of waiting, as the latest ``entitlement_agreed`` has them; one per household."""

    household = models.OneToOneField(Household, primary_key=True, on_delete=models.PROTECT, related_name="entitlement")
    payer = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", help_text="who pays the subsidy")
    payer_kind = models.CharField(max_length=20, help_text="public_finance, state_enterprise or private_enterprise")
    home_type = models.CharField(max_length=32, help_text="id in rulebook/resettlement/home_types")
    home_area_m2 = models.DecimalField(max_digits=10, decimal_places=2)
    site = models.ForeignKey("resettlement.Site", null=True, on_delete=models.PROTECT, related_name="entitlements")
    given_up_area_m2 = models.DecimalField(max_digits=10, decimal_places=2, help_text="area that the subsidy counts")
    moved_out_on = models.DateField(help_text="first day of transition")
    agreed_months = models.IntegerField(help_text="transition period of the agreement")
    rule = models.CharField(
        max_length=64, blank=True, help_text="id in rulebook/compensation/transition, frozen, or empty"
    )
    agreed_yuan_m2_month = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    overdue_multiplier = models.DecimalField(
        max_digits=6, decimal_places=2, null=True, help_text="multiple of the agreed rate for overdue months"
    )
    rooms = models.IntegerField(null=True, help_text="rooms that a rule by room counts")
    persons = models.IntegerField(null=True, help_text="persons that a rule by person counts")
    pay_every_months = models.IntegerField(null=True, help_text="months between payments by the agreement")
    takes_debts = models.BooleanField(default=False, help_text="whether the payer took over what the one before owed")
    in_turnover_housing = models.BooleanField(default=False)
    may_choose_cash = models.BooleanField(default=False)
    cash_yuan = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, help_text="sum agreed for money instead of a home"
    )
    agreed_on = models.DateField(help_text="day of the fact that it follows from")
    fact = code_field(help_text="deed/ordinal of the fact that it follows from")
