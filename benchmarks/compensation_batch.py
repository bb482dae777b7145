"""100,000 compensation statements on two cores, and LibreOffice recalculating the same formulas in a plain sheet.

    .venv/bin/python benchmarks/compensation_batch.py [--households N] [--processes P] [--sheet]

--sheet also writes the sheet with openpyxl, has LibreOffice (apt-get install libreoffice-calc-nogui) compute it, and
compares every total. What recalculating costs is the time for the sheet with formulas less the time for the same
sheet with values, both loaded and saved by the same command.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from multiprocessing import Pool
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from zhengtu.core.compensation.assess import CompensationRules, assess  # noqa: E402
from zhengtu.core.compensation.facts import (  # noqa: E402
    Building,
    HouseholdFacts,
    Member,
    Mode,
    Option,
    Regime,
    ReplacementHouse,
    Standing,
    Transition,
    Use,
)
from zhengtu.core.compensation.parameter_reading import plan_adopted  # noqa: E402
from zhengtu.core.kernel.money import to_fen  # noqa: E402
from zhengtu.core.rules.compensation import load_compensation  # noqa: E402

PROJECT, PLACE, VALUED_ON, OPENS_ON = "220200-P0001", "220204", date(2026, 5, 1), date(2026, 6, 1)
Row = tuple[int, str, str, bool, bool, int, int, int, str, str]
"""number, area, price, sole home, cash, days to signing, days to vacating, months, new area, new price."""


def rows(count: int, seed: int) -> Iterator[Row]:
    """Fictitious households as a sheet would hold them."""
    rng = random.Random(seed)
    for number in range(count):
        signed = rng.randint(0, 100)
        yield (
            number,
            f"{rng.randint(1800, 16000) / 100:.2f}",
            f"{rng.randint(300000, 900000) / 100:.2f}",
            rng.random() < 0.4,
            rng.random() < 0.5,
            signed,
            signed + rng.randint(0, 30),
            rng.choice([18, 24, 30]),
            f"{rng.randint(4500, 12000) / 100:.2f}",
            f"{rng.randint(400000, 950000) / 100:.2f}",
        )


@cache
def rules() -> CompensationRules:
    """The rulebook with the demonstration scheme; read once in each process."""
    book = load_compensation(REPOSITORY / "rulebook")
    adopted = plan_adopted(book.rules.parameters, book.schemes["demonstration"], project=PROJECT)
    return CompensationRules(parameters=adopted, items=book.rules.items)


def total_of(row: Row) -> tuple[str, int]:
    """Total and number of lines of one row's statement, from texts to the whole Statement with its reasons."""
    number, area, price, sole, cash, signed, vacated, months, new_area, new_price = row
    building = Building(
        "B1", Use.DWELLING, Standing.REGISTERED, Decimal(area), appraised_per_m2=Decimal(price),
        market_per_m2=Decimal(price),
    )
    facts = HouseholdFacts(
        code=f"{PLACE}-P0001-S01-H{number:06d}", place=PLACE, regime=Regime.STATE_LAND, project=PROJECT,
        members=(Member("甲"),), buildings=(building,), is_sole_home=sole, signing_opens_on=OPENS_ON,
    )
    option = Option(
        mode=Mode.CASH if cash else Mode.EXCHANGE,
        transition=Transition.NONE if cash else Transition.FEE,
        transition_months=0 if cash else months,
        replacements=() if cash else (ReplacementHouse("R1", Decimal(new_area), Decimal(new_price)),),
        signed_on=OPENS_ON + timedelta(days=signed),
        vacated_on=OPENS_ON + timedelta(days=vacated),
    )
    statement = assess(facts=facts, rules=rules(), option=option, on=VALUED_ON)
    return str(statement.total), len(statement.lines)


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the wall, and seconds of processor in all child processes."""

    wall: float
    processor: float


def stopwatch() -> Callable[[], Took]:
    """Starts now; the function it returns says what has been used since, by children that have ended."""

    def processor() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    wall, cpu = time.perf_counter(), processor()
    return lambda: Took(time.perf_counter() - wall, processor() - cpu)


def statements(given: list[Row], processes: int) -> tuple[list[tuple[str, int]], Took]:
    """All totals, and what they took, workers started and rulebook read included."""
    took = stopwatch()
    with Pool(processes) as pool:
        found = pool.map(total_of, given, chunksize=1_000)
        pool.close()
        pool.join()
    return found, took()


PARAMETERS: dict[str, Any] = {
    "least_m2": 45, "move": 1000, "move_m2": 60, "move_per_m2": 10, "moves": 2, "fee": 15, "fee_m2": 40,
    "cash_months": 3, "heat": 29, "manage": 0.5, "d1": 30, "d2": 45, "d3": 90, "s1": 30000, "s2": 20000, "s3": 10000,
    "c1": 0.15, "c2": 0.10, "c3": 0.02, "move_days": 15, "moving": 5000,
}  # fmt: skip


def formulas(r: int) -> list[str]:
    """The same computation for sheet row ``r``: B area, C price, D sole, E cash, F signed, G vacated, H months."""
    at = {name: f"rules!$B${index}" for index, name in enumerate(PARAMETERS, start=1)}
    last, times = f"MAX(F{r},G{r})", f"IF(E{r}=1,1,{at['moves']})"
    months = f"IF(E{r}=1,{at['cash_months']},H{r})"

    def tier(one: str, two: str, three: str) -> str:
        last_step = f"IF({last}<={at['d3']},{at[three]},0)"
        return f"IF({last}<={at['d1']},{at[one]},IF({last}<={at['d2']},{at[two]},{last_step}))"

    return [
        f"=ROUND(B{r}*C{r},2)",
        f"=IF(D{r}=1,MAX(ROUND({at['least_m2']}*C{r},2)-K{r},0),0)",
        f"=ROUND({at['move']}*{times},2)+ROUND(MAX(B{r}-{at['move_m2']},0)*{at['move_per_m2']}*{times},2)",
        f"=ROUND(MAX(B{r},{at['fee_m2']})*{months}*{at['fee']},2)",
        f"=IF(E{r}=1,0,ROUND(B{r}*{at['heat']},2)+ROUND(B{r}*H{r}*{at['manage']},2))",
        f"={tier('s1', 's2', 's3')}",
        f"=IF(G{r}-F{r}<={at['move_days']},{at['moving']},0)",
        f"=IF(E{r}=1,ROUND((K{r}+L{r})*{tier('c1', 'c2', 'c3')},2),0)",
        f"=IF(E{r}=1,0,-ROUND(I{r}*J{r},2))",
        f"=SUM(K{r}:S{r})",
    ]


def write_sheet(path: Path, given: list[Row], *, with_formulas: bool) -> None:
    """The sheet without cached results, so that it is computed on loading; or with plain values instead."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet, settings = book.create_sheet("households"), book.create_sheet("rules")
    for name, value in PARAMETERS.items():
        settings.append([name, value])
    for index, row in enumerate(given, start=1):
        number, area, price, sole, cash, signed, vacated, months, new_area, new_price = row
        facts = [number, float(area), float(price), int(sole), int(cash), signed, vacated, months,
                 float(new_area), float(new_price)]
        sheet.append([*facts, *(formulas(index) if with_formulas else [1234.56] * 10)])
    book.save(path)


def by_libreoffice(path: Path) -> tuple[Path, Took]:
    """The first sheet as CSV, and what LibreOffice took."""
    took = stopwatch()
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{path.parent}/profile", "--convert-to", "csv",
         "--outdir", str(path.parent), str(path)], check=True, capture_output=True,
    )
    return path.with_suffix(".csv"), took()


def compare_with_sheet(given: list[Row], ours: list[tuple[str, int]], took: Took) -> None:
    """Print LibreOffice's times, and how many totals differ."""
    if shutil.which("soffice") is None:
        sys.exit("LibreOffice is not installed: apt-get install libreoffice-calc-nogui")
    with tempfile.TemporaryDirectory() as folder:
        plain, computed = Path(folder) / "plain.xlsx", Path(folder) / "computed.xlsx"
        write_sheet(plain, given[:10], with_formulas=False)
        by_libreoffice(plain)  # the first start writes the user profile
        write_sheet(plain, given, with_formulas=False)
        write_sheet(computed, given, with_formulas=True)
        _, without = by_libreoffice(plain)
        result, whole = by_libreoffice(computed)
        with result.open(encoding="utf-8") as file:
            totals = [Decimal(row[19]) for row in csv.reader(file)]
    pairs = [(theirs, Decimal(mine)) for theirs, (mine, _) in zip(totals, ours, strict=True)]
    inexact = sum(theirs != mine for theirs, mine in pairs)
    unequal = [(theirs, mine) for theirs, mine in pairs if to_fen(theirs) != mine]
    say(
        f"LibreOffice, the whole file: {whole.wall:.1f} s, {whole.processor:.1f} s of processor; the same file with "
        f"values: {without.wall:.1f} s, {without.processor:.1f} s of processor"
    )
    recalculating = whole.processor - without.processor
    say(
        f"processor time of LibreOffice in ours: the whole file {whole.processor / took.processor:.2f}, "
        f"recalculating alone {recalculating / took.processor:.2f}"
    )
    say(f"its totals: {inexact} no exact fen, {len(unequal)} of {len(given)} unequal when rounded to the fen")
    for theirs, mine in unequal[:5]:
        say(f"  {theirs} there, {mine} here")


def say(text: str) -> None:
    """One line of the report."""
    sys.stdout.write(f"{text}\n")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--sheet", action="store_true", help="compare with LibreOffice")
    options = parser.parse_args()
    given = list(rows(options.households, options.seed))
    found, took = statements(given, options.processes)
    lines = sum(count for _, count in found)
    say(
        f"{len(found):,} statements with {lines:,} lines on {options.processes} processes: {took.wall:.1f} s, "
        f"{len(found) / took.wall:,.0f} statements/s, {lines / took.wall:,.0f} lines/s; "
        f"{took.processor:.1f} s of processor, {took.processor / len(found) * 1e6:,.0f} µs each"
    )
    if options.sheet:
        compare_with_sheet(given, found, took)


if __name__ == "__main__":
    main()
