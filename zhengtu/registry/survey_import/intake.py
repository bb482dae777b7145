"""Uploads: kept under their SHA-256, judged by content before anybody reads them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.survey_sheets.problems import SheetProblem, reason_of
from zhengtu.core.survey_sheets.sheet_files import UploadKind, upload_kind
from zhengtu.ledger.files import sha256_of

_CHUNK_BYTES = 1024 * 1024
_MEGABYTE = 1024 * 1024
MEDIA_TYPES = {
    UploadKind.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    UploadKind.OLD_EXCEL: "application/vnd.ms-excel",
    UploadKind.OPEN_DOCUMENT: "application/vnd.oasis.opendocument.spreadsheet",
    UploadKind.CSV: "text/csv",
    UploadKind.GEOMETRY: "application/octet-stream",
}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file about to be imported: where it lies, what its user calls it, its SHA-256 and size."""

    path: Path
    name: str
    sha256: str
    size_bytes: int

    def kind(self) -> UploadKind:
        """What it is by its content.

        Raises:
            Refused: when it is nothing that can be imported.
        """
        return upload_kind(path=self.path, name=self.name, limit_bytes=settings.UPLOAD_LIMIT_BYTES)


def upload_storage() -> Storage:
    """Where uploads lie."""
    return storages["uploads"]


def keep_upload(file: File, *, name: str) -> SourceFile:
    """Store an upload under its SHA-256, once however often it comes."""
    digest = sha256_of(file.chunks(_CHUNK_BYTES))
    storage, place = upload_storage(), _place(digest)
    if not storage.exists(place):
        file.seek(0)
        storage.save(place, file)
    return SourceFile(Path(storage.path(place)), Path(name).name[:255], digest, file.size)


def kept_upload(*, sha256: str, name: str, size_bytes: int) -> SourceFile:
    """A stored upload again."""
    return SourceFile(Path(upload_storage().path(_place(sha256))), name, sha256, size_bytes)


def local_file(path: Path) -> SourceFile:
    """A file of this machine, left where it lies."""
    with path.open("rb") as handle:
        digest = sha256_of(iter(lambda: handle.read(_CHUNK_BYTES), b""))
    return SourceFile(path, path.name, digest, path.stat().st_size)


def _place(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


def too_large(size_bytes: int) -> Reason:
    """Why an upload of that size is not taken."""
    limit = settings.UPLOAD_LIMIT_BYTES
    parameters = {"size_mb": -(-size_bytes // _MEGABYTE), "limit_mb": limit // _MEGABYTE}
    return reason_of(SheetProblem("file_too_large", parameters=parameters))


class LimitedUpload(FileUploadHandler):
    """Stops reading an upload once it is over the limit, whatever its announced length."""

    def __init__(self, request: object = None) -> None:
        super().__init__(request)
        self.received_bytes = 0
        self.is_over = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count what comes and pass it on."""
        self.received_bytes += len(raw_data)
        if self.received_bytes > settings.UPLOAD_LIMIT_BYTES:
            self.is_over = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
        return None
