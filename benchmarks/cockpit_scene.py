"""The scene of the cockpit benchmark: a province-sized campaign written straight into a scratch database.

Every household goes through nine steps on an S-curve that starts with its section's announcement, and one of its
dates is corrected later: ten facts. Deeds gather a jurisdiction's facts of a day and carry valid hashes, so that
``zhengtu verify_ledger`` can be timed on the same scene.
"""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import orjson
from django.db import connection, transaction
from psycopg.types.json import set_json_loads

from zhengtu.core.ledger.chain import FIRST_PREVIOUS_HASH, ChainedDeed, ChainedFact, deed_hash, facts_digest
from zhengtu.ledger.rebuild import replace_projections
from zhengtu.ledger.rulebook import current_rulebook

FIRST_DAY = date(2023, 1, 1)
ANNOUNCED_WITHIN_DAYS = 540
JURISDICTIONS = ("220202", "220203", "220204", "220211", "220271", "220272")
FACTS_PER_HOUSEHOLD = 10

# Days after the announcement at which half of the households have taken the step, and how far they spread.
_STEPS = (
    ("registered", 0, 2), ("surveyed", 25, 8), ("valued", 55, 10), ("signed", 100, 22), ("paid", 118, 22),
    ("vacated", 140, 25), ("demolished", 165, 25), ("resettled", 640, 60),
)


def say(message: str, started: float) -> None:
    """One line with the seconds since the start."""
    print(f"{time.perf_counter() - started:7.1f} s  {message}", flush=True)


def build(*, households: int, sections: int, started: float) -> None:
    """Fill the empty database: registry, facts, deeds, then the projections by the product's own rebuilding."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.42)")
        _registry(cursor, households=households, sections=sections)
        say("registry", started)
        _facts(cursor)
        say("facts", started)
    _deeds()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE ledger_fact")
        cursor.execute("VACUUM ANALYZE ledger_deed")
    say("deeds with their hashes", started)
    begun = time.perf_counter()
    folded = replace_projections()
    say(f"projections rebuilt from {folded:,} facts in {time.perf_counter() - begun:.0f} s", started)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _registry(cursor: Any, *, households: int, sections: int) -> None:
    units = ", ".join(
        f"('{code}', '{'city' if code == '220200' else 'district'}', '{code}', '{code}', '{code}')"
        for code in ("220200", *JURISDICTIONS)
    )
    cursor.execute(f"INSERT INTO accounts_unit (code, kind, name, short_name, name_en) VALUES {units}")
    cursor.execute(
        "INSERT INTO registry_campaign (code, name, name_en, start_on, end_on, is_demonstration)"
        " VALUES ('220200-C001', 'Benchmark', 'Benchmark', '2023-01-01', '2026-12-31', true)"
    )
    projects = max(1, sections // 10)
    cursor.execute(
        "INSERT INTO registry_project (code, campaign_id, name, name_en, kind, regime, client_id, sponsor_title,"
        " is_fictitious)"
        " SELECT '220200-P' || lpad(n::text, 4, '0'), '220200-C001', 'P' || n, 'P' || n, 'railway', 'STATE_LAND',"
        " '220200', '', true FROM generate_series(1, %s) n", [projects],
    )
    cursor.execute(
        "INSERT INTO registry_deadline (campaign_id, project_id, goal, due_on, name, name_en, source)"
        " SELECT '220200-C001', code, 'handed_over', DATE '2024-03-15' + (right(code, 1)::int / 3) * 90,"
        " 'D', 'D', '' FROM registry_project"
    )
    cursor.execute(
        """
        INSERT INTO registry_section (code, project_id, jurisdiction_id, name, name_en, "order")
        SELECT j || '-P' || lpad(p::text, 4, '0') || '-S' || lpad(s::text, 2, '0'),
               '220200-P' || lpad(p::text, 4, '0'), j, 'S' || s, 'S' || s, s
        FROM (SELECT n, 1 + (n - 1) / 10 AS p, 1 + (n - 1) %% 10 AS s,
                     (%s::text[])[1 + ((n - 1) / 10) %% 6] AS j FROM generate_series(1, %s) n) x
        """, [list(JURISDICTIONS), sections],
    )
    cursor.execute(
        """
        CREATE TEMP TABLE scene_section ON COMMIT DROP AS
        SELECT code, row_number() OVER (ORDER BY code) AS place, %s::date + (random() * %s)::int AS announced_on
        FROM registry_section
        """, [FIRST_DAY, ANNOUNCED_WITHIN_DAYS],
    )
    cursor.execute(
        """
        INSERT INTO registry_household (code, section_id, room, personal_sealed, name_masked, name_index,
            identity_masked, identity_index, address, use)
        SELECT s.code || '-H' || lpad(((n - 1) / %s + 1)::text, 5, '0'), s.code, '', ''::bytea, '*', '', '', '', '',
               'dwelling'
        FROM generate_series(1, %s) n JOIN scene_section s ON s.place = 1 + (n - 1) %% %s
        """, [sections, households, sections],
    )


def _facts(cursor: Any) -> None:
    """Logistic delays make the S-curves; lawful order is kept by never stepping before the step before."""
    columns = []
    for kind, middle, spread in _STEPS:
        # The logit of a uniform number is logistic; clipped so that no step lies years away.
        delay = f"({middle} + {spread} * least(6, greatest(-6, ln(r_{kind} / (1 - r_{kind})))))::int"
        columns.append(f"h.announced_on + greatest(0, {delay}) AS {kind}_raw")
    randoms = ", ".join(f"0.0005 + random() * 0.999 AS r_{kind}" for kind, _, _ in _STEPS)
    cursor.execute(
        f"""
        CREATE TEMP TABLE scene_household ON COMMIT DROP AS
        SELECT h.code, h.announced_on, {", ".join(columns)}
        FROM (SELECT hh.code, s.announced_on, {randoms}
              FROM registry_household hh JOIN scene_section s ON s.code = hh.section_id) h
        """
    )
    steps = [kind for kind, _, _ in _STEPS]
    dates = ", ".join(
        f"greatest({', '.join(f'{earlier}_raw' for earlier in steps[: place + 1])}) AS {kind}_on"
        for place, kind in enumerate(steps)
    )
    rows = " UNION ALL ".join(
        f"SELECT code, '{kind}' AS kind, {kind}_on AS happened_on, {kind}_on + (random() * 3)::int AS recorded_on,"
        " '{}'::jsonb AS attributes, false AS is_correction FROM d"
        for kind in steps
    )
    cursor.execute(
        f"""
        CREATE TEMP TABLE scene_fact ON COMMIT DROP AS
        WITH d AS MATERIALIZED (SELECT code, {dates} FROM scene_household)
        {rows}
        UNION ALL SELECT code, 'resettlement_promised', signed_on, signed_on + (random() * 3)::int,
            jsonb_build_object('promised_on', (signed_on + 365)::text), false FROM d
        UNION ALL SELECT code, 'valued', valued_on - 1, signed_on + 30, '{{}}'::jsonb, true FROM d
        """
    )
    _insert_facts(cursor)


def _insert_facts(cursor: Any) -> None:
    """One deed gathers a jurisdiction's facts of a day of recording."""
    cursor.execute(
        """
        CREATE TEMP TABLE scene_row ON COMMIT DROP AS
        SELECT division || '-D' || lpad(number::text, 9, '0') AS deed,
               (row_number() OVER (PARTITION BY division, number ORDER BY code, kind))::int AS ordinal,
               code, kind, happened_on, recorded_on, attributes, is_correction
        FROM (SELECT *, left(code, 6) AS division,
                     dense_rank() OVER (PARTITION BY left(code, 6) ORDER BY recorded_on) AS number FROM scene_fact) x
        """
    )
    cursor.execute("CREATE TABLE IF NOT EXISTS scene_deed (deed text, recorded_on date)")
    cursor.execute("INSERT INTO scene_deed SELECT DISTINCT deed, recorded_on FROM scene_row")
    cursor.execute(
        """
        INSERT INTO ledger_fact (deed_id, ordinal, subject_kind, subject, kind, happened_on, attributes, supersedes,
            is_verified)
        SELECT r.deed, r.ordinal, 'household', r.code, r.kind, r.happened_on, r.attributes,
               coalesce(o.deed || '/' || o.ordinal, ''), true
        FROM scene_row r
        LEFT JOIN scene_row o ON r.is_correction AND o.code = r.code AND o.kind = r.kind AND NOT o.is_correction
        ORDER BY r.deed, r.ordinal
        """
    )
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    # The deeds follow in this transaction's successor; until then their rows stand without hashes.
    cursor.execute(
        """
        INSERT INTO ledger_deed (id, chain, number, verb, actor, posting, subject, recorded_at, recorded_on, reasons,
            rulebook, facts_count, facts_digest, previous_hash, hash)
        SELECT s.deed, left(s.deed, 6), right(s.deed, 9)::bigint, 'fact.record', 'benchmark', '', left(s.deed, 6),
               s.recorded_on + time '16:00' AT TIME ZONE 'Asia/Shanghai', s.recorded_on, '[]', %s, 0, '', '', ''
        FROM scene_deed s
        """, [current_rulebook().fingerprint],
    )


def _deeds() -> None:
    """Give every deed its digest and hashes, chain by chain."""
    heads = []
    updates = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id, recorded_at FROM ledger_deed ORDER BY id")
        deeds = cursor.fetchall()
        previous, chain = FIRST_PREVIOUS_HASH, ""
        with connection.connection.cursor() as plain:
            set_json_loads(orjson.loads, plain)
            for id, recorded_at in deeds:
                if id[:6] != chain:
                    previous, chain = FIRST_PREVIOUS_HASH, id[:6]
                plain.execute(
                    "SELECT ordinal, subject_kind, subject, kind, happened_on, attributes, supersedes, is_verified"
                    " FROM ledger_fact WHERE deed_id = %s ORDER BY ordinal", [id],
                )
                facts = plain.fetchall()
                digest = facts_digest(ChainedFact(*fact) for fact in facts)
                new = deed_hash(ChainedDeed(
                    chain=chain, number=int(id[-9:]), verb="fact.record", actor="benchmark", posting="", subject=chain,
                    recorded_at=recorded_at, reasons=[], rulebook=current_rulebook().fingerprint,
                    facts_count=len(facts), facts_digest=digest, evidence=[], previous_hash=previous,
                ))
                updates.append((id, len(facts), digest, previous, new))
                heads = [head for head in heads if head[0] != chain] + [(chain, int(id[-9:]), new)]
                previous = new
        cursor.execute("SET LOCAL session_replication_role = replica")
        columns = "id text, n int, digest text, previous text, hash text"
        cursor.execute(f"CREATE TEMP TABLE hashed ({columns}) ON COMMIT DROP")
        with cursor.copy("COPY hashed FROM STDIN") as copy:
            for row in updates:
                copy.write_row(row)
        cursor.execute(
            "UPDATE ledger_deed d SET facts_count = h.n, facts_digest = h.digest, previous_hash = h.previous,"
            " hash = h.hash FROM hashed h WHERE h.id = d.id"
        )
        cursor.executemany("INSERT INTO ledger_chainhead (chain, number, hash) VALUES (%s, %s, %s)", heads)
        cursor.execute("DROP TABLE scene_deed")
