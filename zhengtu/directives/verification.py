"""Proof that no directive says something else than what was set: contents held against their fingerprints in the
ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from zhengtu.core.directives.content import fingerprint
from zhengtu.directives.assembling import with_contents
from zhengtu.directives.contents import content_of
from zhengtu.directives.facts import events_of
from zhengtu.directives.models import Directive


def broken_directives() -> Iterator[tuple[str, str]]:
    """(code, one English sentence) of every directive whose row is not what its fact says; none: all are whole."""
    rows = with_contents(Directive.objects.all())
    events = events_of([row.code for row in rows], on=date.max)
    for row in rows:
        facts = [event for event in events.get(row.code, ()) if event.kind == "directive_set"]
        if len(facts) != 1:
            yield row.code, f"{len(facts)} facts say that it was set"
        elif facts[0].attributes["content_sha256"] != fingerprint(content_of(row)):
            yield row.code, "its content is not the one that was set"
        elif row.set_on != facts[0].on:
            yield row.code, "the day of its setting is not the one recorded"
