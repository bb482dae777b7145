"""Password rules beyond Django's own."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class ThreeCharacterClassesValidator:
    """Demands three of: lower case, upper case, digits, other characters."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError when fewer than three classes occur."""
        classes = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
        if sum(any(holds(character) for character in password) for holds in classes) < 3:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        """What the user is told."""
        return _("The password needs at least three of: lower-case letters, upper-case letters, digits, other characters.")
