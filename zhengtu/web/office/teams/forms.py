"""The form of a field team: shape only; whether it may be is the action's to say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengtu.accounts.models import Unit
from zhengtu.core.planning.teams import Span
from zhengtu.registry.models import Team, TeamSkill
from zhengtu.registry.team_actions import TeamTerms
from zhengtu.web.shared.templatetags.figures import named

_SPAN = re.compile(r"(\d{4}-\d\d-\d\d)(?:\W*\w?\W*(\d{4}-\d\d-\d\d))?")
"""A day, or two with a dash, a space or a single word such as the Chinese "until" between them."""
_MOST_SPANS = 60


def _day_field(label: object, *, required: bool, help_text: object = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text)


class SpanField(forms.CharField):
    """Days as lines of ``first last`` or a single day."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> list[Span]:
        """The spans.

        Raises:
            ValidationError: naming the line that is no span of days.
        """
        text = super().clean(value)
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > _MOST_SPANS:
            raise forms.ValidationError(gettext("More than %(most)s lines.") % {"most": _MOST_SPANS})
        return [self._span(number, line) for number, line in enumerate(lines, start=1)]

    def _span(self, number: int, line: str) -> Span:
        found = _SPAN.fullmatch(line)
        try:
            days = [date.fromisoformat(day) for day in (found.groups() if found else ()) if day]
        except ValueError:
            days = []
        if not 1 <= len(days) <= 2:
            raise forms.ValidationError(
                gettext("Line %(number)s, “%(line)s”, is no day and no pair of days such as 2026-02-16 2026-02-22.")
                % {"number": number, "line": line[:40]}
            )
        return days[0], days[-1]


class TeamForm(forms.Form):
    """What is entered of a team."""

    jurisdiction = forms.ChoiceField(label=_("Works in"))
    skill = forms.ChoiceField(label=_("Skill"), choices=TeamSkill.choices)
    name = forms.CharField(label=_("Team's name"), max_length=64)
    name_en = forms.CharField(label=_("Name in English"), max_length=128, required=False)
    unit = forms.ChoiceField(label=_("Belongs to"))
    members = forms.IntegerField(label=_("People in the team"), min_value=1, max_value=200)
    households_per_day = forms.DecimalField(
        label=_("Households per working day"), required=False, max_digits=6, decimal_places=2,
        help_text=_("Empty: the pace of the rulebook."),
    )
    from_on = _day_field(_("From"), required=True)
    until_on = _day_field(
        _("Ends before"), required=False, help_text=_("The first day without the team; may be empty."),
    )
    days_off = SpanField(
        label=_("Days off"), required=False, max_length=4000,
        help_text=_("One line each: a day, or the first and the last of several, as 2026-02-16 2026-02-22."),
    )
    extra_days = SpanField(
        label=_("Works on rest days"), required=False, max_length=4000,
        help_text=_("Rest days on which the team works, written in the same way."),
    )

    def __init__(self, *args: Any, places: Sequence[Unit], units: Sequence[Unit], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["jurisdiction"].choices = [(unit.code, named(unit)) for unit in places]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [(unit.code, named(unit)) for unit in units]  # type: ignore[attr-defined]

    def terms(self) -> TeamTerms:
        """The cleaned values as the action takes them."""
        values = self.cleaned_data
        return TeamTerms(
            jurisdiction=values["jurisdiction"], unit=values["unit"], name=values["name"], name_en=values["name_en"],
            skill=values["skill"], members=values["members"], households_per_day=values["households_per_day"],
            from_on=values["from_on"], until_on=values["until_on"], days_off=values["days_off"],
            extra_days=values["extra_days"],
        )


def values_of(team: Team) -> dict[str, object]:
    """A team's values as the form shows them."""
    return {
        "jurisdiction": team.jurisdiction_id, "skill": team.skill, "name": team.name, "name_en": team.name_en,
        "unit": team.unit_id, "members": team.members, "households_per_day": team.households_per_day,
        "from_on": team.from_on, "until_on": team.until_on, "days_off": _lines(team.days_off),
        "extra_days": _lines(team.extra_days),
    }


def spans_text(stored: Sequence[Sequence[str]]) -> str:
    """Stored spans in one line."""
    return ", ".join(first if first == last else f"{first}–{last}" for first, last in stored)


def _lines(stored: Sequence[Sequence[str]]) -> str:
    return "\n".join(first if first == last else f"{first} {last}" for first, last in stored)
