"""What the city drives and watches: findings of integrity with what was asked about them; scenarios."""

from zhengtu.campaign.models.finding import (
    ClosingOutcome,
    Finding,
    FindingAnswer,
    FindingClosing,
    FindingQuestion,
    FindingRun,
    FindingState,
    RunStage,
)
from zhengtu.campaign.models.scenario import Scenario

__all__ = [
    "ClosingOutcome",
    "Finding",
    "FindingAnswer",
    "FindingClosing",
    "FindingQuestion",
    "FindingRun",
    "FindingState",
    "RunStage",
    "Scenario",
]
