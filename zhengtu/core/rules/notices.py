"""Notices from ``rulebook/notices``: parsed, and checked so that no text names what nothing gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from zhengtu.core.procedure.notices import (
    FACT_DATES,
    NAME,
    NUMBER,
    PERIOD_IN_SENTENCE,
    Ask,
    Notice,
    NoticePart,
    Notices,
)
from zhengtu.core.procedure.steps import Act, Label, Procedure, Procedures, Scope, Step
from zhengtu.core.rules.reading import RulebookInvalid, known_source, label_pair, read_entries

REGISTER_NAMES: Final = (
    "project", "jurisdiction", "regime", "household", "address", "use", "registered_area_m2", "land_area_m2",
    "owner_names", "owner_name", "owner_identity", "owner_shares", "households", "sections", "today",
)
"""Names that the register gives; ``common.yaml`` labels exactly these."""
_HOUSEHOLD_NAMES: Final = frozenset({
    "household", "address", "use", "registered_area_m2", "land_area_m2", "owner_names", "owner_name",
    "owner_identity", "owner_shares",
})
_TELLING: Final = frozenset({Act.ANNOUNCEMENT, Act.COMPENSATION_DECISION, Act.ENFORCEABLE_DECISION})
"""Acts whose paper must tell of the remedies (INV-9)."""
_TYPES: Final = ("text", "date", "money")


def load_notices(
    folder: Path, *, procedures: Procedures, sources: Mapping[str, tuple[str, str]]
) -> Notices:
    """Every notice of every regime.

    Raises:
        RulebookInvalid: naming the file and the notice that is wrong.
    """
    path = folder / "notices" / "common.yaml"
    common = read_entries(path)
    placeholders = _labels(common["placeholders"], where=path.name)
    if tuple(placeholders) != REGISTER_NAMES:
        raise RulebookInvalid(f"{path.name}: placeholders must be exactly {', '.join(REGISTER_NAMES)}")
    authority_names = _labels(common["authorities"]["names"], where=path.name)
    divisions = {division: dict(names) for division, names in common["authorities"]["divisions"].items()}
    for division, names in divisions.items():
        if set(names) != set(authority_names) or not all(names.values()):
            raise RulebookInvalid(f"{path.name}: division {division} must name every authority")
    notices: dict[str, dict[str, Notice]] = {}
    for path in sorted((folder / "notices").glob("*.yaml")):
        raw = read_entries(path)
        if "regime" not in raw:
            continue
        versions = [one for one in procedures.versions if one.regime == raw["regime"]]
        if not versions:
            raise RulebookInvalid(f"{path.name}: no procedure {raw['regime']}")
        held = notices.setdefault(raw["regime"], {})
        for id, entry in raw["notices"].items():
            notice = _notice(id, entry, versions[-1], file=path.name, sources=sources)
            for version in versions:
                _check(notice, version, authorities=authority_names, file=path.name)
            held[id] = notice
    number_label = label_pair(common["number_label"], where="common.yaml")
    return Notices(notices, placeholders, common["formats"], authority_names, divisions, number_label)


def notice_labels(notices: Notices) -> dict[str, dict[str, Label]]:
    """Labels by group (``notice``, ``notice_ask``, ``placeholder``, ``authority``)."""
    every = [notice for held in notices.notices.values() for notice in held.values()]
    asks = {f"{one.regime}.{one.id}.{ask.name}": ask.label for one in every for ask in one.asks.values()}
    asks |= {f"{one.regime}.{one.id}.{NUMBER}": notices.number_label for one in every if one.is_numbered}
    return {
        "notice": {f"{one.regime}.{one.id}": one.title for one in every},
        "notice_ask": asks,
        "placeholder": dict(notices.placeholders),
        "authority": dict(notices.authority_names),
    }


def _labels(raw: Mapping[str, Any], *, where: str) -> dict[str, Label]:
    return {id: label_pair(pair, where=f"{where}: {id}") for id, pair in raw.items()}


def _notice(
    id: str, raw: Mapping[str, Any], procedure: Procedure, *, file: str, sources: Mapping[str, tuple[str, str]]
) -> Notice:
    where = f"{file}: {id}"
    try:
        step = procedure.steps[raw["step"]] if raw["step"] else None
        return Notice(
            id=id, regime=procedure.regime, title=label_pair(raw["title"], where=where), step=raw["step"],
            source=known_source(raw["source"], sources=sources, where=where), layout=raw["layout"],
            parts=tuple(_part(entry, where=where) for entry in raw["text"]),
            asks={name: _ask(name, entry, step, where=where) for name, entry in raw.get("asks", {}).items()},
            addressee=raw.get("addressee", ""), issuer=raw.get("issuer", ""),
            is_numbered=raw.get("numbered", False), is_per_owner=raw.get("per_owner", False),
            of_project=step is not None and step.scope is Scope.PROJECT,
        )
    except KeyError as error:
        raise RulebookInvalid(f"{where}: {error}") from error


def _part(raw: Any, *, where: str) -> NoticePart:
    if isinstance(raw, str):
        return NoticePart("paragraph", raw)
    if not isinstance(raw, dict) or len(raw) != 1:
        raise RulebookInvalid(f"{where}: {raw!r} is no piece of a text; quote a text that begins with a brace")
    (kind, value), = raw.items()
    if kind in ("heading", "strong"):
        return NoticePart(kind, value)
    if kind == "remedies":
        return NoticePart(kind, remedies=dict(value))
    if kind == "rights":
        return NoticePart(kind)
    if kind == "sign":
        return NoticePart(kind, parties=tuple(value))
    raise RulebookInvalid(f"{where}: {kind} is no piece of a text")


def _ask(name: str, raw: Any, step: Step | None, *, where: str) -> Ask:
    if raw != "own":
        if raw["type"] not in _TYPES:
            raise RulebookInvalid(f"{where}: {name} has the unknown type {raw['type']}")
        return Ask(name, raw["type"], label_pair(raw["label"], where=f"{where}: {name}"))
    attribute = step.attributes.get(name) if step else None
    if attribute is None:
        raise RulebookInvalid(f"{where}: the step has no field {name}")
    return Ask(name, attribute.type, attribute.label, attribute.choices, is_own=True)


def _check(notice: Notice, procedure: Procedure, *, authorities: Iterable[str], file: str) -> None:
    where = f"{file}: {notice.id}"
    if notice.layout not in ("official", "form"):
        raise RulebookInvalid(f"{where}: unknown layout {notice.layout}")
    if notice.step and notice.step not in procedure.steps:
        raise RulebookInvalid(f"{where}: unknown step {notice.step}")
    for name in notice.names():
        if not _is_given(name, notice, procedure, authorities=set(authorities)):
            raise RulebookInvalid(f"{where}: nothing gives {{{name}}}")
    for part in notice.parts:
        for right, sentence in part.remedies.items():
            held = procedure.rights.get(right)
            if held is None or held.period is None:
                raise RulebookInvalid(f"{where}: unknown right {right}, or one without a period")
            if f"{{{PERIOD_IN_SENTENCE}}}" not in sentence or len(NAME.findall(sentence)) < 1:
                raise RulebookInvalid(f"{where}: the sentence of {right} must say {{period}}")
    if notice.step and procedure.steps[notice.step].act in _TELLING:
        told = {kind for kind in ("reconsider", "litigate") if any(one.startswith(kind) for one in notice.remedies)}
        if len(told) < 2:
            raise RulebookInvalid(f"{where}: the paper must tell of reconsideration and litigation (INV-9)")


def _is_given(name: str, notice: Notice, procedure: Procedure, *, authorities: set[str]) -> bool:
    if name in notice.asks or name == NUMBER:
        return True
    first, dot, rest = name.partition(".")
    if not dot:
        return name in REGISTER_NAMES and not (
            (notice.of_project and name in _HOUSEHOLD_NAMES)
            or (name in ("owner_name", "owner_identity") and not notice.is_per_owner)
        )
    if first == "authority":
        return rest in authorities
    if first == "period":
        step, _, period = rest.partition(".")
        held = procedure.steps.get(step)
        return held is not None and any(one.id == period for one in held.periods)
    step_named = procedure.steps.get(first)
    return step_named is not None and (rest in FACT_DATES or rest in step_named.attributes)
