"""Whether a released bulletin's figures still follow from the ledger: made again from its two dates and compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhengtu.core.bulletins.figures import differences, fingerprint
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.plain_values import plain
from zhengtu.ledger.files import evidence_is_intact
from zhengtu.ledger.queries import facts_of
from zhengtu.publication.models import Bulletin
from zhengtu.publication.queries import kind_of_bulletin
from zhengtu.publication.week_figures import (
    compute_plans,
    ledger_figures,
    period_of_bulletin,
    released_figures,
)


@dataclass(frozen=True, slots=True)
class BulletinCheck:
    """What a check of a released bulletin found.

    Attributes:
        stored_sha256: fingerprint of the kept figures. made_sha256: of those that follow from the ledger now.
        recorded_sha256: what the ledger's fact of the release says.
        differences: paths of figures that differ, with both values.
        broken_files: endings of files that are gone or no longer have their SHA-256.
    """

    stored_sha256: str
    made_sha256: str
    recorded_sha256: str
    differences: list[str]
    broken_files: list[str]

    @property
    def is_equal(self) -> bool:
        """Whether everything agrees to the byte."""
        return self.stored_sha256 == self.made_sha256 == self.recorded_sha256 and not self.broken_files


def check_bulletin(bulletin: Bulletin, *, now: datetime) -> BulletinCheck:
    """Make the figures of a released bulletin again, plans included, and compare them with the kept ones."""
    city, period = city_of(bulletin.code), period_of_bulletin(bulletin)
    compute_plans(city, period, now=now)
    kept = released_figures(bulletin).figures
    made = ledger_figures(city, kind=bulletin.kind, period=period).figures
    released = kind_of_bulletin(bulletin).facts["released"]
    recorded = [fact for fact in facts_of(bulletin.code) if fact.kind == released]
    files = {"docx": bulletin.word_id, "pdf": bulletin.pdf_id, "xlsx": bulletin.annex_id}
    return BulletinCheck(
        stored_sha256=fingerprint(kept), made_sha256=fingerprint(made),
        recorded_sha256=str(recorded[-1].attributes["figures_sha256"]) if recorded else "",
        differences=differences(plain(kept), plain(made)),
        broken_files=[ending for ending, digest in files.items() if not evidence_is_intact(digest or "")],
    )
