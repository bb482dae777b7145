"""The printed wall: vector, in scope, with counts that the filter and the date select."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import (
    CHANGYI,
    CHUANYING,
    NOW,
    TODAY,
    Scene,
    actor_with,
    advance,
    build_campaign,
    person_with,
    record,
    signed_in_client,
)
from tests.inspection_scene import concluded, drawn, vacated_scene, visited
from zhengtu.inspection.actions import release_inspection
from zhengtu.registry.tiles import build_jurisdiction

FONTS = settings.FRONTEND_PACKAGES / "@expo-google-fonts" / "noto-sans-sc"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FONTS.is_dir(), reason="needs the front-end packages (npm ci in frontend/)"),
]


@pytest.fixture
def scene() -> Scene:
    made = build_campaign()
    advance(made.households[0], to="signed")
    for code in (CHANGYI, CHUANYING):
        build_jurisdiction(code, at=NOW)
    return made


def text_of(client: Client, query: str, tmp_path: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext (on Debian: apt-get install poppler-utils)")
    answer = client.get(f"/wall/print?{query}", headers={"accept-language": "en"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    path = tmp_path / "sheet.pdf"
    path.write_bytes(answer.content)
    return subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout


def counts(text: str, state: str) -> list[str]:
    """Sections, parcels and households in the legend's row of a state."""
    row = next(line for line in text.splitlines() if state in line)
    return re.findall(r"[\d,]+|–", row.split(state)[1])


@pytest.mark.parametrize(("paper", "width", "height"), [("A0", 1189, 841), ("A3", 420, 297)])
def test_papers_have_their_size(scene: Scene, paper: str, width: int, height: int) -> None:
    client = signed_in_client(person_with("mayor"))
    pdf = client.get(f"/wall/print?paper={paper}").content
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    assert box is not None
    assert [round(float(side) / 72 * 25.4) for side in box.groups()] == [width, height]
    assert b"/Subtype/Image" not in pdf.replace(b" ", b""), "the map is vector"


def test_counts_are_those_of_filter_date_and_scope(scene: Scene, tmp_path: Path) -> None:
    mayor, officer = (signed_in_client(person_with(role)) for role in ("mayor", "field_officer"))
    day = "paper=A3&on=2025-01-14"
    everything = text_of(mayor, day, tmp_path)
    assert counts(everything, "To be surveyed") == ["2", "5", "5"]
    assert counts(everything, "Signed or decided") == ["–", "1", "1"]
    assert counts(everything, "Total") == ["2", "6", "6"]
    assert counts(text_of(mayor, "paper=A3&on=2025-01-13", tmp_path), "Signed or decided") == ["–", "–", "–"]
    assert counts(text_of(mayor, f"{day}&state=settled", tmp_path), "Total") == ["–", "1", "1"]
    assert counts(text_of(mayor, f"{day}&district={CHUANYING}", tmp_path), "Total") == ["1", "3", "3"]
    assert counts(text_of(officer, day, tmp_path), "Total") == ["1", "3", "3"]
    # Asking for another district narrows to nothing, it does not widen.
    assert counts(text_of(officer, f"{day}&district={CHANGYI}", tmp_path), "Total") == ["–", "–", "–"]


def test_the_sheet_says_what_when_and_at_what_scale(scene: Scene, tmp_path: Path) -> None:
    text = text_of(signed_in_client(person_with("mayor")), "paper=A3&on=2025-01-14&known=2025-01-20", tmp_path)
    text = " ".join(text.split())
    for part in ("Hundred days of", "2025-01-14", "2025-01-20", "1:", "Gauss", "West Ring Line 1"):
        assert part in text
    assert re.search(r"1:\d{1,3}(,000)?", text)


def test_all_fonts_are_embedded(scene: Scene, tmp_path: Path) -> None:
    if shutil.which("pdffonts") is None:
        pytest.skip("needs pdffonts (on Debian: apt-get install poppler-utils)")
    path = tmp_path / "sheet.pdf"
    path.write_bytes(signed_in_client(person_with("mayor")).get("/wall/print?paper=A3").content)
    lines = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert lines
    for line in lines:
        assert "NotoSansSC" in line
        assert line.split()[-5] == "yes"


def test_an_overdue_home_is_on_the_sheet(scene: Scene, tmp_path: Path) -> None:
    record(scene.households[0].code, "resettlement_promised", date(2025, 1, 15), {"promised_on": "2025-01-20"})
    mayor = signed_in_client(person_with("mayor"))
    assert "new home overdue: 1" in text_of(mayor, "paper=A3&on=2025-01-21", tmp_path)
    assert "new home overdue" not in text_of(mayor, "paper=A3&on=2025-01-20", tmp_path)


def cleared_row(text: str, place: str) -> list[str]:
    """Reported, share verified, contradicted and after inspection, of one row; empty where the place has none."""
    block = text.partition("how much of it is so")[2].partition("After inspection: by")[0]
    line = next((line for line in block.splitlines() if place in line), "")
    return re.split(rf"{place}(?: District)?", line)[1].split() if line else []


def test_the_share_verified_and_the_discount_stand_beside_the_vacated(tmp_path: Path) -> None:
    vacated_scene()
    for code in (CHANGYI, CHUANYING):
        build_jurisdiction(code, at=NOW)
    mayor, officer = (signed_in_client(person_with(role)) for role in ("mayor", "field_officer"))
    code = drawn()
    visited(code, {"220204-P0001-S01-H00001": "belongings_left"})
    concluded(code)
    # The mayor knows already; paper on the wall tells everybody.
    for client in (mayor, officer):
        assert cleared_row(text_of(client, "paper=A3", tmp_path), "Chuanying") == ["3", "0.0%", "–", "–"]
    release_inspection(actor=actor_with("mayor"), code=code, now=NOW)
    for paper in ("A0", "A3"):
        text = text_of(mayor, f"paper={paper}", tmp_path)
        assert cleared_row(text, "Chuanying") == ["3", "66.7%", "1", "2–2"]
        assert cleared_row(text, "Changyi") == ["3", "100.0%", "–", "3–3"]
        assert cleared_row(text, "Total") == ["6", "83.3%", "1", "–"]
    assert cleared_row(text_of(officer, "paper=A3", tmp_path), "Changyi") == []
    # A district narrowed down to a project says nothing of the whole; states alone narrow households, so no table.
    narrowed = text_of(mayor, f"paper=A3&district={CHUANYING}", tmp_path)
    assert cleared_row(narrowed, "Total") == ["3", "66.7%", "1", "–"]
    assert "how much of it is so" not in text_of(mayor, "paper=A3&state=vacated", tmp_path)
    assert "how much of it is so" not in text_of(mayor, "paper=A3&on=2025-01-01", tmp_path)
    # As known before the release nothing was found.
    yesterday = text_of(mayor, f"paper=A3&known={TODAY - timedelta(days=1)}", tmp_path)
    assert cleared_row(yesterday, "Chuanying")[1:] == ["0.0%", "–", "–"]
