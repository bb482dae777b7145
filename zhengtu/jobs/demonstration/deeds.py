"""The demonstration's history as deeds: each day's facts by the people whose work they are, with their papers.

Facts from before the campaign come as imported history, not verified, on its first day: the platform was not
there to see them. The papers are lists marked as demonstration; they name no person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.base import ContentFile

from zhengtu.core.authority.actor import Actor, Posting, Subject
from zhengtu.core.kernel.civil_dates import SHANGHAI, civil_date
from zhengtu.core.kernel.codes import jurisdiction_of, kind_of, project_of
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.ledger.fact_kinds import checked_attributes
from zhengtu.jobs.demonstration import agreements
from zhengtu.jobs.demonstration.housing import Housing
from zhengtu.jobs.demonstration.model import FACT_KINDS, HOUSEHOLD_USES, SUBJECT_KINDS, DemonstrationCampaign
from zhengtu.jobs.demonstration.policy import adopt_scheme
from zhengtu.jobs.demonstration.procedure_steps import APPRAISER
from zhengtu.jobs.demonstration.resettlement import facts_of_families, record_sites
from zhengtu.jobs.demonstration.settling import (
    ADOPTED_AFTER,
    OFFERS,
    Choices,
    scheme_days,
    settled_by_the_rules,
)
from zhengtu.jobs.demonstration.subsidies import record_subsidies_paid
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import AttachedFile, keep_file
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.procedure_cases import participation_of

DAY_STARTS, DAY_ENDS = time(8, 30), time(16, 0)
HISTORY_VERB = "survey.import"


def record_history(
    demonstration: DemonstrationCampaign, *, housing: Housing, person_codes: dict[str, str], now: datetime
) -> None:
    """Record all facts and open matters, day by day, as deeds dated on the day they became known."""
    desk = _Desk(demonstration, person_codes)
    opening = _at(demonstration.campaign.start_on, DAY_STARTS)
    history: dict[str, list[NewFact]] = defaultdict(list)
    daily: dict[tuple[date, str, str], list[NewFact]] = defaultdict(list)
    start_on = demonstration.campaign.start_on
    schemes = scheme_days(demonstration)
    told = [*_facts(demonstration), *facts_of_families(housing, demonstration)]
    settled = settled_by_the_rules(demonstration, [fact for fact, _ in told], schemes=schemes)
    for fact, recorded_on in told:
        if recorded_on <= start_on and fact.happened_on < start_on:
            history[jurisdiction_of(fact.subject)].append(fact)
        else:
            verb = current_rulebook().fact_kinds[fact.kind].verb
            place = desk.place_of(verb, fact.subject)
            daily[recorded_on, verb, place].append(fact)
            if fact.kind == "signed" and agreements.has_agreements(place) and fact.happened_on >= start_on:
                daily[fact.happened_on, agreements.DRAFT_VERB, place].append(fact)
    for division, facts in sorted(history.items()):
        facts.sort(key=lambda fact: fact.happened_on)
        earlier = [_unverified(fact) if fact.kind != "registered" else fact for fact in facts]
        desk.record(HISTORY_VERB, division, earlier, at=opening, papers=["ledger_sheet"])
    record_sites(housing, demonstration, person_codes=person_codes, at=opening)
    record_subsidies_paid(housing, demonstration, person_codes=person_codes, at=opening)
    for fact in _open_matters(demonstration):
        daily[fact.happened_on, "matter.manage", fact.subject].append(fact)
    for project, published_on in schemes.items():
        daily[max(published_on + ADOPTED_AFTER, start_on), "policy.adopt", project] = []
    deeds_of_day: Counter[date] = Counter()
    for (day, verb, place), facts in sorted(daily.items(), key=lambda item: item[0]):
        at = _at(day, DAY_ENDS) + timedelta(seconds=deeds_of_day[day])
        deeds_of_day[day] += 1
        if verb == "policy.adopt":
            adopt_scheme(
                demonstration, place, from_on=schemes[place], person_codes=person_codes, at=min(at, now)
            )
            continue
        if verb == agreements.DRAFT_VERB:
            agreements.draft_for_signing(desk, facts, settled, place=place, at=min(at, now))
            continue
        papers = {kind: None for fact in facts for kind in current_rulebook().evidence_of(fact.kind)}
        deed = desk.record(verb, place, facts, at=min(at, now), papers=list(papers))
        agreements.mark_signed(facts, deed=deed)
    waiting = _waiting_households([fact for fact, _ in told])
    agreements.draft_open_ones(desk, waiting, today=civil_date(at=now), at=now)


def _waiting_households(facts: list[NewFact]) -> list[str]:
    """Households that have chosen their way and neither signed nor been decided on."""
    settled = {fact.subject for fact in facts if fact.kind in ("signed", "decided")}
    chosen = [fact.subject for fact in facts if fact.kind == "option_chosen"]
    return [code for code in dict.fromkeys(chosen) if code not in settled]


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=SHANGHAI)


def _unverified(fact: NewFact) -> NewFact:
    return NewFact(
        fact.subject_kind, fact.subject, fact.kind, fact.happened_on, fact.attributes, fact.supersedes,
        is_verified=False,
    )


def _facts(demonstration: DemonstrationCampaign) -> Iterator[tuple[NewFact, date]]:
    """Every fact with the day it was recorded; attributes are checked as any user's are."""
    facts, households = demonstration.facts, demonstration.households
    kinds, choices = current_rulebook().fact_kinds, Choices(demonstration)
    announced_on = {
        step.participation: step.happened_on for step in demonstration.steps if step.kind == "expropriation_announced"
    }
    for step in demonstration.steps:
        attributes, reasons = checked_attributes(kinds[step.kind], step.attributes)
        if reasons:
            raise ValueError(f"{step.participation}: {reasons[0].in_english()}")
        yield NewFact("participation", step.participation, step.kind, step.happened_on, attributes), step.happened_on
    rows = zip(
        facts.subject_kind.tolist(), demonstration.subject_codes().tolist(), facts.kind.tolist(),
        facts.happened_on.tolist(), facts.recorded_on.tolist(), facts.subject.tolist(), strict=True,
    )
    for row, (subject_kind, subject, kind_index, happened_on, recorded_on, subject_row) in enumerate(rows):
        kind = kinds[FACT_KINDS[kind_index]]
        given: dict[str, Any] = facts.attributes(row)
        if kind.id == "registered":
            given |= {
                "use": HOUSEHOLD_USES[households.use[subject_row]],
                "members": int(households.members[subject_row]),
                "registered_area_m2": f"{households.registered_area_m2[subject_row]:.2f}",
                "unregistered_area_m2": f"{households.unregistered_area_m2[subject_row]:.2f}",
                "land_area_m2": f"{households.land_area_m2[subject_row]:.2f}",
            }
        given |= _told_with(
            kind.id, happened_on, announced_on=announced_on.get(participation_of(subject)),
            unregistered_m2=float(households.unregistered_area_m2[subject_row]) if subject_kind else 0.0,
            number=subject_row,
        )
        attributes, reasons = checked_attributes(kind, given)
        if reasons:
            raise ValueError(f"{subject}: {reasons[0].in_english()}")
        yield NewFact(SUBJECT_KINDS[subject_kind], subject, kind.id, happened_on, attributes), recorded_on
        if kind.id in OFFERS:
            for chosen in choices.facts_of(subject_row, subject, on=happened_on):
                yield chosen, recorded_on


def _served(on: date, *, number: int) -> dict[str, str]:
    """How the household of that number was served: mostly by hand, its proof whole."""
    ways: tuple[dict[str, str], ...] = (
        {"method": "household_member", "is_signed": "yes"},
        {"method": "left_in_place", "has_recording": "yes", "has_witness": "yes"},
        {"method": "post", "received_on": on.isoformat()},
    )
    way = ways[number % 10] if number % 10 < len(ways) else {"method": "direct", "is_signed": "yes"}
    return {"served_on": on.isoformat(), "owner": "1", **way}


def _told_with(
    kind: str, on: date, *, announced_on: date | None, unregistered_m2: float, number: int
) -> dict[str, str]:
    """What a fact of that kind says beside its sum."""
    if kind == "valued" and announced_on is not None:
        return {"appraiser": APPRAISER, "value_on": announced_on.isoformat()}
    if kind in ("valuation_report_served", "decision_served", "land_decision_served"):
        told = _served(on, number=number)
        return told if kind == "valuation_report_served" else {**told, "remedies_stated": "yes"}
    if kind in ("options_offered", "land_options_offered"):
        return {"offered": "cash_and_exchange"}
    if kind == "decided":
        return {"move_out_by": (on + timedelta(days=30)).isoformat(), "owner_unclear": "no", "remedies_stated": "yes"}
    if kind == "unregistered_recognised":
        lawful = round(unregistered_m2 * 0.22, 2)
        return {"recognised_area_m2": f"{lawful:.2f}", "unlawful_area_m2": f"{unregistered_m2 - lawful:.2f}"}
    return {}


def _open_matters(demonstration: DemonstrationCampaign) -> Iterator[NewFact]:
    """The speech's open matters, and those of sections with a remark, listed on the day of the speech."""
    names = {unit.code: unit.name for unit in demonstration.units}
    day = demonstration.campaign.speech_on
    for matter in demonstration.matters:
        attributes: dict[str, Any] = {
            "matter": matter.text, "responsible": "、".join(names[unit] for unit in matter.units),
        }
        if matter.due_on:
            attributes["due_on"] = matter.due_on.isoformat()
        yield NewFact("project", matter.project, "matter_opened", day, attributes)
    sections = demonstration.sections
    for row, note in enumerate(sections.note):
        if note:
            attributes = {"matter": note, "responsible": names[str(sections.jurisdiction[row])]}
            yield NewFact("section", str(sections.code[row]), "matter_opened", day, attributes)


class _Desk:
    """Who records what: the account whose post the work is."""

    def __init__(self, demonstration: DemonstrationCampaign, person_codes: dict[str, str]) -> None:
        self._codes = person_codes
        self._projects = {project.code: project for project in demonstration.projects}
        self._people = demonstration.people
        self._families = {person.household for person in demonstration.people if person.household}

    def place_of(self, verb: str, subject: str) -> str:
        """Valuations and payments are recorded by project, everything else by jurisdiction.

        Facts of a family that has an account stand in deeds of their own: a batch names its neighbours too, so a
        family may not open a batch's papers.
        """
        if subject in self._families:
            return subject
        division = jurisdiction_of(subject)
        if verb in ("fact.record_valuation", "fact.record_payment"):
            return f"{division[:4]}00-{subject.split('-')[1]}"
        return division

    def record(
        self, verb: str, place: str, facts: list[NewFact], *, at: datetime, papers: list[str]
    ) -> str:
        """One deed with its papers; returns its key."""
        with act(self._actor(verb, place), verb, on=self._subject(place), at=at, joins_transaction=True) as deed:
            return deed.record(facts=facts, evidence=[self._paper(kind, verb, place, facts, at) for kind in papers])

    def note(
        self, verb: str, place: str, *, at: datetime, because: Sequence[Reason] = (),
        evidence: Sequence[AttachedFile] = (),
    ) -> tuple[str, str]:
        """One deed without facts; returns its key and who did it."""
        actor = self._actor(verb, place)
        with act(actor, verb, on=self._subject(place), at=at, joins_transaction=True) as deed:
            return deed.record(evidence=evidence, because=because), actor.person

    def _subject(self, place: str) -> Subject:
        project = None if kind_of(place) == "jurisdiction" else self._projects[project_of(place)]
        return Subject(code=place, clients=frozenset({project.client} if project else ()))

    def _actor(self, verb: str, place: str) -> Actor:
        if verb == "fact.record_valuation":
            post = Posting("appraiser", self._unit_of("appraiser"), project_of(place))
            return Actor(self._codes["appraiser"], (post,))
        if verb == "matter.manage":
            return Actor(self._codes["coordinator"], (Posting("coordinator", self._unit_of("coordinator")),))
        if verb == "fact.record_payment":
            client = self._projects[project_of(place)].client
            payer = next(
                (p.username for p in self._people if p.role == "client" and p.unit == client), "finance_bureau"
            )
            return Actor(self._codes[payer], (Posting("client", client),))
        leads = ("fact.record_decision", "agreement.check")
        role = "district_leader" if verb in leads else "field_officer"
        division = jurisdiction_of(place)
        person = next(p for p in self._people if p.role == role and p.unit == division)
        return Actor(self._codes[person.username], (Posting(role, division),))

    def _unit_of(self, username: str) -> str:
        return next(person.unit for person in self._people if person.username == username)

    def _paper(self, kind: str, verb: str, place: str, facts: list[NewFact], at: datetime) -> AttachedFile:
        label = current_rulebook().label(group="evidence", id=kind, language="zh")
        lines = [f"演示材料（虚构），{label}清单，{place}，{at:%Y-%m-%d}", "编号,事项,日期"]
        rules = current_rulebook()
        kinds = rules.fact_kinds
        whole = verb in (HISTORY_VERB, "matter.manage")
        lines += [
            f"{fact.subject},{kinds[fact.kind].label[0]},{fact.happened_on}"
            for fact in facts
            if whole or kind in rules.evidence_of(fact.kind)
        ]
        content = ContentFile(("\n".join(lines) + "\n").encode("utf-8-sig"))
        return keep_file(content, kind=kind, name=f"{place}-{at:%Y%m%d}-{kind}.csv", media_type="text/csv")
