"""A 100,000-row Excel ledger through the product's import, against reading the file and against django-import-export.

    ZHENGTU_HOME=/tmp/zt-bench-import .venv/bin/python benchmarks/import_ledger.py [--rows N] [--peer-rows N] [--runs N]

Needs `uv sync --group bench`. The file has the columns of a real appraisal ledger with section, phone and address. Both
sides put the same households into the same three tables (households with sealed personal data and search indexes,
facts, milestones); the product also checks every cell, finds duplicates, chains the deed and keeps the figures.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengtu.config.settings")
if "ZHENGTU_HOME" not in os.environ:
    sys.exit("Set ZHENGTU_HOME to a scratch folder: the benchmark empties the database in it.")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

SECTIONS = 20
HEADINGS = (
    "序号",
    "组别",
    "编号",
    "节点",
    "姓名",
    "身份证号",
    "联系电话",
    "坐落",
    "合法宅基地面积(㎡)",
    "控制标准面积(㎡)",
    "超控制标准面积(㎡)",
    "合法宅基地范围内正式房屋建筑面积(㎡)",
    "合法宅基地外的房屋建筑面积(㎡)",
    "评估公司",
    "控制标准内区位补偿款(元)",
    "控制标准外区位补偿款(元)",
    "房屋及附属物重置成新价补偿款(元)",
    "是否包含未经审批房屋重置成新价",
    "装修补助费(元)",
    "分户补偿款(元)",
    "合法宅基地内空地奖(元)",
    "评估价款合计(元)",
)
MAPPING = {
    "section": "节点",
    "name": "姓名",
    "identity_number": "身份证号",
    "phone": "联系电话",
    "address": "坐落",
    "registered_area_m2": "合法宅基地范围内正式房屋建筑面积(㎡)",
    "unregistered_area_m2": "合法宅基地外的房屋建筑面积(㎡)",
    "land_area_m2": "合法宅基地面积(㎡)",
}
EMPTIED = (
    "registry_household",
    "registry_parcel",
    "registry_building",
    "ledger_fact",
    "ledger_evidence",
    "ledger_deed",
    "ledger_storedfile",
    "ledger_milestones",
    "ledger_dailyfigures",
    "ledger_periodfigures",
    "ledger_chainhead",
)


def write_ledger(path: Path, rows: int) -> None:
    """A fictitious ledger; every identity number is right and stands once."""
    import random

    import xlsxwriter

    from zhengtu.core.survey_sheets.identity_numbers import check_digit

    rng = random.Random(7)
    family, given = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        page = book.add_worksheet("分户台账")
        page.write_row(0, 0, HEADINGS)
        for i in range(rows):
            born = f"19{50 + i // 500_000 % 50:02d}{1 + i % 12:02d}{1 + i % 28:02d}"
            body = f"{100000 + i % 500_000:06d}{born}{i % 1000:03d}"
            name = rng.choice(family) + rng.choice(given) + rng.choice(given)
            area = round(40 + rng.random() * 90, 2)
            page.write_row(
                i + 1,
                0,
                (
                    i + 1,
                    f"{i % 9 + 1}组",
                    f"{i + 1:06d}",
                    f"220204-P0001-S{1 + i * SECTIONS // rows:02d}",
                    name,
                    body + check_digit(body),
                    f"138{i:08d}",
                    f"船营区和平街道{i // 60}号楼{i % 6 + 1}单元{i % 60}室",
                    round(area * 2, 2),
                    270,
                    0,
                    area,
                    round(rng.random() * 20, 2),
                    "江城评估",
                    round(area * 3200, 2),
                    0,
                    round(area * 900, 2),
                    "否",
                    2000,
                    0,
                    1500,
                    round(area * 4100, 2),
                ),
            )


def emptied() -> None:
    """Households and ledger gone; the append-only guards are off for this one session."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"TRUNCATE {', '.join(EMPTIED)} CASCADE")
        cursor.execute("SET session_replication_role = origin")
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds on the clock, and of processor: this process and its database backend."""
    import psutil
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0])

    def spent() -> float:
        times = backend.cpu_times()
        return time.process_time() + times.user + times.system

    before, started = spent(), time.perf_counter()
    work()
    return time.perf_counter() - started, spent() - before


def read_only(path: Path) -> None:
    """Merely reading the file with the fastest reader."""
    from python_calamine import CalamineWorkbook

    CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def import_with_product(path: Path) -> None:
    """The product's import: read, check, compare, one deed."""
    from django.utils import timezone

    from zhengtu.core.authority.actor import Actor, Posting
    from zhengtu.registry.actions import import_survey
    from zhengtu.registry.models import Household, Project
    from zhengtu.registry.survey_import.intake import local_file
    from zhengtu.registry.survey_import.options import ImportOptions

    outcome = import_survey(
        source=local_file(path),
        project=Project.objects.select_related("campaign").get(code="220200-P0001"),
        actor=Actor("220200-u-bench", (Posting("field_officer", "220204"),)),
        options=ImportOptions(mapping=MAPPING),
        now=timezone.now(),
    )
    assert outcome.report["counts"]["new"] == Household.objects.count() > 0


def import_with_peer(path: Path, *, in_bulk: bool) -> None:
    """django-import-export: its own Excel reader, a resource for households, facts and milestones added in bulk."""
    from import_export.formats.base_formats import XLSX

    from benchmarks.import_ledger_peer import household_resource
    from zhengtu.registry.models import Household

    dataset = XLSX().create_dataset(path.read_bytes())
    result = household_resource(in_bulk=in_bulk).import_data(dataset, raise_errors=True)
    assert result.total_rows == Household.objects.count() > 0


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument(
        "--peer-rows", type=int, default=10_000, help="the peer is measured on so many and extrapolated"
    )
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    from django.conf import settings

    from zhengtu.config.embedded_database import start_embedded_database

    server = None if settings.DATABASE_URL else start_embedded_database(settings.HOME / "postgres")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    build_scene()
    folder = Path(tempfile.mkdtemp(prefix="zhengtu-bench-"))
    whole, part = folder / "whole.xlsx", folder / "part.xlsx"
    write_ledger(whole, options.rows)
    write_ledger(part, options.peer_rows)
    measured: dict[str, list[tuple[float, float]]] = {}
    for _ in range(options.runs):
        measured.setdefault("reading with calamine", []).append(timed(lambda: read_only(whole)))
        emptied()
        measured.setdefault("import_survey", []).append(timed(lambda: import_with_product(whole)))
    scale = options.rows / options.peer_rows
    for name, in_bulk in (("django-import-export, bulk", True), ("django-import-export, as it comes", False)):
        emptied()
        wall, processor = timed(lambda in_bulk=in_bulk: import_with_peer(part, in_bulk=in_bulk))  # type: ignore[misc]
        measured[name] = [(wall * scale, processor * scale)]
    emptied()
    report(measured, options)
    del server


def build_scene() -> None:
    """A project with twenty sections, once."""
    from tests import factories
    from zhengtu.registry.models import Project

    if not Project.objects.filter(code=factories.PROJECT).exists():
        project = factories.build_project()
        for number in range(1, SECTIONS + 1):
            factories.build_section(project, factories.CHUANYING, number=number)


def report(measured: dict[str, list[tuple[float, float]]], options: argparse.Namespace) -> None:
    """Medians and ratios as a Markdown table."""
    medians = {name: tuple(median(column) for column in zip(*runs, strict=True)) for name, runs in measured.items()}
    ours = medians["import_survey"]
    print(
        f"{options.rows:,} rows, {len(HEADINGS)} columns; the peer on {options.peer_rows:,} rows, extrapolated; "
        f"load {os.getloadavg()[0]:.1f}"
    )
    print("| | wall | processor | wall / import_survey | processor / import_survey |\n|---|---:|---:|---:|---:|")
    for name, (wall, processor) in medians.items():
        print(f"| {name} | {wall:.1f} s | {processor:.1f} s | {wall / ours[0]:.2f} | {processor / ours[1]:.2f} |")


if __name__ == "__main__":
    main()
