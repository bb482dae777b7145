"""Money promised, arrived and paid."""

<<<<<<< HEAD
from zhengtu.funds.models.funding import BankStatement, BankStatementLine

__all__ = ["BankStatement", "BankStatementLine"]
=======
from zhengtu.funds.models.payment import (
    AssetClaim,
    BankReply,
    BankReplyLine,
    LineState,
    OrderKind,
    PaymentLine,
    PaymentOrder,
    PaymentOrderStep,
    PaymentRun,
    RunStage,
)

__all__ = [
    "AssetClaim",
    "BankReply",
    "BankReplyLine",
    "LineState",
    "OrderKind",
    "PaymentLine",
    "PaymentOrder",
    "PaymentOrderStep",
    "PaymentRun",
    "RunStage",
]
>>>>>>> payments
