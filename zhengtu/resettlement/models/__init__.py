"""Bringing families home: what is owed, what is built, who gets which home, what waiting costs."""

from zhengtu.resettlement.models.address import TransitionAddress
from zhengtu.resettlement.models.claim import AdvanceClaim
from zhengtu.resettlement.models.entitlement import Entitlement
from zhengtu.resettlement.models.housing import Home, HomeAssignment, HomeStock, ResettlementBuilding, Site
from zhengtu.resettlement.models.lot import LotDraw
from zhengtu.resettlement.models.options import OptionsRun, PlanFiling

__all__ = [
    "AdvanceClaim", "Entitlement", "Home", "HomeAssignment", "HomeStock", "LotDraw", "OptionsRun", "PlanFiling",
    "ResettlementBuilding", "Site", "TransitionAddress",
]
