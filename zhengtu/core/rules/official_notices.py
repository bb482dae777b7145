"""Notices to officials from ``rulebook/official_notices``: kinds, digests by role, quiet hours, retries."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import time
from pathlib import Path
from typing import Any, Final

from zhengtu.core.notices.notice import Urgency
from zhengtu.core.notices.rules import (
    Digest,
    DigestRule,
    NoticeKind,
    NoticeRules,
    QuietHours,
    RetryRules,
    Rhythm,
)
from zhengtu.core.rules.reading import RulebookInvalid, label_pair, read_entries

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FILE: Final = "official_notices/officials.yaml"


def load_official_notices(folder: Path, *, roles: Collection[str], verbs: Collection[str]) -> NoticeRules:
    """Read and check the file.

    Raises:
        RulebookInvalid: naming the entry that is wrong.
    """
    raw = read_entries(folder / "official_notices" / "officials.yaml")
    kinds = {id: _kind(id, entry, verbs=verbs) for id, entry in raw["kinds"].items()}
    unknown = set(raw["digests"]["roles"]) - set(roles)
    if unknown:
        raise RulebookInvalid(f"{_FILE}: digests name the unknown roles {', '.join(sorted(unknown))}")
    rhythm = raw["rhythm"]
    if rhythm.get("weekly_on") not in _WEEKDAYS:
        raise RulebookInvalid(f"{_FILE}: weekly_on is one of {', '.join(_WEEKDAYS)}")
    quiet = raw["quiet_hours"]
    return NoticeRules(
        kinds=kinds,
        roles={
            role: _digest(entry, kinds=kinds, where=f"{_FILE}: {role}")
            for role, entry in raw["digests"]["roles"].items()
        },
        group=_digest(raw["digests"]["group"], kinds=kinds, where=f"{_FILE}: group"),
        rhythm=Rhythm(
            daily_at=_clock(rhythm.get("daily_at"), "daily_at"), weekly_on=_WEEKDAYS.index(rhythm["weekly_on"]),
            weekly_at=_clock(rhythm.get("weekly_at"), "weekly_at"),
        ),
        quiet_hours=QuietHours(start=_clock(quiet.get("from"), "from"), end=_clock(quiet.get("until"), "until")),
        retries=_retries(raw["retries"]),
    )


def _kind(id: str, entry: Mapping[str, Any], *, verbs: Collection[str]) -> NoticeKind:
    where = f"{_FILE}: {id}"
    if entry.get("verb") not in verbs:
        raise RulebookInvalid(f"{where}: unknown verb {entry.get('verb')}")
    if entry.get("urgency") not in list(Urgency):
        raise RulebookInvalid(f"{where}: urgency is one of {', '.join(Urgency)}")
    if not isinstance(entry.get("group"), bool):
        raise RulebookInvalid(f"{where}: group is true or false")
    return NoticeKind(
        id=id, label=label_pair(entry.get("label"), where=where), verb=entry["verb"],
        urgency=Urgency(entry["urgency"]), for_groups=entry["group"], inbox_only=bool(entry.get("inbox_only", False)),
        tells_code=bool(entry.get("code", True)),
    )


def _digest(raw: Mapping[str, Any], *, kinds: Collection[str], where: str) -> DigestRule:
    exceptions = raw.get("except", {})
    for value in (raw.get("soon"), raw.get("routine"), *exceptions.values()):
        if value not in list(Digest):
            raise RulebookInvalid(f"{where}: {value!r} is none of {', '.join(Digest)}")
    if not set(exceptions) <= set(kinds):
        raise RulebookInvalid(f"{where}: unknown kinds {', '.join(sorted(set(exceptions) - set(kinds)))}")
    return DigestRule(
        soon=Digest(raw["soon"]), routine=Digest(raw["routine"]),
        exceptions={kind: Digest(value) for kind, value in exceptions.items()},
    )


def _retries(raw: Mapping[str, Any]) -> RetryRules:
    names = ("first_minutes", "factor", "longest_minutes", "attempts", "limited_minutes", "lease_minutes")
    for name in names:
        value = raw.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise RulebookInvalid(f"{_FILE}: retries: {name} is a whole number of at least 1, not {value!r}")
    return RetryRules(**{name: raw[name] for name in names})


def _clock(raw: object, name: str) -> time:
    try:
        return time.fromisoformat(str(raw))
    except ValueError as error:
        raise RulebookInvalid(f"{_FILE}: {name} is a time such as \"08:00\", not {raw!r}") from error
