"""From an actor to the codes that may be seen: the same rows that the registry's doors give, as prefixes."""

from __future__ import annotations

from django.db.models import Q

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.codes import kind_of
from zhengtu.ledger.queries import Reach
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Section
from zhengtu.registry.queries import projects_for, scope_of, subject_of


def reach_of(actor: Actor, *, verb: str) -> Reach:
    """What the actor reaches with a verb.

    A city is one prefix. A jurisdiction is its own prefix and the projects that lie in it; a client's or leading
    unit's reach are its projects with all their sections. A post for one thing reaches that and what lies below.
    """
    scope = scope_of(actor, verb=verb)
    cities = {prefix for prefix in scope.prefixes if len(prefix) == 4}
    # A department's own prefix ends in 00: it is no jurisdiction, and no section starts with it.
    prefixes = cities | {p for p in scope.prefixes if p[:4] not in cities and not p.endswith("00")}
    codes: set[str] = set()
    named = set(scope.subjects)
    projects = {code for code in named if _is("project", code)}
    if scope.clients or scope.leads or projects:
        of_projects = Section.objects.filter(
            Q(project__client__in=scope.clients) | Q(project__lead__in=scope.leads) | Q(project__in=projects)
        )
        for jurisdiction, project in of_projects.order_by().values_list("jurisdiction", "project").distinct():
            part = f"{jurisdiction}-{project.partition('-')[2]}"
            codes.add(part)
            prefixes.add(f"{part}-")
    for code in named - projects:
        codes.add(code)
        if _is("section", code):
            prefixes.add(f"{code}-")
        elif _is("jurisdiction", code):
            prefixes.add(code)
    if prefixes - cities or projects:
        codes |= set(projects_for(actor, verb=verb).values_list("code", flat=True))
    return Reach(
        prefixes=tuple(sorted(prefixes)), codes=tuple(sorted(codes)), unseen_verbs=unseen_verbs(actor, verb=verb)
    )


def unseen_verbs(actor: Actor, *, verb: str) -> tuple[str, ...]:
    """Verbs whose deeds the actor does not see in what they reach with a verb.

    They see them only where the verb that shows them covers all of that reach.
    """
    authority = current_rulebook().authority
    unseen = []
    for concealed, needed in authority.seen_with.items():
        seeing, reached = authority.scope(actor=actor, verb=needed), authority.scope(actor=actor, verb=verb)
        is_whole = all(
            (
                all(any(prefix.startswith(wider) for wider in seeing.prefixes) for prefix in reached.prefixes),
                reached.clients <= seeing.clients, reached.leads <= seeing.leads,
                all(seeing.covers(Subject(code=code)) for code in reached.subjects),
            )
        )
        if not (seeing and is_whole):
            unseen.append(concealed)
    return tuple(unseen)


def may_record(actor: Actor, subject: str) -> bool:
    """Whether some kind of fact that a form takes is the actor's to record about the subject."""
    rulebook = current_rulebook()
    thing = subject_of(subject)
    verbs = {
        kind.verb for kind in rulebook.fact_kinds.values()
        if kind_of(subject) in kind.subject_kinds and not kind.through
    }
    return any(rulebook.authority.may(actor=actor, verb=verb, subject=thing) is None for verb in verbs)


def _is(kind: str, code: str) -> bool:
    try:
        return kind_of(code) == kind
    except ValueError:
        return False
