"""Shared set-up: the embedded PostgreSQL for every test that needs a database, and folders of their own."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

REPOSITORY = Path(__file__).resolve().parents[1]

# A home of the tests' own, so that they never touch a running campaign.
os.environ.setdefault("ZHENGTU_HOME", str(Path(tempfile.gettempdir()) / f"zhengtu-tests-{os.getuid()}"))
os.environ.setdefault("ZHENGTU_RULEBOOK", str(REPOSITORY / "rulebook"))
Path(os.environ["ZHENGTU_HOME"]).mkdir(parents=True, exist_ok=True)

# No test is a matter of time: a busy machine makes examples slowly, and that says nothing about the code.
hypothesis_settings.register_profile("zhengtu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("zhengtu")


def pytest_configure() -> None:
    """Compile the translations, so that tests read Chinese as users do."""
    from django.utils.translation import trans_real

    from zhengtu.jobs.message_files import compile_messages

    if compile_messages():
        trans_real._translations.clear()  # what was read before is out of date


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Start the embedded server before the test database is made, unless DATABASE_URL names another."""
    from django.conf import settings

    if settings.DATABASE_URL is None:
        from zhengtu.config.embedded_database import start_embedded_database

        start_embedded_database(settings.HOME / "postgres")


@pytest.fixture(autouse=True)
def own_folders(settings: object, tmp_path: Path) -> None:
    """Evidence, uploads and tiles of a test go to its own folder."""
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"  # type: ignore[attr-defined]
    settings.UPLOADS_FOLDER = tmp_path / "uploads"  # type: ignore[attr-defined]
    settings.TILES_FOLDER = tmp_path / "tiles"  # type: ignore[attr-defined]
    storages = {name: dict(value) for name, value in settings.STORAGES.items()}  # type: ignore[attr-defined]
    for name in ("evidence", "uploads"):
        storages[name] = {**storages[name], "OPTIONS": {"location": tmp_path / name}}
    settings.STORAGES = storages  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Foreign files kept beside the checkout; tests that read them are skipped where they are absent."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no foreign sample files at {folder}")
    return folder


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Let the clean-up after a transactional test empty the append-only tables, and nothing else."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.execute_sql_flush

    def flush_with_triggers_off(self: DatabaseOperations, sql_list: list[str]) -> None:
        off, on = "SET session_replication_role = replica", "SET session_replication_role = origin"
        flush(self, [off, *sql_list, on])

    DatabaseOperations.execute_sql_flush = flush_with_triggers_off  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def default_language() -> None:
    """Each test starts in the default language, whatever the one before it left active."""
    from django.utils import translation

    translation.deactivate()
