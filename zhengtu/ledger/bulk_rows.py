"""Many rows at once, by COPY."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def copy_rows(model: type[models.Model], *, fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows by COPY and return how many; ``fields`` are column names in the order of each row.

    Raises:
        django.db.IntegrityError: when a row breaks a constraint; nothing is then inserted.
    """
    count = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({', '.join(fields)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
            count += 1
    return count
