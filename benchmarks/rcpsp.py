"""Resource-constrained scheduling: `zhengtu psplib` against OR-Tools and PyJobShop left to themselves (PSPLIB, MPLIB).

    uv sync --group bench
    .venv/bin/python benchmarks/rcpsp.py --out ROWS.csv --set j30 j60 j90 j120 multi --every 4 --seconds 60
    .venv/bin/python benchmarks/rcpsp.py --out ROWS.csv --table

Every run is a process of its own, one after the other, all solvers on one instance before the next instance, so that
they meet the same machine. Seconds count from when the libraries are loaded; the peers may also build their model
outside of them. Rows are written as they come; what stands in the file is not run again. Each schedule is checked for
every link and capacity by `core.scheduling.checker`.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from zhengtu.core.plan_files.multiproject import read_multiproject
from zhengtu.core.plan_files.psplib import read_psplib
from zhengtu.core.scheduling.problem import Problem

DATA = Path(__file__).parents[2] / "shared" / "data"
SOLVERS = ("zhengtu", "ortools", "pyjobshop")
FIELDS = ("set", "file", "solver", "seconds", "workers", "makespan", "bound", "wall", "load", "faults", "best_known")
PUBLISHED = {
    "j30": (0.00, 0.00), "j60": (0.13, 0.09), "j90": (0.40, 0.26), "j120": (1.47, 0.96), "multi": (-0.52, -0.85)
}
"""Mean gaps of OR-Tools and of CP Optimizer at 900 s, per cent, from PyJobShop's experiments."""


def main() -> None:
    """Run what is asked for, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="CSV outside the repository")
    parser.add_argument("--set", nargs="+", choices=PUBLISHED, default=[], dest="sets")
    parser.add_argument("--solvers", nargs="+", choices=SOLVERS, default=list(SOLVERS))
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--offset", type=int, default=0, help="the first instance taken of each set")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--until", default="", help="HH:MM (UTC): begin nothing after it")
    parser.add_argument("--one", nargs=2, metavar=("SOLVER", "FILE"), help="one run in this process, for the parent")
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(_one(*arguments.one, seconds=arguments.seconds, workers=arguments.workers)))
        return
    _run(arguments)
    _table(arguments.out)


def _instances(name: str) -> list[tuple[str, int]]:
    """File name and best known makespan of each instance of a set, in the list's order."""
    folder = "multiproject" if name == "multi" else "psplib"
    with (DATA / folder / "best_known.csv").open() as file:
        if name == "multi":
            return [(f"multiproject/{row['instance']}", int(row["bks"])) for row in csv.DictReader(file)]
        rows = [row for row in csv.DictReader(file) if row["set"] == name]
        return [(f"psplib/{row['file']}", int(row["upper_bound"])) for row in rows]


def _run(arguments: argparse.Namespace) -> None:
    chosen = {name: _instances(name)[arguments.offset :: arguments.every] for name in arguments.sets}
    done = {(row["file"], row["solver"]) for row in _rows(arguments.out)}
    for place in range(max(map(len, chosen.values()), default=0)):  # the sets take turns
        for name in arguments.sets:
            for file, best_known in chosen[name][place : place + 1]:
                for solver in arguments.solvers:
                    too_late = arguments.until and time.strftime("%H:%M", time.gmtime()) > arguments.until
                    if too_late or (file, solver) in done:
                        continue
                    row = {"set": name, "file": file, "solver": solver, "best_known": best_known}
                    row |= {"seconds": arguments.seconds, "workers": arguments.workers}
                    row |= {"load": round(os.getloadavg()[0], 1)}
                    command = [sys.executable, __file__, "--out", os.devnull, "--one", solver, file]
                    command += ["--seconds", str(arguments.seconds), "--workers", str(arguments.workers)]
                    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
                    row |= json.loads(output.splitlines()[-1])
                    _append(arguments.out, row)
                    print(*(row[field] for field in FIELDS), flush=True)


def _rows(out: Path) -> list[dict[str, str]]:
    if not out.exists():
        return []
    with out.open() as file:
        return list(csv.DictReader(file))


def _append(out: Path, row: dict[str, object]) -> None:
    is_new = not out.exists()
    with out.open("a", newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        if is_new:
            writer.writeheader()
        writer.writerow(row)


def _one(solver: str, file: str, *, seconds: float, workers: int) -> dict[str, object]:
    from ortools.sat.python import cp_model  # noqa: F401  loaded before the clock starts, for all three

    from zhengtu.core.scheduling.checker import faults

    text = (DATA / file).read_text(encoding="utf-8", errors="replace")
    problem = read_psplib(text) if file.endswith(".sm") else read_multiproject(text)
    if solver == "pyjobshop":
        import pyjobshop  # noqa: F401
    began = time.monotonic()
    run = {"zhengtu": _zhengtu, "ortools": _ortools, "pyjobshop": _pyjobshop}[solver]
    starts, bound = run(problem, seconds, workers)
    wall = time.monotonic() - began
    if not starts:
        return {"makespan": "", "bound": bound, "wall": round(wall, 2), "faults": 0}
    ids = [activity.id for activity in problem.activities]
    finishes = [start + activity.duration for start, activity in zip(starts, problem.activities, strict=True)]
    wrong = faults(
        problem=problem,
        starts=dict(zip(ids, starts, strict=True)),
        finishes=dict(zip(ids, finishes, strict=True)),
    )
    return {"makespan": max(finishes), "bound": bound, "wall": round(wall, 2), "faults": len(wrong)}


def _zhengtu(problem: Problem, seconds: float, workers: int) -> tuple[list[int], int]:
    from zhengtu.core.scheduling.methods.search import search

    result = search(problem, seconds=seconds, workers=workers)
    return result.plan.starts.tolist(), result.bound


def _ortools(problem: Problem, seconds: float, workers: int) -> tuple[list[int], int]:
    """The textbook model with default parameters."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    horizon = sum(activity.duration for activity in problem.activities)
    starts = {activity.id: model.new_int_var(0, horizon, activity.id) for activity in problem.activities}
    ends = {activity.id: starts[activity.id] + activity.duration for activity in problem.activities}
    intervals = {
        activity.id: model.new_fixed_size_interval_var(starts[activity.id], activity.duration, activity.id)
        for activity in problem.activities
    }
    for link in problem.links:
        model.add(starts[link.after] >= ends[link.before])
    for resource in problem.resources:
        users = [activity for activity in problem.activities if activity.demands.get(resource.id)]
        model.add_cumulative(
            [intervals[user.id] for user in users], [user.demands[resource.id] for user in users], resource.capacity
        )
    makespan = model.new_int_var(0, horizon, "makespan")
    model.add_max_equality(makespan, list(ends.values()))
    model.minimize(makespan)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return [], round(solver.best_objective_bound)
    return [solver.value(starts[activity.id]) for activity in problem.activities], round(solver.best_objective_bound)


def _pyjobshop(problem: Problem, seconds: float, workers: int) -> tuple[list[int], int]:
    import pyjobshop

    model = pyjobshop.Model()
    resources = [model.add_renewable(capacity=resource.capacity) for resource in problem.resources]
    tasks = {}
    for activity in problem.activities:
        task = tasks[activity.id] = model.add_task()
        demands = [activity.demands.get(resource.id, 0) for resource in problem.resources]
        model.add_mode(task, resources, activity.duration, demands=demands)
    for link in problem.links:
        model.add_end_before_start(tasks[link.before], tasks[link.after])
    result = model.solve(solver="ortools", time_limit=seconds, num_workers=workers, display=False)
    if result.status.value not in ("Optimal", "Feasible"):
        return [], round(result.lower_bound)
    return [task.start for task in result.best.tasks], round(result.lower_bound)


def _table(out: Path) -> None:
    """Mean gap to best known and count of proofs, over the instances that all solvers of the file have run."""
    rows = _rows(out)
    print("| set | solver | instances | mean gap | at best known or below | proven | published, 900 s |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for name, (ortools, optimizer) in PUBLISHED.items():
        by_solver = {solver: _by_file(rows, name, solver) for solver in SOLVERS}
        ran = [set(found) for found in by_solver.values() if found]
        shared = set.intersection(*ran) if ran else set()
        for solver, found in by_solver.items():
            for files, note in ((shared, ""), (set(found), ", all run")):
                if found and (not note or len(files) > len(shared)):
                    line = _line([found[file] for file in files])
                    print(f"| {name} | {solver}{note} | {line} | {ortools}, {optimizer} % |")
    loads = [float(row["load"]) for row in rows]
    if loads:
        print(f"load {min(loads)} to {max(loads)}, faults {sum(int(row['faults']) for row in rows)}, {len(rows)} runs")


def _by_file(rows: Sequence[dict[str, str]], name: str, solver: str) -> dict[str, dict[str, str]]:
    return {row["file"]: row for row in rows if row["set"] == name and row["solver"] == solver}


def _line(rows: Sequence[dict[str, str]]) -> str:
    solved = [row for row in rows if row["makespan"]]
    gaps = [100 * (int(row["makespan"]) / int(row["best_known"]) - 1) for row in solved]
    without = f" ({len(rows) - len(solved)} without a schedule)" if len(solved) < len(rows) else ""
    proven = sum(row["makespan"] == row["bound"] for row in rows)
    at_best = sum(gap <= 0 for gap in gaps)
    return f"{len(rows)} | {sum(gaps) / max(1, len(gaps)):.2f} %{without} | {at_best} | {proven}"


if __name__ == "__main__":
    main()
