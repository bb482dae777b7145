"""Money promised, arrived and paid."""

from zhengtu.funds.models.funding import BankStatement, BankStatementLine

__all__ = ["BankStatement", "BankStatementLine"]
