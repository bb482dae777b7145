"""What the city drives and watches: findings with what was asked about them; plans, forecasts, scenarios."""

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
from zhengtu.campaign.models.scenario import Scenario
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
    "Scenario",
    "TeamLevelling",
]
