"""The demonstration campaign: the mobilisation speech as data, filled with invented people and parcels."""

from zhengtu.jobs.demonstration.generate import generate
from zhengtu.jobs.demonstration.model import DemonstrationCampaign

__all__ = ["DemonstrationCampaign", "generate"]
