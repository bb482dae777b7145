"""A project with one household in the test database whose steps are recorded through the platform's own actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.core.files.base import ContentFile

from tests.factories import (
    CHUANYING,
    build_household,
    build_project,
    build_section,
    recording_actor,
    register,
)
from zhengtu.casework.actions import record_fact
from zhengtu.casework.offered_files import OfferedFile
from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.procedure.case_facts import CaseFacts, StepFact
from zhengtu.core.procedure.steps import Procedure, Scope, Step
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import AttachedFile, keep_file
from zhengtu.ledger.models import Fact
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Campaign
from zhengtu.registry.procedure_cases import ProcedureCase, case_of
from zhengtu.registry.queries import subject_of


class StatutoryLedger:
    """One project in one district, governed by the newest procedure of its regime.

    Attributes:
        now_on: the day on which the next deed is recorded; it never goes back.
    """

    def __init__(self, *, regime: str, platform_since: date | None = None, from_on: date = date(2024, 1, 2)) -> None:
        project = build_project(regime=regime.upper(), governed_from=date(2024, 6, 1))
        Campaign.objects.update(start_on=platform_since or date(2024, 1, 1))
        self.section = build_section(project, CHUANYING)
        household = build_household(self.section, number=1)
        household.unregistered_area_m2 = 0
        household.save()
        register([household], on=from_on)
        self.household, self.participation = household.code, f"{CHUANYING}-P0001"
        self.now_on = from_on
        self.procedure: Procedure = self.case().procedure

    def case(self) -> ProcedureCase:
        """The household's case as it stands now."""
        case = case_of(self.household)
        assert case is not None
        return case

    def facts(self) -> CaseFacts:
        """Everything recorded, as the household's case reads it."""
        return self.case().facts

    def subject_of_step(self, step: Step) -> str:
        return {
            Scope.PROJECT: self.participation, Scope.SECTION: self.section.code, Scope.HOUSEHOLD: self.household,
        }[step.scope]

    def record(self, proposed: StepFact, *, recorded_on: date | None = None) -> list[Reason]:
        """Record the fact as its form would, or say why not; nothing may be left of what is refused."""
        step = self.procedure.steps[proposed.step]
        self.now_on = max(self.now_on, recorded_on or proposed.happened_on)
        held = Fact.objects.count()
        try:
            self._record(step, proposed)
        except Refused as refused:
            assert Fact.objects.count() == held
            return list(refused.reasons)
        assert Fact.objects.count() == held + 1
        return []

    def _record(self, step: Step, proposed: StepFact) -> None:
        subject, rules = self.subject_of_step(step), current_rulebook().fact_kinds[step.recorded_by]
        attributes, actor = stored_attributes(proposed), recording_actor(rules.verb, subject)
        now = datetime.combine(self.now_on, time(18, 0), tzinfo=SHANGHAI)
        if rules.through or step.is_service or not proposed.is_verified:
            new = NewFact(
                kind_of(subject), subject, rules.id, proposed.happened_on, attributes,
                is_verified=proposed.is_verified,
            )
            with act(actor, rules.verb, on=subject_of(subject), at=now) as deed:
                deed.record(facts=[new], evidence=[paper(subject, kind) for kind in sorted(proposed.evidence)])
            return
        record_fact(
            actor=actor, subject=subject, kind=rules.id, happened_on=proposed.happened_on, attributes=attributes,
            files=[
                OfferedFile(kind=kind, name="scan.txt", file=ContentFile(b"two pages, signed", name="scan.txt"))
                for kind in sorted(proposed.evidence)
            ],
            now=now,
        )

    def assemble_dossier(self) -> None:
        """Every paper of the court application filed and every ground of refusal denied."""
        court = self.procedure.court
        facts = [
            NewFact("household", self.household, "court_paper_filed", self.now_on, {"document": id})
            for id in court.documents
        ] + [
            NewFact("household", self.household, "court_ground_checked", self.now_on, {"ground": id, "applies": "no"})
            for id in court.refusal_grounds
        ]
        verb = "fact.record_decision"
        with act(
            recording_actor(verb, self.household), verb, on=subject_of(self.household),
            at=datetime.combine(self.now_on, time(19, 0), tzinfo=SHANGHAI),
        ) as deed:
            deed.record(facts=facts, evidence=[paper(self.household, "other")])


def paper(subject: str, kind: str) -> AttachedFile:
    """A stored file of that kind."""
    return keep_file(
        ContentFile(f"{subject} {kind}".encode()), kind=kind, name=f"{kind}.txt", media_type="text/plain"
    )


def stored_attributes(proposed: StepFact) -> dict[str, Any]:
    """The attributes of the ledger's fact, with the dates of service and publication and the proof of a service."""
    served = proposed.served_on
    proofs: Mapping[str, Mapping[str, str]] = {
        "direct": {"is_signed": "yes"}, "announcement": {"is_untraceable": "yes"},
        "left_in_place": {"has_witness": "yes"}, "post": {"received_on": served.isoformat() if served else ""},
    }
    proof = proofs.get(str(proposed.attributes.get("method")), {}) if served is not None else {}
    dates: Mapping[str, date | None] = {
        "served_on": served, "published_from": proposed.published_from, "published_until": proposed.published_until,
    }
    return {
        **proposed.attributes, **proof,
        **{name: day.isoformat() for name, day in dates.items() if day is not None},
    }
