"""A wrong file of notices to officials is refused with the entry that is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from zhengtu.core.notices.rules import Digest
from zhengtu.core.rules.official_notices import load_official_notices
from zhengtu.core.rules.reading import RulebookInvalid
from zhengtu.core.rules.rulebook import load_rulebook

RULEBOOK = Path(__file__).resolve().parents[3] / "rulebook"
ROLES = ("mayor", "vice_mayor", "coordinator", "inspector", "auditor", "district_leader", "client", "department",
         "field_officer")
VERBS = load_rulebook(RULEBOOK).authority.verb_labels


def changed(tmp_path: Path, *path: str, to: Any) -> Path:
    """A copy of the file in which one entry says something else."""
    source = RULEBOOK / "official_notices" / "officials.yaml"
    raw = yaml.safe_load(source.read_text(encoding="utf-8"))
    entry = raw
    for name in path[:-1]:
        entry = entry[name]
    entry[path[-1]] = to
    (tmp_path / "official_notices").mkdir()
    (tmp_path / "official_notices" / "officials.yaml").write_text(yaml.safe_dump(raw), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("path", "value", "named"), [
    (("kinds", "directive_due", "verb"), "directive.dream", "directive.dream"),
    (("kinds", "directive_due", "urgency"), "panic", "urgency"),
    (("kinds", "directive_due", "label"), ["只有中文"], "label"),
    (("kinds", "directive_due", "group"), "sometimes", "group"),
    (("digests", "roles", "emperor"), {"soon": "daily", "routine": "daily"}, "emperor"),
    (("digests", "roles", "mayor", "soon"), "hourly", "hourly"),
    (("digests", "roles", "mayor", "except"), {"no_such_kind": "daily"}, "no_such_kind"),
    (("digests", "group", "routine"), None, "group"),
    (("rhythm", "weekly_on"), "someday", "weekly_on"),
    (("rhythm", "daily_at"), "eight", "daily_at"),
    (("quiet_hours", "from"), "25:00", "from"),
    (("retries", "attempts"), 0, "attempts"),
    (("retries", "factor"), True, "factor"),
])
def test_a_wrong_entry_is_named(tmp_path: Path, path: tuple[str, ...], value: Any, named: str) -> None:
    folder = changed(tmp_path, *path, to=value)
    with pytest.raises(RulebookInvalid, match=named):
        load_official_notices(folder, roles=ROLES, verbs=VERBS)


def test_every_kind_stays_inside_or_has_a_way_out() -> None:
    rules = load_official_notices(RULEBOOK, roles=ROLES, verbs=VERBS)
    for kind in rules.kinds.values():
        ways = {
            rules.personal_digest(kind=kind.id, urgency=kind.urgency, roles=[role], own=None) for role in rules.roles
        }
        assert (ways == {Digest.INBOX}) == kind.inbox_only
