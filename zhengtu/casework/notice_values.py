"""What a notice's blanks are filled with: the register, the recorded steps, and what was typed, written out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from zhengtu.casework.rights_clock import ClockedRight
from zhengtu.core.kernel.codes import jurisdiction_of, kind_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import grouped, in_words, to_fen
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.procedure.case_facts import date_at, latest
from zhengtu.core.procedure.notices import FACT_DATES, Ask, Notice
from zhengtu.core.procedure.rights import RightState
from zhengtu.core.procedure.steps import DateField
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household, Participation
from zhengtu.registry.owners import JOINT, HeldOwner
from zhengtu.registry.procedure_cases import ProcedureCase


@dataclass(frozen=True, slots=True)
class NoticeSubject:
    """Whom or what a notice is about.

    Attributes:
        household: None for a notice of a part of a project.
        owners: of the household, in full where ``is_full``.
        households: how many households the part of the project has.
        sections: names of its sections.
    """

    participation: Participation
    case: ProcedureCase
    household: Household | None = None
    owners: Sequence[HeldOwner] = ()
    is_full: bool = False
    households: int = 0
    sections: Sequence[str] = ()


def date_in_words(day: date) -> str:
    """2026年3月2日."""
    return str(_formats()["date"]).format(year=day.year, month=day.month, day=day.day)


def money_in_words(amount: Decimal) -> str:
    """The sum in figures and in capitals."""
    amount = to_fen(amount)
    return str(_formats()["money"]).format(grouped=grouped(amount), words=in_words(amount))


def _formats() -> Mapping[str, Any]:
    return current_rulebook().notices.formats


def notice_values(
    notice: Notice, subject: NoticeSubject, *, given: Mapping[str, str], owner: int, today: date
) -> tuple[dict[str, str], list[Reason]]:
    """Name -> text for everything that is known, and what is wrong with what was typed.

    Args:
        given: raw values of the form by name.
        owner: ordinal of the owner whom a notice for one owner is for.
    """
    names = notice.names()
    values = _register_values(subject, owner=owner, today=today)
    authorities = current_rulebook().notices.authorities.get(jurisdiction_of(subject.participation.code), {})
    values |= {f"authority.{name}": text for name, text in authorities.items()}
    values |= _step_values(names, subject.case, today=today)
    values |= {name: given[name].strip() for name in ("document_number",) if given.get(name)}
    reasons = []
    for ask in notice.asks.values():
        try:
            values[ask.name] = _written(ask.type, given.get(ask.name, "").strip(), ask.choices)
        except (ValueError, InvalidOperation):
            reasons.append(_unfit(notice, ask, given[ask.name]))
    return values, reasons


def recorded_asks(notice: Notice, case: ProcedureCase, *, today: date) -> dict[str, str]:
    """What is recorded already of the notice's own step: raw values to show in the form."""
    fact = latest(notice.step, facts=case.facts, procedure=case.procedure, on=today) if notice.step else None
    if fact is None:
        return {}
    return {ask.name: str(fact.attributes.get(ask.name, "")) for ask in notice.asks.values() if ask.is_own}


def _register_values(subject: NoticeSubject, *, owner: int, today: date) -> dict[str, str]:
    project, unit = subject.participation.project, subject.participation.jurisdiction
    rules = current_rulebook()
    separator = str(_formats()["list"])
    values = {
        "project": project.name, "jurisdiction": unit.name, "today": date_in_words(today),
        "regime": rules.labels["procedure"][subject.case.procedure.regime][0],
        "households": f"{subject.households:,}" if subject.households else "",
        "sections": separator.join(subject.sections),
    }
    household = subject.household
    if household is None:
        return values
    people = [_person(one, is_full=subject.is_full) for one in subject.owners]
    mine = people[owner - 1] if 1 <= owner <= len(people) else {"name": "", "identity_number": ""}
    return values | {
        "household": household.code,
        "address": f"{household.address}{household.room}",
        "use": rules.label(group="choice", id=f"registered.use.{household.use}", language="zh"),
        "registered_area_m2": _area(household.registered_area_m2),
        "land_area_m2": _area(household.land_area_m2),
        "owner_names": separator.join(one["name"] for one in people),
        "owner_name": mine["name"], "owner_identity": mine["identity_number"],
        "owner_shares": separator.join(
            _with_share(who, one, is_only=len(people) == 1)
            for who, one in zip(people, subject.owners, strict=True)
        ),
    }


def _with_share(person: Mapping[str, str], owner: HeldOwner, *, is_only: bool) -> str:
    """The name with identity number and share; who holds the whole alone has no share."""
    share = "" if is_only else str(_formats()["joint_share"]) if owner.share == JOINT else owner.share
    told = [part for part in (person["identity_number"], share) if part]
    return f"{person['name']}（{'，'.join(told)}）" if told else person["name"]


def _person(owner: HeldOwner, *, is_full: bool) -> dict[str, str]:
    if not is_full:
        return {"name": owner.name_masked, "identity_number": owner.identity_masked}
    personal = owner.personal()
    return {name: str(personal.get(name) or "") for name in ("name", "identity_number")}


def _area(area: Decimal | None) -> str:
    return "" if area is None else str(_formats()["area"]).format(figure=f"{area:,.2f}")


def _step_values(names: Iterable[str], case: ProcedureCase, *, today: date) -> dict[str, str]:
    found = {}
    for name in names:
        id, dot, attribute = name.partition(".")
        step = case.procedure.steps.get(id)
        if not dot or step is None:
            continue
        if attribute in FACT_DATES:
            field = DateField(id, attribute)
            day = date_at(field, own="", facts=case.facts, procedure=case.procedure, on=today)
            found[name] = "" if day is None else date_in_words(day)
            continue
        fact = latest(id, facts=case.facts, procedure=case.procedure, on=today)
        raw = "" if fact is None else str(fact.attributes.get(attribute, ""))
        spec = step.attributes[attribute]
        found[name] = _written(spec.type, raw, spec.choices)
    return found


def _written(type: str, raw: str, choices: Mapping[str, tuple[str, str]]) -> str:
    """A raw value as a text says it; empty stays empty.

    Raises:
        ValueError, InvalidOperation: when it cannot be such a value.
    """
    if not raw:
        return ""
    if type == "date":
        return date_in_words(date.fromisoformat(raw))
    if type == "money":
        amount = Decimal(raw.replace(",", ""))
        if not amount.is_finite() or amount < 0:
            raise ValueError(raw)
        return money_in_words(amount)
    if type == "area":
        return _area(Decimal(raw))
    if type == "choice":
        if raw not in choices:
            raise ValueError(raw)
        return choices[raw][0]
    return raw


def _unfit(notice: Notice, ask: Ask, raw: str) -> Reason:
    return Reason(
        "notice.unfit", N_("In “%(notice)s” the field “%(datum)s” cannot be “%(value)s”."),
        {
            "notice": f"notice:{notice.regime}.{notice.id}",
            "datum": f"notice_ask:{notice.regime}.{notice.id}.{ask.name}", "value": raw,
        },
        notice.source, N_("Fill it in as the form shows."),
    )


def rights_rows(rights: Iterable[ClockedRight]) -> list[tuple[str, ...]]:
    """The rights as rows of a notice: right, from, last day, to whom, how."""
    formats = _formats()
    rows = []
    for one in rights:
        period, right = one.period, one.period.right
        if period.state is RightState.REPLACED:
            continue
        last = date_in_words(period.last.on) if period.last else ""
        last += "".join(str(formats["rights_provisional"]).format(year=year) for year in one.uncertain_years)
        if period.state is RightState.NOT_STARTED and period.last is None:
            last = str(formats["rights_not_started"])
        elif period.exercised_on is not None:
            last = str(formats["rights_exercised"]).format(day=date_in_words(period.exercised_on))
        elif period.state is RightState.OVER:
            last = f"{last}（{formats['rights_over']}）"
        rows.append((
            right.label[0], date_in_words(period.first_on) if period.first_on else "—", last,
            one.authority or right.to[0], right.how[0],
        ))
    return rows


def is_for(notice: Notice, code: str) -> bool:
    """Whether the notice is made of such a subject."""
    return notice.of_project == (kind_of(code) == "participation")
