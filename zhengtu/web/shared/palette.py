"""One table of state colours for maps, charts, style sheets and print.

The order runs from pale sand to deep violet: lightness falls from state to state, so the order survives
colour blindness and black-and-white print. Red stands for "late" alone and is in no ordinary state.
``css/palette.css`` is written from this table by ``python -m zhengtu.web.shared.palette``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

STATE_COLOURS: Final[Mapping[str, str]] = {
    "unregistered": "#c3c7cd",
    "registered": "#f7ebc6",
    "surveyed": "#e8c552",
    "valued": "#9cba55",
    "settled": "#4fa56d",
    "paid": "#23888e",
    "vacated": "#2f6aa3",
    "demolished": "#4a4fa6",
    "handed_over": "#5a2a80",
}
"""Rank by rank, in the order of ``registry.map_states.RANKS``."""

LATE_COLOUR: Final = "#c8281e"
"""Overdue, and nothing else."""

LIGHT_COLOURS: Final[Mapping[str, str]] = {
    "green": "#3f9d62", "yellow": "#e3b32c", "red": LATE_COLOUR, "running": "#5b8fd0", "idle": "#a9b0ba",
}
"""Lights of plans on the map, in the order of their numbers there; a statutory period that runs is neutral."""

GROUND: Final[Mapping[str, Mapping[str, str]]] = {
    "light": {
        "land": "#f6f6f3", "outside": "#ecece8", "water": "#cddbe6", "border": "#8b95a3", "label": "#2b3440",
        "halo": "#ffffff", "edge": "#5f6977", "quiet": "#d9dcd9", "unregistered": STATE_COLOURS["unregistered"],
    },
    "dark": {
        "land": "#161c24", "outside": "#0e131a", "water": "#24384a", "border": "#5b6b7f", "label": "#dfe6ee",
        "halo": "#0e131a", "edge": "#8fa0b3", "quiet": "#2a323d", "unregistered": "#4d5764",
    },
}
"""Theme -> what lies under the states; what has no household recedes into it, so it alone differs by theme."""


def style_sheet() -> str:
    """The table as CSS custom properties."""
    lines = [f"  --state-{name.replace('_', '-')}: {colour};" for name, colour in STATE_COLOURS.items()]
    lines.append(f"  --late: {LATE_COLOUR};")
    dark = f"--state-unregistered: {GROUND['dark']['unregistered']};"
    return (
        "/* Written by `python -m zhengtu.web.shared.palette`; change the colours there. */\n"
        ":root {\n" + "\n".join(lines) + "\n}\n"
        '@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { ' + dark + " } }\n"
        ':root[data-theme="dark"] { ' + dark + " }\n"
    )


def main() -> None:
    """Write ``static/css/palette.css``."""
    path = Path(__file__).resolve().parents[1] / "static" / "css" / "palette.css"
    path.write_text(style_sheet(), encoding="utf-8")


if __name__ == "__main__":
    main()
