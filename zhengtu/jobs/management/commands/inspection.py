"""``zhengtu inspection --replay FILE``: draw again what an inspection published, and say what agrees."""

from __future__ import annotations

from collections.abc import Sequence

from zhengtu.core.inspection.replay import checks, fingerprint, read_document
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.published import Check
from zhengtu.core.kernel.reasons import Reason
from zhengtu.jobs.replaying import ReplayCommand


class Command(ReplayCommand):
    """Reads the file that an inspection's page offers."""

    help = (
        "Draw an inspection's households and inspectors again from the seed and the list that it published, and print "
        "what agrees. Exit status 1 where something does not."
    )
    differs = Reason(
        code="inspection.draw_differs", message=N_("The published draw is not the one that its seed makes."),
    )

    def replayed(self, text: str) -> tuple[str, Sequence[Check]]:
        """The inspection with its day and fingerprint, and what its seed makes of the list."""
        document = read_document(text)
        first = f"{document.inspection}  {document.as_of_on.isoformat()}  SHA-256 {fingerprint(document)}"
        return first, checks(document)
