"""Units and the people posted in them; appointing and ending postings."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhengtu.accounts.appointing import Post, appoint, appoint_newcomer, end_posting
from zhengtu.accounts.models import Posting, Unit
from zhengtu.accounts.passwords import first_password
from zhengtu.accounts.queries import person_called, postings_for, units_for
from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.kernel.reasons import Refused
from zhengtu.registry.queries import households_for, projects_for, sections_for
from zhengtu.web.office.account.forms import EndForm, PostForm
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.reason_text import rulebook_label
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter
from zhengtu.web.shared.templatetags.figures import named

_MANAGE = "posting.manage"


@requires("organisation.view")
@require_safe
def organisation(request: HttpRequest) -> HttpResponseBase:
    """Units as a tree with how many people each has, and the people of the chosen unit."""
    actor, today = request.actor, request.today  # type: ignore[attr-defined]
    units = list(units_for(actor))
    manageable = set(units_for(actor, verb=_MANAGE).values_list("code", flat=True))
    postings = postings_for(actor, on=today)
    holders = set(postings.values_list("unit", "person"))
    counts = Counter(unit for unit, _ in holders)
    chosen = next((unit for unit in units if unit.code == request.GET.get("unit")), None)
    table = _people_table(request, postings.filter(unit=chosen) if chosen else postings, manageable)
    if table.wants_export:
        return table.export()
    context = {
        "tree": _tree(units, counts, chosen),
        "chosen": chosen,
        "table": table.render_context(),
        "may_appoint": bool(manageable),
        "people_count": len({person for _, person in holders}),
    }
    return render(request, "account/organisation.html", context)


@requires(_MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def add_posting(request: HttpRequest) -> HttpResponse:
    """Appoint somebody: a person with an account, or a newcomer whose first password is shown once."""
    actor = request.actor  # type: ignore[attr-defined]
    units = list(units_for(actor, verb=_MANAGE))
    initial = {"unit": request.GET.get("unit", ""), "from_on": request.today}  # type: ignore[attr-defined]
    form = PostForm(request.POST or None, units=units, initial=initial)
    if request.method == "GET":
        return render(request, "account/appoint.html", {"form": form})
    if not form.is_valid() or not _subject_is_known(request, form):
        return render(request, "account/appoint.html", {"form": form}, status=409)
    values = form.cleaned_data
    post = Post(
        unit=next(unit for unit in units if unit.code == values["unit"]), role=values["role"], title=values["title"],
        subject=values["subject"], from_on=values["from_on"], until_on=values["until_on"],
    )
    person = person_called(values["username"])
    if person is None and not values["name"].strip():
        form.add_error("name", gettext("Nobody signs in with this name yet: a new account needs the person's name."))
        return render(request, "account/appoint.html", {"form": form}, status=409)
    password = "" if person else first_password()
    try:
        if person is not None:
            appoint(actor, person=person, post=post, now=request.now)  # type: ignore[attr-defined]
        else:
            person = appoint_newcomer(
                actor, username=values["username"], name=values["name"].strip(), password=password, post=post,
                now=request.now,  # type: ignore[attr-defined]
            )
    except Refused as refused:
        return render(request, "account/appoint.html", {"form": form, "reasons": refused.reasons}, status=409)
    if password:
        return render(request, "account/newcomer.html", {"newcomer": person, "password": password, "unit": post.unit})
    messages.success(request, gettext("%(person)s is appointed.") % {"person": person.name})
    return redirect(f"{reverse('organisation.view')}?unit={post.unit.code}")


@requires(_MANAGE)
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End a posting."""
    actor = request.actor  # type: ignore[attr-defined]
    postings = postings_for(actor, on=request.today, verb=_MANAGE)  # type: ignore[attr-defined]
    posting = get_object_or_404(postings, pk=number)
    form = EndForm(request.POST or None, initial={"until_on": request.today})  # type: ignore[attr-defined]
    context: dict[str, object] = {"form": form, "posting": posting}
    if request.method == "GET" or not form.is_valid():
        return render(request, "account/end_posting.html", context)
    until_on = form.cleaned_data["until_on"]
    try:
        end_posting(actor, posting=posting, until_on=until_on, now=request.now)  # type: ignore[attr-defined]
    except Refused as refused:
        return render(request, "account/end_posting.html", {**context, "reasons": refused.reasons}, status=409)
    messages.success(request, gettext("The posting of %(person)s ends.") % {"person": posting.person.name})
    return redirect(f"{reverse('organisation.view')}?unit={posting.unit_id}")


def _people_table(request: HttpRequest, postings: Any, manageable: set[str]) -> Table:
    roles = sorted(set(postings.values_list("role", flat=True)))
    return Table(
        name="people",
        title=gettext_lazy("People"),
        rows=postings,
        request=request,
        columns=[
            Column("person", gettext_lazy("Person's name"), value=lambda p: p.person.name, sort="person__name"),
            Column("title", gettext_lazy("Title")),
            Column("role", gettext_lazy("Role"), value=lambda p: rulebook_label(group="role", id=p.role)),
            Column("unit", gettext_lazy("Unit"), value=lambda p: named(p.unit), sort="unit__code"),
            Column("subject", gettext_lazy("Only for"), kind="code"),
            Column("from_on", gettext_lazy("From"), kind="date"),
            Column("until_on", gettext_lazy("Ends before"), kind="date"),
            Column("username", gettext_lazy("Sign-in name"), value=lambda p: p.person.username, sort="person__username",
                   is_shown=False),
            Column("end", gettext_lazy("Posting"), sort="", href=lambda p: _end_href(p, manageable),
                   value=lambda p: gettext("End") if p.unit_id in manageable else "",
                   is_shown=bool(manageable), is_exported=False),
        ],
        filters=[
            Filter("name", gettext_lazy("Person's name"), paths=["person__name", "title"]),
            Filter("role", gettext_lazy("Role"), kind="choice",
                   choices=[(role, rulebook_label(group="role", id=role)) for role in roles]),
        ],
        source=gettext_lazy("Postings in force or to come"),
    )


def _end_href(posting: Posting, manageable: set[str]) -> str:
    return reverse("posting.end", args=[posting.pk]) if posting.unit_id in manageable else ""


def _tree(units: list[Unit], counts: Counter[str], chosen: Unit | None) -> list[dict[str, object]]:
    """Units below one another; whose superior is not among them stands at the top."""
    codes = {unit.code for unit in units}
    below: dict[str, list[Unit]] = {}
    for unit in units:
        top = unit.superior_id if unit.superior_id in codes else ""
        below.setdefault(top or "", []).append(unit)

    def branch(code: str) -> list[dict[str, object]]:
        return [
            {"unit": unit, "count": counts[unit.code], "is_chosen": unit == chosen, "below": branch(unit.code)}
            for unit in below.get(code, [])
        ]

    return branch("")


def _subject_is_known(request: HttpRequest, form: PostForm) -> bool:
    """Whether the post's subject is empty or something in the actor's own scope; else the form says so."""
    subject: str = form.cleaned_data["subject"]
    if not subject:
        return True
    doors = {"project": projects_for, "section": sections_for, "household": households_for}
    if doors[kind_of(subject)](request.actor).filter(pk=subject).exists():  # type: ignore[operator, attr-defined]
        return True
    form.add_error("subject", gettext("Nothing in your scope has this code."))
    return False
