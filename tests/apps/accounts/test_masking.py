"""What reaches a log line, and what does not."""

from __future__ import annotations

import logging
import sys

from zhengtu.accounts.masking import MaskedLines

NUMBER = "220204197001010016"


def test_neither_message_nor_traceback_tells_an_identity_number() -> None:
    try:
        raise ValueError(f"no household of {NUMBER}")
    except ValueError:
        record = logging.LogRecord("zhengtu", logging.ERROR, "", 1, "failed for %s", (NUMBER,), sys.exc_info())
    line = MaskedLines("%(levelname)s %(message)s").format(record)
    assert "failed for 220*************16" in line
    assert "no household of 220*************16" in line
    assert NUMBER not in line
