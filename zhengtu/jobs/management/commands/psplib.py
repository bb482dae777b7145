"""``zhengtu psplib``: the shortest schedule of a resource-constrained benchmark instance."""

from __future__ import annotations

import json
import os
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.plan_files.multiproject import read_multiproject
from zhengtu.core.plan_files.psplib import read_psplib
from zhengtu.core.scheduling.problem import Problem

_ANSWERING_SECONDS = 0.2  # checking and writing the answer, ending the process


class Command(BaseCommand):
    """Reads a file and nothing else; it needs no database."""

    help = (
        "Print the shortest schedule found of a PSPLIB instance (.sm) or of an MPLIB multi-project instance, checked "
        "against every link and capacity, and a bound below which there is none. Exit status 1 where the file is "
        "refused."
    )
    requires_system_checks: Sequence[str] = []
    requires_migrations_checks = False

    _began = 0.0

    def run_from_argv(self, argv: list[str]) -> None:
        """From a shell the seconds count from the start of the process, loading included."""
        self._began = time.monotonic() - _running_seconds()
        super().run_from_argv(argv)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("instance", help="the instance; jobs keep the file's numbers, or project:activity")
        parser.add_argument("--seconds", type=_seconds, default=60.0, help="wall time; less when proven")
        parser.add_argument("--workers", type=_count, default=2, help="processor cores to use")
        parser.add_argument("--seed", type=int, default=1, help="of the random numbers")
        parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object")

    def handle(
        self, *args: Any, instance: str, seconds: float, workers: int, seed: int, as_json: bool, **options: Any
    ) -> None:
        until = (self._began or time.monotonic()) + seconds - _ANSWERING_SECONDS
        from zhengtu.core.scheduling.checker import faults
        from zhengtu.core.scheduling.methods.search import search  # loads the solver, which takes a moment

        try:
            problem = _read(instance)
            result = search(problem, seconds=max(0.05, until - time.monotonic()), workers=workers, seed=seed)
        except Refused as refused:
            lines = (f"{instance}: {reason.in_english()}" for reason in refused.reasons)
            raise CommandError("\n".join(lines)) from refused
        ids = [activity.id for activity in problem.activities]
        starts = dict(zip(ids, result.plan.starts.tolist(), strict=True))
        finishes = dict(zip(ids, result.plan.finishes.tolist(), strict=True))
        if wrong := faults(problem=problem, starts=starts, finishes=finishes):
            raise CommandError(f"{instance}: a wrong schedule, please report it: {wrong[0].in_english()}")
        answer = {
            "makespan": max(finishes.values(), default=0), "bound": result.bound, "status": result.status.value,
            "starts": starts,
        }
        if as_json:
            self.stdout.write(json.dumps(answer))
            return
        self.stdout.write(f"makespan {answer['makespan']}, bound {result.bound}, {result.status.value}")
        for job, start in starts.items():
            self.stdout.write(f"{job:>8} {start:>8}")


def _running_seconds() -> float:
    """How long this process has been running; 0 where the system does not say."""
    with suppress(OSError, ValueError, IndexError, AttributeError):
        fields = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        began = int(fields[19]) / os.sysconf("SC_CLK_TCK")
        return min(60.0, max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - began))
    return 0.0


def _read(instance: str) -> Problem:
    try:
        text = Path(instance).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise CommandError(f"{instance}: {error.strerror}") from error
    return read_psplib(text) if instance.lower().endswith(".sm") or "PRECEDENCE" in text else read_multiproject(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no number of seconds") from None
    if not 0 < seconds < 1e6:
        raise ArgumentTypeError("the seconds must be above 0")
    return seconds


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 256):
        raise ArgumentTypeError(f"{text!r} is no number of cores")
    return int(text)
