"""The demonstration's baselines: what each district had planned when the campaign began; the minutes are invented."""

from __future__ import annotations

from datetime import datetime

from django.core.files.base import ContentFile

from zhengtu.accounts.queries import actor_of, person_called
from zhengtu.campaign.plan_actions import set_baseline
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.jobs.demonstration.model import DemonstrationCampaign
from zhengtu.ledger.offered_files import OfferedFile

ANNOUNCED = "expropriation_announced"
_REASON = "攻坚启动会确定的征收计划，作为考核基线（演示）"
_MINUTES = "攻坚启动会会议纪要（演示，内容虚构）：以当日倒排计划为基线。\n"


def set_baselines(demonstration: DemonstrationCampaign, *, now: datetime) -> int:
    """Set the plan of the campaign's first day for every part announced by then, by its leader; returns how many."""
    begin = demonstration.campaign.start_on
    today = civil_date(at=now)
    leaders = {
        person.unit: person.username for person in demonstration.people if person.role == "district_leader"
    }
    parts = sorted({
        step.participation for step in demonstration.steps if step.kind == ANNOUNCED and step.happened_on <= begin
    })
    for part in parts:
        leader = person_called(leaders[part[:6]])
        if leader is None:
            raise LookupError(f"nobody leads {part}")
        minutes = ContentFile(_MINUTES.encode(), name="minutes.txt")
        set_baseline(
            actor=actor_of(leader, on=today), part=part, baseline_on=begin, reason=_REASON, happened_on=begin,
            files=[OfferedFile("minutes", "攻坚启动会会议纪要.txt", minutes)], now=now,
        )
    return len(parts)
