"""A load that fails halfway leaves an empty database."""

from __future__ import annotations

from datetime import datetime

import pytest

from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.jobs.demonstration import deeds, load
from zhengtu.jobs.demonstration.generate import generate
from zhengtu.ledger.models import Deed, PeriodFigures
from zhengtu.registry.models import Campaign

NOW = datetime(2025, 2, 14, 9, 30, tzinfo=SHANGHAI)


@pytest.mark.django_db
def test_a_load_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        assert Deed.objects.exists(), "the load had begun to record"
        raise OSError("the disk is full")

    monkeypatch.setattr(load, "make_password", lambda password: f"plain${password}")
    monkeypatch.setattr(deeds, "_open_matters", fail)
    with pytest.raises(OSError, match="disk"):
        load.load(generate(households=300, today=NOW.date()), now=NOW)
    assert not Campaign.objects.exists()
    assert not Deed.objects.exists()
    assert not PeriodFigures.objects.exists()
