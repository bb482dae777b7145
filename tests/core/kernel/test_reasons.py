"""Reasons and refusals."""

from __future__ import annotations

import pytest

from zhengtu.core.kernel.reasons import Reason, Refused


def test_a_reason_reads_as_a_sentence_with_its_remedy() -> None:
    reason = Reason("ledger.x", "%(count)s are missing.", {"count": 3}, remedy="Add %(count)s.")
    assert reason.in_english() == "3 are missing. Add 3."


def test_a_refusal_carries_all_its_reasons_and_needs_one() -> None:
    refused = Refused(Reason("a", "First."), Reason("b", "Second."))
    assert [reason.code for reason in refused.reasons] == ["a", "b"]
    assert str(refused) == "First.; Second."
    with pytest.raises(ValueError, match="needs a reason"):
        Refused()
