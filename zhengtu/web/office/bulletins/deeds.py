"""Deeds on a bulletin: write beside its figures, submit, return, release, withdraw."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Refused
from zhengtu.publication.actions import (
    release_bulletin,
    return_bulletin,
    submit_bulletin,
    withdraw_bulletin,
    write_remarks,
)
from zhengtu.web.office.bulletins.page import bulletin_or_404, bulletin_page
from zhengtu.web.office.bulletins.writing import ADDRESSEES, ADDRESSEES_SHOWN, REMARK
from zhengtu.web.shared.access import requires


@requires("bulletin.draft")
@require_POST
def write(request: HttpRequest, code: str) -> HttpResponse:
    """Keep what was written in the parts that take it, and the units that were chosen where the form shows them."""
    remarks = {
        name.removeprefix(REMARK): text for name, text in request.POST.items()
        if name.startswith(REMARK) and isinstance(text, str)
    }
    units = request.POST.getlist(ADDRESSEES) if ADDRESSEES_SHOWN in request.POST else None
    return _done(request, code, gettext("Text and addressees are kept."), lambda actor: write_remarks(
        actor=actor, code=code, remarks=remarks, addressees=units, now=timezone.now()
    ))


@requires("bulletin.draft")
@require_POST
def submit(request: HttpRequest, code: str) -> HttpResponse:
    """Hand the draft to whoever releases it."""
    return _done(request, code, gettext("The bulletin is submitted."), lambda actor: submit_bulletin(
        actor=actor, code=code, now=timezone.now()
    ))


@requires("bulletin.release")
@require_POST
def send_back(request: HttpRequest, code: str) -> HttpResponse:
    """Return the bulletin with the reason."""
    return _done(request, code, gettext("The bulletin is returned."), lambda actor: return_bulletin(
        actor=actor, code=code, reason=request.POST.get("reason", ""), now=timezone.now()
    ))


@requires("bulletin.release")
@require_POST
def release(request: HttpRequest, code: str) -> HttpResponse:
    """Release the bulletin: its number, figures and files are kept."""
    return _done(request, code, gettext("The bulletin is released."), lambda actor: release_bulletin(
        actor=actor, code=code, now=timezone.now()
    ))


@requires("bulletin.view")
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Withdraw a released bulletin, or give up a draft."""
    return _done(request, code, gettext("The bulletin is withdrawn."), lambda actor: withdraw_bulletin(
        actor=actor, code=code, reason=request.POST.get("reason", ""), now=timezone.now()
    ))


def _done(request: HttpRequest, code: str, told: str, deed: Callable[[Actor], str]) -> HttpResponse:
    bulletin_or_404(request, code)
    try:
        deed(request.actor)  # type: ignore[attr-defined]
    except Refused as refused:
        return bulletin_page(request, bulletin_or_404(request, code), reasons=refused.reasons, status=409)
    messages.success(request, told)
    return redirect("bulletin.view", code)
