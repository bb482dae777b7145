"""Reasons in the user's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import get_language, gettext

from zhengtu.core.compensation.parameter_reading import PLAN_SOURCE
from zhengtu.core.kernel.reasons import Reason
from zhengtu.ledger.rulebook import current_rulebook

_GROUPS: Final = frozenset({
    "agenda_kind", "attribute", "authority", "bulletin", "choice", "court_document", "directive_light",
    "directive_paper", "directive_rung", "directive_state", "evidence", "fact", "funds_light", "home_type",
    "housing_column", "milestone", "notice", "notice_ask", "notice_kind", "period", "placeholder", "procedure",
    "refusal_ground", "remedy", "rhythm", "right", "role", "schedule_light", "stage", "state", "statement_column",
    "step", "step_actor", "subject", "subsidy_column", "trigger", "urgency", "verb", "works_stage",
})
"""Groups of the rulebook's labels whose ids reasons name as ``group:id``."""


@dataclass(frozen=True, slots=True)
class SpokenReason:
    """A reason as it is shown: three texts, of which remedy and source may be empty."""

    message: str
    remedy: str
    source: str


def spoken_reason(reason: Reason | Mapping[str, Any]) -> SpokenReason:
    """A core ``Reason``, or one as stored with a deed or a refusal, in the current language."""
    if isinstance(reason, Reason):
        message, remedy, source, given = reason.message, reason.remedy, reason.source, reason.parameters
    else:
        message, remedy = str(reason["message"]), str(reason.get("remedy", ""))
        source, given = str(reason.get("source", "")), reason.get("parameters", {})
    parameters = {name: spoken_value(value) for name, value in given.items()}
    return SpokenReason(
        message=_filled(message, parameters),
        remedy=_filled(remedy, parameters) if remedy else "",
        source=spoken_source(source) if source else "",
    )


def spoken_value(value: object) -> str:
    """A parameter of a reason; ``fact:``, ``milestone:`` and the like become labels, ``a|b`` becomes “a or b”."""
    text = str(value)
    if "|" in text and all(_is_prefixed(part) for part in text.split("|")):
        return gettext(" or ").join(spoken_value(part) for part in text.split("|"))
    prefix, separator, id = text.partition(":")
    if not separator:
        return text
    if prefix == "label":
        return gettext(id)
    if prefix == "source":
        return spoken_source(id)
    return rulebook_label(group=prefix, id=id) if prefix in _GROUPS else text


def spoken_source(source: str) -> str:
    """``state-council-decree-590#25`` as the statute's title with its article."""
    id, _, article = source.partition("#")
    kind, separator, project = id.partition(":")
    if separator and kind == PLAN_SOURCE:
        return gettext("compensation scheme adopted for project %(project)s") % {"project": project}
    title = rulebook_label(group="source", id=id)
    if not article:
        return title
    return gettext("%(statute)s, art. %(article)s") % {"statute": title, "article": article}


def rulebook_label(*, group: str, id: str) -> str:
    """What the rulebook calls an id in the current language; the id where it has no name."""
    return current_rulebook().label(group=group, id=id, language=get_language() or "")


def _is_prefixed(text: str) -> bool:
    prefix, separator, _ = text.partition(":")
    return bool(separator) and prefix in _GROUPS | {"label", "source"}


def _filled(template: str, parameters: Mapping[str, str]) -> str:
    try:
        return gettext(template) % parameters
    except (KeyError, TypeError, ValueError):
        # A stored reason of an older release may lack a place that today's translation names.
        return template
