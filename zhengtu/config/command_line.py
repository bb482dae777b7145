"""``zhengtu COMMAND``: the product's command line."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

_WITHOUT_DATABASE = {"help", "--help", "-h", "version", "--version", "compile_messages", "collectstatic", "schedule"}


def main() -> None:
    """Run one command, with the embedded database up where the command needs it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengtu.config.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    asks_for_help = command in _WITHOUT_DATABASE or "--help" in sys.argv or "-h" in sys.argv
    if not asks_for_help and "DATABASE_URL" not in os.environ:
        from django.conf import settings

        from zhengtu.config.embedded_database import start_embedded_database

        start_embedded_database(settings.HOME / "postgres")
    from django.core.management import execute_from_command_line

    from zhengtu.jobs.message_files import compile_messages

    with suppress(OSError):  # an installation that cannot be written to comes with its messages compiled
        compile_messages()
    execute_from_command_line(["zhengtu", *sys.argv[1:]])


if __name__ == "__main__":
    main()
