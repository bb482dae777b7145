"""Queued tasks; the worker finds them here."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from zhengtu.funds.payment_runs import RUN_TASK, carry_out_run
from zhengtu.registry.survey_uploads import CHECK_TASK, IMPORT_TASK, carry_out_upload, check_upload
from zhengtu.registry.tiles import TASK as BUILD_TILES
from zhengtu.registry.tiles import build_jurisdiction


@app.task(name=BUILD_TILES)
def build_tiles(jurisdiction: str) -> str:
    """Rebuild the vector tiles of a jurisdiction; returns the published version."""
    return build_jurisdiction(jurisdiction, at=timezone.now()).version


@app.task(name=CHECK_TASK)
def check_survey(import_id: int) -> str:
    """Read and check an upload; returns the stage it ends at."""
    return check_upload(import_id, now=timezone.now())


@app.task(name=IMPORT_TASK)
def import_survey(import_id: int) -> str:
    """Import a confirmed upload, whole or not at all; returns the stage it ends at."""
    return carry_out_upload(import_id, now=timezone.now())


@app.task(name=RUN_TASK)
def prepare_payment_run(run_id: int) -> str:
    """Make one order of everything due in a part of a project; returns the stage it ends at."""
    return carry_out_run(run_id, now=timezone.now())
