"""Reasons: why something is refused or holds, as data that any front can put into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence with its source.

    Attributes:
        code: stable id of the rule, dotted, e.g. ``ledger.after_today``.
        message: English template with ``%(name)s`` places; the msgid of its translation.
        parameters: values for the places (text, numbers, ISO dates); a ``label:``-prefixed
            value is itself translated before it is put in.
        source: statute and article, or empty.
        remedy: English template that says what to do next, or empty.
    """

    code: str
    message: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    source: str = ""
    remedy: str = ""

    def in_english(self) -> str:
        """The sentence in English, for logs and the terminal."""
        text = self.message % self.parameters
        return f"{text} {self.remedy % self.parameters}".strip()


class Refused(Exception):
    """What was asked is not done, for the listed reasons.

    Attributes:
        reasons: at least one Reason.
    """

    def __init__(self, *reasons: Reason) -> None:
        if not reasons:
            raise ValueError("a refusal needs a reason")
        self.reasons: Sequence[Reason] = reasons
        super().__init__("; ".join(reason.in_english() for reason in reasons))
