"""Template tags for figures, dates, lights, reasons and rulebook labels; loaded in every template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from zhengtu.core.kernel import masking
from zhengtu.core.kernel.reasons import Reason
from zhengtu.web.shared import figure_text
from zhengtu.web.shared.addresses import changed_query
from zhengtu.web.shared.reason_text import rulebook_label, spoken_reason, spoken_source

register = template.Library()

LIGHTS: Mapping[str, tuple[str, object]] = {
    "green": ("●", gettext_lazy("Green: on course")),
    "yellow": ("▲", gettext_lazy("Yellow: at risk")),
    "red": ("■", gettext_lazy("Red: late")),
    "blue": ("◆", gettext_lazy("Blue: due soon")),
    "running": ("◔", gettext_lazy("Statutory period running")),
    "idle": ("○", gettext_lazy("Not started")),
    "done": ("✓", gettext_lazy("Done")),
}
"""Light -> (shape, text alternative)."""

PLAN_LIGHTS: Mapping[str, object] = {
    "green": gettext_lazy("Green: on course"),
    "yellow": gettext_lazy("Yellow: at risk"),
    "red": gettext_lazy("Red: cannot hold, or improbable"),
    "running": gettext_lazy("Statutory period running"),
    "idle": gettext_lazy("Nothing left, or no deadline"),
}
"""Light of a plan -> what it says, for legends and filters."""

_MASKS = {"name": masking.mask_name, "identity": masking.mask_identity, "phone": masking.mask_phone}


@register.filter(name="figure")
def figure_filter(value: object, form: object = None) -> str:
    """``{{ count|figure }}``, ``{{ share|figure:2 }}`` (decimals), ``{{ count|figure:"户" }}`` (unit)."""
    if isinstance(form, int):
        return figure_text.grouped(value, digits=form)
    text = figure_text.grouped(value)
    return f"{text} {form}" if form and text != figure_text.NOTHING else text


@register.simple_tag(name="figure")
def figure_tag(
    value: object, *, unit: str = "", digits: int | None = None, sign: bool = False, href: str = ""
) -> SafeString:
    """A figure with its unit, its sign if it is a difference, and a link to what proves it."""
    text = figure_text.grouped(value, digits=digits, sign=sign)
    number = format_html('<span class="figure">{}</span>', text)
    if unit and text != figure_text.NOTHING:
        number = format_html('{}<span class="unit">{}</span>', number, unit)
    return format_html('<a class="figure-link" href="{}">{}</a>', href, number) if href else number


@register.filter
def signed(value: object) -> str:
    """A difference with its sign."""
    return figure_text.grouped(value, sign=True)


@register.filter
def wan_yuan(value: object, digits: int = 2) -> str:
    """Yuan as 万元."""
    return figure_text.wan(value, digits=digits)


@register.filter
def yuan(value: object) -> str:
    """Yuan to the fen, as signed papers state it."""
    return figure_text.grouped(value, digits=2)


@register.filter
def share(value: object, digits: int = 1) -> str:
    """A share (0 to 1) as a percentage."""
    return figure_text.percent(value, digits=digits)


@register.filter
def in_a_row(words: Iterable[object]) -> str:
    """Names one after the other, with the comma of the language."""
    return gettext(", ").join(str(word) for word in words)


@register.filter
def points(value: object) -> str:
    """A difference of two shares (-1 to 1) in whole percentage points, with its sign."""
    text = figure_text.grouped(value if value is None else float(str(value)) * 100, digits=0, sign=True)
    return text if text == figure_text.NOTHING else gettext("%(points)s percentage points") % {"points": text}


@register.filter
def chance(value: object) -> str:
    """A probability (0 to 1) in whole percent."""
    return figure_text.chance(value)


@register.filter
def civil_date(value: object) -> str:
    """A date as ``2025-02-14``."""
    return figure_text.day(value)


@register.filter
def civil_time(value: object) -> str:
    """An instant as ``2025-02-14 09:30`` in Asia/Shanghai."""
    return figure_text.minute(value)


@register.filter
def masked(value: object, kind: str = "") -> str:
    """``{{ name|masked:"name" }}``, ``identity`` or ``phone``; without a kind, every number inside a text."""
    if value is None or value == "":
        return figure_text.NOTHING
    return _MASKS.get(kind, masking.mask_identifiers_in)(str(value))


@register.filter
def named(thing: Any) -> str:
    """The name of a unit, project, section or campaign in the current language."""
    if thing is None:
        return figure_text.NOTHING
    name_en = getattr(thing, "name_en", "")
    return name_en if name_en and (get_language() or "").startswith("en") else thing.name


@register.filter(name="label")
def label_filter(id: object, group: str) -> str:
    """``{{ milestone|label:"milestone" }}``: what the rulebook calls an id."""
    return rulebook_label(group=group, id=str(id)) if id else figure_text.NOTHING


@register.simple_tag(name="label")
def label_tag(group: str, id: object) -> str:
    """``{% label "fact" fact.kind %}``: what the rulebook calls an id."""
    return label_filter(id, group)


@register.filter
def statute(source: object) -> str:
    """``state-council-decree-590#25`` as the statute's title with its article."""
    return spoken_source(str(source)) if source else figure_text.NOTHING


@register.simple_tag
def light(name: object, why: str = "") -> SafeString:
    """A light by shape and colour with a text alternative; ``why`` is the sentence beside it."""
    shape, meaning = LIGHTS[str(name)]
    lamp = format_html(
        '<span class="light light-{0}" role="img" aria-label="{1}" title="{1}">{2}</span>', name, meaning, shape
    )
    if not why:
        return lamp
    return format_html('{} <span class="light-why">{}</span>', lamp, masking.mask_identifiers_in(str(why)))


@register.filter
def light_meaning(name: object) -> str:
    """What a light says, in words."""
    return str(LIGHTS[str(name)][1])


@register.inclusion_tag("components/reason.html")
def reason(value: Reason | Mapping[str, Any]) -> dict[str, object]:
    """One reason with its remedy and its source."""
    return {"reason": spoken_reason(value)}


@register.inclusion_tag("components/reasons.html")
def reasons(values: Iterable[Reason | Mapping[str, Any]], heading: str = "") -> dict[str, object]:
    """The list of reasons of a refusal."""
    return {"reasons": [spoken_reason(value) for value in values], "heading": heading}


@register.filter(name="reason")
def reason_filter(value: Reason | Mapping[str, Any]) -> str:
    """One reason as plain text."""
    spoken = spoken_reason(value)
    return f"{spoken.message} {spoken.remedy}".strip()


@register.simple_tag(takes_context=True)
def url_with(context: Context, **changes: object) -> str:
    """The address of this page with some parameters changed; None or "" takes one out."""
    return changed_query(context["request"].GET, changes)


@register.simple_tag
def days_left(due_on: Any, today: Any) -> str:
    """“12 days left”, “today” or “3 days over”."""
    days = (due_on - today).days
    if days == 0:
        return gettext("today")
    if days < 0:
        return ngettext("%(days)s day over", "%(days)s days over", -days) % {"days": -days}
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
