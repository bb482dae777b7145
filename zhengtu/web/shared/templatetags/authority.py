"""What the reader may open, for templates that show a way only to who may go it."""

from __future__ import annotations

from django import template
from django.template.context import Context

from zhengtu.ledger.rulebook import current_rulebook

register = template.Library()


@register.simple_tag(takes_context=True)
def opens(context: Context, verb: str) -> bool:
    """``{% opens "scenario.try" as may_try %}``: whether the reader reaches anything at all with the verb."""
    return bool(current_rulebook().authority.scope(actor=context["request"].actor, verb=verb))
