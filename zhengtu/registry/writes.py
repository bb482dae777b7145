"""Row changes of the registry; only ``actions`` calls them, those of the registry proper inside an open deed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any

from django.db import connection

from zhengtu.accounts.models import Person
from zhengtu.ledger.bulk_rows import copy_rows
from zhengtu.ledger.bulk_text import copying_beside
from zhengtu.registry.founding_writes import HOUSEHOLD_FIELDS
from zhengtu.registry.models import (
    Building,
    ColumnMapping,
    Geometry,
    Household,
    ImportStage,
    Owner,
    Parcel,
    Section,
    SurveyImport,
)


def inserting_households(columns: Sequence[Sequence[str]]) -> AbstractContextManager[None]:
    """Insert households (columns of COPY texts in the order of ``HOUSEHOLD_FIELDS``) while the caller computes.

    The caller must not use the database inside the block.
    """
    return copying_beside(Household, fields=HOUSEHOLD_FIELDS, columns=columns)


def update_households(rows: Iterable[Sequence[Any]]) -> None:
    """Replace households by rows in the order of ``HOUSEHOLD_FIELDS``."""
    table, names = Household._meta.db_table, ", ".join(HOUSEHOLD_FIELDS)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE changed_household ON COMMIT DROP AS SELECT {names} FROM {table} LIMIT 0")
        with cursor.copy(f"COPY changed_household ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        sets = ", ".join(f"{name} = c.{name}" for name in HOUSEHOLD_FIELDS if name not in ("code", "section_id"))
        cursor.execute(f"UPDATE {table} h SET {sets} FROM changed_household c WHERE h.code = c.code")
        cursor.execute("DROP TABLE changed_household")


def insert_mapped(model: type[Parcel] | type[Building] | type[Section], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert parcels, buildings or sections; every row has the same columns."""
    if rows:
        fields = list(rows[0])
        copy_rows(model, fields=[f'"{name}"' for name in fields], rows=([row[name] for name in fields] for row in rows))


def update_mapped(model: type[Geometry], rows: Sequence[Mapping[str, Any]]) -> None:
    """Change columns of registered parcels, buildings or sections, each row found by its code."""
    with connection.cursor() as cursor:
        for row in rows:
            names = [name for name in row if name != "code"]
            sets = ", ".join(f'"{name}" = %s' for name in names)
            cursor.execute(
                f"UPDATE {model._meta.db_table} SET {sets} WHERE code = %s",
                [*(row[name] for name in names), row["code"]],
            )


def keep_mapping(*, unit: str, header_digest: str, columns: Mapping[str, str], person: str, at: datetime) -> None:
    """Remember how a unit's sheet maps to the registry."""
    ColumnMapping.objects.update_or_create(
        unit_id=unit,
        header_digest=header_digest,
        defaults={"columns": dict(columns), "confirmed_by_id": person, "confirmed_at": at},
    )


def insert_import(
    *,
    project: str,
    unit: str,
    person: Person | str,
    at: datetime,
    file_name: str,
    sha256: str,
    size_bytes: int,
    options: Mapping[str, Any],
) -> SurveyImport:
    """Note an upload."""
    return SurveyImport.objects.create(
        project_id=project,
        unit_id=unit,
        uploaded_by_id=getattr(person, "code", person),
        uploaded_at=at,
        file_name=file_name,
        sha256=sha256,
        size_bytes=size_bytes,
        options=dict(options),
    )


def set_import(import_id: int, **values: Any) -> None:
    """Change what is noted of an upload."""
    SurveyImport.objects.filter(pk=import_id).update(**values)


def request_cancel(import_id: int) -> None:
    """Ask whoever works on an upload to stop."""
    SurveyImport.objects.filter(pk=import_id).update(cancel_requested=True)


def claim_stage(import_id: int, *, since: Sequence[ImportStage], to: ImportStage) -> bool:
    """Move an upload on if it stands at one of the stages; false when somebody else did."""
    return bool(SurveyImport.objects.filter(pk=import_id, stage__in=since).update(stage=to))


class Sideline:
    """A second connection beside the import's transaction: progress out, cancelling in, and the mark of life.

    The advisory lock that it holds ends with the process, however that ends; so an import that says it is
    running while nobody holds its lock was interrupted.
    """

    def __init__(self, import_id: int) -> None:
        self._import_id = import_id
        self._connection = connection.copy()
        self.is_held = bool(self._one("SELECT pg_try_advisory_lock(%s, %s)", LOCK_CLASS, import_id))

    def tell(self, share: float) -> bool:
        """Publish the share done; true when somebody asked to cancel."""
        return bool(
            self._one(
                f"UPDATE {SurveyImport._meta.db_table} SET progress = %s WHERE id = %s RETURNING cancel_requested",
                share,
                self._import_id,
            )
        )

    def close(self) -> None:
        """End the connection, and with it the lock."""
        self._connection.close()

    def _one(self, statement: str, *parameters: object) -> Any:
        with self._connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            row = cursor.fetchone()
        return row[0] if row else None


LOCK_CLASS = 0x5A54  # the first half of the advisory locks of imports; the second is the import's number


@contextmanager
def sideline(import_id: int) -> Iterator[Sideline]:
    """The second connection as long as the work lasts."""
    beside = Sideline(import_id)
    try:
        yield beside
    finally:
        beside.close()


def put_owners(household: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Let a household have exactly these owners, each row with its ordinal and the columns of ``Owner``."""
    for row in rows:
        values = {name: value for name, value in row.items() if name != "ordinal"}
        Owner.objects.update_or_create(household_id=household, ordinal=row["ordinal"], defaults=values)
    Owner.objects.filter(household_id=household).exclude(ordinal__in=[row["ordinal"] for row in rows]).delete()
