"""The demonstration's assessments: last month's, published and appealed against, and this month's, which still runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import yaml
from django.core.files.base import ContentFile

from zhengtu.accounts.queries import actor_of, holder_of
from zhengtu.assessment.actions import adopt_assessment, appeal_score, decide_appeal, publish_assessment
from zhengtu.assessment.queries import published_cards, stored_assessment
from zhengtu.core.assessment.window import period_before
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import SHANGHAI, add_months, civil_date
from zhengtu.core.kernel.reasons import Refused
from zhengtu.jobs.demonstration.acting import actor_called
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.registry.queries import campaign_of

SCRIPT: Final = Path(__file__).with_name("assessments.yaml")
_DAY: Final = timedelta(days=1)
_NOTHING_DUE: Final = "assessment.nothing"


def hold_assessments(*, city: str, now: datetime) -> int:
    """Adopt both months' assessments, publish last month's and settle one appeal; returns how many were published.

    A month that ended before the campaign began has none; one in which nothing of any unit was due stays unpublished.
    """
    script = yaml.safe_load(SCRIPT.read_text(encoding="utf-8"))
    today = civil_date(at=now)
    month, after = today.replace(day=1), add_months(today.replace(day=1), 1)
    first, _ = period_before(month, after)
    campaign = campaign_of(city)
    published = 0
    for scheme in script["schemes"]:
        if campaign is not None and campaign.start_on < month:
            code = _adopted(script, city, scheme, max(first, campaign.start_on), month, now=now)
            on = min(month + (script["publish_on_day"] - 1) * _DAY, today)
            is_published = _published(script, code, on=on, now=now)
            published += is_published
            if is_published and scheme == script["appeal"]["scheme"]:
                _appeal(script, code, on=on, now=now)
        _adopted(script, city, scheme, month, after, now=now)
    return published


def _adopted(
    script: Mapping[str, Any], city: str, scheme: str, from_on: date, until_on: date, *, now: datetime
) -> str:
    return adopt_assessment(
        actor=actor_called(script["adopts"], on=from_on), city=city, scheme=scheme, from_on=from_on,
        until_on=until_on, now=_at(from_on, 9, now),
    )


def _published(script: Mapping[str, Any], code: str, *, on: date, now: datetime) -> bool:
    """Whether there was anything to publish: in a small demonstration nothing of a month may have been due."""
    try:
        publish_assessment(actor=actor_called(script["adopts"], on=on), code=code, now=_at(on, 10, now))
    except Refused as refused:
        if [reason.code for reason in refused.reasons] != [_NOTHING_DUE]:
            raise
        return False
    return True


def _appeal(script: Mapping[str, Any], code: str, *, on: date, now: datetime) -> None:
    """The first unit with a leader and something not in time appeals; the inspection office decides on its day."""
    said = script["appeal"]
    lodged_on = on + said["after"] * _DAY
    found = _disputed(code, said["criteria"], on=lodged_on)
    if found is None or lodged_on > civil_date(at=now):
        return
    actor, unit, criterion, reference = found
    paper = ContentFile(said["paper"].encode(), name=said["paper_name"])
    number = appeal_score(
        actor=actor, code=code, unit=unit, criterion=criterion, reference=reference, text=said["text"],
        files=[OfferedFile("statement", said["paper_name"], paper)], now=_at(lodged_on, 11, now),
    )
    decided_on = on + said["decided_after"] * _DAY
    if decided_on <= civil_date(at=now):
        decide_appeal(
            actor=actor_called(script["decides"], on=decided_on), appeal=number, outcome=said["outcome"],
            remedy=said["remedy"], decision=said["decision"], now=_at(decided_on, 15, now),
        )


def _disputed(code: str, criteria: list[str], *, on: date) -> tuple[Actor, str, str, str] | None:
    """(actor, unit, criterion, reference) of a case that was not in time, of a unit whose leader can appeal."""
    assessment = stored_assessment(code)
    if assessment is None:
        raise LookupError(code)
    for criterion in criteria:
        for card in published_cards(assessment):
            leader = holder_of("district_leader", unit=card.unit, on=on)
            known = card.measured.get(criterion)
            case = next((one for one in known.cases if one.done < one.due), None) if known else None
            if leader is not None and case is not None:
                return actor_of(leader, on=on), card.unit, criterion, case.reference
    return None


def _at(on: date, hour: int, now: datetime) -> datetime:
    """That hour of the day, and never later than now."""
    return min(datetime.combine(on, time(hour), tzinfo=SHANGHAI), now)
