"""What the city drives and watches: findings with their questions, answers and closings; plans and forecasts."""

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
from zhengtu.campaign.models.outlook import Outlook
from zhengtu.campaign.models.team_levelling import LevellingStage, TeamLevelling

__all__ = [
    "ClosingOutcome",
    "Finding",
    "FindingAnswer",
    "FindingClosing",
    "FindingQuestion",
    "FindingRun",
    "FindingState",
    "LevellingStage",
    "Outlook",
    "RunStage",
    "TeamLevelling",
]
