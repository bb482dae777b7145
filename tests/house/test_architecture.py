"""The building's own rules, checked by machine: who may write, how long things are, what is named and translated."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "zhengtu"
MODULE_LINES, MODELS_LINES, FUNCTION_LINES = 400, 600, 50
ROW_CALLS = {"save", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
FORBIDDEN_NAMES = {"utils", "helpers", "services", "managers", "signals", "common", "misc"}


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders or ("",):
        for path in sorted((PACKAGE / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def name_of(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


@pytest.mark.parametrize("path", modules("web", "jobs"), ids=name_of)
def test_screens_and_jobs_neither_query_nor_write(path: Path) -> None:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr == "objects":
            found.append(f"{name_of(path)}:{node.lineno}: .objects; put the read into the app's queries.py")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ROW_CALLS:
            found.append(f"{name_of(path)}:{node.lineno}: .{node.func.attr}(); put the write into the app's actions.py")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_modules_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    limit = MODELS_LINES if path.stem == "models" else MODULE_LINES
    assert text.count("\n") <= limit, f"{name_of(path)} has more than {limit} lines: split it by reason to change"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= FUNCTION_LINES, f"{name_of(path)}:{node.lineno}: {node.name} has {length} lines"


def test_every_module_and_public_function_says_what_it_is() -> None:
    silent = []
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if tree.body and not ast.get_docstring(tree) and path.name not in ("apps.py", "__init__.py"):
            silent.append(name_of(path))
        for node in tree.body:
            if (
                isinstance(node, ast.FunctionDef | ast.ClassDef)
                and not node.name.startswith("_")
                and path.name not in ("apps.py", "models.py")
                and not ast.get_docstring(node)
            ):
                silent.append(f"{name_of(path)}:{node.lineno} {node.name}")
    assert not silent, "no docstring: " + ", ".join(silent)


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert not [name_of(path) for path in modules() if path.stem in FORBIDDEN_NAMES]


@pytest.mark.parametrize("path", modules("core"), ids=name_of)
def test_the_core_reads_no_clock(path: Path) -> None:
    clocks = {("date", "today"), ("datetime", "now"), ("datetime", "utcnow"), ("time", "time"), ("timezone", "now")}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in clocks, f"{name_of(path)}:{node.lineno}: today is an argument"


def test_joining_a_transaction_is_for_the_demonstration_alone() -> None:
    users = [name_of(p) for p in modules() if "joins_transaction" in p.read_text(encoding="utf-8")]
    assert users == [
        "zhengtu/jobs/demonstration/deeds.py", "zhengtu/jobs/demonstration/funding.py",
        "zhengtu/jobs/demonstration/policy.py", "zhengtu/jobs/demonstration/resettlement.py",
        "zhengtu/jobs/demonstration/subsidies.py", "zhengtu/ledger/act.py",
    ]


def test_no_template_reads_a_value_named_block() -> None:
    """Inside ``{% block %}`` that name is Django's own node, and what was meant is silently empty."""
    reads = re.compile(r"(?<![\w.-])block\.(?!super\b)[a-z]|\bfor block in\b")
    found = [
        f"{name_of(path)}:{number}" for path in sorted((PACKAGE / "web" / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if reads.search(re.sub(r'"[^"]*"', "", line))
    ]
    assert not found, found


def test_every_verb_is_used_and_every_used_verb_is_granted() -> None:
    rules = yaml.safe_load((REPOSITORY / "rulebook" / "authority.yaml").read_text(encoding="utf-8"))
    granted = {verb for role in rules["roles"].values() for verb in role["may"]}
    assert granted == set(rules["verbs"]), "verbs nobody holds, or that are not described"
    asking = [*modules(), *(p for p in (REPOSITORY / "rulebook").rglob("*.yaml") if p.name != "authority.yaml")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in asking)
    unused = [verb for verb in rules["verbs"] if verb not in code]
    assert not unused, f"verbs that no code asks for: {unused}"


def test_storeys() -> None:
    result = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )
    assert result.returncode == 0, result.stdout


def test_translations_are_complete() -> None:
    result = subprocess.run(
        [sys.executable, "tools/messages.py", "check"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.django_db
def test_migrations_match_the_models() -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_lock_files_name_only_public_registries() -> None:
    lock = (REPOSITORY / "uv.lock").read_text(encoding="utf-8")
    registries = set(re.findall(r'registry = "([^"]+)"', lock))
    assert registries == {"https://pypi.org/simple"}
