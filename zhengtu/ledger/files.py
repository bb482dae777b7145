"""Evidence files, kept under their SHA-256."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, storages

_CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A stored file in the role of evidence."""

    kind: str
    sha256: str
    size_bytes: int
    media_type: str
    name: str


def evidence_storage() -> Storage:
    """Where evidence lies."""
    return storages["evidence"]


def evidence_path(digest: str) -> str:
    """The place of a file inside the evidence storage."""
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def sha256_of(chunks: Iterable[bytes]) -> str:
    """SHA-256 of a file read in chunks."""
    digest = sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def keep_file(file: File, *, kind: str, name: str, media_type: str) -> AttachedFile:
    """Store a file under its SHA-256 (once, however often it comes) for use as evidence.

    A stored copy that is not whole, as one whose writing was cut off, is replaced. A file stored for a deed
    that is then refused stays behind unreferenced and harms nothing.
    """
    digest = sha256_of(file.chunks(_CHUNK_BYTES))
    path = evidence_path(digest)
    storage = evidence_storage()
    intact = evidence_is_intact(digest)
    if intact is False:
        storage.delete(path)
    if not intact:
        file.seek(0)
        storage.save(path, file)
    return AttachedFile(
        kind=kind, sha256=digest, size_bytes=file.size, media_type=media_type, name=Path(name).name[:255]
    )


def evidence_is_intact(digest: str) -> bool | None:
    """Whether the stored bytes still have that SHA-256; None when the file is gone."""
    storage = evidence_storage()
    path = evidence_path(digest)
    if not storage.exists(path):
        return None
    with storage.open(path) as file:
        return sha256_of(file.chunks(_CHUNK_BYTES)) == digest


def keep_local_file(path: Path, *, kind: str, media_type: str) -> AttachedFile:
    """Store a file of this machine as evidence."""
    with path.open("rb") as handle:
        return keep_file(File(handle, name=path.name), kind=kind, name=path.name, media_type=media_type)


def evidence_folder() -> Path:
    """The configured folder, for commands that name it."""
    return Path(settings.EVIDENCE_FOLDER)
