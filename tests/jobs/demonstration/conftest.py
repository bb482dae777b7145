"""The demonstration campaign in its default size, generated once."""

from datetime import date

import pytest

from zhengtu.jobs.demonstration import DemonstrationCampaign, generate

TODAY = date(2026, 2, 8)


@pytest.fixture(scope="session")
def demonstration() -> DemonstrationCampaign:
    return generate(today=TODAY)
