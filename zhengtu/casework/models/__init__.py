"""What the handling of households holds beside the ledger: adopted schemes of compensation."""

from zhengtu.casework.models.adopted_plan import AdoptedPlan

__all__ = ["AdoptedPlan"]
