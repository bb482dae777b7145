"""Texts that assign work: the list, and reading a new one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.directives import actions, page_queries, queries
from zhengtu.directives.model_proposals import model_endpoint
from zhengtu.directives.models import TextKind
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.given_days import day_or_none
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter


@requires("directive.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Texts in reach, the latest first."""
    actor = request.actor  # type: ignore[attr-defined]
    table = Table(
        name="directive-texts", title=_("Texts"), request=request, rows=page_queries.counted_texts_for(actor),
        sort="-said_on",
        columns=[
            Column("title", pgettext_lazy("of a text", "Title"), width=50),
            Column("kind", _("Kind"), value=lambda row: row.get_kind_display()),
            Column("said_on", _("Said on"), kind="date"),
            Column("open_count", _("To be confirmed"), kind="integer", value=lambda row: row.open_count or None),
            Column("confirmed_count", _("Confirmed"), kind="integer", value=lambda row: row.confirmed_count or None),
            Column("file_name", _("File"), is_shown=False),
            Column("added_by", _("Added by"), value=lambda row: row.added_by.name, sort="added_by__name"),
            Column("added_at", _("Added at"), kind="instant"),
        ],
        filters=[
            Filter("title", pgettext_lazy("of a text", "Title")),
            Filter("kind", _("Kind"), kind="choice", choices=TextKind.choices),
            Filter("said_on", _("Said on"), kind="dates"),
        ],
        row_href=lambda row: reverse("directive.text", args=[row.pk]),
        empty_text=_("No text has been read yet."),
    )
    if table.wants_export:
        return table.export()
    return render(request, "directives/texts.html", {
        "table": table.render_context(), "tab": "texts", "reads_texts": page_queries.reads_texts(actor),
        "may_set": page_queries.may(actor, "directive.set"),
    })


@csrf_exempt  # a paste that is too long is refused in words before the token is looked for; `_take_in` checks it
@requires("directive.set")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """The form of a new text; a POST reads it."""
    if request.method != "POST":
        return _page(request)
    try:
        request.POST  # noqa: B018 - reading it is what may fail
    except RequestDataTooBig:
        request.POST = QueryDict()  # type: ignore[assignment]
        return _page(request, status=413, reasons=[_reason(
            "too_long", N_("The pasted text is longer than any speech, minutes or plan."),
            N_("Paste the part that assigns work, or upload the text as a file."),
        )])
    return _take_in(request)


@csrf_protect
def _take_in(request: HttpRequest) -> HttpResponse:
    now: datetime = request.now  # type: ignore[attr-defined]
    actor = request.actor  # type: ignore[attr-defined]
    said_on, file = day_or_none(request.POST.get("said_on", "")), request.FILES.get("file")
    reasons = [_reason("said_on", N_("The day on which the text was said is missing or is no date."),
                       N_("Write it as year-month-day, e.g. 2025-02-14."))] if said_on is None else []
    if file is None and not request.POST.get("text", "").strip():
        reasons.append(_reason("empty", N_("There is neither a file nor a pasted text."),
                               N_("Choose a file, or paste the text into the field.")))
    if said_on is None or reasons:
        return _page(request, reasons=reasons, status=409)
    try:
        text = actions.add_text(
            actor=actor, city=city_of(actor.postings[0].unit), kind=request.POST.get("kind", ""),
            title=request.POST.get("title", ""), said_on=said_on, file=file,
            text=request.POST.get("text", "") if file is None else "", now=now,
        )
    except Refused as refused:
        return _page(request, reasons=refused.reasons, status=409)
    count = queries.proposals_of(text).count()
    messages.success(request, ngettext(
        "The text is read: %(count)s directive is proposed.", "The text is read: %(count)s directives are proposed.",
        count,
    ) % {"count": count} if count else gettext("The text is read; no sentence in it assigns work."))
    return redirect("directive.text", number=text.pk)


def _page(request: HttpRequest, *, reasons: Sequence[Reason] = (), status: int = 200) -> HttpResponse:
    today: date = request.today  # type: ignore[attr-defined]
    return render(request, "directives/text_add.html", {
        "kinds": TextKind.choices, "given": request.POST, "today": today.isoformat(), "reasons": reasons,
        "model_is_set": model_endpoint() is not None,
    }, status=status)


def _reason(code: str, message: str, remedy: str) -> Reason:
    return Reason(code=f"directives.text_{code}", message=message, remedy=remedy)
