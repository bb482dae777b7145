"""Beginning a bulletin: its kind, its week or other period, and the two dates of its figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.reasons import Refused
from zhengtu.publication.actions import draft_bulletin
from zhengtu.publication.queries import kinds_drafted_by
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


def _day_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class DraftForm(forms.Form):
    """What a bulletin is begun with; the last day is counted, as people say it."""

    kind = forms.ChoiceField(label=_("Kind"))
    from_on = forms.DateField(label=_("First day"), widget=_day_input())
    last_on = forms.DateField(label=_("Last day"), widget=_day_input())
    as_of_on = forms.DateField(
        label=_("Figures as of"), required=False, widget=_day_input(),
        help_text=_("Left empty: the last day of the period that is over."),
    )
    known_on = forms.DateField(
        label=_("As known on"), required=False, widget=_day_input(),
        help_text=_("What was recorded by the end of this day counts; left empty: the day of the figures."),
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


@requires("bulletin.draft")
@require_http_methods(["GET", "POST"])
def view(request: HttpRequest) -> HttpResponse:
    """The form, filled in for the last whole week; a POST begins the bulletin."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    kinds = [(kind.id, in_language(kind.label)) for kind in kinds_drafted_by(actor)]
    monday = today - timedelta(days=today.weekday()) - _WEEK
    form = DraftForm(
        request.POST or None, kinds=kinds, initial={"from_on": monday, "last_on": monday + _WEEK - _DAY}
    )
    reasons, status = (), 200
    if request.method == "POST":
        status = 409
        if form.is_valid():
            values = form.cleaned_data
            try:
                code = draft_bulletin(
                    actor=actor, city=city_of(actor.postings[0].unit), kind=values["kind"], from_on=values["from_on"],
                    until_on=values["last_on"] + _DAY, as_of_on=values["as_of_on"], known_on=values["known_on"],
                    now=timezone.now(),
                )
            except Refused as refused:
                reasons = refused.reasons
            else:
                messages.success(request, gettext("The draft is begun."))
                return redirect("bulletin.view", code)
    return render(request, "bulletins/new.html", {"form": form, "reasons": reasons}, status=status)
