"""What the handling of households holds beside the ledger: adopted schemes, agreements, runs that draft them."""

from zhengtu.casework.models.adopted_plan import AdoptedPlan
from zhengtu.casework.models.agreement import (
    Agreement,
    AgreementPayee,
    AgreementRun,
    AgreementState,
    PayeeKind,
    RunStage,
)
from zhengtu.casework.models.policy_trial import PolicyTrial, TrialStage

__all__ = [
    "AdoptedPlan", "Agreement", "AgreementPayee", "AgreementRun", "AgreementState", "PayeeKind", "PolicyTrial",
    "RunStage", "TrialStage",
]
