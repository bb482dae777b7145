"""Password rules beyond Django's own."""

from __future__ import annotations

import secrets
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_LETTERS_AND_DIGITS: Final = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that are mistaken for each other."""
_CLASSES: Final = (str.islower, str.isupper, str.isdigit, lambda character: not character.isalnum())


def first_password() -> str:
    """A random password to hand over once: four groups of four, about 93 bits."""
    while True:
        groups = ["".join(secrets.choice(_LETTERS_AND_DIGITS) for _ in range(4)) for _ in range(4)]
        password = "-".join(groups)
        if all(any(holds(character) for character in password) for holds in _CLASSES[:3]):
            return password


class ThreeCharacterClassesValidator:
    """Demands three of: lower case, upper case, digits, other characters."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError when fewer than three classes occur."""
        if sum(any(holds(character) for character in password) for holds in _CLASSES) < 3:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        """What the user is told."""
        return _(
            "The password needs at least three of: lower-case letters, upper-case letters, digits, other characters."
        )
