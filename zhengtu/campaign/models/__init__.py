"""What the city drives and watches: findings of integrity with their questions, answers and closings."""

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

__all__ = [
    "ClosingOutcome",
    "Finding",
    "FindingAnswer",
    "FindingClosing",
    "FindingQuestion",
    "FindingRun",
    "FindingState",
    "RunStage",
]
