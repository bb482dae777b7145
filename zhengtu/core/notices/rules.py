"""Rules of notices as data: kinds, digests by role, quiet hours, rhythm and retries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Final

from zhengtu.core.notices.notice import Urgency


class Digest(StrEnum):
    """How soon a notice leaves the building, soonest first; ``INBOX`` is never."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    INBOX = "inbox"


_ORDER: Final = tuple(Digest)


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice to officials.

    Attributes:
        label: (Chinese, English).
        verb: what its reader must reach the subject with.
        urgency: of a notice that gives none of its own.
        for_groups: whether a unit's group robot may carry it.
        inbox_only: whether it stays in the inbox, whatever the channels.
        tells_code: whether the subject's code may leave the building; what is being looked into stays unnamed there.
    """

    id: str
    label: tuple[str, str]
    verb: str
    urgency: Urgency
    for_groups: bool = False
    inbox_only: bool = False
    tells_code: bool = True


@dataclass(frozen=True, slots=True)
class DigestRule:
    """How soon one role gets what, by urgency; some kinds otherwise."""

    soon: Digest
    routine: Digest
    exceptions: Mapping[str, Digest] = field(default_factory=dict)

    def of(self, *, kind: str, urgency: Urgency) -> Digest:
        """How soon such a notice goes out; an urgent one breaks the digest unless its kind stays inside."""
        special = self.exceptions.get(kind)
        if special is Digest.INBOX:
            return Digest.INBOX
        if urgency is Urgency.URGENT:
            return Digest.AT_ONCE
        return special or (self.soon if urgency is Urgency.SOON else self.routine)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours in Asia/Shanghai in which nothing goes out: ``start`` belongs to them, ``end`` does not.

    An end before the start lies on the next day; an end at the start means no quiet hours at all.
    """

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When digests go out, in Asia/Shanghai.

    Attributes:
        daily_at: on each working day.
        weekly_on: 0 Monday to 6 Sunday; a rest day gives way to the next working day.
    """

    daily_at: time
    weekly_on: int
    weekly_at: time


@dataclass(frozen=True, slots=True)
class RetryRules:
    """How often a delivery is tried.

    Attributes:
        first_minutes: wait after the first failure; each further one is ``factor`` times as long.
        longest_minutes: no wait is longer.
        attempts: after so many it is given up.
        limited_minutes: at least so long after a messenger asked for less.
        lease_minutes: an attempt without an answer for so long was cut off.
    """

    first_minutes: int
    factor: int
    longest_minutes: int
    attempts: int
    limited_minutes: int
    lease_minutes: int


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """Everything that ``rulebook/official_notices`` says."""

    kinds: Mapping[str, NoticeKind]
    roles: Mapping[str, DigestRule]
    group: DigestRule
    rhythm: Rhythm
    quiet_hours: QuietHours
    retries: RetryRules

    def kind(self, id: str) -> NoticeKind:
        """The kind with that id.

        Raises:
            ValueError: naming the id that the rulebook does not hold.
        """
        try:
            return self.kinds[id]
        except KeyError as error:
            raise ValueError(f"rulebook/official_notices knows no kind of notice {id!r}") from error

    def personal_digest(self, *, kind: str, urgency: Urgency, roles: Iterable[str], own: Digest | None) -> Digest:
        """How soon a person's e-mail follows: by the person's own choice, else the soonest of the roles'."""
        if self.kind(kind).inbox_only:
            return Digest.INBOX
        held = [self.roles[role] for role in roles if role in self.roles]
        if not held:
            return Digest.INBOX
        if own is not None:
            return Digest.AT_ONCE if urgency is Urgency.URGENT else own
        return min((rule.of(kind=kind, urgency=urgency) for rule in held), key=_ORDER.index)

    def group_digest(self, *, kind: str, urgency: Urgency, own: Digest | None) -> Digest:
        """How soon a unit's robot says it; ``INBOX`` for what no group may read."""
        if self.kind(kind).inbox_only or not self.kind(kind).for_groups:
            return Digest.INBOX
        if own is not None:
            return Digest.AT_ONCE if urgency is Urgency.URGENT else own
        return self.group.of(kind=kind, urgency=urgency)
