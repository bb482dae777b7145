"""Codes of sub-items and occurrences, and the numbers by which people call directives."""

from __future__ import annotations

from datetime import date

from zhengtu.core.directives.rules import DirectiveRules


def directive_code(*, city: str, number: int) -> str:
    """``220200-D0001``."""
    return f"{city}-D{number:04d}"


def sub_item_code(parent: str, *, number: int) -> str:
    """``220200-D0001-02``."""
    return f"{parent}-{number:02d}"


def occurrence_code(head: str, *, on: date) -> str:
    """``220200-D0001-20250207``: the day that the rule names, whatever rest day it falls on."""
    return f"{head}-{on:%Y%m%d}"


def head_of(code: str) -> tuple[str, date | None]:
    """The directive of an occurrence and the day that its rule names; any other code with None."""
    head, _, tail = code.rpartition("-")
    if len(tail) == 8 and tail.isdecimal():
        try:
            return head, date(int(tail[:4]), int(tail[4:6]), int(tail[6:]))
        except ValueError:
            return code, None
    return code, None


def directive_number(rules: DirectiveRules, *, year: int, number: int) -> str:
    """As the rulebook forms it, e.g. with the full year in six-corner brackets."""
    return rules.number.format(year=year, number=number)


def sub_item_number(rules: DirectiveRules, *, parent: str, number: int) -> str:
    """The number of the whole with the part's."""
    return rules.sub_item_number.format(parent=parent, number=number)


def occurrence_number(rules: DirectiveRules, *, head: str, on: date) -> str:
    """The number of the directive with the day."""
    return rules.occurrence_number.format(parent=head, year=on.year, month=on.month, day=on.day)
