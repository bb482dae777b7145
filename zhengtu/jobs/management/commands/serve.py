"""``zhengtu serve``: the web server and the task worker, started and stopped together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

POLL_SECONDS = 0.3
STOP_SECONDS = 10


class Command(BaseCommand):
    """Runs gunicorn and a procrastinate worker; when one ends, or on Ctrl-C, the other is stopped too."""

    help = "Start the web server and the task worker; Ctrl-C stops both."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--address", default="127.0.0.1:8000", help="host:port (default 127.0.0.1:8000)")
        parser.add_argument("--workers", type=int, default=2, help="web processes (default 2)")

    def handle(self, *args: Any, address: str, workers: int, **options: Any) -> None:
        self._check_free(address)
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "zhengtu.config.settings"}
        processes = {
            "web server": self._start(
                ["-m", "gunicorn", "zhengtu.config.wsgi", "--bind", address, "--workers", str(workers),
                 "--threads", "4", "--timeout", "120", "--log-level", "warning", "--preload"],
                environment,
            ),
            "task worker": self._start(
                ["-m", "zhengtu.config.command_line", "procrastinate", "worker", "--concurrency", "1"], environment
            ),
        }
        self._until_stopped(processes)

    def _check_free(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, int(port)))
            except (OSError, ValueError) as error:
                raise CommandError(f"{address} cannot be used ({error}); choose another with --address") from error

    def _start(self, arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
        # A session of its own keeps the terminal's Ctrl-C away, so that each is stopped in order, once.
        return subprocess.Popen([sys.executable, *arguments], env=environment, start_new_session=True)

    def _until_stopped(self, processes: dict[str, subprocess.Popen[bytes]]) -> None:
        stopping: list[int] = []

        def stop(number: int, frame: FrameType | None) -> None:
            stopping.append(number)

        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGTERM, stop)
        ended = ""
        while not stopping and not ended:
            time.sleep(POLL_SECONDS)
            ended = next((name for name, process in processes.items() if process.poll() is not None), "")
        for process in processes.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
        if ended:
            raise CommandError(f"the {ended} ended by itself; its message stands above")
        self.stdout.write("Stopped.")
