"""Log lines: identifiers of people never reach one in full."""

from __future__ import annotations

import logging

from zhengtu.core.kernel.masking import mask_identifiers_in


class MaskedLines(logging.Formatter):
    """Masks identity, phone and account numbers in the whole line, the traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        return mask_identifiers_in(super().format(record))
