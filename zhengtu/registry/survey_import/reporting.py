"""The check report: counts, and every finding with row, field, reason and remedy, as it is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from zhengtu.core.survey_sheets.fields import FIELD_OF
from zhengtu.core.survey_sheets.problems import SheetProblem, reason_of
from zhengtu.ledger.writes import reason_as_json

MOST_LISTED = 2_000


def problem_rows(
    problems: Sequence[SheetProblem], *, file: str, sheet: str, headings: Sequence[str], mapping: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Findings as the report stores them: refusals first, then warnings, each in row order."""
    ordered = sorted(problems, key=lambda problem: (not problem.is_refusal, problem.row))[:MOST_LISTED]
    places = {heading: index for index, heading in enumerate(headings)}
    listed = []
    for problem in ordered:
        heading = mapping.get(problem.field, "")
        column = places.get(heading)
        listed.append(
            {
                **reason_as_json(reason_of(problem)),
                "file": file, "sheet": sheet, "row": problem.row, "field": problem.field,
                "label": FIELD_OF[problem.field].label if problem.field in FIELD_OF else problem.field,
                "heading": heading,
                "cell": f"{column_letters(column)}{problem.row}" if column is not None and problem.row else "",
                "is_refusal": problem.is_refusal,
            }
        )
    return listed


def problem_totals(problems: Sequence[SheetProblem]) -> list[dict[str, Any]]:
    """How often each finding occurs, with its text and one example's parameters, refusals first."""
    counts = Counter((problem.is_refusal, reason_of(problem).code) for problem in problems)
    examples = {(problem.is_refusal, reason_of(problem).code): problem for problem in reversed(problems)}
    ordered = sorted(counts.items(), key=lambda item: (not item[0][0], -item[1]))
    return [
        {**reason_as_json(reason_of(examples[key])), "count": count, "is_refusal": key[0]} for key, count in ordered
    ]


def column_letters(index: int) -> str:
    """The letters of a column counted from 0: A, B … Z, AA …"""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
