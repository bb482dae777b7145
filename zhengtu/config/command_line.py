"""``zhengtu COMMAND``: the product's command line."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module

_WITHOUT_DATABASE = {"help", "--help", "-h", "version", "--version", "compile_messages", "collectstatic"}
_WITHOUT_APPLICATION = {
    "extract": "zhengtu.jobs.management.commands.extract",
    "inspection": "zhengtu.jobs.management.commands.inspection",
    "psplib": "zhengtu.jobs.management.commands.psplib",
    "schedule": "zhengtu.jobs.management.commands.schedule",
}
"""Commands that only compute: they start at once, without loading what the product otherwise is."""


def main() -> None:
    """Run one command, with the embedded database up where the command needs it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengtu.config.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in _WITHOUT_APPLICATION:
        import_module(_WITHOUT_APPLICATION[command]).Command().run_from_argv(["zhengtu", *sys.argv[1:]])
        return
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
