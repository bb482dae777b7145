"""Row changes of bulletins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zhengtu.core.bulletins.figures import NamedFigures, fingerprint
from zhengtu.core.kernel.plain_values import plain
from zhengtu.publication.models import Bulletin, BulletinStage


def insert_bulletin(bulletin: Bulletin) -> None:
    """Keep a new draft."""
    bulletin.save(force_insert=True)


def locked_bulletin(code: str) -> Bulletin:
    """The bulletin, row-locked until the transaction ends."""
    return Bulletin.objects.select_for_update().get(pk=code)


def put_remarks(
    bulletin: Bulletin, *, remarks: Mapping[str, Sequence[str]], addressees: Sequence[str], person: str
) -> None:
    """Keep what people wrote, and whom it goes to."""
    bulletin.remarks = {part: list(paragraphs) for part, paragraphs in remarks.items()}
    bulletin.addressees = list(addressees)
    _written(bulletin, person)
    bulletin.save(update_fields=["remarks", "addressees", "written_by"])


def submit(bulletin: Bulletin, *, person: str, at: datetime) -> None:
    """Hand a draft to whoever releases it."""
    bulletin.stage, bulletin.submitted_at, bulletin.return_reason = BulletinStage.SUBMITTED, at, ""
    _written(bulletin, person)
    bulletin.save(update_fields=["stage", "submitted_at", "return_reason", "written_by"])


def send_back(bulletin: Bulletin, *, reason: str) -> None:
    """Return it to whoever drafted it."""
    bulletin.stage, bulletin.return_reason = BulletinStage.RETURNED, reason
    bulletin.save(update_fields=["stage", "return_reason"])


def release(
    bulletin: Bulletin, *, named: NamedFigures, number: str, files: Mapping[str, str], person: str, at: datetime,
    deed: str,
) -> None:
    """Keep the released copy: figures, names, number and files; nothing of it is changed again.

    Args:
        files: ``word``, ``pdf`` and ``annex`` -> SHA-256.
    """
    held: Any = plain(named)
    bulletin.figures, bulletin.names = held["figures"], held["names"]
    bulletin.figures_sha256, bulletin.number = fingerprint(named.figures), number
    bulletin.word_id, bulletin.pdf_id, bulletin.annex_id = files["word"], files["pdf"], files["annex"]
    bulletin.stage, bulletin.released_by_id, bulletin.released_at = BulletinStage.RELEASED, person, at
    bulletin.deed = deed
    bulletin.save(
        update_fields=[
            "figures", "names", "figures_sha256", "number", "word", "pdf", "annex", "stage", "released_by",
            "released_at", "deed",
        ]
    )


def withdraw(bulletin: Bulletin, *, reason: str) -> None:
    """Mark it withdrawn; what was released stays as it was."""
    bulletin.stage, bulletin.withdrawal_reason = BulletinStage.WITHDRAWN, reason
    bulletin.save(update_fields=["stage", "withdrawal_reason"])


def _written(bulletin: Bulletin, person: str) -> None:
    if person not in bulletin.written_by:
        bulletin.written_by = [*bulletin.written_by, person]
