"""The rulebook as one frozen value, loaded from YAML and checked whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from zhengtu.core.assessment.scheme import AssessmentRules
from zhengtu.core.assessment.triggers import AccountabilityRules
from zhengtu.core.authority.actor import SCOPES, Authority
from zhengtu.core.bulletins.wording import BulletinRules
from zhengtu.core.directives.papers import Papers
from zhengtu.core.directives.rules import DirectiveRules
from zhengtu.core.forecast.rules import OutlookRules
from zhengtu.core.inspection.matters import InspectionRules
from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.language.due_rules import DueRules
from zhengtu.core.language.words import LanguageRules
from zhengtu.core.ledger.fact_kinds import Attribute, FactKind
from zhengtu.core.ledger.milestones import Milestone, State
from zhengtu.core.notices.rules import NoticeRules
from zhengtu.core.planning.schedule_rules import ScheduleRules
from zhengtu.core.procedure.notices import Notices
from zhengtu.core.procedure.steps import Procedures
from zhengtu.core.resettlement.promises import PromiseRules
from zhengtu.core.resettlement.rules import ResettlementRules
from zhengtu.core.reviews.rhythm import ReviewRules
from zhengtu.core.rules.accountability import accountability_labels, load_accountability
from zhengtu.core.rules.assessment import assessment_labels, load_assessment
from zhengtu.core.rules.bulletins import load_bulletins
from zhengtu.core.rules.calendars import load_calendar
from zhengtu.core.rules.channel import ChannelRules, load_channel
from zhengtu.core.rules.directives import load_directives
from zhengtu.core.rules.due_words import load_due_rules
from zhengtu.core.rules.forecast import load_forecast
from zhengtu.core.rules.funds import FundsRulebook, load_funds
from zhengtu.core.rules.inspection import load_inspection
from zhengtu.core.rules.integrity import IntegrityRulebook, load_integrity
from zhengtu.core.rules.language import load_language
from zhengtu.core.rules.notices import load_notices, notice_labels
from zhengtu.core.rules.official_notices import load_official_notices
from zhengtu.core.rules.procedures import (
    RECORDING_PAGES,
    fact_kinds_of,
    load_evidence_kinds,
    load_procedures,
    procedure_labels,
)
from zhengtu.core.rules.promises import load_promises
from zhengtu.core.rules.reading import RulebookInvalid, load_sources, read_entries
from zhengtu.core.rules.resettlement import load_resettlement, resettlement_labels
from zhengtu.core.rules.reviews import load_reviews, review_labels
from zhengtu.core.rules.schedule import load_schedule, schedule_labels
from zhengtu.core.rules.sponsorship import load_sponsorship
from zhengtu.core.rules.waiting import WaitingRules, load_waiting
from zhengtu.core.sponsorship.rules import SponsorshipRules

__all__ = ["Labels", "Rulebook", "RulebookInvalid", "load_rulebook"]

Labels = Mapping[str, tuple[str, str]]
"""id -> (Chinese, English)."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules in force.

    Attributes:
        fingerprint: SHA-256 over all files; stored with every deed.
        fact_kinds: id -> FactKind.
        labels: group (``milestone``, ``state``, ``evidence``, ``subject``, ``fact``, ``role``, ``verb``,
            ``attribute``, ``choice``, ``source``, ``procedure``, ``step``, ``period``, ``right``,
            ``court_document``, ``refusal_ground``, ``notice``, ``notice_ask``, ``placeholder``, ``authority``,
            ``funds_light``, ``statement_column``, ``schedule_light``, ``stage``, ``remedy``, ``directive_state``,
            ``directive_light``, ``directive_rung``, ``urgency``, ``directive_paper``, ``notice_kind``, ``rhythm``,
            ``agenda_kind``, ``bulletin``, ``detector``, ``threshold``, ``threshold_unit``, ``scheme``, ``result``,
            ``result_event``, ``difficulty``, ``trigger``, ``trigger_measured``) -> id -> (Chinese, English).
            ``agenda_kind``, ``bulletin``, ``detector``, ``threshold``, ``threshold_unit``, ``inspection_matter``,
            ``inspection_answer``, ``subsidy_column``) -> id -> (Chinese, English).
        procedures: every version of every regime's procedure.
        calendar: working days, and how each statute counts.
        integrity: what is looked for in every file alike, and from which measure on.
        notices: statutory notices of every regime, and what they share.
        funds: lights and forecast of the dedicated accounts, and how bank statements are read.
        forecast: how much data a forecast of completion needs, and how far ahead it reaches.
        schedule: paces, frozen months, prices of teams and the rules of the light of plans.
        reviews: the rhythm of the reviews, and the order of their agenda.
        directives: numbers, words and ladder of the life cycle of directives.
        directive_papers: notices, demands and slips made of a directive.
        due: how texts say when something is due.
        language: by what directives are read out of a text; holds ``due`` too.
        official_notices: kinds of notice to officials, digests by role, quiet hours, retries.
        bulletins: kinds of bulletins, and the sentences that their figures become.
        assessment: what units can be assessed by, the schemes, and what is counted as typed by people.
        channel: words that directives out of the mayor's channel begin with.
        sponsorship: lawful remedies for hard cases, and when sponsors are reminded of their promises.
        inspection: what inspections look at, and what may be found.
        accountability: what opens a case of blame or praise, and how the unit is heard.
        promises: when a promise to a family holds, how old claims are called, what the family's page tells it.
        waiting: the watched number of families that are late, and how lists of subsidies paid are read.
        resettlement: stages of resettlement works, and types of homes.
    """

    fingerprint: str
    authority: Authority
    fact_kinds: Mapping[str, FactKind]
    labels: Mapping[str, Labels]
    procedures: Procedures
    calendar: WorkCalendar
    integrity: IntegrityRulebook
    notices: Notices
    funds: FundsRulebook
    forecast: OutlookRules
    schedule: ScheduleRules
    reviews: ReviewRules
    directives: DirectiveRules
    directive_papers: Papers
    due: DueRules
    language: LanguageRules
    official_notices: NoticeRules
    bulletins: BulletinRules
    assessment: AssessmentRules
    sponsorship: SponsorshipRules
    channel: ChannelRules
    waiting: WaitingRules
    promises: PromiseRules
    inspection: InspectionRules
    accountability: AccountabilityRules
    resettlement: ResettlementRules

    def evidence_of(self, kind: str) -> tuple[str, ...]:
        """Every kind of evidence that a fact of that kind needs, whichever procedure governs it."""
        steps = [step for one in self.procedures.versions if (step := one.recorded_by(kind)) is not None]
        needed = [*self.fact_kinds[kind].evidence, *(name for step in steps for name in step.evidence)]
        return tuple(dict.fromkeys(needed))

    def label(self, *, group: str, id: str, language: str) -> str:
        """What the user reads for an id, in Chinese unless the language is English; the id where none is known."""
        pair = self.labels.get(group, {}).get(id)
        return id if pair is None else pair[1 if language.startswith("en") else 0]


def load_rulebook(folder: Path) -> Rulebook:
    """Read and check every file.

    Raises:
        RulebookInvalid: naming the file and the entry that is wrong.
    """
    sources = load_sources(folder)
    facts = read_entries(folder / "facts.yaml")
    authority = _authority(folder / "authority.yaml")
    verbs, roles = authority.verb_labels, authority.roles
    kinds = _fact_kinds(facts, sources=sources, verbs=verbs)
    evidence = {**load_evidence_kinds(folder), **_pairs(facts["evidence_kinds"])}
    calendar = load_calendar(folder, sources=sources)
    procedures = load_procedures(folder, sources=sources, calendar=calendar, evidence=evidence, verbs=verbs)
    funds = load_funds(folder, sources=sources)
    integrity = load_integrity(folder, sources=sources)
    notices = load_notices(folder, procedures=procedures, sources=sources)
    waiting, schedule = load_waiting(folder), load_schedule(folder)
    reviews = load_reviews(folder, roles=[role for role, may in roles.items() if "review.hold" in may])
    directives = load_directives(folder, sources=sources, roles=roles)
    due = load_due_rules(folder, calendar=calendar)
    official_notices = load_official_notices(folder, roles=roles, verbs=verbs)
    bulletins = load_bulletins(folder, sources=sources, verbs=verbs, notices=official_notices.kinds, facts=kinds)
    violations = kinds["violation_found"].attributes["violation"].choices
    inspection = load_inspection(folder, sources=sources, violations=violations)
    kinds |= {id: kind for id, kind in fact_kinds_of(procedures).items() if id not in kinds}
    homes = load_resettlement(folder, sources=sources, facts=kinds)
    assessment = load_assessment(folder, sources=sources, facts=kinds, verbs=verbs)
    sponsorship = load_sponsorship(folder, sources=sources, facts=kinds, roles=roles, procedures=procedures)
    decided = kinds["case_decided"].attributes["outcome"].choices
    accountability = load_accountability(folder, sources=sources, decided=decided)
    labels = {
        **_fact_labels(facts, kinds), **waiting.labels, "evidence": evidence, "verb": verbs,
        "role": {**authority.role_labels, **authority.lent_labels},
        "source": sources, **procedure_labels(procedures), **notice_labels(notices), **funds.labels,
        **integrity.labels, **schedule_labels(schedule), **review_labels(reviews), **directives.labels,
        "notice_kind": {kind.id: kind.label for kind in official_notices.kinds.values()},
        "remedy": {remedy.id: remedy.label for remedy in sponsorship.remedies.values()},
        "bulletin": {kind.id: kind.label for kind in bulletins.kinds.values()}, **inspection.labels,
        **assessment_labels(assessment), **accountability_labels(accountability), **resettlement_labels(homes),
    }
    return Rulebook(
        fingerprint=_fingerprint(folder), authority=authority, fact_kinds=kinds, labels=labels,
        procedures=procedures, calendar=calendar, notices=notices, funds=funds, integrity=integrity,
        forecast=load_forecast(folder, sources=sources), schedule=schedule, reviews=reviews,
        directives=directives.rules, directive_papers=directives.papers, due=due, waiting=waiting,
        language=load_language(folder, due=due), official_notices=official_notices, bulletins=bulletins,
        assessment=assessment, sponsorship=sponsorship, channel=load_channel(folder), inspection=inspection,
        accountability=accountability, promises=load_promises(folder, sources=sources), resettlement=homes,
    )


def _fingerprint(folder: Path) -> str:
    """SHA-256 over every file with its name."""
    digest = sha256()
    for path in sorted(folder.rglob("*.yaml")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _fact_labels(facts: Mapping[str, Any], kinds: Mapping[str, FactKind]) -> dict[str, Labels]:
    """Labels of ``facts.yaml``, of the kinds of fact, of their attributes, and of the choices of these."""
    attributes = [(f"{kind.id}.{one.name}", one) for kind in kinds.values() for one in kind.attributes.values()]
    return {
        "milestone": _pairs(facts["milestones"]),
        "state": _pairs(facts["states"]),
        "subject": _pairs(facts["subject_kinds"]),
        "fact": {kind.id: kind.label for kind in kinds.values()},
        "attribute": {name: attribute.label for name, attribute in attributes},
        "choice": {
            f"{name}.{value}": label for name, attribute in attributes for value, label in attribute.choices.items()
        },
    }


def _pairs(entries: Mapping[str, list[str]]) -> dict[str, tuple[str, str]]:
    return {id: (pair[0], pair[1]) for id, pair in entries.items()}


def _authority(path: Path) -> Authority:
    raw = read_entries(path)
    verbs = _pairs(raw["verbs"])
    roles = _granted(raw["roles"], verbs=verbs, where=path.name)
    lent = _granted(raw.get("lent", {}), verbs=verbs, where=path.name)
    if both := sorted(set(roles) & set(lent)):
        raise RulebookInvalid(f"{path.name}: {both[0]} is either held by postings or lent")
    exclusive = [(pair[0], pair[1]) for pair in raw["exclusive"]]
    for one, other in exclusive:
        for role, may in roles.items():
            if one in may and other in may:
                raise RulebookInvalid(
                    f"{path.name}: role {role} holds both {one} and {other}, which exclude each other"
                )
    return Authority(
        roles=roles,
        lent=lent,
        lent_labels={role: (entry["label"][0], entry["label"][1]) for role, entry in raw.get("lent", {}).items()},
        role_labels={role: (entry["label"][0], entry["label"][1]) for role, entry in raw["roles"].items()},
        verb_labels=verbs,
        exclusive=exclusive,
        seen_with=_seen_with(raw.get("seen_with", {}), verbs=verbs, where=path.name),
    )


def _granted(raw: Mapping[str, Any], *, verbs: Labels, where: str) -> dict[str, dict[str, str]]:
    """Role -> verb -> scope."""
    roles: dict[str, dict[str, str]] = {}
    for role, entry in raw.items():
        for verb, scope in entry["may"].items():
            if verb not in verbs:
                raise RulebookInvalid(f"{where}: role {role} names the unknown verb {verb}")
            if scope not in SCOPES:
                raise RulebookInvalid(f"{where}: role {role} gives {verb} the unknown scope {scope}")
        roles[role] = dict(entry["may"])
    return roles


def _seen_with(raw: Mapping[str, str], *, verbs: Labels, where: str) -> dict[str, str]:
    for pair in raw.items():
        for verb in pair:
            if verb not in verbs:
                raise RulebookInvalid(f"{where}: seen_with names the unknown verb {verb}")
    return dict(raw)


def _fact_kinds(raw: Any, *, sources: Labels, verbs: Labels) -> dict[str, FactKind]:
    if list(raw["milestones"]) != list(Milestone) or list(raw["states"]) != list(State):
        raise RulebookInvalid("facts.yaml: milestones and states must be exactly those of the ledger, in order")
    kinds: dict[str, FactKind] = {}
    for id, entry in raw["kinds"].items():
        source = entry.get("source", "")
        for problem, is_wrong in {
            f"unknown source {source}": source and source.partition("#")[0] not in sources,
            f"unknown verb {entry['verb']}": entry["verb"] not in verbs,
            "unknown regime": not set(entry.get("regimes", ())) <= {"state_land", "collective_land"},
            "unknown page in through": entry.get("through", "") not in RECORDING_PAGES,
            "unknown evidence kind": not set(entry.get("evidence", ())) <= set(raw["evidence_kinds"]),
            "unknown subject kind": not set(entry["subject"]) <= set(raw["subject_kinds"]),
        }.items():
            if is_wrong:
                raise RulebookInvalid(f"facts.yaml: {id}: {problem}")
        kinds[id] = FactKind(
            id=id,
            label=(entry["label"][0], entry["label"][1]),
            subject_kinds=tuple(entry["subject"]),
            verb=entry["verb"],
            milestone=Milestone(entry["milestone"]) if "milestone" in entry else None,
            dated_by=entry.get("dated_by", ""),
            after=tuple(tuple(Milestone(name) for name in group) for group in entry.get("after", ())),
            evidence=tuple(entry.get("evidence", ())),
            attributes={
                name: Attribute(
                    name=name,
                    type=spec["type"],
                    label=(spec["label"][0], spec["label"][1]),
                    is_required=spec.get("required", False),
                    choices=_pairs(spec.get("choices", {})),
                )
                for name, spec in entry.get("attributes", {}).items()
            },
            source=source,
            through=entry.get("through", ""),
            regimes=tuple(entry.get("regimes", ())),
        )
    return kinds
