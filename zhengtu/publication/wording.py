"""A bulletin in words: its text in one language, from its figures, its remarks and the reasons beside red lights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import get_language, override

from zhengtu.core.bulletins.figures import NamedFigures, fingerprint
from zhengtu.core.bulletins.text import BulletinText, text_of_bulletin
from zhengtu.core.kernel.reasons import Reason
from zhengtu.ledger.reason_text import spoken_reason
from zhengtu.ledger.rulebook import current_rulebook

CHINESE = "zh-hans"


def bulletin_text(
    named: NamedFigures, *, remarks: Mapping[str, Sequence[str]], issued_on: date, language: str = ""
) -> BulletinText:
    """The text of a bulletin.

    Args:
        issued_on: the day it is released, or today of a draft; days to answer are counted from it.
        language: of the text; the reader's where it is empty.
    """
    language = language or get_language() or CHINESE
    is_english = language.startswith("en")
    rulebook = current_rulebook()
    reply_by = rulebook.calendar.add_working_days(issued_on, rulebook.bulletins.limits.reply_workdays).on
    with override(language):
        reasons = {one.part: _spoken(one.reason, named, is_english=is_english) for one in named.figures.red}
    return text_of_bulletin(
        named, rules=rulebook.bulletins, remarks=remarks, reasons=reasons, reply_by=reply_by,
        fingerprint=fingerprint(named.figures), is_english=is_english,
    )


def _spoken(reason: Reason, named: NamedFigures, *, is_english: bool) -> str:
    """A reason with names in the place of codes."""
    given = {
        name: named.names[value][is_english] if isinstance(value, str) and value in named.names else value
        for name, value in reason.parameters.items()
    }
    return spoken_reason(replace(reason, parameters=given)).message
