"""A field officer of one district and a household to record facts of."""

from __future__ import annotations

import pytest

from zhengtu.core.authority.actor import Actor, Posting


@pytest.fixture
def officer() -> Actor:
    """A field officer of 220204."""
    return Actor(person="220200-u-officer", postings=(Posting(role="field_officer", unit="220204"),))
