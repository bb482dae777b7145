"""The part of the rulebook about sponsorship and hard cases; it refuses whatever would describe a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from zhengtu.core.ledger.fact_kinds import FactKind
from zhengtu.core.procedure.steps import Procedures
from zhengtu.core.rules.reading import RulebookInvalid, known_source, label_pair, read_entries
from zhengtu.core.sponsorship.hard_cases import DESCRIBED
from zhengtu.core.sponsorship.rules import LEGACY, Remedy, SponsorshipRules

_FILE: Final = "sponsorship/remedies.yaml"
_PAGE: Final = "sponsorship"
ATTRIBUTES: Final = frozenset({
    "sponsor", "reason", "result", "promise", "promised", "due_on", "cause", "described", "remedy", "text",
})
"""All that facts of sponsorship and hard cases may hold; ``sponsor`` is an official in office, no family member."""


def load_sponsorship(
    folder: Path, *, sources: Mapping[str, tuple[str, str]], facts: Mapping[str, FactKind], roles: Collection[str],
    procedures: Procedures,
) -> SponsorshipRules:
    """Read and check ``sponsorship/remedies.yaml``, and the kinds of fact that its page records.

    Args:
        facts: every kind of fact, those of the procedures among them.
        roles: ids of the roles of ``authority.yaml``.
        procedures: whose regimes remedies belong to, beside projects under an old demolition permit.

    Raises:
        RulebookInvalid: naming the entry that is wrong, a cause without remedy or an attribute that is not the file's.
    """
    refuse_personal(facts)
    regimes = {LEGACY, *(one.regime for one in procedures.versions)}
    raw = read_entries(folder / "sponsorship" / "remedies.yaml")
    causes = tuple(raw["causes"])
    if set(causes) != set(facts[DESCRIBED].attributes["cause"].choices) or len(set(causes)) != len(causes):
        raise RulebookInvalid(f"{_FILE}: causes are exactly those of {DESCRIBED} in facts.yaml")
    remedies = {
        id: _remedy(id, entry, causes=causes, sources=sources, facts=facts, regimes=regimes)
        for id, entry in raw["remedies"].items()
    }
    for regime in regimes:
        for cause in causes:
            offered = [one for one in remedies.values() if cause in one.causes and regime in (one.regimes or regimes)]
            if not offered:
                raise RulebookInvalid(f"{_FILE}: no remedy for {cause} under {regime}")
    settled_by = {kind: tuple(settled) for kind, settled in raw["settled_by"].items()}
    for kind, settled in settled_by.items():
        if kind not in facts or set(settled) - set(causes):
            raise RulebookInvalid(f"{_FILE}: settled_by: {kind} is a kind of fact with causes")
    for role, above in raw["superiors"].items():
        if unknown := sorted({role, *above} - set(roles)):
            raise RulebookInvalid(f"{_FILE}: superiors: there is no role {unknown[0]}")
    words = raw["personal_words"]
    if not words or not all(isinstance(word, str) and word.strip() for word in words):
        raise RulebookInvalid(f"{_FILE}: personal_words is a list of words")
    days = raw["reminded_days"]
    for number in (*days, raw["quiet_days"], raw["text_limit"]):
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise RulebookInvalid(f"{_FILE}: days and characters are whole numbers from 0, not {number!r}")
    return SponsorshipRules(
        causes=causes, remedies=remedies, reminded_days=tuple(sorted(days, reverse=True)),
        quiet_days=raw["quiet_days"], settled_by=settled_by, text_limit=raw["text_limit"], personal_words=tuple(words),
        succeeded=label_pair(raw["succeeded"], where=f"{_FILE}: succeeded")[0],
        superiors={role: tuple(above) for role, above in raw["superiors"].items()},
    )


def refuse_personal(facts: Mapping[str, FactKind]) -> None:
    """Refuse a kind of fact of sponsorship with an attribute beyond ``ATTRIBUTES``, e.g. somebody's age or employer.

    Raises:
        RulebookInvalid: naming the kind and the attribute.
    """
    for kind in facts.values():
        extra = sorted(set(kind.attributes) - ATTRIBUTES) if kind.through == _PAGE else ()
        if extra:
            raise RulebookInvalid(f"facts.yaml: {kind.id}: {extra[0]} may not be recorded: a case is about the file")


def _remedy(
    id: str, raw: Mapping[str, Any], *, causes: Collection[str], sources: Mapping[str, tuple[str, str]],
    facts: Mapping[str, FactKind], regimes: Collection[str],
) -> Remedy:
    where = f"{_FILE}: {id}"
    try:
        named, source = tuple(raw["causes"]), raw["source"]
        texts = {name: label_pair(raw[name], where=f"{where}: {name}") for name in ("label", "turn_to", "how")}
    except KeyError as error:
        raise RulebookInvalid(f"{where}: {error} is missing") from error
    shown, after, of = (tuple(raw.get(name, ())) for name in ("facts", "after", "regimes"))
    for problem, unknown in {
        "unknown cause": set(named) - set(causes), "unknown kind of fact": {*shown, *after} - set(facts),
        "unknown regime": set(of) - set(regimes), "unknown entry": set(raw) - _ENTRIES,
    }.items():
        if unknown:
            raise RulebookInvalid(f"{where}: {problem} {min(unknown)}")
    if not named or "#" not in source:
        raise RulebookInvalid(f"{where}: a remedy has a cause and an article")
    return Remedy(
        id=id, causes=named, source=known_source(source, sources=sources, where=where), facts=shown, after=after,
        regimes=of, **texts,
    )


_ENTRIES: Final = {"label", "turn_to", "how", "causes", "source", "facts", "after", "regimes"}
