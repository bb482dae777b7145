"""Actors, scopes and the one question: may this actor do this, here?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason

SCOPES: Final = ("city", "jurisdiction", "client", "lead", "unit", "subject", "self")


@dataclass(frozen=True, slots=True)
class Posting:
    """One post that a person holds today.

    Attributes:
        role: id of a role in ``authority.yaml``.
        unit: code of the unit.
        subject: code of the one project, section or household the post is for, or empty.
    """

    role: str
    unit: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a person with today's postings.

    Attributes:
        person: the person's code; it is written into the ledger.
        postings: posts held today; a person without any may do nothing.
    """

    person: str
    postings: tuple[Posting, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act is on, with everything that decides who may act on it.

    Attributes:
        code: its key; empty where the act concerns the city as a whole.
        clients: units the project is built for.
        leads: departments and command posts that lead the project.
        units: units that a directive, review or notice is given to.
    """

    code: str
    clients: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows that an actor reaches with one verb: the union of its parts; empty means none.

    Attributes:
        prefixes: division-code prefixes (four digits a city, six a jurisdiction).
        clients: units whose projects are reached.
        leads: leading units whose projects are reached.
        units: units of which what is given to them is reached.
        subjects: codes reached together with what lies below them.
    """

    prefixes: frozenset[str] = frozenset()
    clients: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.prefixes or self.clients or self.leads or self.units or self.subjects)

    def covers(self, subject: Subject) -> bool:
        """Whether the subject lies inside."""
        return (
            any(subject.code.startswith(prefix) for prefix in self.prefixes)
            or bool(self.clients & subject.clients)
            or bool(self.leads & subject.leads)
            or bool(self.units & subject.units)
            or any(is_at_or_below(subject.code, top) for top in self.subjects)
        )


def _is_jurisdiction(unit: str) -> bool:
    """Whether the unit is a district or zone; a post in the city's own bodies holds no single jurisdiction."""
    return len(unit) == 6 and not unit.endswith("00")


def is_at_or_below(code: str, top: str) -> bool:
    """Whether ``code`` is ``top`` or lies below it; a section lies below its city-numbered project."""
    if code == top or code.startswith(f"{top}-"):
        return True
    parts = top.split("-")
    is_project = len(parts) == 2 and parts[1].startswith("P")
    return is_project and code[:4] == top[:4] and code.split("-")[1:2] == [parts[1]]


@dataclass(frozen=True, slots=True)
class Authority:
    """The table of ``authority.yaml``.

    Attributes:
        roles: role id -> verb -> scope kind (one of ``SCOPES``).
        lent: the same for roles that no posting holds, which a page lends to whom it is opened.
        role_labels, lent_labels: role id -> (Chinese, English).
        verb_labels: verb -> (Chinese, English).
        exclusive: pairs of verbs that one person may not both do on one matter.
        seen_with: verb -> the verb without which its deeds, facts and refused attempts are not shown.
    """

    roles: Mapping[str, Mapping[str, str]]
    lent: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    role_labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    lent_labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    verb_labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    exclusive: Sequence[tuple[str, str]] = ()
    seen_with: Mapping[str, str] = field(default_factory=dict)

    def conceals(self, *, actor: Actor, verb: str, subject: Subject) -> bool:
        """Whether what was done by that verb to the subject stays unseen by the actor."""
        needed = self.seen_with.get(verb)
        return needed is not None and not self.scope(actor=actor, verb=needed).covers(subject)

    def scope(self, *, actor: Actor, verb: str) -> Scope:
        """The rows that the actor reaches with the verb, over all of today's postings."""
        parts: dict[str, set[str]] = {part.name: set() for part in fields(Scope)}
        for posting in actor.postings:
            kind = (self.roles.get(posting.role) or self.lent.get(posting.role, {})).get(verb)
            if kind is None:
                continue
            if kind == "self":
                parts["subjects"].add(actor.person)
            elif posting.subject or kind == "subject":
                # A post for one thing never reaches beyond it, whatever the role allows elsewhere.
                if posting.subject:
                    parts["subjects"].add(posting.subject)
            elif kind == "city":
                parts["prefixes"].add(posting.unit[:4])
            elif kind == "jurisdiction" and _is_jurisdiction(posting.unit):
                parts["prefixes"].add(posting.unit)
            elif kind == "client":
                parts["clients"].add(posting.unit)
            elif kind == "lead":
                parts["leads"].add(posting.unit)
            elif kind == "unit":
                parts["units"].add(posting.unit)
        return Scope(**{name: frozenset(values) for name, values in parts.items()})

    def may(self, *, actor: Actor, verb: str, subject: Subject) -> Reason | None:
        """None when the actor may; otherwise the reason why not."""
        if self.scope(actor=actor, verb=verb).covers(subject):
            return None
        return Reason(
            code="authority.not_granted",
            message=N_("Your posts do not include “%(verb)s” for %(subject)s."),
            parameters={"verb": f"verb:{verb}", "subject": subject.code or "—"},
            remedy=N_("Ask the person who administers postings in your unit."),
        )
