"""Deeds on field teams: enter one, change one from a day on, let one end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from zhengtu.accounts.models import Unit
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.planning.teams import SKILLS, Span
from zhengtu.ledger.act import OpenDeed, act
from zhengtu.registry.models import Section, Team
from zhengtu.registry.queries import subject_of
from zhengtu.registry.team_queries import MANAGE
from zhengtu.registry.team_writes import insert_team

_MOST_MEMBERS = 200
_MOST_PER_DAY = Decimal(100)


@dataclass(frozen=True, slots=True)
class TeamTerms:
    """What is entered of a team.

    Attributes:
        jurisdiction: where it works.
        unit: whose it is.
        households_per_day: None for the pace of the rulebook.
        from_on: first day on which this holds.
        until_on: first day without the team, or None.
    """

    jurisdiction: str
    unit: str
    name: str
    skill: str
    members: int
    from_on: date
    name_en: str = ""
    households_per_day: Decimal | None = None
    until_on: date | None = None
    days_off: Sequence[Span] = ()
    extra_days: Sequence[Span] = ()


def enter_team(*, actor: Actor, terms: TeamTerms, now: datetime) -> Team:
    """Enter a new team under the next free number of its jurisdiction.

    Raises:
        Refused: no right there, or a field that cannot be.
    """
    with act(actor, MANAGE, on=subject_of(terms.jurisdiction), at=now) as deed:
        held = Team.objects.filter(jurisdiction=terms.jurisdiction).order_by().values_list("code", flat=True).distinct()
        number = max((int(code.rpartition("-T")[2]) for code in held), default=0) + 1
        return _recorded(deed, code=f"{terms.jurisdiction}-T{number:03d}", version=1, terms=terms)


def change_team(*, actor: Actor, team: Team, terms: TeamTerms, now: datetime) -> Team:
    """Let other terms hold from their first day on; what held before stays readable. ``until_on`` ends the team.

    Raises:
        Refused: no right, a field that cannot be, another jurisdiction or skill, or changed meanwhile.
    """
    with act(actor, MANAGE, on=subject_of(team.jurisdiction_id), at=now) as deed:
        latest = Team.objects.filter(code=team.code).order_by("-version").first()
        reasons = []
        if latest is None or latest.version != team.version:
            reasons.append(
                Reason(
                    code="team.changed_meanwhile",
                    message=N_("The team “%(name)s” was changed by somebody else meanwhile."),
                    parameters={"name": team.name}, remedy=N_("Open it again and look at what holds now."),
                )
            )
        if (terms.jurisdiction, terms.skill) != (team.jurisdiction_id, team.skill):
            reasons.append(
                Reason(
                    code="team.other_team",
                    message=N_("A team keeps its district and its skill: “%(name)s” would be another team."),
                    parameters={"name": team.name}, remedy=N_("End this team and enter the other one."),
                )
            )
        if reasons:
            raise Refused(*reasons)
        return _recorded(deed, code=team.code, version=team.version + 1, terms=terms)


def _recorded(deed: OpenDeed, *, code: str, version: int, terms: TeamTerms) -> Team:
    reasons = [*_place_reasons(terms), *_number_reasons(terms), *_time_reasons(terms, version=version)]
    if reasons:
        raise Refused(*reasons)
    deed.record(because=[_told(code, version, terms)])
    return insert_team(
        deed, code=code, version=version, jurisdiction=terms.jurisdiction, unit=terms.unit, name=terms.name.strip(),
        name_en=terms.name_en.strip(), skill=terms.skill, members=terms.members,
        households_per_day=terms.households_per_day, from_on=terms.from_on, until_on=terms.until_on,
        days_off=terms.days_off, extra_days=terms.extra_days,
    )


def _told(code: str, version: int, terms: TeamTerms) -> Reason:
    """What a deed on a team says of itself."""
    parameters = {
        "name": terms.name.strip(), "code": code, "members": terms.members, "on": terms.from_on.isoformat(),
        "until": terms.until_on.isoformat() if terms.until_on else "",
    }
    if terms.until_on is not None:
        message = N_("Team %(name)s (%(code)s): %(members)s people from %(on)s, no longer from %(until)s.")
    elif version == 1:
        message = N_("Team %(name)s (%(code)s) is entered: %(members)s people from %(on)s.")
    else:
        message = N_("Team %(name)s (%(code)s) is changed: %(members)s people from %(on)s.")
    return Reason(code="team.recorded", message=message, parameters=parameters)


def _place_reasons(terms: TeamTerms) -> list[Reason]:
    reasons = []
    unit = Unit.objects.filter(code=terms.unit).first()
    if not Section.objects.filter(jurisdiction=terms.jurisdiction).exists():
        reasons.append(
            Reason(
                code="team.no_place", message=N_("“%(place)s” is no district or zone with a project's land in it."),
                parameters={"place": terms.jurisdiction}, remedy=N_("Choose the district in which the team works."),
            )
        )
    is_other_district = unit is not None and "-" not in unit.code and unit.code != terms.jurisdiction
    if unit is None or unit.code[:4] != terms.jurisdiction[:4] or is_other_district:
        reasons.append(
            Reason(
                code="team.no_unit", message=N_("A team working in %(place)s cannot belong to “%(unit)s”."),
                parameters={"place": terms.jurisdiction, "unit": unit.name if unit else terms.unit},
                remedy=N_("Choose the district itself, or a client, department or appraiser of its city."),
            )
        )
    if terms.skill not in [str(skill) for skill in SKILLS]:
        reasons.append(
            Reason(
                code="team.no_skill", message=N_("Teams do no work called “%(skill)s”."),
                parameters={"skill": terms.skill}, remedy=N_("Choose survey, valuation, negotiation or demolition."),
            )
        )
    if not terms.name.strip():
        reasons.append(
            Reason(
                code="team.no_name", message=N_("The team has no name."),
                remedy=N_("Give the name by which it is called on site."),
            )
        )
    return reasons


def _number_reasons(terms: TeamTerms) -> list[Reason]:
    reasons = []
    if not 1 <= terms.members <= _MOST_MEMBERS:
        reasons.append(
            Reason(
                code="team.members", message=N_("A team has 1 to %(most)s people, not %(members)s."),
                parameters={"most": _MOST_MEMBERS, "members": terms.members},
                remedy=N_("Enter several teams where there are more."),
            )
        )
    pace = terms.households_per_day
    if pace is not None and not 0 < pace <= _MOST_PER_DAY:
        reasons.append(
            Reason(
                code="team.pace",
                message=N_("A team does more than 0 and at most %(most)s households in a working day, not %(pace)s."),
                parameters={"most": str(_MOST_PER_DAY), "pace": str(pace)},
                remedy=N_("Leave the field empty to count with the pace of the rulebook."),
            )
        )
    return reasons


def _time_reasons(terms: TeamTerms, *, version: int) -> list[Reason]:
    reasons = []
    ends_before = terms.until_on is not None and (
        terms.until_on < terms.from_on or (version == 1 and terms.until_on == terms.from_on)
    )
    if ends_before:
        assert terms.until_on is not None
        reasons.append(
            Reason(
                code="team.empty_period", message=N_("The team would end on %(until)s, before it begins on %(on)s."),
                parameters={"until": terms.until_on.isoformat(), "on": terms.from_on.isoformat()},
                remedy=N_("Choose a later end, or none."),
            )
        )
    for first, last in [*terms.days_off, *terms.extra_days]:
        if last < first:
            reasons.append(
                Reason(
                    code="team.span", message=N_("The days %(first)s to %(last)s run backwards."),
                    parameters={"first": first.isoformat(), "last": last.isoformat()},
                    remedy=N_("Give the first day first."),
                )
            )
    return reasons
