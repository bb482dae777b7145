"""What the reader may open, for templates that show a way only to who may go it."""

from __future__ import annotations

from django import template
from django.template.context import Context

from zhengtu.web.shared import access

register = template.Library()


@register.simple_tag(takes_context=True)
def opens(context: Context, verb: str) -> bool:
    """``{% opens "scenario.try" as may_try %}``: whether the reader reaches anything at all with the verb."""
    return access.opens(context["request"].actor, verb)
