"""The flow of money as nodes and links: sources, projects, uses; what is missing flows in as a gap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext

from zhengtu.core.funds.history import Source
from zhengtu.core.kernel.money import ZERO
from zhengtu.funds.funding_queries import AccountRow
from zhengtu.web.office.funds.wording import name_of, source_label
from zhengtu.web.shared.figure_text import wan

PROJECTS_SHOWN: Final = 9
PROJECTS_ON_A_PHONE: Final = 4


def flow_of(rows: Sequence[AccountRow], *, projects: int = PROJECTS_SHOWN) -> dict[str, Any]:
    """What ``js/funds.js`` draws: the largest projects by name, the others together.

    At each project what comes in is what goes out: arrivals and gap = paid + promised, not yet paid + reserved.
    """
    groups: dict[str, list[AccountRow]] = defaultdict(list)
    for row in rows:
        groups[row.account.project.code].append(row)
    largest = sorted(groups, key=lambda code: (-_missing(groups[code]), -_volume(groups[code]), code))[:projects]
    links: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    labels: dict[str, tuple[str, str]] = {}
    for code, group in groups.items():
        node = code if code in largest else "others"
        labels[node] = (
            name_of(group[0].account.project) if node == code else gettext("Other projects"), "project"
        )
        for row in group:
            for key, amount in _parts(row, node):
                links[key] += amount
    labels |= {f"source.{source}": (source_label(source), "source") for source in Source}
    labels |= {
        "gap": (gettext("Gap"), "gap"), "paid": (gettext("Paid"), "paid"),
        "owed": (gettext("Promised, not yet paid"), "owed"),
        "reserved": (gettext("Reserved, not yet promised"), "reserved"),
    }
    drawn = {key: amount for key, amount in links.items() if amount > 0}
    return {"nodes": _nodes(drawn, labels), "links": [
        {"source": source, "target": target, "value": float(amount / 10_000), "text": wan(amount, digits=0),
         "kind": "gap" if source == "gap" else labels[target][1]}
        for (source, target), amount in drawn.items()
    ]}


def _parts(row: AccountRow, node: str) -> list[tuple[tuple[str, str], Decimal]]:
    standing = row.standing
    whole = standing.arrived_yuan + standing.missing_yuan
    reserved = whole - max(standing.committed_yuan, standing.paid_yuan)
    return [
        *(((f"source.{source}", node), amount) for source, amount in standing.arrived_by_source.items()),
        (("gap", node), standing.missing_yuan), ((node, "paid"), standing.paid_yuan),
        ((node, "owed"), standing.owed_yuan), ((node, "reserved"), reserved),
    ]


def _nodes(links: dict[tuple[str, str], Decimal], labels: dict[str, tuple[str, str]]) -> list[dict[str, str]]:
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for (source, target), amount in links.items():
        sums[source][0] += amount
        sums[target][1] += amount
    return [
        {"name": node, "label": labels[node][0], "kind": labels[node][1], "text": wan(max(both), digits=0)}
        for node, both in sums.items()
    ]


def _volume(rows: Sequence[AccountRow]) -> Decimal:
    return sum((max(row.standing.arrived_yuan, row.standing.committed_yuan) for row in rows), ZERO)


def _missing(rows: Sequence[AccountRow]) -> Decimal:
    return sum((row.standing.missing_yuan for row in rows), ZERO)
