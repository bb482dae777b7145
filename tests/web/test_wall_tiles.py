"""Serving of tiles: ranges of bytes by the standard, and nobody else's area."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.http import HttpResponseBase
from django.test import Client

from tests.factories import CHANGYI, CHUANYING, NOW, RAILWAY_INVESTMENT, build_campaign, person_with, signed_in_client
from zhengtu.registry.map_areas import part_area
from zhengtu.registry.tiles import BuiltTiles, build_jurisdiction

pytestmark = pytest.mark.django_db


@pytest.fixture
def built() -> BuiltTiles:
    build_campaign()
    build_jurisdiction(CHANGYI, at=NOW)
    return build_jurisdiction(CHUANYING, at=NOW)


@pytest.fixture
def officer(built: BuiltTiles) -> Client:
    return signed_in_client(person_with("field_officer"))


def address(area: str, version: str) -> str:
    return f"/wall/tiles/{area}/{version}.pmtiles"


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]


def test_a_range_is_answered_with_exactly_its_bytes(officer: Client, built: BuiltTiles) -> None:
    whole = built.path.read_bytes()
    answer = officer.get(address(CHUANYING, built.version), headers={"range": "bytes=0-126"})
    assert answer.status_code == 206
    assert body(answer) == whole[:127]
    assert body(answer)[:7] == b"PMTiles"
    assert answer["Content-Range"] == f"bytes 0-126/{len(whole)}"
    assert answer["Content-Length"] == "127"
    assert "private" in answer["Cache-Control"]
    assert "immutable" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=100-", 100, None), ("bytes=-50", -50, None), ("bytes=10-99999999", 10, None), ("bytes=7-7", 7, 8)],
)
def test_open_and_suffix_ranges(officer: Client, built: BuiltTiles, asked: str, first: int, last: int | None) -> None:
    answer = officer.get(address(CHUANYING, built.version), headers={"range": asked})
    assert answer.status_code == 206
    assert body(answer) == built.path.read_bytes()[first:last]


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_range_beyond_the_file_is_416(officer: Client, built: BuiltTiles, asked: str) -> None:
    answer = officer.get(address(CHUANYING, built.version), headers={"range": asked})
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{built.path.stat().st_size}"


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=-", "lines=1-2", "bytes=0-1,5-6", "bytes=a-b"])
def test_what_is_no_single_range_is_answered_with_the_whole_file(
    officer: Client, built: BuiltTiles, asked: str
) -> None:
    answer = officer.get(address(CHUANYING, built.version), headers={"range": asked})
    assert answer.status_code == 200
    assert body(answer) == built.path.read_bytes()


def test_a_range_of_another_version_is_answered_with_the_whole_file(officer: Client, built: BuiltTiles) -> None:
    headers = {"range": "bytes=0-9", "if-range": '"something-else"'}
    assert officer.get(address(CHUANYING, built.version), headers=headers).status_code == 200


def test_an_unchanged_file_is_not_sent_again(officer: Client, built: BuiltTiles) -> None:
    etag = officer.get(address(CHUANYING, built.version))["ETag"]
    assert officer.get(address(CHUANYING, built.version), headers={"if-none-match": etag}).status_code == 304


def test_ranges_are_never_compressed_on_the_way(officer: Client, built: BuiltTiles) -> None:
    headers = {"range": "bytes=0-2000", "accept-encoding": "gzip"}
    answer = officer.get(address(CHUANYING, built.version), headers=headers)
    assert answer["Content-Encoding"] == "identity"
    assert body(answer) == built.path.read_bytes()[:2001]


def test_another_districts_tiles_do_not_exist(officer: Client, built: BuiltTiles) -> None:
    version = build_jurisdiction(CHANGYI, at=NOW).version
    assert officer.get(address(CHANGYI, version)).status_code == 404
    assert officer.get(address(CHUANYING, "0" * 16)).status_code == 404
    assert officer.get(address("220203", version)).status_code == 404


def test_a_client_gets_its_own_part_and_not_the_whole(built: BuiltTiles) -> None:
    client = signed_in_client(person_with("client", RAILWAY_INVESTMENT))
    own = part_area(jurisdiction=CHUANYING, sections=["220204-P0001-S01"])
    stranger = part_area(jurisdiction=CHUANYING, sections=["220204-P0001-S01", "220204-P0002-S01"])
    assert client.get(address(CHUANYING, built.version)).status_code == 404
    assert client.get(address(stranger.key, built.version)).status_code == 404
    assert client.get(address(own.key, built.version)).status_code == 200


def test_the_former_version_is_read_until_it_is_removed(officer: Client, built: BuiltTiles) -> None:
    former = built.path.with_name(f"{CHUANYING}-{'f' * 16}.pmtiles")
    former.write_bytes(b"PMTiles of yesterday")
    assert body(officer.get(address(CHUANYING, "f" * 16))) == b"PMTiles of yesterday"
    days_ago(former, 2)
    build_jurisdiction(CHUANYING, at=NOW)
    assert not former.exists()
    assert officer.get(address(CHUANYING, "f" * 16)).status_code == 404


def days_ago(path: Path, days: int) -> None:
    stamp = path.stat().st_mtime - days * 86_400
    os.utime(path, (stamp, stamp))
