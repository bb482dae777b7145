"""Install the browser libraries by lock file, with the machine's npm or, where there is none, that of a wheel.

Quick when nothing changed: the lock file's SHA-256 is kept beside what it installed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

FRONTEND = Path(__file__).resolve().parents[1] / "frontend"
STAMP = FRONTEND / "node_modules" / ".installed-from"
OLDEST_NODE = 18


def npm_command() -> list[str]:
    """The npm to use."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        if version.startswith("v") and int(version[1:].split(".")[0]) >= OLDEST_NODE:
            return [npm]
    wheel_npm = Path(sys.executable).parent / "npm"
    if not wheel_npm.exists():
        subprocess.run(
            [sys.executable, "-m", "uv", "sync", "--locked", "--inexact", "--quiet", "--group", "node"],
            check=True, cwd=FRONTEND.parent,
        )
    return [str(wheel_npm)]


def main() -> None:
    """Install unless what is there came from this very lock file."""
    digest = sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == digest:
        return
    subprocess.run([*npm_command(), "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
                   cwd=FRONTEND, check=True)
    STAMP.write_text(digest)


if __name__ == "__main__":
    main()
