"""The table of state colours: complete, in order of lightness, apart for every eye, and without red."""

from __future__ import annotations

import colorsys
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

from zhengtu.registry.map_states import RANKS
from zhengtu.web.shared import palette

CSS = Path(palette.__file__).resolve().parents[1] / "static" / "css" / "palette.css"
# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
EYES = {
    "full": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]
    ),
}
JUST_TOLD_APART = 9.0
"""CIE76 distance; about 2.3 is a just noticeable difference between neighbouring patches."""


def parts(colour: str) -> list[float]:
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def lab(colour: str, eye: str) -> np.ndarray:
    rgb = np.array(parts(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(EYES[eye] @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ seen
    xyz = xyz / np.array([0.9505, 1, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_every_rank_has_a_colour() -> None:
    assert tuple(palette.STATE_COLOURS) == RANKS


@pytest.mark.parametrize("eye", EYES)
def test_lightness_falls_from_state_to_state(eye: str) -> None:
    lightness = [lab(colour, eye)[0] for colour in list(palette.STATE_COLOURS.values())[1:]]
    assert all(before - after > 5 for before, after in pairwise(lightness))


@pytest.mark.parametrize("eye", EYES)
def test_every_two_states_are_told_apart(eye: str) -> None:
    seen = {name: lab(colour, eye) for name, colour in palette.STATE_COLOURS.items()}
    close = [
        pair for pair in combinations(seen, 2) if np.linalg.norm(seen[pair[0]] - seen[pair[1]]) < JUST_TOLD_APART
    ]
    assert not close


def test_red_means_late_and_nothing_else() -> None:
    def is_red(colour: str) -> bool:
        hue, lightness, saturation = colorsys.rgb_to_hls(*parts(colour))
        return (hue < 20 / 360 or hue > 340 / 360) and saturation > 0.4 and 0.15 < lightness < 0.85

    assert is_red(palette.LATE_COLOUR)
    assert not any(is_red(colour) for colour in palette.STATE_COLOURS.values())


def test_the_style_sheet_is_the_table() -> None:
    assert CSS.read_text(encoding="utf-8") == palette.style_sheet()
