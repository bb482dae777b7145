"""Quiet hours, digests and retries: worked cases, and what holds for every instant."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.notices.notice import Urgency
from zhengtu.core.notices.rules import Digest, NoticeRules, QuietHours, RetryRules, Rhythm
from zhengtu.core.notices.timing import goes_out_at, is_quiet, next_allowed, retry_at
from zhengtu.core.rules.rulebook import load_rulebook

RULEBOOK = load_rulebook(Path(__file__).resolve().parents[3] / "rulebook")
RULES: NoticeRules = RULEBOOK.official_notices
CALENDAR: WorkCalendar = RULEBOOK.calendar
NIGHT = QuietHours(time(20), time(7, 30))
NOON = QuietHours(time(12), time(13, 30))
NONE = QuietHours(time(8), time(8))
RHYTHM = Rhythm(time(8), 0, time(8))

instants = st.integers(0, 90_000_000).map(lambda s: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
clocks = st.times().map(lambda clock: clock.replace(microsecond=0))
quiets = st.builds(QuietHours, clocks, clocks)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(("instant", "quiet", "allowed"), [
    ("2025-02-14 19:59", NIGHT, "2025-02-14 19:59"),
    ("2025-02-14 20:00", NIGHT, "2025-02-15 07:30"),
    ("2025-02-14 23:59", NIGHT, "2025-02-15 07:30"),
    ("2025-02-15 00:00", NIGHT, "2025-02-15 07:30"),
    ("2025-02-15 07:29", NIGHT, "2025-02-15 07:30"),
    ("2025-02-15 07:30", NIGHT, "2025-02-15 07:30"),
    ("2025-02-14 12:15", NOON, "2025-02-14 13:30"),
    ("2025-02-14 03:00", NOON, "2025-02-14 03:00"),
    ("2025-02-14 08:00", NONE, "2025-02-14 08:00"),
    ("2024-12-31 22:00", NIGHT, "2025-01-01 07:30"),
])
def test_the_end_of_quiet_hours(instant: str, quiet: QuietHours, allowed: str) -> None:
    assert next_allowed(at(instant), quiet=quiet) == at(allowed)


def test_quiet_hours_are_those_of_shanghai_wherever_the_server_stands() -> None:
    assert is_quiet(datetime(2025, 2, 14, 13, 0, tzinfo=UTC), quiet=NIGHT)
    assert not is_quiet(datetime(2025, 2, 14, 1, 0, tzinfo=UTC), quiet=NIGHT)


@given(instants, quiets)
def test_what_is_allowed_is_never_quiet_never_earlier_and_within_a_day(instant: datetime, quiet: QuietHours) -> None:
    allowed = next_allowed(instant, quiet=quiet)
    assert not is_quiet(allowed, quiet=quiet)
    assert timedelta(0) <= allowed - instant <= timedelta(days=1)
    assert next_allowed(allowed, quiet=quiet) == allowed


@pytest.mark.parametrize(("digest", "instant", "out"), [
    (Digest.AT_ONCE, "2025-02-14 09:30", "2025-02-14 09:30"),
    (Digest.AT_ONCE, "2025-02-15 21:00", "2025-02-16 07:30"),
    (Digest.DAILY, "2025-02-14 07:45", "2025-02-14 08:00"),
    (Digest.DAILY, "2025-02-14 08:00", "2025-02-14 08:00"),
    (Digest.DAILY, "2025-02-14 08:01", "2025-02-17 08:00"),  # a Friday; Saturday and Sunday rest
    (Digest.DAILY, "2025-01-25 12:00", "2025-01-26 08:00"),  # a Sunday on which people work before the Spring Festival
    (Digest.DAILY, "2025-01-27 12:00", "2025-02-05 08:00"),  # over the Spring Festival
    (Digest.WEEKLY, "2025-02-14 09:30", "2025-02-17 08:00"),
    (Digest.WEEKLY, "2025-01-27 09:00", "2025-02-05 08:00"),  # Monday of the week after rests: the first working day
    (Digest.WEEKLY, "2025-04-29 09:00", "2025-05-06 08:00"),  # Monday 5 May rests
])
def test_when_a_notice_goes_out(digest: Digest, instant: str, out: str) -> None:
    found = goes_out_at(at(instant), digest=digest, rhythm=RHYTHM, quiet=NIGHT, calendar=CALENDAR)
    assert found == at(out)


def test_what_stays_in_the_inbox_goes_out_never() -> None:
    now = at("2025-02-14 09:30")
    assert goes_out_at(now, digest=Digest.INBOX, rhythm=RHYTHM, quiet=NIGHT, calendar=CALENDAR) is None


@given(instants, st.sampled_from([Digest.AT_ONCE, Digest.DAILY, Digest.WEEKLY]), quiets)
def test_nothing_goes_out_early_or_in_quiet_hours(instant: datetime, digest: Digest, quiet: QuietHours) -> None:
    out = goes_out_at(instant, digest=digest, rhythm=RHYTHM, quiet=quiet, calendar=CALENDAR)
    assert out is not None
    assert out >= instant
    assert not is_quiet(out, quiet=quiet)


@given(instants, instants, quiets)
def test_digests_keep_the_order_of_what_they_gather(one: datetime, other: datetime, quiet: QuietHours) -> None:
    first, second = sorted((one, other))
    for digest in (Digest.AT_ONCE, Digest.DAILY, Digest.WEEKLY):
        outs = [
            goes_out_at(instant, digest=digest, rhythm=RHYTHM, quiet=quiet, calendar=CALENDAR)
            for instant in (first, second)
        ]
        assert outs[0] is not None
        assert outs[1] is not None
        assert outs[0] <= outs[1]


@given(instants)
def test_without_quiet_hours_a_daily_digest_falls_on_a_working_day_at_eight(instant: datetime) -> None:
    out = goes_out_at(instant, digest=Digest.DAILY, rhythm=RHYTHM, quiet=NONE, calendar=CALENDAR)
    assert out is not None
    local = out.astimezone(SHANGHAI)
    assert local.time() == time(8)
    assert CALENDAR.is_working_day(local.date())


def test_waits_double_up_to_the_longest_and_end() -> None:
    rules = RetryRules(1, 2, 240, 14, 10, 10)
    start = at("2025-02-14 09:30")
    waits, total = [], start
    for attempts in range(1, 15):
        again = retry_at(total, attempts=attempts, rules=rules, quiet=NONE)
        if again is None:
            break
        waits.append(int((again - total).total_seconds() // 60))
        total = again
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240, 240, 240]
    assert timedelta(hours=23) < total - start < timedelta(hours=26)


def test_a_limit_is_waited_out_and_quiet_hours_hold_for_retries() -> None:
    rules = RULES.retries
    evening = at("2025-02-14 19:58")
    assert retry_at(at("2025-02-14 10:00"), attempts=1, rules=rules, quiet=NIGHT, is_limited=True) == at(
        "2025-02-14 10:10"
    )
    assert retry_at(evening, attempts=2, rules=rules, quiet=NIGHT) == at("2025-02-15 07:30")
    assert retry_at(evening, attempts=rules.attempts, rules=rules, quiet=NIGHT) is None


@given(instants, st.integers(1, 13), quiets, st.booleans())
def test_a_retry_is_later_and_never_quiet(
    instant: datetime, attempts: int, quiet: QuietHours, is_limited: bool
) -> None:
    again = retry_at(instant, attempts=attempts, rules=RULES.retries, quiet=quiet, is_limited=is_limited)
    assert again is not None
    assert again > instant
    assert not is_quiet(again, quiet=quiet)


@pytest.mark.parametrize(("roles", "kind", "urgency", "own", "digest"), [
    (["mayor"], "directive_due", Urgency.SOON, None, Digest.DAILY),
    (["mayor"], "directive_overdue", Urgency.URGENT, None, Digest.AT_ONCE),
    (["mayor"], "directive_closed", Urgency.ROUTINE, None, Digest.WEEKLY),
    (["mayor", "coordinator"], "directive_due", Urgency.SOON, None, Digest.AT_ONCE),  # the soonest of the roles'
    (["district_leader"], "directive_closed", Urgency.ROUTINE, None, Digest.WEEKLY),  # an exception by kind
    (["district_leader"], "directive_due", Urgency.SOON, Digest.WEEKLY, Digest.WEEKLY),
    (["district_leader"], "directive_due", Urgency.URGENT, Digest.WEEKLY, Digest.AT_ONCE),
    (["family"], "directive_due", Urgency.URGENT, Digest.AT_ONCE, Digest.INBOX),
    (["coordinator"], "delivery_given_up", Urgency.URGENT, Digest.AT_ONCE, Digest.INBOX),
])
def test_digests_by_role(roles: list[str], kind: str, urgency: Urgency, own: Digest | None, digest: Digest) -> None:
    assert RULES.personal_digest(kind=kind, urgency=urgency, roles=roles, own=own) is digest


def test_what_concerns_findings_or_single_accounts_never_goes_to_a_group() -> None:
    for kind in RULES.kinds.values():
        if not kind.verb.startswith(("directive.", "review.", "bulletin.")):
            assert RULES.group_digest(kind=kind.id, urgency=Urgency.URGENT, own=Digest.AT_ONCE) is Digest.INBOX


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(ValueError, match="no_such_kind"):
        RULES.kind("no_such_kind")
