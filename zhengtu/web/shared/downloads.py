"""Files to take away: kept ones by their SHA-256, and ones made for this answer."""

from __future__ import annotations

from typing import Final

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from zhengtu.ledger.files import evidence_path, evidence_storage

_OPENED_AS_THEY_ARE: Final = {
    "application/pdf", "image/png", "image/jpeg", "text/csv", "text/plain",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""Media types that keep their name on the way out; anything else travels as mere bytes."""


def file_response(sha256: str, *, name: str, media_type: str) -> HttpResponseBase:
    """A kept file as a download that no browser runs.

    Args:
        media_type: as it was kept; one that is not known to be harmless travels as mere bytes.

    Raises:
        Http404: there is no file of that digest, or it is not there any more.
    """
    storage, path = evidence_storage(), evidence_path(sha256)
    if not sha256 or not storage.exists(path):
        raise Http404
    known = media_type if media_type in _OPENED_AS_THEY_ARE else "application/octet-stream"
    return _unread(FileResponse(storage.open(path), as_attachment=True, filename=name, content_type=known))


def made_response(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    """A file made for this answer, and kept nowhere, as a download that no browser runs."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    _unread(response)
    return response


def _unread(response: HttpResponseBase) -> HttpResponseBase:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
