"""Which heads of compensation a parameter shapes: what a reader must look at when its value changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_BY_PREFIX: Final[Mapping[str, tuple[str, ...]]] = {
    "signing_reward.": ("signing_reward",),
    "moving_reward": ("moving_reward",),
    "cash_reward": ("cash_reward",),
    "voucher_reward": ("voucher_reward",),
    "stairwell_reward": ("stairwell_reward",),
    "attachment_prices": ("attachments",),
    "hardship_subsidy": ("hardship_subsidy",),
    "local.": ("local_item",),
    "collective_land.zone_price": ("land_compensation", "resettlement_subsidy"),
    "collective_land.land_share": ("land_compensation", "resettlement_subsidy"),
    "collective_land.land_class_factor": ("land_compensation", "resettlement_subsidy"),
    "collective_land.young_crops": ("young_crops",),
    "collective_land.farmland_supplement": ("farmland_supplement",),
    "collective_land.unapproved_buildings": ("uncompensated_building", "rural_house"),
    "collective_land.location_within": ("location_within",),
    "collective_land.location_beyond": ("location_beyond",),
    "collective_land.fitting_subsidy_per_m2": ("fitting_subsidy",),
    "collective_land.household_split": ("household_split",),
    "collective_land.unbuilt_reward_per_m2": ("unbuilt_reward",),
    "collective_land.temporary_accommodation.": ("temporary_accommodation",),
    "collective_land.relocation_fee": ("relocation_fee",),
    "collective_land.social_security_per_member": ("social_security",),
    "state_land.relocation_fee.": ("relocation_fee",),
    "state_land.temporary_accommodation.": ("temporary_accommodation",),
    "state_land.guaranteed_minimum.": ("guaranteed_minimum",),
    "state_land.business_loss.": ("business_loss",),
}


def uses_of(parameter: str) -> tuple[str, ...]:
    """Ids of the heads that the parameter shapes; none where nothing computes with it."""
    return next((heads for prefix, heads in _BY_PREFIX.items() if parameter.startswith(prefix)), ())
