"""The inbox: one's own notices that today's posts still show, unread first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from zhengtu.core.authority.actor import Actor
from zhengtu.core.notices.notice import Urgency
from zhengtu.notices.models import Notice
from zhengtu.notices.queries import inbox_for, notice_for
from zhengtu.notices.writes import mark_all_read, mark_read
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.reason_text import rulebook_label, spoken_reason

_PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A notice in the reader's words."""

    number: int
    kind: str
    text: str
    subject: str
    made_at: datetime
    is_unread: bool
    is_urgent: bool


@requires("account.manage")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Notices by kind, all or only the unread ones."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    everything = inbox_for(actor)
    kind, only_unread = request.GET.get("kind", ""), request.GET.get("show") == "unread"
    kinds = Counter(notice.kind for notice in everything)
    shown = [
        notice for notice in everything
        if (not kind or notice.kind == kind) and (not only_unread or notice.read_at is None)
    ]
    page = Paginator(shown, _PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "notices/inbox.html", {
        "lines": [_line(notice) for notice in page], "page": page, "only_unread": only_unread, "kind": kind,
        "kinds": [(id, rulebook_label(group="notice_kind", id=id), count) for id, count in sorted(kinds.items())],
        "unread": sum(notice.read_at is None for notice in everything), "all": len(everything),
    })


def _line(notice: Notice) -> InboxLine:
    spoken = spoken_reason({"message": notice.message, "parameters": notice.parameters})
    return InboxLine(
        number=notice.pk, kind=rulebook_label(group="notice_kind", id=notice.kind), text=spoken.message,
        subject=notice.subject, made_at=notice.made_at, is_unread=notice.read_at is None,
        is_urgent=notice.urgency == Urgency.URGENT,
    )


@requires("account.manage")
@require_GET
def open_notice(request: HttpRequest, number: int) -> HttpResponse:
    """Mark a notice as read and go where it is acted on."""
    notice = notice_for(request.actor, number)  # type: ignore[attr-defined]
    if notice is None:
        raise Http404
    mark_read(notice, now=request.now)  # type: ignore[attr-defined]
    return redirect(notice.path)


@requires("account.manage")
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything that the inbox shows as read."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    unread = [notice.pk for notice in inbox_for(actor, is_unread=True)]
    count = mark_all_read(unread, person=actor.person, now=request.now)  # type: ignore[attr-defined]
    if count:
        messages.success(request, ngettext(
            "%(count)s notice is marked as read.", "%(count)s notices are marked as read.", count
        ) % {"count": count})
    else:
        messages.info(request, gettext("There was nothing unread."))
    return redirect("notice.inbox")
