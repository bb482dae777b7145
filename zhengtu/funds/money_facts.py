"""Sums that facts name, by part of a project and day: commitments, payments, arrivals, plans and proofs.

What a household is promised is what the last of its agreement, supplements and decision says; each adds the
difference to the one before. Corrected and withdrawn facts do not count; both clocks hold throughout.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from zhengtu.core.funds.history import DaySum, PlanLine, Proof, Source
from zhengtu.ledger.models import Deed, Fact

COMMITMENTS: Final = ("signed", "agreement_supplemented", "decided")
PAYMENTS: Final = ("paid", "compensation_deposited", "land_compensation_deposited")
ARRIVALS: Final = ("funds_arrived",)
PLANS: Final = ("funds_planned",)
PROOFS: Final = ("funds_in_account", "land_fees_in_account")
EXPLANATIONS: Final = ("funds_difference_explained",)
_CODE_LENGTH: Final = len("220204-P0001")
_FEW: Final = 8

_STANDING: Final = """
standing AS MATERIALIZED (
    SELECT f.subject, left(f.subject, {length}) AS part, f.kind, f.happened_on, f.deed_id, f.ordinal, d.recorded_at,
           coalesce((f.attributes->>'amount_yuan')::numeric, 0) AS amount
    FROM {facts} f JOIN {deeds} d ON d.id = f.deed_id
    WHERE f.kind IN ({kinds}) AND {within} AND f.happened_on <= %(on)s {known}
      AND NOT EXISTS (
        SELECT 1 FROM {facts} c JOIN {deeds} cd ON cd.id = c.deed_id
        WHERE c.supersedes <> '' AND c.supersedes = f.deed_id || '/' || f.ordinal {known_correction})
)"""
_CHANGES: Final = """
changes AS (
    SELECT part, happened_on, amount - coalesce(lag(amount) OVER history, 0) AS change,
           (row_number() OVER history = 1)::int AS is_first
    FROM standing WHERE kind IN ({commitments})
    WINDOW history AS (PARTITION BY subject ORDER BY happened_on, recorded_at, deed_id, ordinal)
),
firsts AS (
    SELECT part, min(happened_on) FILTER (WHERE kind IN ({commitments})) AS promised_on,
           min(happened_on) FILTER (WHERE kind IN ({payments})) AS paid_on
    FROM standing GROUP BY subject, part
)
SELECT 'committed', part, happened_on, NULL::int, sum(change), sum(is_first) FROM changes GROUP BY 2, 3
UNION ALL
SELECT 'paid', part, happened_on, NULL, sum(amount), count(*) FROM standing WHERE kind IN ({payments}) GROUP BY 2, 3
UNION ALL
SELECT 'lag', part, NULL, greatest(0, paid_on - promised_on), 0, count(*)
FROM firsts WHERE paid_on > %(lag_from)s AND promised_on IS NOT NULL GROUP BY 2, 4
"""


@dataclass(frozen=True, slots=True)
class HouseholdSums:
    """What the households of one part are promised and were paid, day by day; lags in days -> households."""

    committed: Sequence[DaySum]
    paid: Sequence[DaySum]
    lags: dict[int, int]


@dataclass(frozen=True, slots=True)
class AccountFact:
    """One fact of a dedicated account, with the deed and day that recorded it."""

    participation: str
    reference: str
    deed: str
    kind: str
    happened_on: date
    attributes: dict[str, Any]
    recorded_on: date
    is_verified: bool


def household_sums(
    participations: Sequence[str], *, on: date, known: date | None, lag_window_days: int
) -> dict[str, HouseholdSums]:
    """Commitments, payments and lags of each part of a project by the end of a day, in one question."""
    found: dict[str, HouseholdSums] = {code: HouseholdSums([], [], {}) for code in participations}
    if not participations:
        return found
    sql = f"WITH {_standing((*COMMITMENTS, *PAYMENTS), participations, known)}, " + _CHANGES.format(
        commitments=_quoted(COMMITMENTS), payments=_quoted(PAYMENTS)
    )
    parameters = _parameters(participations, on, known) | {"lag_from": on - timedelta(days=lag_window_days)}
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        for what, part, day, days, amount, count in cursor.fetchall():
            if what == "lag":
                found[part].lags[days] = count
            else:
                sums = found[part].committed if what == "committed" else found[part].paid
                sums.append(DaySum(day, amount, count))  # type: ignore[attr-defined]
    return found


def account_facts(
    participations: Sequence[str], kinds: Sequence[str], *, on: date, known: date | None
) -> dict[str, list[AccountFact]]:
    """Standing facts of dedicated accounts by part, in the order in which they happened and were recorded."""
    found: dict[str, list[AccountFact]] = defaultdict(list)
    if not participations:
        return found
    facts = Fact.objects.filter(subject__in=participations, kind__in=kinds, happened_on__lte=on)
    corrections = Fact.objects.filter(subject__in=participations).exclude(supersedes="")
    if known is not None:
        facts, corrections = (rows.filter(deed__recorded_on__lte=known) for rows in (facts, corrections))
    superseded = set(corrections.values_list("supersedes", flat=True))
    rows = facts.order_by("happened_on", "deed__recorded_at", "deed_id", "ordinal").values_list(
        "subject", "deed_id", "ordinal", "kind", "happened_on", "attributes", "deed__recorded_on", "is_verified"
    )
    for subject, deed, ordinal, kind, happened_on, attributes, recorded_on, is_verified in rows:
        reference = f"{deed}/{ordinal}"
        if reference not in superseded:
            found[subject].append(AccountFact(
                subject, reference, deed, kind, happened_on, attributes, recorded_on, is_verified
            ))
    return found


def plan_lines(facts: Sequence[AccountFact]) -> list[PlanLine]:
    """Each line as it was last planned; one planned as nothing is cancelled."""
    latest = {str(fact.attributes["plan_reference"]): fact for fact in facts if fact.kind in PLANS}
    lines = [
        PlanLine(
            reference=reference, source=Source(fact.attributes["source"]),
            due_on=date.fromisoformat(fact.attributes["due_on"]), amount_yuan=Decimal(fact.attributes["amount_yuan"]),
        )
        for reference, fact in latest.items()
    ]
    return sorted((line for line in lines if line.amount_yuan), key=lambda line: (line.due_on, line.reference))


def arrivals_of(facts: Sequence[AccountFact]) -> dict[Source, list[DaySum]]:
    """What came in, by source."""
    found: dict[Source, list[DaySum]] = defaultdict(list)
    for fact in facts:
        if fact.kind in ARRIVALS:
            found[Source(fact.attributes["source"])].append(
                DaySum(fact.happened_on, Decimal(fact.attributes["amount_yuan"]), 1)
            )
    return dict(found)


def latest_proof(facts: Sequence[AccountFact]) -> Proof | None:
    """The bank's latest proof, compensation and social-security fees together."""
    proofs = [fact for fact in facts if fact.kind in PROOFS]
    if not proofs:
        return None
    fact, held = proofs[-1], proofs[-1].attributes

    def both(name: str) -> Decimal:
        return Decimal(held.get(f"{name}_yuan") or 0) + Decimal(held.get(f"social_security_{name}_yuan") or 0)

    return Proof(
        on=fact.happened_on, account=str(held.get("account", "")), balance_yuan=both("balance"),
        budget_yuan=both("budget"), reference=fact.reference, is_verified=fact.is_verified,
    )


def household_payments(participation: str, *, on: date, known: date | None) -> list[tuple[str, date, Decimal, str]]:
    """(reference, day, sum, deed) of every standing payment to the households of one part."""
    standing = _standing(PAYMENTS, [participation], known)
    sql = f"WITH {standing} SELECT deed_id, ordinal, happened_on, amount FROM standing"
    with connection.cursor() as cursor:
        cursor.execute(sql, _parameters([participation], on, known))
        return [(f"{deed}/{ordinal}", day, amount, deed) for deed, ordinal, day, amount in cursor.fetchall()]


def _standing(kinds: Sequence[str], participations: Sequence[str], known: date | None) -> str:
    """The facts of these kinds that count, as a common table; few parts are found by the index on subjects."""
    if len(participations) <= _FEW:
        within = "(" + " OR ".join(f"f.subject LIKE %(part{n})s" for n in range(len(participations))) + ")"
    else:
        within = f"left(f.subject, {_CODE_LENGTH}) = ANY(%(parts)s)"
    return _STANDING.format(
        length=_CODE_LENGTH, facts=Fact._meta.db_table, deeds=Deed._meta.db_table, kinds=_quoted(kinds),
        within=within, known="AND d.recorded_on <= %(known)s" if known else "",
        known_correction="AND cd.recorded_on <= %(known)s" if known else "",
    )


def _parameters(participations: Sequence[str], on: date, known: date | None) -> dict[str, Any]:
    few = {f"part{n}": f"{code}-%" for n, code in enumerate(participations)} if len(participations) <= _FEW else {}
    return {"on": on, "known": known, "parts": list(participations), **few}


def _quoted(kinds: Sequence[str]) -> str:
    """Kinds, which are constants of this module, as an SQL list that the partial index recognises."""
    return ", ".join(f"'{kind}'" for kind in kinds)
