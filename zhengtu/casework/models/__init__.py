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

__all__ = [
    "AdoptedPlan", "Agreement", "AgreementPayee", "AgreementRun", "AgreementState", "PayeeKind", "RunStage",
]
