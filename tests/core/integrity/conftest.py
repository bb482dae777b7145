"""The detectors' own rules, as the rulebook holds them."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhengtu.core.integrity.findings import Rules
from zhengtu.core.rules.rulebook import load_rulebook

RULEBOOK = Path(__file__).resolve().parents[3] / "rulebook"


@pytest.fixture(scope="session")
def rules() -> Rules:
    return load_rulebook(RULEBOOK).integrity.rules
