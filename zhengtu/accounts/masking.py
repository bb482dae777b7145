"""Log filter: identifiers of people never reach a log line in full."""

from __future__ import annotations

import logging

from zhengtu.core.kernel.masking import mask_identifiers_in


class MaskPersonalIdentifiers(logging.Filter):
    """Masks identity, phone and account numbers in every log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        masked = mask_identifiers_in(record.getMessage())
        record.msg, record.args = masked, ()
        return True
