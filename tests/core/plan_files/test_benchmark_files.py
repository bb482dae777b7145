"""PSPLIB and MPLIB files: what they state, and what is wrong with a broken one, by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.plan_files.multiproject import read_multiproject
from zhengtu.core.plan_files.psplib import read_psplib
from zhengtu.core.scheduling.problem import Link

SHARED = Path(__file__).parents[4] / "shared" / "data"
STARS = "*" * 40
PSPLIB = f"""{STARS}
jobs (incl. supersource/sink ):  4
{STARS}
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        1          1           4
   3        1          1           4
   4        1          0
{STARS}
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  R 2
------------------------------
  1      1     0       0    0
  2      1     5       2    0
  3      1     3       1    4
  4      1     0       0    0
{STARS}
RESOURCEAVAILABILITIES:
  R 1  R 2
    2    4
{STARS}
"""
MPLIB = """  2
   2
   5   6

   2    0
   1   1

   3   2   0   1 1:2
   4   0   1   1 2:1

   1    7
   1   0

   2   5   0   0
"""


def test_a_project_is_read() -> None:
    problem = read_psplib(PSPLIB)
    assert [(a.id, a.duration, dict(a.demands)) for a in problem.activities] == [
        ("1", 0, {}), ("2", 5, {"R1": 2}), ("3", 3, {"R1": 1, "R2": 4}), ("4", 0, {}),
    ]
    assert list(problem.links) == [Link("1", "2"), Link("1", "3"), Link("2", "4"), Link("3", "4")]
    assert [(resource.id, resource.capacity) for resource in problem.resources] == [("R1", 2), ("R2", 4)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("PRECEDENCE RELATIONS:", "PRECEDENTS:", "PRECEDENCE RELATIONS is missing"),
        ("RESOURCEAVAILABILITIES:", "", "RESOURCEAVAILABILITIES is missing"),
        ("           2   3\n", "           2\n", "Line 6: job 1 is said to have 2 successors, 1 are listed"),
        ("           2   3\n", "           2   9\n", "Line 6: successor 9 of job 1 does not exist"),
        ("   3        1          1", "   3        2          1", "Line 8: job 3 has 2 modes"),
        ("   3        1          1           4\n", "", "Line 6: successor 3 of job 1 does not exist"),
        ("   4        1          0\n", "", "Line 7: successor 4 of job 2 does not exist"),
        ("  3      1     3       1    4\n", "", "Line 8: job 3 has no row of duration and demands"),
        ("     5       2    0", "     5       2", "Line 15: job, mode, duration and 2 demands"),
        ("     5       2    0", "    -5       2    0", "Line 15: “-5” is not a whole number"),
        ("     5       2    0", "     5       ２    0", "Line 15: “２” is not a whole number"),
        ("  3      1     3", "  2      1     3", "Line 16: job 2 stands here twice"),
        ("  3      1     3", "  3      2     3", "Line 16: job 3 has a mode 2"),
        ("  R 1  R 2\n    2", "  R 1  N 2\n    2", "Line 20: resource N2 is not renewable"),
        ("    2    4\n", "    2\n", "Line 21: 2 capacities are expected"),
        ("  R 1  R 2\n    2    4\n", "", "Line 20: the names of the resources are expected"),
    ],
)
def test_a_broken_project_is_refused_by_line(old: str, new: str, said: str) -> None:
    assert old in PSPLIB
    with pytest.raises(Refused, match=said.replace("(", r"\(")):
        read_psplib(PSPLIB.replace(old, new, 1))


def test_several_projects_are_read_with_their_releases() -> None:
    problem = read_multiproject(MPLIB)
    assert [(a.id, a.duration, a.not_earlier, dict(a.demands)) for a in problem.activities] == [
        ("1:1", 3, 0, {"R1": 2}), ("1:2", 4, 0, {"R2": 1}), ("2:1", 2, 7, {"R1": 5}),
    ]
    assert list(problem.links) == [Link("1:1", "1:2"), Link("1:2", "2:1")]
    assert [(resource.id, resource.capacity) for resource in problem.resources] == [("R1", 5), ("R2", 6)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  2\n   2\n", "  0\n   2\n", "Line 1: the number of projects"),
        ("  2\n", "  3\n", "the file ends where number of activities and release of project 3 is expected"),
        ("   5   6\n", "   5\n", "Line 3: 2 capacities is expected, 1 numbers stand here"),
        ("1 1:2", "1 1:8", "Line 8: successor 1:8 of activity 1:1 does not exist"),
        ("1 1:2", "2 1:2", "Line 8: activity 1:1: duration, 2 demands"),
        ("   4   0   1", "   4   x   1", "Line 9: “x” is not a whole number"),
        ("   2   5   0   0\n", "   2   5   0   0\n   1   1   1   0\n", "Line 15: nothing more is expected"),
        ("   2   5   0   0\n", "", "the file ends where activity 2:1 is expected"),
    ],
)
def test_broken_projects_are_refused_by_line(old: str, new: str, said: str) -> None:
    assert old in MPLIB
    with pytest.raises(Refused, match=said):
        read_multiproject(MPLIB.replace(old, new, 1))


@pytest.mark.parametrize("text", ["", "\n\n", "%PDF-1.7", "1"])
def test_other_files_are_refused(text: str) -> None:
    with pytest.raises(Refused, match="Line"):
        read_psplib(text)
    with pytest.raises(Refused, match="Line"):
        read_multiproject(text)


@pytest.mark.skipif(not SHARED.exists(), reason="the benchmark instances are not on this machine")
def test_all_real_instances_are_read() -> None:
    sizes = {len(read_psplib(path.read_text()).activities) for path in (SHARED / "psplib").glob("*.sm")}
    assert sizes == {32, 62, 92, 122}
    shared = [read_multiproject(path.read_text()) for path in (SHARED / "multiproject").glob("*.txt")]
    assert {len(problem.activities) for problem in shared} == {1488}
