"""Whatever is forced on the ledger with its triggers off, verification finds and names."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from tests.factories import build_campaign, record
from zhengtu.ledger.files import evidence_path, evidence_storage, keep_file
from zhengtu.ledger.models import Deed, Evidence
from zhengtu.ledger.verification import Head, verify

pytestmark = pytest.mark.django_db

H1 = "220204-P0001-S01-H00001"
CHAIN = "220204"


@pytest.fixture
def ledger() -> list[str]:
    """Four deeds on the chain of 220204 (three of them on one household) and one on that of 220202."""
    build_campaign()
    deeds = ["220204-D000000001"]
    deeds.append(record(H1, "surveyed", date(2025, 1, 10)))
    deeds.append(record(H1, "valued", date(2025, 1, 20)))
    deeds.append(record(H1, "signed", date(2025, 2, 3)))
    return deeds


def forced(*statements: str) -> None:
    """What a superuser can do to the rows, past the triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def breaks() -> list[tuple[str, str]]:
    return [(broken.where, broken.what) for broken in verify().breaks]


def test_an_untouched_ledger_is_whole(ledger: list[str]) -> None:
    found = verify()
    assert found.breaks == []
    assert (found.chains, found.deeds, found.facts, found.files) == (2, 5, 9, 5)
    assert found.heads[CHAIN] == Head(4, Deed.objects.filter(chain=CHAIN).latest("number").hash)


@pytest.mark.parametrize(
    ("statement", "where", "what"),
    [
        ("UPDATE ledger_fact SET happened_on = '2025-01-11' WHERE kind = 'surveyed'", 1,
         "one of its facts was changed"),
        ("UPDATE ledger_fact SET attributes = '{\"note\": \"x\"}' WHERE kind = 'surveyed'", 1,
         "one of its facts was changed"),
        ("UPDATE ledger_fact SET is_verified = false WHERE kind = 'surveyed'", 1, "one of its facts was changed"),
        ("UPDATE ledger_deed SET actor = 'somebody' WHERE id = '{1}'", 1,
         "the deed or its list of evidence was changed"),
        ("UPDATE ledger_deed SET recorded_at = recorded_at - interval '1 hour' WHERE id = '{1}'", 1,
         "the deed or its list of evidence was changed"),
        ("UPDATE ledger_deed SET recorded_on = '2025-01-01' WHERE id = '{1}'", 1,
         "the day of recording does not fit the instant of recording"),
        ("UPDATE ledger_deed SET reasons = '[{{\"code\": \"x\"}}]' WHERE id = '{1}'", 1,
         "the deed or its list of evidence was changed"),
        ("DELETE FROM ledger_evidence WHERE deed_id = '{1}'", 1, "the deed or its list of evidence was changed"),
        ("UPDATE ledger_evidence SET name = 'other.pdf' WHERE deed_id = '{1}'", 1,
         "the deed or its list of evidence was changed"),
        ("UPDATE ledger_evidence SET kind = 'photo' WHERE deed_id = '{1}'", 1,
         "the deed or its list of evidence was changed"),
        ("UPDATE ledger_deed SET previous_hash = repeat('0', 64) WHERE id = '{1}'", 1,
         "it does not follow the deed before it"),
    ],
)
def test_a_changed_row_is_named(ledger: list[str], statement: str, where: int, what: str) -> None:
    for place, deed in enumerate(ledger):
        statement = statement.replace(f"{{{place}}}", deed)
    forced(statement.replace("{{", "{").replace("}}", "}"))
    assert breaks() == [(ledger[where], what)]


def test_a_deleted_fact_is_named(ledger: list[str]) -> None:
    forced(f"DELETE FROM ledger_fact WHERE deed_id = '{ledger[0]}' AND ordinal = 2")
    assert breaks() == [(f"{ledger[0]}/2", "1 of its 3 facts are missing")]


def test_the_last_fact_of_a_deed_deleted_is_named(ledger: list[str]) -> None:
    forced(f"DELETE FROM ledger_fact WHERE deed_id = '{ledger[0]}' AND ordinal = 3")
    assert breaks() == [(f"{ledger[0]}/3", "1 of its 3 facts are missing")]


def test_a_fact_added_to_an_old_deed_is_named(ledger: list[str]) -> None:
    forced(
        "INSERT INTO ledger_fact (deed_id, ordinal, subject_kind, subject, kind, happened_on, attributes, supersedes,"
        f" is_verified) VALUES ('{ledger[1]}', 2, 'household', '{H1}', 'vacated', '2025-01-12', '{{}}', '', true)"
    )
    assert breaks() == [(f"{ledger[1]}/2", "1 facts were added to its 1")]


def test_a_fact_of_no_deed_is_named(ledger: list[str]) -> None:
    forced(
        "INSERT INTO ledger_fact (deed_id, ordinal, subject_kind, subject, kind, happened_on, attributes, supersedes,"
        f" is_verified) VALUES ('220211-D000000001', 1, 'household', '{H1}', 'vacated', '2025-01-12', '{{}}', '', true)"
    )
    assert breaks() == [("220211-D000000001/1", "the fact belongs to no recorded deed")]


def remove(*deeds: str) -> None:
    listed = ", ".join(f"'{deed}'" for deed in deeds)
    forced(
        f"DELETE FROM ledger_fact WHERE deed_id IN ({listed})",
        f"DELETE FROM ledger_evidence WHERE deed_id IN ({listed})",
        f"DELETE FROM ledger_deed WHERE id IN ({listed})",
    )


def test_a_deed_removed_from_the_middle_is_named(ledger: list[str]) -> None:
    remove(ledger[1])
    after = Deed.objects.filter(chain=CHAIN, number__gt=2).earliest("number").id
    assert breaks() == [(ledger[1], f"the deed is missing; the next one recorded is {after}")]


def test_a_deed_removed_at_the_end_is_named(ledger: list[str]) -> None:
    last = Deed.objects.filter(chain=CHAIN).latest("number")
    remove(last.id)
    assert breaks() == [(last.id, f"the chain ends at deed {last.number - 1}, but its head says {last.number}")]


def test_a_tail_cut_together_with_its_head_is_found_by_an_earlier_head(ledger: list[str]) -> None:
    kept = verify().heads
    last = Deed.objects.filter(chain=CHAIN).latest("number")
    remove(last.id)
    forced(
        f"UPDATE ledger_chainhead SET number = {last.number - 1}, hash = '{last.previous_hash}' WHERE chain = '{CHAIN}'"
    )
    assert verify().breaks == []
    broken = verify(earlier=kept).breaks
    assert [(one.where, one.what) for one in broken] == [
        (last.id, f"the chain was cut: it ended at deed {last.number} when its head was kept, now at {last.number - 1}")
    ]


def test_a_whole_chain_removed_is_found_by_an_earlier_head(ledger: list[str]) -> None:
    kept = verify().heads
    remove(*Deed.objects.filter(chain="220202").values_list("id", flat=True))
    forced("DELETE FROM ledger_chainhead WHERE chain = '220202'")
    assert [one.where for one in verify(earlier=kept).breaks] == ["220202-D000000001"]


def test_later_deeds_do_not_contradict_an_earlier_head(ledger: list[str]) -> None:
    kept = verify().heads
    record("220204-P0001-S01-H00002", "surveyed", date(2025, 2, 10))
    assert verify(earlier=kept).breaks == []


def test_a_missing_and_a_changed_evidence_file_are_named(ledger: list[str]) -> None:
    storage = evidence_storage()
    of_survey = Evidence.objects.get(deed=ledger[1]).file_id
    of_other_chain = Evidence.objects.get(deed="220202-D000000001").file_id
    Path(storage.path(evidence_path(of_survey))).write_bytes(b"another form")
    storage.delete(evidence_path(of_other_chain))
    assert sorted(breaks()) == [
        (f"220202-D000000001 {of_other_chain}", "the evidence file is gone"),
        (f"{ledger[1]} {of_survey}", "the evidence file was changed"),
    ]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_ledger", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_command_says_whole_and_keeps_heads(ledger: list[str], tmp_path: Path) -> None:
    heads = tmp_path / "heads.json"
    assert "The ledger is whole." in run("--heads", str(heads))
    assert json.loads(heads.read_text())["heads"][CHAIN]["number"] == verify().heads[CHAIN].number
    assert "The ledger is whole." in run("--against", str(heads))


def test_the_command_fails_on_a_break_and_keeps_no_heads(ledger: list[str], tmp_path: Path) -> None:
    forced("UPDATE ledger_fact SET happened_on = '2025-01-11' WHERE kind = 'surveyed'")
    heads = tmp_path / "heads.json"
    with pytest.raises(CommandError, match="not whole"):
        run("--heads", str(heads))
    assert not heads.exists()


def test_a_file_that_holds_no_heads_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text("[]")
    with pytest.raises(CommandError, match="heads"):
        run("--against", str(other))


def test_a_file_cut_off_while_it_was_stored_is_stored_whole_the_next_time() -> None:
    whole = b"two pages, signed and sealed"
    kept = keep_file(ContentFile(whole), kind="other", name="note.txt", media_type="text/plain")
    path = Path(evidence_storage().path(evidence_path(kept.sha256)))
    path.write_bytes(whole[:9])
    keep_file(ContentFile(whole), kind="other", name="note.txt", media_type="text/plain")
    assert path.read_bytes() == whole
