"""Shapes of what the account and organisation pages take in; whether it may be done is decided by the deeds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, gettext_lazy

from zhengtu.accounts.models import Unit
from zhengtu.core.kernel.codes import kind_of
from zhengtu.ledger.rulebook import current_rulebook


class DateInput(forms.DateInput):
    """A civil date as browsers give it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PasswordForm(forms.Form):
    """A new password, typed twice."""

    current = forms.CharField(
        label=gettext_lazy("Current password"), max_length=256, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("New password"), max_length=256, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("New password again"), max_length=256, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        """The repetition, which has to be the same."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError(gettext("The two new passwords differ."))
        return again


class CodeForm(forms.Form):
    """A one-time code."""

    code = forms.RegexField(
        r"^\s*\d{3}\s?\d{3}\s*$", label=gettext_lazy("One-time code"),
        error_messages={"invalid": gettext_lazy("A code has six digits.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 8}),
    )


class DropCodesForm(CodeForm):
    """Password and code: what it takes to stop asking for codes."""

    password = forms.CharField(
        label=gettext_lazy("Password"), max_length=256, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("password", "code")


class PostForm(forms.Form):
    """A post to fill, by somebody who has an account or by a newcomer."""

    username = forms.RegexField(
        r"^[a-z0-9][a-z0-9._-]{2,63}$", label=gettext_lazy("Sign-in name"),
        help_text=gettext_lazy("Of the person who takes the post; a new name opens a new account."),
        error_messages={
            "invalid": gettext_lazy("Use at least three lower-case letters, digits, dots, hyphens or underscores.")
        },
    )
    name = forms.CharField(
        label=gettext_lazy("Person's name"), max_length=64, required=False,
        help_text=gettext_lazy("Only for a new account."),
    )
    unit = forms.ChoiceField(label=gettext_lazy("Unit"))
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    title = forms.CharField(label=gettext_lazy("Title"), max_length=64, required=False)
    subject = forms.CharField(
        label=gettext_lazy("Only for"), max_length=64, required=False,
        help_text=gettext_lazy("Code of one project, section or household that the post is limited to."),
    )
    from_on = forms.DateField(label=gettext_lazy("From"), widget=DateInput())
    until_on = forms.DateField(
        label=gettext_lazy("Ends before"), widget=DateInput(), required=False,
        help_text=gettext_lazy("First day without the post; empty for no end."),
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_english = (get_language() or "").startswith("en")
        self.fields["unit"].choices = [
            (unit.code, unit.name_en if is_english and unit.name_en else unit.name) for unit in units
        ]
        labels = current_rulebook().authority.role_labels
        self.fields["role"].choices = [(role, pair[is_english]) for role, pair in labels.items()]

    def clean_subject(self) -> str:
        """The code, which has to be that of a project, section or household."""
        subject: str = self.cleaned_data["subject"].strip().upper()
        if not subject:
            return ""
        try:
            kind = kind_of(subject)
        except ValueError:
            kind = ""
        if kind not in ("project", "section", "household"):
            raise forms.ValidationError(gettext("This is no code of a project, section or household."))
        return subject


class EndForm(forms.Form):
    """The first day without a post."""

    until_on = forms.DateField(label=gettext_lazy("Ends before"), widget=DateInput())
