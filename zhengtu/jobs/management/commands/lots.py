"""``zhengtu lots --replay FILE``: draw lots again as they were published, and say what agrees."""

from __future__ import annotations

from collections.abc import Sequence

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.published import Check
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.resettlement.lot_replay import checks, fingerprint, read_document
from zhengtu.jobs.replaying import ReplayCommand


class Command(ReplayCommand):
    """Reads the file that a drawing's page offers."""

    help = (
        "Draw lots for homes again from the seed and the list that were published, and print what agrees. "
        "Exit status 1 where something does not."
    )
    published = "the published drawing, JSON"
    differs = Reason(
        code="resettlement.lots_differ", message=N_("The published drawing is not the one that its seed makes."),
    )

    def replayed(self, text: str) -> tuple[str, Sequence[Check]]:
        """The drawing with its day and fingerprint, and what its seed makes of the list."""
        document = read_document(text)
        first = f"{document.draw}  {document.drawn_on.isoformat()}  SHA-256 {fingerprint(document)}"
        return first, checks(document)
