"""The demonstration's bulletins and reports of its last whole weeks: drafted, written beside, submitted, released."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.jobs.demonstration.acting import actor_called
from zhengtu.jobs.demonstration.staging import moment, script_of
from zhengtu.publication.actions import draft_bulletin, release_bulletin, submit_bulletin, write_remarks
from zhengtu.publication.queries import campaign_days, stored_bulletin
from zhengtu.publication.week_figures import compute_plans, period_of_bulletin

SCRIPT: Final = Path(__file__).with_name("bulletins.yaml")
_WEEK: Final = timedelta(days=7)


def release_bulletins(*, city: str, now: datetime) -> int:
    """Write the script's bulletins, each on the Monday after its week; returns how many were released.

    One that nobody releases in the script waits for whoever checks it. A week before the campaign has none.
    """
    today = civil_date(at=now)
    this_monday = today - timedelta(days=today.weekday())
    campaign = campaign_days(city)
    script = script_of(SCRIPT)
    released = 0
    for entry in script["bulletins"]:
        monday = this_monday - entry["back"] * _WEEK
        if campaign is None or monday < campaign.start_on:
            continue
        released += _write(entry, city=city, monday=monday, now=now)
    return released


def _write(entry: Mapping[str, Any], *, city: str, monday: date, now: datetime) -> bool:
    """Draft, write beside, submit and, where the script says by whom, release; returns whether it was released."""
    after = monday + _WEEK
    at = moment(after, hour=8, now=now)  # it may be loaded early on a Monday
    writer = actor_called(entry["drafts"], on=after)
    code = draft_bulletin(
        actor=writer, city=city, kind=entry["kind"], from_on=monday, until_on=after, now=at
    )
    remarks = {part: "\n".join(paragraphs) for part, paragraphs in entry["remarks"].items()}
    write_remarks(actor=writer, code=code, remarks=remarks, now=at)
    bulletin = stored_bulletin(code)
    if bulletin is None:
        raise LookupError(code)
    compute_plans(city, period_of_bulletin(bulletin), now=now)
    submit_bulletin(actor=writer, code=code, now=at)
    if "releases" not in entry:
        return False
    release_bulletin(actor=actor_called(entry["releases"], on=after), code=code, now=at)
    return True
