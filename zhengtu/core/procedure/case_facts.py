"""What is recorded of a project and of one household, frozen, as the procedure reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

from zhengtu.core.procedure.steps import DateField, Procedure, Step


@dataclass(frozen=True, slots=True)
class StepFact:
    """One recorded fact of a step.

    Attributes:
        step: the step's id.
        happened_on: the day of the deed.
        served_on: the day of lawful service, by the rules of ``service.serve``.
        published_from: first day of the publication.
        published_until: last day of the publication, or None while it hangs.
        attributes: as stored in the ledger: decimals and dates as text.
        evidence: kinds of the attached files.
        reference: its key in the ledger.
        is_verified: False for imported history that nobody has checked.
        ended_on: the day from which it carries nothing any more: somebody was found living there again; None while it
            stands.
    """

    step: str
    happened_on: date
    served_on: date | None = None
    published_from: date | None = None
    published_until: date | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    evidence: frozenset[str] = frozenset()
    reference: str = ""
    is_verified: bool = True
    ended_on: date | None = None

    def date_of(self, name: str) -> date | None:
        """A date of the fact by the name of its field or attribute."""
        if name in ("happened_on", "served_on", "published_from", "published_until"):
            held: date | None = getattr(self, name)
            return held
        given = self.attributes.get(name)
        return date.fromisoformat(str(given)) if given else None


_DATE_FIELDS: Final = ("served_on", "published_from", "published_until")


def step_fact(
    *,
    procedure: Procedure,
    kind: str,
    happened_on: date,
    attributes: Mapping[str, Any],
    evidence: Iterable[str],
    reference: str = "",
    is_verified: bool = True,
    ended_on: date | None = None,
) -> StepFact | None:
    """A ledger fact as the procedure reads it; None when its kind records no step of this procedure.

    Attributes named like the dates of service and publication become those dates.
    """
    step = procedure.recorded_by(kind)
    if step is None:
        return None
    dates = {
        name: date.fromisoformat(str(attributes[name])) for name in _DATE_FIELDS if attributes.get(name)
    }
    return StepFact(
        step=step.id,
        happened_on=happened_on,
        attributes={name: value for name, value in attributes.items() if name not in _DATE_FIELDS},
        evidence=frozenset(evidence),
        reference=reference,
        is_verified=is_verified,
        ended_on=ended_on,
        **dates,
    )


@dataclass(frozen=True, slots=True)
class SelfCheckLine:
    """One line of the check against the court's grounds of refusal: the answer and the document that shows it."""

    applies: bool
    document: str = ""


@dataclass(frozen=True, slots=True)
class CourtDossier:
    """Papers of an application to the court.

    Attributes:
        documents: id of the checklist -> reference of the stored file.
        self_check: id of the ground of refusal -> the answered line.
    """

    documents: Mapping[str, str] = field(default_factory=dict)
    self_check: Mapping[str, SelfCheckLine] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Numbers of other subjects that a step looks at.

    Attributes:
        unsettled: registered households of the section without agreement or decision.
        unvacated: registered households of the section that are not vacated.
        last_vacated_on: the latest vacating among the others.
        sharing_unvacated: households that share the structure and still live there.
        unrecognised_buildings: buildings of the project (or household) not yet recognised.
        unserved_owners: owners of the household whom the decision has not lawfully reached.
    """

    unsettled: int = 0
    unvacated: int = 0
    last_vacated_on: date | None = None
    sharing_unvacated: int = 0
    unrecognised_buildings: int = 0
    unserved_owners: int = 0


@dataclass(frozen=True)
class CaseFacts:
    """Everything the procedure reads about one subject.

    Attributes:
        project: facts of the project and of the section.
        household: facts of the one household; empty when the project alone is asked about.
        household_code: empty when the project alone is asked about.
        section_code: the section asked about, or empty.
        attributes: registry values such as ``households`` (a count) or ``budget_yuan``.
        neighbours: numbers of other subjects.
        dossier: papers of the court application, or None.
        platform_since: first day from which facts are recorded through the platform; only what happened before
            may be imported unverified.
    """

    project: tuple[StepFact, ...] = ()
    household: tuple[StepFact, ...] = ()
    household_code: str = ""
    section_code: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    neighbours: Neighbours = Neighbours()
    dossier: CourtDossier | None = None
    platform_since: date | None = None

    def all_facts(self) -> Iterator[StepFact]:
        """Facts of the project, then those of the household."""
        yield from self.project
        yield from self.household

    @cached_property
    def by_step(self) -> Mapping[str, list[StepFact]]:
        """Facts of each step, the earliest first; those of one day in the order given."""
        found: dict[str, list[StepFact]] = {}
        for fact in sorted(self.all_facts(), key=lambda one: one.happened_on):
            found.setdefault(fact.step, []).append(fact)
        return found

    def with_fact(self, fact: StepFact, *, step: Step) -> CaseFacts:
        """The same with one fact more, put where its step's scope belongs."""
        if step.scope == "household":
            return replace(self, household=(*self.household, fact))
        return replace(self, project=(*self.project, fact))

    def without(self, fact: StepFact) -> CaseFacts:
        """The same without that very fact."""
        return replace(
            self,
            project=tuple(one for one in self.project if one is not fact),
            household=tuple(one for one in self.household if one is not fact),
        )


def standing_facts(step: str, *, facts: CaseFacts, procedure: Procedure, on: date) -> list[StepFact]:
    """Facts of a step dated by the end of that day that still have effect, the earliest first.

    A fact loses its effect on the day that ended it, and when a step that restarts it (a refusal by the court, an
    annulment) is dated on or after its own day.
    """
    known = facts.by_step.get(step)
    if not known:
        return []
    restarted_on = _restarted_on(step, facts=facts, procedure=procedure, on=on)
    return [
        fact
        for fact in known
        if fact.happened_on <= on and (restarted_on is None or fact.happened_on > restarted_on)
        and (fact.ended_on is None or fact.ended_on > on)
    ]


def _restarted_on(step: str, *, facts: CaseFacts, procedure: Procedure, on: date) -> date | None:
    days = [
        fact.happened_on
        for restarting in procedure.restarting.get(step, ())
        for fact in facts.by_step.get(restarting.id, ())
        if fact.happened_on <= on
        and restarting.restart is not None
        and (not restarting.restart.results or fact.attributes.get("result") in restarting.restart.results)
    ]
    return max(days, default=None)


def latest(step: str, *, facts: CaseFacts, procedure: Procedure, on: date) -> StepFact | None:
    """The last standing fact of a step by the end of that day, or None."""
    found = standing_facts(step, facts=facts, procedure=procedure, on=on)
    return found[-1] if found else None


def date_at(
    field: DateField, *, own: str, facts: CaseFacts, procedure: Procedure, on: date
) -> date | None:
    """The date that a field of a recorded step holds, or None where it is not recorded by that day.

    Of several services (one per owner, or a second one) the last day of service counts; of anything else the
    latest fact.
    """
    found = standing_facts(field.step or own, facts=facts, procedure=procedure, on=on)
    if field.field == "served_on":
        return max((fact.served_on for fact in found if fact.served_on is not None), default=None)
    return found[-1].date_of(field.field) if found else None


def value_at(name: str, *, facts: CaseFacts, procedure: Procedure, on: date) -> Any:
    """A value by ``step.attribute``, or by the name of a case attribute; None where nothing is recorded."""
    step, dot, attribute = name.partition(".")
    if not dot:
        return facts.attributes.get(name)
    fact = latest(step, facts=facts, procedure=procedure, on=on)
    return None if fact is None else fact.attributes.get(attribute)
