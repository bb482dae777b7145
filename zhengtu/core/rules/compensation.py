"""The compensation part of the rulebook: parameters, heads, transition rules and example schemes, checked whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import yaml

from zhengtu.core.compensation.assess import CompensationRules
from zhengtu.core.compensation.facts import Regime
from zhengtu.core.compensation.parameter_reading import parameters_from, values_added
from zhengtu.core.compensation.parameters import Confidence, Label, Parameters
from zhengtu.core.compensation.statement import Group, Item, Payee
from zhengtu.core.compensation.transition_rules import (
    Counted,
    CountFrom,
    Multiplied,
    PartMonth,
    PaymentRhythm,
    Step,
    TransitionRule,
    WaitingRight,
)
from zhengtu.core.kernel.money import decimal_of
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.rules.reading import RulebookInvalid

_BY_AGREEMENT: Final = "agreement"
"""Stands for the multiple that the agreement itself states."""
_PER: Final = {"yuan_per_m2": Counted.M2, "yuan_per_room": Counted.ROOM, "yuan_per_person": Counted.PERSON}
"""How a rate of a transition rule is called -> what it is paid for."""
_WAYS: Final = ("building", "purchase", "cash")
"""Wishes by which a family demands what it has a right to, as ``way_chosen`` has them."""


@dataclass(frozen=True, slots=True)
class CompensationRulebook:
    """What the rulebook says about compensation.

    Attributes:
        rules: parameters and heads, as ``assess`` takes them.
        transition_rules: for ``transition_rule_for``.
        schemes: example schemes by name, in the form that ``plan_adopted`` takes.
        evidence_labels: evidence kind of a statement line -> (Chinese, English).
        sources: ids of all instruments on file.
        names: group (``places``, ``units``, ``keys``, …) -> id -> (Chinese, English).
        part_units: part of a charge -> its unit.
    """

    rules: CompensationRules
    transition_rules: tuple[TransitionRule, ...]
    schemes: Mapping[str, Mapping[str, Any]]
    evidence_labels: Mapping[str, Label]
    sources: frozenset[str]
    names: Mapping[str, Mapping[str, Label]]
    part_units: Mapping[str, str]

    def name(self, *, group: str, id: str, language: str) -> str:
        """What the user reads for an id, in Chinese unless the language is English; the id where none is known."""
        pair = self.names.get(group, {}).get(id)
        return id if pair is None else pair[1 if language.startswith("en") else 0]


class _ExactLoader(yaml.SafeLoader):
    """YAML whose decimal numbers are Decimals: 0.05 stays five hundredths."""


def _exact(loader: yaml.SafeLoader, node: yaml.Node) -> Decimal:
    assert isinstance(node, yaml.ScalarNode)
    return decimal_of(node.value)


_ExactLoader.add_constructor("tag:yaml.org,2002:float", _exact)


def read_exactly(path: Path) -> Any:
    """The content of a YAML file, its numbers as integers and Decimals.

    Raises:
        RulebookInvalid: when it cannot be read.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_ExactLoader)  # noqa: S506 - a SafeLoader
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise RulebookInvalid(f"{path.name}: {error}") from error


def load_compensation(folder: Path) -> CompensationRulebook:
    """Read and check ``compensation/`` of the rulebook at ``folder``.

    Raises:
        RulebookInvalid: naming the file and the entry that is wrong.
    """
    sources = {str(id) for path in sorted((folder / "sources").glob("*.yaml")) for id in read_exactly(path)["sources"]}
    home = folder / "compensation"
    heads = read_exactly(home / "heads.yaml")
    evidence = {id: (pair[0], pair[1]) for id, pair in heads["evidence_kinds"].items()}
    return CompensationRulebook(
        rules=CompensationRules(
            parameters=_parameters(home / "parameters", sources),
            items={id: _item(id, entry, sources, evidence) for id, entry in heads["heads"].items()},
        ),
        transition_rules=_transition_rules(home / "transition.yaml", sources),
        schemes={path.stem: read_exactly(path) for path in sorted((home / "schemes").glob("*.yaml"))},
        evidence_labels=evidence,
        sources=frozenset(sources),
        names=_names(home / "names.yaml"),
        part_units=read_exactly(home / "names.yaml")["part_units"],
    )


def _names(path: Path) -> dict[str, dict[str, Label]]:
    groups = {group: entries for group, entries in read_exactly(path).items() if isinstance(entries, Mapping)}
    try:
        return {
            group: {str(id): (str(pair[0]), str(pair[1])) for id, pair in entries.items()}
            for group, entries in groups.items()
            if group != "part_units"
        }
    except IndexError as error:
        raise RulebookInvalid(f"{path.name}: a name needs two texts, Chinese and English") from error


def _parameters(home: Path, sources: set[str]) -> Parameters:
    parameters = Parameters({})
    additions = []
    for path in sorted(home.glob("*.yaml")):
        content = read_exactly(path)
        try:
            found = parameters_from(content.get("parameters", ()), sources=sources)
            twice = [parameter.id for parameter in found if parameter.id in parameters.by_id]
            if twice:
                raise RulebookInvalid(f"{path.name}: {twice[0]} is defined twice")
            parameters = parameters.merged(found)
        except Refused as refusal:
            raise RulebookInvalid(f"{path.name}: {refusal}") from refusal
        additions.append((path, content.get("values", ())))
    for path, entries in additions:
        unknown = [entry["id"] for entry in entries if entry["id"] not in parameters.by_id]
        if unknown:
            raise RulebookInvalid(f"{path.name}: values for the unknown parameter {unknown[0]}")
        try:
            parameters = values_added(parameters, entries, sources=sources)
        except Refused as refusal:
            raise RulebookInvalid(f"{path.name}: {refusal}") from refusal
    return parameters


def _item(id: str, entry: Mapping[str, Any], sources: set[str], evidence: Mapping[str, Label]) -> Item:
    try:
        item = Item(
            id=id,
            label=(entry["label"][0], entry["label"][1]),
            group=Group(entry["group"]),
            source=entry["source"],
            payee=Payee(entry.get("payee", Payee.HOUSEHOLD)),
            evidence=tuple(entry.get("evidence", ())),
        )
    except (KeyError, ValueError, IndexError) as error:
        raise RulebookInvalid(f"heads.yaml: {id}: {error}") from error
    if item.source.partition("#")[0] not in sources or not set(item.evidence) <= set(evidence):
        raise RulebookInvalid(f"heads.yaml: {id}: unknown source or evidence")
    return item


def _transition_rules(path: Path, sources: set[str]) -> tuple[TransitionRule, ...]:
    rules = []
    for entry in read_exactly(path)["rules"]:
        try:
            rule = _transition_rule(entry)
        except (KeyError, TypeError, ValueError) as error:
            raise RulebookInvalid(f"{path.name}: {entry.get('id')}: {error!r}") from error
        cited = (rule.source, rule.part_month_source, *(right.source for right in rule.rights))
        if not {source.partition("#")[0] for source in cited} <= sources:
            raise RulebookInvalid(f"{path.name}: {rule.id}: unknown source")
        ends = [step.to_month for step in rule.steps]
        starts = [step.from_month for step in rule.steps]
        if starts != [1, *((end or 0) + 1 for end in ends[:-1])] or ends[-1] is not None:
            raise RulebookInvalid(f"{path.name}: {rule.id}: the steps must follow one another from month 1 without end")
        rules.append(rule)
    return tuple(rules)


def _transition_rule(entry: Mapping[str, Any]) -> TransitionRule:
    def optional(key: str) -> Decimal | None:
        return decimal_of(entry[key]) if key in entry else None

    counted = _counted(entry)
    own = next((decimal_of(entry[name]) for name in _PER if name in entry), None)
    multiplied = Multiplied(entry.get("multiplied", Multiplied.AGREED_RATE))
    if (own is None) is (multiplied is Multiplied.OWN_RATE):
        raise ValueError("a rule that multiplies its own rate gives it, and no other does")
    return TransitionRule(
        id=entry["id"],
        label=(entry["label"][0], entry["label"][1]),
        place=entry["place"],
        regimes=frozenset(Regime(name) for name in entry["regimes"]),
        count_from=CountFrom(entry["count_from"]),
        steps=tuple(_step(step) for step in entry["steps"]),
        source=entry["source"],
        confidence=Confidence(entry["confidence"]),
        part_month=PartMonth(entry["part_month"]),
        part_month_source=entry["part_month_source"],
        multiplied=multiplied,
        least_area_m2=optional("least_area_m2"),
        turnover_multiplier=optional("turnover_multiplier"),
        months_after_delivery=int(entry.get("months_after_delivery", 0)),
        counted=counted,
        own_rate=own,
        named_only=entry.get("named_only", False) is True,
        pays=_rhythm(entry["pays"]) if "pays" in entry else None,
        rights=tuple(_waiting_right(right) for right in entry.get("rights", ())),
        from_on=entry.get("from_on"),
        until_on=entry.get("until_on"),
        note=entry.get("note", ""),
    )


def _counted(entry: Mapping[str, Any]) -> Counted:
    """What a rule's rates are paid for, by their names: all of one rule alike, m² where it has none of its own."""
    named = {name for part in (entry, *entry["steps"]) for name in _PER if name in part}
    if len(named) > 1:
        raise ValueError("the rates of a rule are all per m², per room or per person")
    return _PER[named.pop()] if named else Counted.M2


def _step(raw: Mapping[str, Any]) -> Step:
    by_agreement = raw.get("multiplier") == _BY_AGREEMENT
    amounts = [key for key in (*_PER, "multiplier") if key in raw]
    if len(amounts) != 1:
        raise ValueError("a step gives either a rate or a multiplier")
    (key,) = amounts
    return Step(
        from_month=raw["from_month"], to_month=raw.get("to_month"), by_agreement=by_agreement,
        **({} if by_agreement else {"multiplier" if key == "multiplier" else "yuan": decimal_of(raw[key])}),
    )


def _rhythm(raw: Mapping[str, Any]) -> PaymentRhythm:
    every, prepaid = raw.get("every_months"), raw.get("prepaid_months", 0)
    if (every is None and not prepaid) or any(not isinstance(one, int) or one < 0 for one in (every or 1, prepaid)):
        raise ValueError("pays says every_months, prepaid_months or both, in whole months")
    return PaymentRhythm(every_months=every or None, prepaid_months=prepaid)


def _waiting_right(raw: Mapping[str, Any]) -> WaitingRight:
    if raw["way"] not in _WAYS:
        raise ValueError(f"a right is demanded by a wish: {', '.join(_WAYS)}")
    return WaitingRight(
        id=raw["id"], overdue_months=int(raw["overdue_months"]), way=raw["way"],
        within_months=raw.get("within_months"), text=(raw["text"][0], raw["text"][1]), source=raw["source"],
    )
