"""Fictitious irregularities planted in the demonstration, so that the search finds something, and how they are handled.

Each is recorded by whoever would record it, with a paper that says that it is invented. One finding is asked and
answered, one is closed, one waits for its answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.files.base import ContentFile

from zhengtu.accounts.queries import actor_of, holder_of
from zhengtu.campaign import records
from zhengtu.campaign.finding_actions import answer_question, ask_unit, close_finding
from zhengtu.campaign.finding_queries import listed_findings_for, questions_for, units_to_ask
from zhengtu.campaign.finding_runs import run_now
from zhengtu.campaign.models import Finding
from zhengtu.casework.offered_files import OfferedFile
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import jurisdiction_of, kind_of, project_of
from zhengtu.jobs.demonstration.acting import actor_called
from zhengtu.jobs.demonstration.model import DemonstrationCampaign
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import AttachedFile, keep_file
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household
from zhengtu.registry.procedure_cases import cases_of
from zhengtu.registry.queries import subject_of

PAIRS: Final = 2
"""So many people stand in two files of different projects."""
MOVES: Final = 3
TREES: Final = (380, 460)
_MOVED_DAYS_BEFORE: Final = (40, 150, 310)
_ANNOUNCEMENTS: Final = ("scope_announced", "land_pre_announced")
_QUESTION: Final = "请核实该情况，说明原因并附依据材料。（演示，虚构）"
_ANSWER: Final = "经核实，两处房屋分别取得权属证书，分别补偿一次，未重复计算。（演示，虚构）"
_CLOSING: Final = "已核对两份权属证书，情况属实。（演示，虚构）"


def plant_doubles(demonstration: DemonstrationCampaign) -> None:
    """Let a few people own a second house in another project; before the households are written."""
    households = demonstration.households
    rows_of_project: dict[str, list[int]] = {}
    for row, code in enumerate(households.code.tolist()):
        rows_of_project.setdefault(project_of(code), []).append(row)
    projects = sorted(rows_of_project, key=lambda project: -len(rows_of_project[project]))
    for number in range(min(PAIRS, len(projects) - 1)):
        one, other = rows_of_project[projects[0]][7 + number], rows_of_project[projects[number + 1]][3]
        households.identity_number[other] = households.identity_number[one]
        households.head_name[other] = households.head_name[one]


def plant_irregularities(*, city: str, now: datetime) -> None:
    """Record the invented irregularities in the loaded demonstration, search for them and handle some."""
    today = civil_date(at=now)
    inspector = actor_called("inspector", on=today)
    _record_moves(inspector, city=city, now=now)
    _record_trees(inspector, now=now)
    _record_violations(inspector, now=now)
    run_now(city=city, now=now)
    _handle(inspector, today=today, now=now)


def _posted(role: str, unit: str, *, on: date) -> Actor | None:
    """Somebody who holds that role in that unit, or None."""
    person = holder_of(role, unit=unit, on=on)
    return actor_of(person, on=on) if person is not None else None


def _paper(kind: str, place: str, lines: Sequence[str]) -> AttachedFile:
    label = current_rulebook().label(group="evidence", id=kind, language="zh")
    content = "\n".join([f"演示材料（虚构），{label}，{place}", *lines, ""]).encode("utf-8-sig")
    return keep_file(ContentFile(content), kind=kind, name=f"{place}-{kind}.csv", media_type="text/csv")


def _households(actor: Actor, state: str, *, on: date) -> list[Household]:
    """Households in that state, by code."""
    rows = records.in_household_state(records.household_rows(actor, known=None), state, on=on, known=None)
    return list(rows.order_by("code"))


def _record_moves(inspector: Actor, *, city: str, now: datetime) -> None:
    """A police list shows moves shortly before the announcement."""
    today = civil_date(at=now)
    found: list[NewFact] = []
    candidates = [row for state in ("surveyed", "valued", "settled") for row in _households(inspector, state, on=today)]
    for code, announced_on in _announced([row.code for row in candidates]).items():
        moved_on = announced_on - timedelta(days=_MOVED_DAYS_BEFORE[len(found) % len(_MOVED_DAYS_BEFORE)])
        found.append(
            NewFact("household", code, "register_move_reported", moved_on, {"moved_in_on": moved_on.isoformat()})
        )
        if len(found) == MOVES:
            break
    if found:
        lines = [f"{fact.subject},{fact.happened_on}" for fact in found]
        with act(inspector, "move.import", on=subject_of(city), at=now) as deed:
            deed.lock(sorted({jurisdiction_of(fact.subject) for fact in found}))
            deed.record(facts=found, evidence=[_paper("move_extract", city, lines)])


def _announced(codes: Sequence[str]) -> Mapping[str, date]:
    """Household -> day on which its project's part was announced; others are absent."""
    found: dict[str, date] = {}
    for code, case in cases_of(codes).items():
        days = [fact.happened_on for fact in case.facts.project if fact.step in _ANNOUNCEMENTS]
        if days:
            found[code] = min(days)
    return found


def _record_trees(inspector: Actor, *, now: datetime) -> None:
    """Two households whose yards are said to hold more fruit trees than fit."""
    today = civil_date(at=now)
    small = [row for row in _households(inspector, "surveyed", on=today) if row.land_area_m2 and row.land_area_m2 < 900]
    for row, quantity in zip(small[-len(TREES) :], TREES, strict=False):
        officer = _posted("field_officer", jurisdiction_of(row.code), on=today)
        if officer is None:
            continue
        fact = NewFact(
            "household", row.code, "item_inventoried", today, {"item": "fruit_tree", "quantity": str(quantity)}
        )
        with act(officer, "fact.record", on=subject_of(row.code), at=now) as deed:
            deed.record(facts=[fact], evidence=[_paper("survey_form", row.code, [f"果树,{quantity}"])])


def _record_violations(inspector: Actor, *, now: datetime) -> None:
    """Inspectors found a household without water, and a section where somebody was threatened."""
    today = civil_date(at=now)
    rows = _households(inspector, "valued", on=today) or _households(inspector, "surveyed", on=today)
    if not rows:
        return
    household, section = rows[0].code, rows[-1].section_id
    for subject, violation, text in (
        (household, "utilities_cut", "签约期限内该户停水两日，经督查已恢复供水。（演示，虚构）"),
        (section, "violence", "有人以停工相威胁要求签约，已责令停止。（演示，虚构）"),
    ):
        attributes: dict[str, Any] = {"violation": violation, "found": text}
        fact = NewFact(kind_of(subject), subject, "violation_found", today, attributes)
        with act(inspector, "violation.record", on=subject_of(subject), at=now) as deed:
            deed.record(facts=[fact], evidence=[_paper("photo", subject, ["现场照片（演示）"])])


def _handle(inspector: Actor, *, today: date, now: datetime) -> None:
    """The first finding is asked, answered and closed; the second answered; the third waits."""
    findings = list(listed_findings_for(inspector).filter(gone_on=None).order_by("detector", "key"))
    chosen = [one for one in findings if one.detector == "same_identity"]
    chosen += [one for one in findings if one.detector in ("register_move", "inflated_attachments")]
    for number, finding in enumerate(chosen[:3]):
        unit = next((unit.code for unit, _place in units_to_ask(finding)), "")
        leader = _posted("district_leader", unit, on=today) if unit else None
        if leader is None:
            continue
        ask_unit(
            actor=inspector, finding=finding, unit=unit, text=_QUESTION, due_on=today + timedelta(days=7), now=now
        )
        if number < 2:
            _answer(leader, finding, now=now)
        if number == 0:
            close_finding(actor=inspector, finding=finding, outcome="explained", text=_CLOSING, now=now)


def _answer(leader: Actor, finding: Finding, *, now: datetime) -> None:
    question = next(one for one in questions_for(leader) if one.finding_id == finding.key)
    content = ContentFile("演示材料（虚构），权属证书核对记录".encode("utf-8-sig"), name="check.txt")
    answer_question(
        actor=leader, question=question, text=_ANSWER, files=[OfferedFile("other", "check.txt", content)], now=now
    )
