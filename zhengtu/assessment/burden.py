"""How much people type into the platform, counted from its own deeds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection

from zhengtu.core.assessment.burden import BurdenMonth, KindCount, typed_fields
from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.ledger.models import Deed, Fact
from zhengtu.ledger.queries import Reach, figures_by_section, total_of
from zhengtu.ledger.rulebook import current_rulebook

_SELECT: Final = """
SELECT date_trunc('month', d.recorded_on)::date, f.kind, given.name, count(*)
FROM {facts} f JOIN {deeds} d ON d.id = f.deed_id
CROSS JOIN LATERAL (SELECT NULL AS name UNION ALL SELECT jsonb_object_keys(f.attributes)) given
WHERE f.deed_id LIKE %(city)s AND f.is_verified AND NOT d.verb = ANY(%(left_out)s)
  AND d.recorded_on >= %(start)s AND d.recorded_on < %(end)s
GROUP BY 1, 2, 3
"""


def burden_months(city: str, *, until: date, months: int = 12) -> list[BurdenMonth]:
    """What was typed in each of the last months, earliest first; the last one holds the day ``until``.

    Months before the first fact are left out. Facts that came out of imported files are typed by nobody; what is being
    looked into unseen is left out, so that no count tells of it.
    """
    last = until.replace(day=1)
    start = add_months(last, 1 - months)
    by_month = _counted(city, start=start, end=add_months(last, 1))
    rulebook = current_rulebook()
    form_kinds = {id for id, kind in rulebook.fact_kinds.items() if not kind.through}
    steps = {id for id, kind in rulebook.fact_kinds.items() if kind.milestone is not None}
    found = []
    for number in range(months):
        month = add_months(start, number)
        counts = by_month.get(month, [])
        if not counts and not found:
            continue
        end = min(add_months(month, 1) - timedelta(days=1), until)
        registered = figures_by_section(
            reach=Reach(prefixes=(city[:4],)), on=end, figures=("registered_count",)
        )
        found.append(BurdenMonth(
            month=month, fields=typed_fields(counts, form_kinds=form_kinds, rules=rulebook.assessment),
            households=total_of(registered, ("registered_count",))["registered_count"],
            steps=sum(one.facts for one in counts if one.kind in steps),
        ))
    return found


def _counted(city: str, *, start: date, end: date) -> Mapping[date, list[KindCount]]:
    """Month -> facts by kind, with how often each attribute was given."""
    rulebook = current_rulebook()
    parameters: dict[str, Any] = {
        "city": f"{city[:4]}%", "start": start, "end": end,
        "left_out": [*rulebook.assessment.imported_verbs, *rulebook.authority.seen_with],
    }
    facts: dict[tuple[date, str], int] = {}
    given: dict[tuple[date, str], dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_SELECT.format(facts=Fact._meta.db_table, deeds=Deed._meta.db_table), parameters)
        for month, kind, name, count in cursor.fetchall():
            if name is None:
                facts[month, kind] = count
            else:
                given[month, kind][name] = count
    found: dict[date, list[KindCount]] = defaultdict(list)
    for (month, kind), count in sorted(facts.items()):
        found[month].append(KindCount(kind, count, given.get((month, kind), {})))
    return found
