"""Files as they arrive with a deed: looked into, refused together with everything else, then kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import File

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.evidence_content import inspect_content
from zhengtu.ledger.files import AttachedFile, keep_file
from zhengtu.ledger.rulebook import current_rulebook


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """A file as it arrives, not yet looked at; ``kind`` is a kind of evidence."""

    kind: str
    name: str
    file: File


def kept_files(files: Sequence[OfferedFile], reasons: list[Reason]) -> list[AttachedFile]:
    """Look into every file, refuse if anything speaks against the deed, then store them."""
    media_types = []
    for offered in files:
        media_type, unfit = inspect_content(
            offered.file, name=offered.name, size_bytes=offered.file.size,
            limit_bytes=settings.EVIDENCE_LIMIT_BYTES,
        )
        media_types.append(media_type)
        reasons += unfit
        if offered.kind not in current_rulebook().labels["evidence"]:
            reasons.append(Reason("casework.evidence_kind", N_("A file was sent in a role that is not known.")))
    if reasons:
        raise Refused(*reasons)
    return [
        keep_file(offered.file, kind=offered.kind, name=offered.name, media_type=media_type)
        for offered, media_type in zip(files, media_types, strict=True)
    ]
