"""Files as they arrive with a deed, as the ledger takes them in."""

from zhengtu.ledger.offered_files import OfferedFile, kept_files

__all__ = ["OfferedFile", "kept_files"]
