"""The numbers of a forecast that somebody has to choose; ``rulebook/forecast/rules.yaml``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OutlookRules:
    """Horizon, effort, and how much data an answer needs.

    Attributes:
        horizon_weeks: nothing is said about later weeks.
        weekly_weeks: so many coming weeks are simulated one by one, later ones four at a time.
        samples: courses simulated.
        own_events, own_weeks: from so many settlements of its own in so many weeks a group's own course counts.
        pooled_events, pooled_weeks: what all groups together must hold before their common course is taken.
        finished_groups, finished_share: so many groups must have settled with this share of their households,
            or nothing is known of the last ones.
        pace_events, pace_weeks: what a mere pace needs.
        lag_events: payments, or vacated homes, that the time between two stages needs.
        handovers: handovers that the time from the last vacated home needs.
        series_points, series_share: dated totals that a progress series needs, and the share they must have covered.
    """

    horizon_weeks: int
    weekly_weeks: int
    samples: int
    own_events: int
    own_weeks: int
    pooled_events: int
    pooled_weeks: int
    finished_groups: int
    finished_share: float
    pace_events: int
    pace_weeks: int
    lag_events: int
    handovers: int
    series_points: int
    series_share: float
