"""Who may be appointed to what: no wider than the appointing actor reaches, no two posts that exclude each other."""

from __future__ import annotations

from collections.abc import Iterable

from zhengtu.core.authority.actor import Actor, Authority, Posting, Scope, Subject
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason

MANAGE = "posting.manage"


def exclusion_reasons(authority: Authority, *, role: str, held_roles: Iterable[str]) -> list[Reason]:
    """Why one person may not hold the role beside those: some pair of verbs would meet in one hand.

    The pairs of ``authority.yaml`` are looked at over all of a person's posts, wherever these are.
    """
    new = authority.roles.get(role, {})
    reasons: list[Reason] = []
    for held_role in sorted(set(held_roles) - {role}):
        held = authority.roles.get(held_role, {})
        for one, other in authority.exclusive:
            if (one in new and other in held) or (other in new and one in held):
                reasons.append(
                    Reason(
                        code="authority.exclusive",
                        message=N_(
                            "“%(role)s” cannot be held beside “%(held)s”: nobody may both “%(one)s” and “%(other)s”."
                        ),
                        parameters={
                            "role": f"role:{role}", "held": f"role:{held_role}",
                            "one": f"verb:{one}", "other": f"verb:{other}",
                        },
                        remedy=N_("End the other posting first, or appoint somebody else."),
                    )
                )
                break
    return reasons


def appointment_reasons(authority: Authority, *, actor: Actor, person: str, posting: Posting) -> list[Reason]:
    """Why the actor may not appoint the person to that post.

    Args:
        person: code of whoever is appointed.
        posting: role, unit and, for a post on one matter, its subject.
    """
    if person == actor.person:
        return [
            Reason(
                code="authority.own_appointment",
                message=N_("Nobody appoints themselves."),
                remedy=N_("Ask somebody else who manages postings."),
            )
        ]
    if posting.role not in authority.roles:
        return [
            Reason(
                code="authority.unknown_role",
                message=N_("There is no role “%(role)s”."),
                parameters={"role": posting.role},
                remedy=N_("Choose a role from the list."),
            )
        ]
    verbs = authority.roles[posting.role]
    if not posting.subject and "subject" in verbs.values():
        return [
            Reason(
                code="authority.subject_missing",
                message=N_("The role “%(role)s” is held for one project, section or household."),
                parameters={"role": f"role:{posting.role}"},
                remedy=N_("Give the code of that project, section or household."),
            )
        ]
    manageable = authority.scope(actor=actor, verb=MANAGE)
    appointed = Actor(person=person, postings=(posting,))
    for verb, kind in verbs.items():
        if kind == "self":
            continue
        if not _lies_within(authority.scope(actor=appointed, verb=verb), manageable):
            return [
                Reason(
                    code="authority.wider_than_own",
                    message=N_("The role “%(role)s” in this unit would reach further (“%(verb)s”) than your own post."),
                    parameters={"role": f"role:{posting.role}", "verb": f"verb:{verb}"},
                    remedy=N_("Ask somebody who manages the whole city's postings."),
                )
            ]
    return []


def _lies_within(reach: Scope, manageable: Scope) -> bool:
    """Whether whatever the reach covers is the manager's to give."""
    return (
        all(any(prefix.startswith(own) for own in manageable.prefixes) for prefix in reach.prefixes)
        and all(manageable.covers(Subject(code=unit)) for unit in reach.clients | reach.leads | reach.units)
        and all(manageable.covers(Subject(code=subject)) for subject in reach.subjects)
    )
