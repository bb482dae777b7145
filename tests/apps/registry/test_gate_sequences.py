"""Random deeds through the ledger: facts, corrections and withdrawals; whatever was accepted breaks no invariant.

An independent checker, written without the engine, reads what the ledger holds after each accepted deed.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from django.core.files.base import ContentFile

from tests.core.procedure.kit import fact as fact_of
from tests.core.procedure.kit import procedure
from tests.core.procedure.naive_checker import violations
from tests.factories import CHUANYING, Scene, announce, build_campaign, recording_actor, serve_valuation
from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.procedure.case_facts import StepFact
from zhengtu.core.procedure.standing import StepStatus, case_standing
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import keep_file
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.procedure_cases import ProcedureCase, case_of, standing_facts_of
from zhengtu.registry.queries import subject_of

pytestmark = pytest.mark.django_db

PART = f"{CHUANYING}-P0001"
ATTEMPTS = 50
LAST_DAY = date(2026, 12, 20)


class Hands:
    """Somebody with every post, in a hurry: records, corrects and withdraws at random."""

    def __init__(self, seed: int, household: str) -> None:
        self.random, self.household = Random(seed), household
        self.today = date(2025, 1, 21)
        self.accepted = self.refused = 0

    def case(self) -> ProcedureCase:
        case = case_of(self.household)
        assert case is not None
        return case

    def act_once(self) -> None:
        """One deed: mostly a step that seems open or any other, now and then a change of what is recorded."""
        self.today = min(self.today + timedelta(days=self.random.choice([0, 0, 1, 2, 9, 31, 70])), LAST_DAY)
        way = self.random.random()
        if way < 0.75:
            self.put(self.new_fact(must_be_open=way < 0.6))
        else:
            self.put(self.changed_fact(withdraw=way < 0.88))

    def new_fact(self, *, must_be_open: bool) -> NewFact:
        steps = list(procedure().steps.values())
        if must_be_open:
            case = self.case()
            standing = case_standing(
                facts=case.facts, procedure=case.procedure, calendar=current_rulebook().calendar, today=self.today
            )
            steps = [one.step for one in standing.having(StepStatus.OPEN)] or steps
        step = self.random.choice([one for one in steps if one.scope != "section"])
        on = self.today - timedelta(days=0 if must_be_open else self.random.choice([0, 3, 40]))
        proposed = fact_of(step, on, **({"is_signed": "yes"} if "is_signed" in step.attributes else {}))
        return self.as_new(proposed, kind=step.recorded_by, on_household=step.scope == "household")

    def changed_fact(self, *, withdraw: bool) -> NewFact:
        subject = self.random.choice([PART, self.household])
        held = standing_facts_of([subject])[subject]
        fact = self.random.choice([one for one in held if one.kind != "registered"])
        kind = "participation" if subject == PART else "household"
        if withdraw:
            return NewFact(kind, subject, "withdrawn", self.today, {"reason": "误录"}, supersedes=fact.reference)
        on = fact.happened_on + timedelta(days=self.random.choice([-20, -1, 1, 30]))
        return NewFact(kind, subject, fact.kind, on, dict(fact.attributes), supersedes=fact.reference)

    def as_new(self, fact: StepFact, *, kind: str, on_household: bool) -> NewFact:
        attributes: dict[str, Any] = dict(fact.attributes)
        for name in ("served_on", "published_from", "published_until"):
            day = getattr(fact, name)
            if day is not None:
                attributes[name] = day.isoformat()
        subject = self.household if on_household else PART
        return NewFact("household" if on_household else "participation", subject, kind, fact.happened_on, attributes)

    def put(self, fact: NewFact) -> None:
        rules = current_rulebook()
        verb = rules.fact_kinds[fact.kind].verb
        files = [
            keep_file(ContentFile(needed.encode()), kind=needed, name=f"{needed}.txt", media_type="text/plain")
            for needed in rules.evidence_of(fact.kind)
        ]
        at = datetime.combine(self.today, time(12), tzinfo=SHANGHAI)
        try:
            with act(recording_actor(verb, fact.subject), verb, on=subject_of(fact.subject), at=at) as deed:
                deed.record(facts=[fact], evidence=files)
        except Refused:
            self.refused += 1
        else:
            self.accepted += 1


@pytest.mark.parametrize("seed", [7, 2025, 590])
def test_nothing_accepted_breaks_an_invariant(seed: int) -> None:
    scene: Scene = build_campaign()
    announce(CHUANYING)
    hands = Hands(seed, scene.households[0].code)
    serve_valuation(hands.household, on=date(2025, 1, 20))
    for _ in range(ATTEMPTS):
        hands.act_once()
        broken = violations(hands.case().facts.all_facts())
        assert not broken, (hands.today, broken)
    # A test in which nothing passes, or nothing is refused, would prove nothing.
    assert hands.accepted >= 8
    assert hands.refused >= 8
