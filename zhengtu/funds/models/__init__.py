"""Money promised, arrived and paid."""

from zhengtu.funds.models.funding import BankStatement, BankStatementLine
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
    "BankStatement",
    "BankStatementLine",
    "LineState",
    "OrderKind",
    "PaymentLine",
    "PaymentOrder",
    "PaymentOrderStep",
    "PaymentRun",
    "RunStage",
]
