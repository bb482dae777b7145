"""The part of the rulebook about assessments: results, schemes, what may never be measured, what people type."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from zhengtu.core.assessment.scheme import (
    AnswerTerm,
    AssessmentRules,
    Band,
    Criterion,
    Measure,
    Result,
    Scheme,
)
from zhengtu.core.rules.reading import RulebookInvalid, known_source, label_pair, read_entries

RESULTS: Final[Mapping[str, Measure]] = {
    "deadlines_kept": Measure.SHARE, "plan_progress": Measure.SHARE, "directives_on_time": Measure.SHARE,
    "truthfulness": Measure.ESTIMATE, "homes_in_time": Measure.SHARE, "requests_answered": Measure.SHARE,
    "lawful_conduct": Measure.EVENTS, "funds_on_time": Measure.SHARE, "paid_in_time": Measure.SHARE,
}
"""What the platform computes from the ledger (``zhengtu.assessment.measuring``)."""
UNIT_KINDS: Final = ("district", "development_zone", "department", "enterprise", "command_post")
"""Kinds of units that may be scored; ``accounts.models.UnitKind`` without the city and appraisers."""

_RESULTS: Final = "assessment/results.yaml"
_SCHEMES: Final = "assessment/schemes.yaml"
_REFUSED: Final = "assessment/refused.yaml"
_BURDEN: Final = "assessment/burden.yaml"
Labels = Mapping[str, tuple[str, str]]


def load_assessment(
    folder: Path, *, sources: Labels, facts: Collection[str], verbs: Collection[str]
) -> AssessmentRules:
    """Read and check ``assessment/*.yaml``.

    Args:
        facts: ids of every kind of fact; verbs: of every verb.

    Raises:
        RulebookInvalid: naming the entry that is wrong, or that measures activity or families.
    """
    refused = _refused(folder, facts=facts, sources=sources)
    raw = read_entries(folder / _RESULTS)
    results = {id: _result(id, entry, facts=facts, refused=refused) for id, entry in raw["results"].items()}
    if set(results) != set(RESULTS):
        wrong = ", ".join(sorted(set(results).symmetric_difference(RESULTS)))
        raise RulebookInvalid(f"{_RESULTS}: results missing, or that nothing computes: {wrong}")
    typed, imported = _burden(folder, facts=facts, verbs=verbs, sources=sources)
    return AssessmentRules(
        schemes=_schemes(folder, results=results, refused=refused, sources=sources), results=results,
        payment_days=_days(raw["payment_days"], where=f"{_RESULTS}: payment_days"),
        new_days=_days(raw["new_days"], where=f"{_RESULTS}: new_days"),
        court_facts=_kinds(raw["court_facts"], facts, where=f"{_RESULTS}: court_facts"),
        answers=[_answer(entry, facts=facts, sources=sources) for entry in raw["answers"]],
        difficulties={
            id: label_pair(label, where=f"{_RESULTS}: difficulties: {id}") for id, label in raw["difficulties"].items()
        },
        typed=typed, imported_verbs=imported,
    )


def assessment_labels(rules: AssessmentRules) -> dict[str, Labels]:
    """Labels by group (``scheme``, ``result``, ``result_event``, ``difficulty``)."""
    return {
        "scheme": {one.id: one.label for one in rules.schemes.values()},
        "result": {one.id: one.label for one in rules.results.values()},
        "result_event": {
            f"{one.id}.{kind}": label for one in rules.results.values() for kind, label in (one.events or {}).items()
        },
        "difficulty": rules.difficulties,
    }


class _Refused:
    """What may never be measured: words of ids and labels, and kinds of facts, with why."""

    def __init__(self, groups: Sequence[tuple[str, Sequence[str], Sequence[str]]]) -> None:
        self.groups = groups

    def check(self, where: str, texts: Iterable[str], facts: Iterable[str] = ()) -> None:
        """Refuse an entry.

        Raises:
            RulebookInvalid: with the word or kind of fact, and why it may not be measured.
        """
        told, resting = [text.lower() for text in texts], set(facts)
        for why, words, kinds in self.groups:
            for word in words:
                if any(word in text for text in told):
                    raise RulebookInvalid(f"{where}: “{word}” may not be assessed: {why}")
            if wrong := sorted(resting & set(kinds)):
                raise RulebookInvalid(f"{where}: {wrong[0]} may not be assessed: {why}")


def _refused(folder: Path, *, facts: Collection[str], sources: Labels) -> _Refused:
    raw = read_entries(folder / _REFUSED)
    known_source(raw["source"], sources=sources, where=_REFUSED)
    groups = []
    for group in ("activity", "families"):
        entry = raw[group]
        where = f"{_REFUSED}: {group}"
        if not entry["words"] or not entry["facts"]:
            raise RulebookInvalid(f"{where}: nothing would be refused")
        words = [str(word).lower() for word in entry["words"]]
        groups.append((label_pair(entry["label"], where=where)[1], words, _kinds(entry["facts"], facts, where=where)))
    return _Refused(groups)


def _result(id: str, raw: Mapping[str, Any], *, facts: Collection[str], refused: _Refused) -> Result:
    where = f"{_RESULTS}: {id}"
    try:
        measure = Measure(raw["measure"])
        result = Result(
            id=id, label=label_pair(raw["label"], where=where), measure=measure,
            counts=label_pair(raw["counts"], where=where), explained=label_pair(raw["explained"], where=where),
            facts=_kinds(raw["facts"], facts, where=where),
            events={kind: label_pair(label, where=f"{where}.{kind}") for kind, label in raw.get("events", {}).items()},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RulebookInvalid(f"{where}: {error}") from error
    events = result.events or {}
    texts = [id.replace("_", " "), *result.label, *result.counts, *(text for pair in events.values() for text in pair)]
    refused.check(where, [*texts, *(kind.replace("_", " ") for kind in events)], result.facts)
    if RESULTS.get(id, measure) is not measure:
        raise RulebookInvalid(f"{where}: is measured as {RESULTS[id]}")
    if bool(events) != (measure is Measure.EVENTS):
        raise RulebookInvalid(f"{where}: exactly a result of events names its events")
    return result


def _schemes(
    folder: Path, *, results: Mapping[str, Result], refused: _Refused, sources: Labels
) -> dict[str, Scheme]:
    raw = read_entries(folder / _SCHEMES)
    bands = {id: label_pair(label, where=f"{_SCHEMES}: bands: {id}") for id, label in raw["bands"].items()}
    return {
        id: _scheme(id, entry, bands=bands, results=results, refused=refused, sources=sources)
        for id, entry in raw["schemes"].items()
    }


def _scheme(
    id: str, raw: Mapping[str, Any], *, bands: Labels, results: Mapping[str, Result], refused: _Refused,
    sources: Labels,
) -> Scheme:
    where = f"{_SCHEMES}: {id}"
    label = label_pair(raw["label"], where=where)
    refused.check(where, [id, *label])
    known_source(raw["source"], sources=sources, where=where)
    criteria = []
    for name, entry in raw["criteria"].items():
        if name not in results:
            raise RulebookInvalid(f"{where}: {name} is no result of {_RESULTS}")
        criteria.append(_criterion(results[name], entry, where=f"{where}: {name}", sources=sources))
    from_on, until_on = raw["from_on"], raw.get("until_on")
    if not isinstance(from_on, date) or (until_on is not None and not until_on > from_on):
        raise RulebookInvalid(f"{where}: from_on and until_on are days, the second later")
    units = tuple(raw["units"])
    if not units or set(units) - set(UNIT_KINDS):
        raise RulebookInvalid(f"{where}: units are some of {', '.join(UNIT_KINDS)}")
    if not criteria:
        raise RulebookInvalid(f"{where}: no criterion")
    return Scheme(
        id=id, label=label, criteria=tuple(criteria), from_on=from_on, until_on=until_on,
        appeal_days=_days(raw["appeal_days"], where=f"{where}: appeal_days"), units=units,
        bands=_bands(raw["bands"], bands, where=where),
    )


def _criterion(result: Result, raw: Mapping[str, Any], *, where: str, sources: Labels) -> Criterion:
    per_event = raw.get("per_event", {})
    if set(per_event) != set(result.events or {}):
        raise RulebookInvalid(f"{where}: per_event gives points to exactly its events")
    criterion = Criterion(
        id=result.id, label=result.label, measure=result.measure, points=_points(raw["points"], where=where),
        per_event=tuple((kind, _points(value, where=where)) for kind, value in per_event.items()),
        bonus=_points(raw.get("bonus", 0), where=where), is_adjusted=bool(raw.get("adjusted", False)),
        source=known_source(raw["source"], sources=sources, where=where) if raw.get("source") else "",
    )
    if criterion.points <= 0:
        raise RulebookInvalid(f"{where}: points are above 0")
    if criterion.is_adjusted and criterion.measure is not Measure.SHARE:
        raise RulebookInvalid(f"{where}: only a share is adjusted")
    if not criterion.is_fair:
        raise RulebookInvalid(
            f"{where}: praise weighs as much as blame: of events, bonus equals points and the greatest praise of one "
            "event the greatest blame; of others there is neither bonus nor points per event"
        )
    return criterion


def _bands(raw: Mapping[str, Any], labels: Labels, *, where: str) -> tuple[Band, ...]:
    bands = []
    for id, points in raw.items():
        if id not in labels:
            raise RulebookInvalid(f"{where}: unknown band {id}")
        bands.append(Band(id, labels[id], _points(points, where=where)))
    edges = [band.from_points for band in bands]
    if not edges or edges != sorted(set(edges), reverse=True) or edges[-1] != 0:
        raise RulebookInvalid(f"{where}: bands go down to 0, the highest first")
    return tuple(bands)


def _answer(raw: Mapping[str, Any], *, facts: Collection[str], sources: Labels) -> AnswerTerm:
    where = f"{_RESULTS}: answers"
    asked, answered = _kinds([raw["asked"], raw["answered"]], facts, where=where)
    return AnswerTerm(
        asked=asked, answered=answered, days=_days(raw["days"], where=where),
        source=known_source(raw["source"], sources=sources, where=where),
    )


def _burden(
    folder: Path, *, facts: Collection[str], verbs: Collection[str], sources: Labels
) -> tuple[dict[str, Sequence[str]], tuple[str, ...]]:
    raw = read_entries(folder / _BURDEN)
    known_source(raw["source"], sources=sources, where=_BURDEN)
    _kinds(raw["typed"], facts, where=f"{_BURDEN}: typed")
    if unknown := sorted(set(raw["imported_verbs"]) - set(verbs)):
        raise RulebookInvalid(f"{_BURDEN}: unknown verb {unknown[0]}")
    return {kind: tuple(names) for kind, names in raw["typed"].items()}, tuple(raw["imported_verbs"])


def _kinds(names: Iterable[str], facts: Collection[str], *, where: str) -> tuple[str, ...]:
    kinds = tuple(names)
    if unknown := sorted(set(kinds) - set(facts)):
        raise RulebookInvalid(f"{where}: unknown kind of fact {unknown[0]}")
    return kinds


def _points(value: Any, *, where: str) -> Decimal:
    try:
        points = Decimal(str(value))
    except InvalidOperation as error:
        raise RulebookInvalid(f"{where}: {value!r} is no number of points") from error
    if isinstance(value, bool) or not points.is_finite() or points != points.quantize(Decimal("0.01")):
        raise RulebookInvalid(f"{where}: points have at most two decimals")
    return points


def _days(value: Any, *, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 366:
        raise RulebookInvalid(f"{where}: days are a whole number from 1 to 366, not {value!r}")
    return value
