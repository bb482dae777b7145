"""``zhengtu backtest``: what the forecast would have said in every past week, and what came."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from zhengtu.campaign.progress_histories import city_histories
from zhengtu.core.forecast.backtest import METHODS, replay
from zhengtu.core.forecast.history import households_of
from zhengtu.core.forecast.rules import OutlookRules
from zhengtu.core.forecast.scoring import LEVELS, Row, Score, score
from zhengtu.core.forecast.series import series_forecast
from zhengtu.core.forecast.series_backtest import replay_series, score_series
from zhengtu.core.forecast.series_table import SeriesTable, read_series
from zhengtu.core.kernel.codes import is_code
from zhengtu.core.kernel.reasons import Refused
from zhengtu.jobs.progress import Bar
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import cities

_NAMES: Final = {"model": "forecast", "line": "straight line", "bootstrap": "throughput bootstrap"}
_HEAD: Final = (
    f"{'':9}{'goal':<12}{'of all':>7}{'asked':>7}{'of':>5}{'silent':>8}"
    f"{'P50 held':>10}{'P80 held':>14}{'P95 held':>14}{'error':>8}{'late by':>9}"
)


class Command(BaseCommand):
    """Replays every past week of the ledger, or the points of a table of published progress."""

    help = (
        "Forecast completion in every past week with what had happened by then, and compare with what came: "
        "calibration, error and proper scores, beside a straight line and a throughput bootstrap."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command."""
        parser.add_argument(
            "--progress", metavar="FILE.csv", type=Path,
            help="replay published totals (programme, unit_area, date, metric, total_required, done, pct, kind) "
            "instead of the ledger",
        )
        parser.add_argument("--city", default="", help="division code of a city, where the ledger holds several")
        parser.add_argument("--every", type=int, default=1, metavar="N", help="replay only every n-th week, counted back from today")
        parser.add_argument("--seed", type=int, default=0, help="of the random numbers")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, progress: Path | None, city: str, every: int, seed: int, **options: Any) -> None:
        """Replay, score and print."""
        rules = current_rulebook().forecast
        if every < 1:
            raise CommandError("--every is a number of weeks, at least 1")
        if progress is not None:
            self._series(_table(progress), rules=rules, seed=seed, is_json=options["json"])
            return
        histories = city_histories(_city(city), on=timezone.localdate())
        bar = Bar(self.stderr)
        cases = replay(
            histories, rules=rules, every_weeks=every, seed=seed, report=lambda done, of: bar.show("weeks", done, of)
        )
        rows = score(cases, last=timezone.localdate().toordinal())
        bar.end()
        if options["json"]:
            self.stdout.write(json.dumps({"rows": [asdict(row) for row in rows]}, indent=1))
            return
        sections, households = len(histories), households_of(histories)
        self.stdout.write(f"{sections} sections, {households} households, until {timezone.localdate().isoformat()}")
        if not rows:
            self.stdout.write("Not enough data: nobody has signed yet, so there is no past to replay.")
        for line in _calibration_lines(rows):
            self.stdout.write(line)
        for line in _comparison_lines(rows):
            self.stdout.write(line)

    def _series(self, table: SeriesTable, *, rules: OutlookRules, seed: int, is_json: bool) -> None:
        forecasts = [
            series_forecast(one, among=table.series, on=one.points[-1].on, rules=rules, seed=seed)
            for one in table.series
        ]
        cases = list(replay_series(table.series, rules=rules, seed=seed))
        common, scores = score_series(cases)
        answered = {method: sum(case.answers[method] is not None for case in cases) for method in METHODS}
        if is_json:
            self.stdout.write(json.dumps({
                "notes": [note.in_english() for note in table.notes],
                "series": [
                    {
                        "subject": one.subject, "on": one.on.isoformat(), "basis": one.basis,
                        "p50": _iso(one.p50_on), "p80": _iso(one.p80_on), "p95": _iso(one.p95_on),
                        "reasons": [reason.in_english() for reason in one.reasons],
                    }
                    for one in forecasts
                ],
                "replay": {
                    "asked": len(cases), "answered": answered, "common": common,
                    "scores": {method: asdict(one) for method, one in scores.items()},
                },
            }, indent=1, ensure_ascii=False))
            return
        for note in table.notes:
            self.stderr.write(note.in_english())
        for series, one in zip(table.series, forecasts, strict=True):
            self.stdout.write(f"{one.subject}: {100 * series.points[-1].share:.1f} % on {one.on.isoformat()}")
            if one.basis == "done":
                self.stdout.write(f"    whole by {_iso(one.p50_on)}")
            elif one.basis != "none":
                far = f"after {one.horizon_on.isoformat()}"
                dates = (("P50", one.p50_on), ("P80", one.p80_on), ("P95", one.p95_on))
                self.stdout.write("    " + "   ".join(f"{name} {_iso(day) or far}" for name, day in dates))
            for reason in one.reasons:
                self.stdout.write(f"    {reason.in_english()}")
        self.stdout.write(
            f"\n{len(cases)} later shares asked for from earlier points; answered by "
            + ", ".join(f"{_NAMES[method]} {answered[method]}" for method in METHODS) + f", by all {common}."
        )
        for method, result in scores.items():
            held = f"P80 held {100 * result.held_80:3.0f} %   P95 held {100 * result.held_95:3.0f} %"
            inside = f"within the middle 80: {100 * result.inside_80:3.0f} %"
            error = f"median error {result.median_error:.2f} points   CRPS {result.crps:.2f} points"
            self.stdout.write(f"    {_NAMES[method]:<22} {held}   {inside}   {error}")


def _table(path: Path) -> SeriesTable:
    try:
        return read_series(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
    except Refused as refused:
        raise CommandError(f"{path}: {refused}") from refused


def _city(asked: str) -> str:
    known = cities()
    if asked:
        if not is_code("jurisdiction", asked) or asked not in known:
            raise CommandError(f"there is no campaign of a city {asked}")
        return asked
    if len(known) != 1:
        raise CommandError(
            f"the ledger holds {len(known)} cities" + (": choose one with --city" if known else "; load data first")
        )
    return known[0]


def _iso(day: Any) -> str | None:
    return None if day is None else day.isoformat()


def _calibration_lines(rows: Sequence[Row]) -> Iterator[str]:
    yield "\nHow often the dates held (in brackets: of how many that lay in the past), error of P50 in days"
    yield _HEAD
    for row in rows:
        result = row.model_alone
        line = (
            f"{row.kind:<9}{row.goal:<12}{100 * row.share:>5.0f} %{row.cases:>7}{row.subjects:>5}"
            f"{100 * row.abstained['model']:>6.0f} %"
        )
        if result is not None:
            held = [_held(result, level) for level in (0.5, 0.8, 0.95)]
            line += f"{held[0]:>12}{held[1]:>14}{held[2]:>14}{_days(result.median_error_days):>8}"
            line += f"{_days(result.bias_days):>8}"
        yield line
    everything = [row.model_alone for row in rows if row.model_alone is not None]
    yield "All levels over all questions: " + "  ".join(
        f"P{100 * level:.0f} {_pooled(everything, level)}" for level in LEVELS
    )


def _held(result: Score, level: float) -> str:
    return f"{100 * result.held[level]:.0f} % ({result.placed[level]})" if level in result.held else "–"


def _pooled(results: Sequence[Score], level: float) -> str:
    placed = sum(result.placed[level] for result in results)
    held = sum(result.held.get(level, 0.0) * result.placed[level] for result in results)
    return f"{100 * held / placed:.0f} %" if placed else "–"


def _days(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _comparison_lines(rows: Sequence[Row]) -> Iterator[str]:
    yield "\nOver the questions that all methods answered: CRPS and loss of P80 in days, Brier score (less is better)"
    for row in rows:
        if not row.scores:
            continue
        yield f"{row.kind} {row.goal} {100 * row.share:.0f} %: {row.common} questions"
        for method, result in row.scores.items():
            brier = "–" if result.brier is None else f"{result.brier:.3f}"
            yield (
                f"    {_NAMES[method]:<22} CRPS {result.crps_days:6.1f}   P80 loss {result.pinball_days:6.1f}   "
                f"Brier {brier}   P80 held {_held(result, 0.8):>12}   silent {100 * row.abstained[method]:.0f} %"
            )
