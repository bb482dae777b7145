"""A street of sixteen like households with planted favours: what is clean, and what each plant must be found by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from tests.factories import (
    ANNOUNCED_ON,
    CHOSEN_APPRAISER,
    CHUANYING,
    actor_with,
    announce,
    at,
    build_household,
    build_project,
    build_section,
    person_with,
    personal_data,
    record,
    register,
)
from zhengtu.accounts.sealing import seal, search_index, unseal
from zhengtu.casework.compensation_facts import compensation_cases_of, rules_for
from zhengtu.casework.models import Agreement, AgreementPayee, AgreementState
from zhengtu.casework.writes import insert_adopted_plan
from zhengtu.core.compensation.assess import assess
from zhengtu.core.compensation.facts import Mode, Option
from zhengtu.core.compensation.facts_reading import as_plain
from zhengtu.core.kernel.masking import mask_name
from zhengtu.funds.models import LineState, PaymentLine, PaymentOrder
from zhengtu.ledger.act import act
from zhengtu.ledger.models import Fact
from zhengtu.ledger.rulebook import current_compensation
from zhengtu.registry.models import Household, Project, Section
from zhengtu.registry.queries import subject_of

REGISTERED_ON: Final = date(2024, 8, 20)
VALUED_ON: Final = date(2025, 1, 12)
SIGNED_ON: Final = date(2025, 1, 20)
LATE_ON: Final = date(2025, 2, 6)
PER_M2: Final = Decimal("5000.00")


@dataclass(frozen=True, slots=True)
class Street:
    """The scene: households by number, and detector -> numbers that it must find."""

    project: Project
    section: Section
    homes: Mapping[int, Household]
    planted: Mapping[str, frozenset[int]]

    def code(self, number: int) -> str:
        return self.homes[number].code


def build_street(*, number: int = 1) -> Street:
    """Sixteen households, registered with the freeze, announced, valued and signed; and the plants among them."""
    project = build_project(number=number)
    section = build_section(project, CHUANYING)
    homes = {place: build_household(section, number=place, person_number=number * 100 + place)
             for place in range(1, 17)}
    for home in homes.values():
        home.unregistered_area_m2 = Decimal(0)
        home.registered_area_m2 = Decimal("86.50")
        home.save()
    insert_adopted_plan(
        project=project.code, from_on=date(2024, 1, 1), plan=current_compensation().schemes["demonstration"],
        approval_sha256="0" * 64, deed="220200-D000000001",
    )
    register([home for place, home in homes.items() if place not in (15, 16)], on=REGISTERED_ON)
    announce(CHUANYING, project=project.code)
    plant_register(section, homes)
    for place, home in homes.items():
        _value(home, place)
    _plant_papers(homes)
    for place, home in homes.items():
        if place <= 12 and place != 7:
            record(home.code, "signed", LATE_ON if place == 6 else SIGNED_ON, _agreed(home.code, place))
    _plant_payments(homes)
    _plant_hands(homes[12].code)
    _plant_payees(homes[9])
    _plant_transfer(homes[12], project)
    return Street(project, section, homes, {
        "same_identity": frozenset({1, 2}),
        "same_account": frozenset({1, 2, 3}),
        "split_after_freeze": frozenset({13, 16}),
        "registered_after_freeze": frozenset({15}),
        "enlarged_after_freeze": frozenset({14}),
        "register_move": frozenset({4}),
        "off_statement": frozenset({5}),
        "late_reward": frozenset({6}),
        "below_market": frozenset({7}),
        "unit_price_outlier": frozenset({8}),
        "areas_differ": frozenset({9}),
        "inflated_attachments": frozenset({10}),
        "building_overclaimed": frozenset({13, 16}),
        "split_payments": frozenset({11}),
        "under_limit": frozenset({1, 2, 3, 4}),
        "same_hands": frozenset({12}),
        "payee_not_owner": frozenset({9, 12}),
        "parties_differ": frozenset({9}),
    })


def plant_register(section: Section, homes: Mapping[int, Household]) -> None:
    """One identity twice, one account for two, a split, a late entry and an enlargement."""
    first, second, third = homes[1], homes[2], homes[3]
    second.identity_index, second.identity_masked = first.identity_index, first.identity_masked
    second.personal_sealed = first.personal_sealed
    second.save()
    personal = unseal(third.personal_sealed)
    third.personal_sealed = seal({**personal, "account": unseal(first.personal_sealed)["account"]})
    third.save()
    split = homes[16]
    split.building = homes[13].building
    split.save()
    register([homes[15], homes[16]], on=date(2024, 12, 2))
    enlarged = homes[14]
    enlarged.registered_area_m2, enlarged.members = Decimal("110.00"), 6
    enlarged.save()
    record(
        enlarged.code, "registered", REGISTERED_ON, _register_of(enlarged), supersedes=_registered(enlarged.code),
    )


def _registered(code: str) -> str:
    return Fact.objects.filter(subject=code, kind="registered").latest("deed__recorded_at").reference


def _register_of(home: Household) -> dict[str, Any]:
    return {
        "use": home.use, "members": home.members, "registered_area_m2": str(home.registered_area_m2),
        "unregistered_area_m2": str(home.unregistered_area_m2), "personal_digest": home.identity_index,
    }


def _value(home: Household, place: int) -> None:
    per_m2 = Decimal("7900.00") if place == 8 else PER_M2 + 10 * (place % 5)
    value = per_m2 * (home.registered_area_m2 or 0)
    market = value + 1 if place == 7 else value - 1000
    record(home.code, "surveyed", date(2025, 1, 6), {"floor_area_m2": str(home.registered_area_m2)})
    record(home.code, "valued", VALUED_ON, {
        "value_yuan": f"{value:.2f}", "market_value_yuan": f"{market:.2f}", "appraiser": CHOSEN_APPRAISER,
        "value_on": ANNOUNCED_ON.isoformat(),
    })


def due(code: str, *, signed_on: date, vacated_on: date | None = None) -> Decimal:
    """What the rules give to a household that signs in cash and moves out on those days."""
    case = compensation_cases_of([code])[code]
    assert case.valued_on is not None
    option = replace(case.ways[Mode.CASH], signed_on=signed_on, vacated_on=vacated_on)
    assert isinstance(option, Option)
    return assess(facts=case.facts, rules=rules_for(case.facts.project), option=option, on=case.valued_on).total


def _agreed(code: str, place: int) -> dict[str, Any]:
    amount = due(code, signed_on=SIGNED_ON)
    if place == 5:
        amount += Decimal("20000.00")
    if place == 6:
        first = ANNOUNCED_ON + timedelta(days=1)
        amount = due(code, signed_on=first, vacated_on=first)
    return {"option": "cash", "amount_yuan": f"{amount:.2f}", "statement_digest": "0" * 64}


def _plant_papers(homes: Mapping[int, Household]) -> None:
    """A move, an area that differs, and trees without end."""
    record(homes[4].code, "register_move_reported", date(2024, 5, 1), {"moved_in_on": "2024-05-01"})
    record(homes[12].code, "register_move_reported", date(2022, 5, 1), {"moved_in_on": "2022-05-01"})
    record(homes[9].code, "surveyed", date(2025, 1, 7), {"floor_area_m2": "99.00"})
    record(homes[10].code, "item_inventoried", date(2025, 1, 7), {"item": "fruit_tree", "quantity": "400"})
    record(homes[12].code, "item_inventoried", date(2025, 1, 7), {"item": "fruit_tree", "quantity": "8"})


def _plant_payments(homes: Mapping[int, Household]) -> None:
    """A sum paid in parts, and one paid whole; four sums just under a limit."""
    for place in (1, 2, 3, 4):
        record(homes[place].code, "paid", date(2025, 2, 10), {"amount_yuan": f"{199_000 - place}.00"})
    whole = due(homes[11].code, signed_on=SIGNED_ON)
    record(homes[11].code, "paid", date(2025, 2, 10), {"amount_yuan": "150000.00"})
    record(homes[11].code, "paid", date(2025, 2, 11), {"amount_yuan": "150000.00"})
    record(homes[11].code, "paid", date(2025, 2, 13), {"amount_yuan": f"{whole - 300000:.2f}"})
    record(homes[12].code, "paid", date(2025, 2, 10), {"amount_yuan": f"{due(homes[12].code, signed_on=SIGNED_ON)}"})


def _plant_hands(code: str) -> None:
    """One person with two posts drafts and checks an agreement."""
    drafter, checker = actor_with("field_officer", CHUANYING), actor_with("district_leader", CHUANYING)
    both = replace(drafter, postings=(*drafter.postings, *checker.postings))
    for verb in ("agreement.draft", "agreement.check"):
        with act(both, verb, on=subject_of(code), at=at(SIGNED_ON)) as deed:
            deed.record()


def _plant_payees(home: Household) -> None:
    """A signed agreement that pays the owner, and a supplement that pays somebody else."""
    for sequence, payee in ((1, unseal(home.personal_sealed)), (2, personal_data(901))):
        agreement = Agreement.objects.create(
            number=f"{home.code}-A{sequence}", household=home, sequence=sequence, state=AgreementState.SIGNED,
            previous_id=f"{home.code}-A1" if sequence == 2 else None, way="cash",
            option=as_plain(Option(mode=Mode.CASH, signed_on=SIGNED_ON)), facts={}, valued_on=ANNOUNCED_ON,
            sign_on=SIGNED_ON, pay_by=SIGNED_ON, move_out_by=SIGNED_ON, statement=b"", statement_digest="0" * 64,
            amount_yuan=due(home.code, signed_on=SIGNED_ON), rulebook="0" * 64, drafted_by="u", drafted_on=SIGNED_ON,
            drafted_deed="d", checked_by="v", checked_deed="d", signed_on=SIGNED_ON, signed_deed="220204-D000000001",
        )
        AgreementPayee.objects.create(
            agreement=agreement, ordinal=1, personal_sealed=seal(payee), name_masked=mask_name(payee["name"]),
            name_index=search_index(payee["name"]), account_masked="", account_index=search_index(payee["account"]),
            share_yuan=agreement.amount_yuan,
        )


def _plant_transfer(home: Household, project: Project) -> None:
    """The bank executed a transfer to somebody whom neither the register nor an agreement names."""
    order = PaymentOrder.objects.create(
        code="220204-P0001-Z9001" if project.code.endswith("1") else "220204-P0002-Z9001",
        participation=f"220204-{project.code.split('-')[1]}", project=project, maker=person_with("client"),
    )
    fact = Fact.objects.get(subject=home.code, kind="paid")
    PaymentLine.objects.create(
        order=order, reference=f"{order.code}-00001", household=home, amount_yuan=fact.attributes["amount_yuan"],
        payee_sealed=seal({"name": "外人"}), payee_masked="外*", payee_index=search_index("外人"),
        account_masked="", account_index=search_index("1"), state=LineState.PAID, fact=fact.reference,
    )
