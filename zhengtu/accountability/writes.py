"""Row changes of cases."""

from __future__ import annotations

from zhengtu.accountability.models import Case


def insert_case(case: Case) -> None:
    """Keep a newly opened case."""
    case.save(force_insert=True)
