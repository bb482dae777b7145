"""Progress on the terminal."""

from __future__ import annotations

from typing import Any, Final

_CELLS: Final = 30


class Bar:
    """A line that is drawn over itself; on anything but a terminal it stays silent."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._is_drawn = False
        self._shown = -1

    def show(self, what: str, done: int, total: int) -> None:
        """Draw how much is done, if that is another whole percent than before."""
        if not self._stream.isatty():
            return
        percent = min(100, 100 * done // total) if total else 100
        if percent == self._shown:
            return
        self._shown, self._is_drawn = percent, True
        filled = _CELLS * percent // 100
        line = f"\r{what:<8}{'█' * filled}{'░' * (_CELLS - filled)} {percent:3d} %"
        self._stream.write(line, ending="")
        self._stream.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._is_drawn:
            self._stream.write("")
