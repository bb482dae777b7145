"""A finding: one sentence with the rows behind it, and a key under which the next run finds it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256

from zhengtu.core.kernel.codes import kind_of, project_of
from zhengtu.core.kernel.reasons import Reason

Figures = tuple[tuple[str, str], ...]
"""(what, value): English msgids with amounts in yuan or m², ISO dates, or ``group:id`` of a rulebook label."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A measure of a detector, as the rulebook fixes it."""

    id: str
    label: tuple[str, str]
    unit: str
    values: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class DetectorRule:
    """What one detector looks for, from which measures on, and where the idea comes from."""

    id: str
    label: tuple[str, str]
    thresholds: Mapping[str, Threshold]
    source: str
    confidence: str
    since: date

    def number(self, name: str) -> Decimal:
        """The one value of a threshold."""
        (value,) = self.thresholds[name].values
        return value

    def numbers(self, name: str) -> tuple[Decimal, ...]:
        """All values of a threshold."""
        return self.thresholds[name].values


Rules = Mapping[str, DetectorRule]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One row behind a finding.

    Attributes:
        subject: code of the household, building or project that it is about.
        fact: ``deed/ordinal`` of the fact that shows it, or empty.
        figures: what it shows.
    """

    subject: str
    fact: str = ""
    figures: Figures = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that one ruler does not explain.

    Attributes:
        key: the same for the same matter on every run.
        people: codes of persons whose acts it is about; none of them may close it.
    """

    detector: str
    key: str
    sentence: Reason
    rows: tuple[FindingRow, ...]
    people: tuple[str, ...] = field(default=())

    @property
    def subjects(self) -> tuple[str, ...]:
        """Codes that the rows are about, once each, in order."""
        return tuple(sorted({row.subject for row in self.rows}))

    @property
    def projects(self) -> tuple[str, ...]:
        """Projects that the rows are about."""
        return tuple(sorted({project_of(code) for code in self.subjects if kind_of(code) != "unit"}))


def key_of(detector: str, *anchors: str) -> str:
    """The key of a matter: the detector and a digest of what stays the same as long as the matter does.

    The order of the anchors never matters; what they were cannot be read from it.
    """
    digest = sha256("\0".join(sorted(anchors)).encode()).hexdigest()[:24]
    return f"{detector}-{digest}"


def sorted_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by key, so that the order of the rows read never shows."""
    return sorted(findings, key=lambda finding: finding.key)
