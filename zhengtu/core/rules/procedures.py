"""Procedures from ``rulebook/procedures``: parsed, and checked for what no procedure may contain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from zhengtu.core.kernel.work_calendar import CountingRule, Period, Unit, WorkCalendar
from zhengtu.core.ledger.fact_kinds import Attribute, FactKind
from zhengtu.core.procedure.steps import (
    SERVICE_METHOD,
    Act,
    Actor,
    Bound,
    Clause,
    Confidence,
    CourtChecklist,
    DateField,
    Label,
    ListedItem,
    Phase,
    Procedure,
    Procedures,
    Restart,
    Right,
    Scope,
    Step,
    StepAttribute,
    StepPeriod,
)
from zhengtu.core.rules.procedure_checks import check_procedure
from zhengtu.core.rules.reading import RulebookInvalid, known_source, label_pair, read_entries

_DEFAULT_VERB = "fact.record"
RECORDING_PAGES: Final = (
    "", "agreement", "payment", "schedule", "directive", "review", "bulletin", "inspection", "independent_list",
    "household", "assessment", "case", "sponsorship", "channel", "resettlement",
)
"""Pages that alone record the kinds of fact whose entry names them; no page: a form takes the fact."""
_SUBJECTS: Final = {Scope.PROJECT: "participation", Scope.SECTION: "section", Scope.HOUSEHOLD: "household"}
"""What the facts of a step are recorded of. A step of a project is decided by the government of each jurisdiction for
its own part of the project."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What every part of one file is read with."""

    file: str
    sources: Mapping[str, tuple[str, str]]
    counting: Mapping[str, CountingRule]
    parameters: Mapping[str, Decimal]
    particulars: Mapping[str, StepAttribute]

    def source(self, raw: str, *, where: str) -> str:
        return known_source(raw, sources=self.sources, where=f"{self.file}: {where}")

    def label(self, raw: Any, *, where: str) -> Label:
        return label_pair(raw, where=f"{self.file}: {where}")

    def period(self, raw: Mapping[str, Any], *, where: str) -> Period:
        if "working_days" in raw:
            return Period(raw["working_days"], Unit.WORKING_DAYS)
        if "years" in raw:
            return Period(raw["years"], Unit.YEARS)
        rule = self.counting.get(raw.get("under", ""))
        if rule is None:
            raise RulebookInvalid(f"{self.file}: {where}: “under” must name a statute of counting.yaml")
        return rule.days(raw["days"]) if "days" in raw else rule.months(raw["months"])


def load_procedures(
    folder: Path,
    *,
    sources: Mapping[str, tuple[str, str]],
    calendar: WorkCalendar,
    evidence: Iterable[str],
    verbs: Iterable[str],
) -> Procedures:
    """Every version of every regime.

    Args:
        evidence: known evidence kinds, those of ``evidence_kinds.yaml`` included.
        verbs: known verbs.

    Raises:
        RulebookInvalid: naming the file and the entry that is wrong.
    """
    versions = []
    known_evidence, known_verbs = set(evidence), set(verbs)
    particulars = _service_particulars(folder, sources=sources, calendar=calendar)
    for path in sorted((folder / "procedures").glob("*.yaml")):
        raw = read_entries(path)
        if "regime" not in raw:
            continue
        procedure = _procedure(raw, file=path.name, sources=sources, calendar=calendar, particulars=particulars)
        check_procedure(procedure, file=path.name, evidence=known_evidence, verbs=known_verbs)
        versions.append(procedure)
    held = [one.version for one in versions]
    for name in held:
        if held.count(name) > 1:
            raise RulebookInvalid(f"procedures: {name} is held twice")
    path = folder / "procedures" / "evidence_kinds.yaml"
    names = read_entries(path)
    dates = {id: label_pair(raw, where=f"{path.name}: {id}") for id, raw in names["date_fields"].items()}
    actors = {id: label_pair(raw, where=f"{path.name}: {id}") for id, raw in names["actors"].items()}
    if unnamed := set(Actor) - set(actors):
        raise RulebookInvalid(f"{path.name}: actors: {sorted(unnamed)[0]} has no name")
    return Procedures(versions=tuple(versions), date_labels=dates, actor_labels=actors)


def _service_particulars(
    folder: Path, *, sources: Mapping[str, tuple[str, str]], calendar: WorkCalendar
) -> dict[str, StepAttribute]:
    """Whom a service reached and how that is proved: what every step carries that names a way of service."""
    path = folder / "procedures" / "evidence_kinds.yaml"
    reading = _Reading(path.name, sources, calendar.counting_rules, {}, {})
    entries = read_entries(path)["service_particulars"]
    return {name: _attribute(name, raw, reading, where="service_particulars") for name, raw in entries.items()}


def load_evidence_kinds(folder: Path) -> dict[str, Label]:
    """Evidence kinds that procedures ask for beyond those of ``facts.yaml``."""
    path = folder / "procedures" / "evidence_kinds.yaml"
    return {
        id: label_pair(raw, where=f"{path.name}: {id}") for id, raw in read_entries(path)["evidence_kinds"].items()
    }


def procedure_labels(procedures: Procedures) -> dict[str, dict[str, Label]]:
    """Labels by group (``procedure``, ``step``, ``period``, ``right``, ``court_document``, ``refusal_ground``)."""
    labels: dict[str, dict[str, Label]] = {
        group: {} for group in ("procedure", "step", "period", "right", "court_document", "refusal_ground")
    }
    labels["step_actor"] = dict(procedures.actor_labels)
    for one in sorted(procedures.versions, key=lambda version: version.in_force_from):
        labels["procedure"][one.regime] = one.label
        labels["step"].update({step.id: step.label for step in one.steps.values()})
        labels["period"].update(
            {f"{step.id}.{period.id}": period.label for step in one.steps.values() for period in step.periods}
        )
        labels["right"].update({right.id: right.label for right in one.rights.values()})
        # The same paper may be named differently from regime to regime, hence the regime in the key.
        labels["court_document"].update(
            {f"{one.regime}.{item.id}": item.label for item in one.court.documents.values()}
        )
        labels["refusal_ground"].update(
            {f"{one.regime}.{item.id}": item.label for item in one.court.refusal_grounds.values()}
        )
    return labels


def _procedure(
    raw: Mapping[str, Any],
    *,
    file: str,
    sources: Mapping[str, tuple[str, str]],
    calendar: WorkCalendar,
    particulars: Mapping[str, StepAttribute],
) -> Procedure:
    parameters = raw.get("parameters", {})
    reading = _Reading(
        file=file,
        sources=sources,
        counting=calendar.counting_rules,
        parameters={name: Decimal(str(entry["value"])) for name, entry in parameters.items()},
        particulars=particulars,
    )
    for name, entry in parameters.items():
        reading.source(entry["source"], where=name)
    try:
        return Procedure(
            regime=raw["regime"],
            label=reading.label(raw["label"], where="label"),
            in_force_from=raw["in_force_from"],
            steps={id: _step(id, entry, reading) for id, entry in raw["steps"].items()},
            rights={id: _right(id, entry, reading) for id, entry in raw["rights"].items()},
            court=_court(raw["court"], reading),
            remedies=tuple(raw["remedies"]),
            parameters=reading.parameters,
            phases=tuple(
            Phase(entry["from"], reading.label(entry["label"], where="phases")) for entry in raw.get("phases", ())
        ),
    )
    except KeyError as error:
        raise RulebookInvalid(f"{file}: the entry {error} is missing") from error


def _step(id: str, raw: Mapping[str, Any], reading: _Reading) -> Step:
    try:
        return Step(
            id=id,
            number=raw["number"],
            label=reading.label(raw["label"], where=id),
            scope=Scope(raw["scope"]),
            actor=Actor(raw["actor"]),
            source=reading.source(raw["source"], where=id),
            confidence=Confidence(raw["confidence"]),
            recorded_by=raw.get("recorded_by", id),
            verb=raw.get("verb", _DEFAULT_VERB),
            act=Act(raw.get("act", "other")),
            needs=_groups(raw.get("needs", ())),
            needs_begun=_groups(raw.get("needs_begun", ())),
            periods=tuple(_step_period(entry, reading, where=id) for entry in raw.get("periods", ())),
            conditions=tuple(raw.get("conditions", ())),
            evidence=tuple(raw["evidence"]),
            requires=tuple(raw.get("requires", ())),
            attributes=_attributes(id, raw, reading),
            applies_when=_clauses(raw, reading),
            repeats=raw.get("repeats", False),
            restart=_restart(raw),
            is_public=raw.get("public", False),
            in_force_from=raw.get("in_force_from"),
            in_force_until=raw.get("in_force_until"),
            note=reading.label(raw["note"], where=id) if "note" in raw else ("", ""),
            through=_through(raw),
        )
    except (KeyError, ValueError) as error:
        raise RulebookInvalid(f"{reading.file}: {id}: {error}") from error


def _through(raw: Mapping[str, Any]) -> str:
    name = str(raw.get("through", ""))
    if name not in RECORDING_PAGES:
        raise ValueError(f"unknown page {name} in “through”")
    return name


def _groups(raw: Iterable[Any]) -> tuple[tuple[str, ...], ...]:
    return tuple((entry,) if isinstance(entry, str) else tuple(entry) for entry in raw)


def _step_period(raw: Mapping[str, Any], reading: _Reading, *, where: str) -> StepPeriod:
    return StepPeriod(
        id=raw["id"],
        label=reading.label(raw["label"], where=f"{where}.{raw['id']}"),
        bound=Bound(raw["bound"]),
        period=reading.period(raw, where=f"{where}.{raw['id']}"),
        counted_from=_date_field(raw["from"]),
        source=reading.source(raw["source"], where=where),
        confidence=Confidence(raw["confidence"]),
        declared=raw.get("declared", ""),
    )


def _date_field(raw: str) -> DateField:
    step, dot, name = raw.partition(".")
    return DateField(step, name) if dot else DateField("", step)


def _attributes(id: str, raw: Mapping[str, Any], reading: _Reading) -> dict[str, StepAttribute]:
    """The step's own attributes; one that names a way of service carries the particulars of the service too."""
    own = {name: _attribute(name, entry, reading, where=id) for name, entry in raw.get("attributes", {}).items()}
    is_service = raw["scope"] == Scope.HOUSEHOLD and SERVICE_METHOD in own
    return {**own, **reading.particulars} if is_service else own


def _attribute(name: str, raw: Mapping[str, Any], reading: _Reading, *, where: str) -> StepAttribute:
    return StepAttribute(
        name=name,
        type=raw["type"],
        label=reading.label(raw["label"], where=f"{where}.{name}"),
        is_required=raw.get("required", False),
        choices={
            str(value): reading.label(label, where=f"{where}.{name}.{value}")
            for value, label in raw.get("choices", {}).items()
        },
    )


def _clauses(raw: Mapping[str, Any], reading: _Reading) -> tuple[Clause, ...]:
    def figure(entry: Mapping[str, Any], name: str) -> Decimal | None:
        return reading.parameters[entry[name]] if name in entry else None

    return tuple(
        Clause(
            recorded=tuple(entry.get("recorded", ())),
            not_recorded=tuple(entry.get("not_recorded", ())),
            value=entry.get("value", ""),
            share_of=entry.get("share_of", ""),
            among=tuple(entry.get("among", ())),
            above=figure(entry, "above"),
            at_least=figure(entry, "at_least"),
        )
        for entry in raw.get("applies_when", ())
    )


def _restart(raw: Mapping[str, Any]) -> Restart | None:
    entry = raw.get("restart")
    return None if entry is None else Restart(tuple(entry["steps"]), tuple(entry.get("results", ())))


def _right(id: str, raw: Mapping[str, Any], reading: _Reading) -> Right:
    untold = raw.get("untold")
    try:
        return Right(
            id=id,
            label=reading.label(raw["label"], where=id),
            counted_from=_date_field(raw["from"]),
            period=reading.period(raw, where=id) if "days" in raw or "months" in raw else None,
            until=_date_field(raw["until"]) if "until" in raw else None,
            to=reading.label(raw["to"], where=id),
            how=reading.label(raw["how"], where=id),
            authority=raw.get("authority", ""),
            source=reading.source(raw["source"], where=id),
            confidence=Confidence(raw["confidence"]),
            untold_period=reading.period(untold, where=id) if untold else None,
            untold_limit=Period(untold["limit_years"], Unit.YEARS) if untold else None,
            against=raw.get("against", ""),
            exercised_by=tuple(raw.get("exercised_by", ())),
            replaced_by=raw.get("replaced_by", ""),
            applies_when=_clauses(raw, reading),
        )
    except (KeyError, ValueError) as error:
        raise RulebookInvalid(f"{reading.file}: {id}: {error}") from error


def _court(raw: Mapping[str, Any], reading: _Reading) -> CourtChecklist:
    def items(name: str) -> dict[str, ListedItem]:
        return {
            id: ListedItem(id, reading.label(entry["label"], where=id), reading.source(entry["source"], where=id))
            for id, entry in raw[name].items()
        }

    return CourtChecklist(
        documents=items("documents"),
        refusal_grounds=items("refusal_grounds"),
        window=reading.period(raw["window"], where="court.window"),
        window_source=reading.source(raw["window"]["source"], where="court.window"),
    )


def fact_kinds_of(procedures: Procedures) -> dict[str, FactKind]:
    """The kinds of fact that the steps of all versions are recorded by, ready to stand beside those of ``facts.yaml``.

    A kind carries the step's evidence, attributes and dates. Of several steps recorded by one kind (one in each
    regime) the subjects are joined, evidence is asked only where all ask it, and an attribute is required only
    where all require it: the gate asks for the rest by the step.
    """
    steps: dict[str, list[Step]] = {}
    for one in procedures.versions:
        for step in one.steps.values():
            steps.setdefault(step.recorded_by, []).append(step)
    return {kind: _fact_kind(kind, held, dates=procedures.date_labels) for kind, held in steps.items()}


def _fact_kind(kind: str, steps: list[Step], *, dates: Mapping[str, Label]) -> FactKind:
    first = steps[0]
    attributes: dict[str, Attribute] = {}
    for step in steps:
        for name in _date_fields(step):
            required = all(name in other.requires for other in steps)
            attributes[name] = Attribute(name=name, type="date", label=dates[name], is_required=required)
        for spec in step.attributes.values():
            required = all(_is_required(other, spec.name) for other in steps)
            held = attributes.get(spec.name)
            choices = {**(held.choices if held else {}), **spec.choices}
            attributes[spec.name] = Attribute(spec.name, spec.type, spec.label, required, choices)
    return FactKind(
        id=kind,
        label=first.label,
        subject_kinds=tuple(dict.fromkeys(_SUBJECTS[step.scope] for step in steps)),
        verb=first.verb,
        evidence=tuple(one for one in first.evidence if all(one in other.evidence for other in steps)),
        attributes=attributes,
        source=first.source,
        through=first.through,
    )


def _is_required(step: Step, name: str) -> bool:
    """Whether the step requires the attribute."""
    return name in step.attributes and step.attributes[name].is_required


def _date_fields(step: Step) -> list[str]:
    """A publication that must name its first day may name its last; a service has its day."""
    optional = ["published_until"] if "published_from" in step.requires else []
    optional += ["served_on"] if step.is_service else []
    return list(dict.fromkeys([*step.requires, *optional]))
