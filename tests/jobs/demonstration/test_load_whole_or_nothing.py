"""A load that fails halfway leaves an empty database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.jobs.demonstration import deeds, load
from zhengtu.jobs.demonstration.generate import generate
from zhengtu.ledger import files
from zhengtu.ledger.models import Deed, PeriodFigures
from zhengtu.registry.models import Campaign

NOW = datetime(2025, 2, 14, 9, 30, tzinfo=SHANGHAI)


@pytest.mark.django_db
def test_a_load_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_after_the_first_deeds(*args: Any, **options: Any) -> Any:
        if Deed.objects.count() < 20:
            return files.keep_file(*args, **options)
        raise OSError("the disk is full")

    monkeypatch.setattr(load, "make_password", lambda password: f"plain${password}")
    monkeypatch.setattr(deeds, "keep_file", fail_after_the_first_deeds)
    with pytest.raises(OSError, match="disk"):
        load.load(generate(households=300, today=NOW.date()), now=NOW)
    assert not Campaign.objects.exists()
    assert not Deed.objects.exists()
    assert not PeriodFigures.objects.exists()
