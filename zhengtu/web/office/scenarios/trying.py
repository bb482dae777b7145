"""The form of a scenario: what would be otherwise, and how prices are taken to grow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zhengtu.campaign.plan_facts import plan_cases
from zhengtu.campaign.scenario_runs import parts_of, scenario_subjects_for, start_scenario
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.planning.plan_case import PlanCase
from zhengtu.core.planning.scenario import Change, ChangeKind, launch_reasons
from zhengtu.core.planning.scenario_cost import Growth
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language

_PERCENT: Final = Decimal(100)


@requires("scenario.try")
def view(request: HttpRequest) -> HttpResponse:
    """Choose a project or a part of one; then say what is otherwise."""
    subjects = {one.code: (one.name, one.name_en) for one in scenario_subjects_for(request.actor)}  # type: ignore[attr-defined]
    given = request.POST if request.method == "POST" else request.GET
    subject = given.get("subject", "")
    if subject and subject not in subjects:
        raise Http404(subject)
    context: dict[str, Any] = {
        "subjects": [(code, in_language(names)) for code, names in subjects.items()], "subject": subject,
        "tab": "scenarios", "given": given,
    }
    if not subject:
        return render(request, "scenarios/try.html", context)
    today: date = request.today  # type: ignore[attr-defined]
    cases = plan_cases(parts_of(subject), on=today, known=None)
    reasons: list[Reason] = []
    if request.method == "POST":
        try:
            scenario = start_scenario(
                actor=request.actor, subject=subject, title=given.get("title", ""),  # type: ignore[attr-defined]
                changes=_changes(cases, given), growth=_growth(given), now=request.now,  # type: ignore[attr-defined]
            )
            return redirect("scenario.view", number=scenario.pk)
        except Refused as refused:
            reasons = list(refused.reasons)
    context |= {"parts": [_part(case, given) for _, case in sorted(cases.items())], "reasons": reasons}
    return render(request, "scenarios/try.html", context, status=409 if reasons else 200)


def _part(case: PlanCase, given: Mapping[str, str]) -> dict[str, Any]:
    """What the form offers for one part: only what can be otherwise there."""
    def held(name: str) -> str:
        return str(given.get(name, ""))

    return {
        "code": case.code, "name": in_language(case.name), "expected_on": case.money.expected_on,
        "money": held(f"money.{case.code}"),
        "stages": [
            {"stage": stage, "teams": rate.teams, "value": held(f"teams.{case.code}.{stage}")}
            for stage, rate in case.rates.items()
        ],
        "sections": [
            {"code": section.code, "name": in_language(section.name), "households": section.households,
             "is_chosen": bool(held(f"reroute.{section.code}"))}
            for section in case.sections if section.handed_over_on is None
        ],
        "targets": [
            {"key": target.key, "name": in_language(target.name), "due_on": target.due_on,
             "value": held(f"deadline.{case.code}.{target.key}")}
            for target in case.targets
        ],
        "may_launch": not launch_reasons(case), "launch": held(f"launch.{case.code}"),
    }


def _changes(cases: Mapping[str, PlanCase], given: Mapping[str, str]) -> list[Change]:
    """What was filled in, place by place.

    Raises:
        Refused: naming each entry that is no number or no date.
    """
    changes: list[Change] = []
    reasons: list[Reason] = []
    for code, case in cases.items():
        try:
            changes += _of_part(code, case, given)
        except Refused as refused:
            reasons += refused.reasons
    if reasons:
        raise Refused(*reasons)
    return changes


def _of_part(code: str, case: PlanCase, given: Mapping[str, str]) -> list[Change]:
    found = []
    if days := _count(given.get(f"money.{code}", "")):
        found.append(Change(ChangeKind.MONEY, code, days=days))
    for stage in case.rates:
        if teams := _count(given.get(f"teams.{code}.{stage}", "")):
            found.append(Change(ChangeKind.TEAMS, code, stage=stage, teams=teams))
    found += [
        Change(ChangeKind.REROUTE, section.code)
        for section in case.sections if given.get(f"reroute.{section.code}")
    ]
    for target in case.targets:
        on = _day(given.get(f"deadline.{code}.{target.key}", ""))
        if on is not None and on != target.due_on:
            found.append(Change(ChangeKind.DEADLINE, code, target=target.key, on=on))
    if (launch_on := _day(given.get(f"launch.{code}", ""))) is not None:
        found.append(Change(ChangeKind.LAUNCH, code, on=launch_on))
    return found


def _growth(given: Mapping[str, str]) -> Growth | None:
    yearly, opening = given.get("yearly_percent", "").strip(), given.get("opening_percent", "").strip()
    if not yearly and not opening:
        return None
    opens_on = _day(given.get("opens_on", ""))
    if opening and opens_on is None:
        raise Refused(Reason(
            code="scenario.opening", message=N_("The growth at the opening of the network names no day."),
            remedy=N_("Say on which day the network opens, or leave the growth out."),
        ))
    return Growth(_share(yearly), opens_on, _share(opening))


def _share(text: str) -> Decimal:
    try:
        share = Decimal(text or "0") / _PERCENT
    except InvalidOperation:
        raise Refused(_no_number(text)) from None
    if not share.is_finite() or not Decimal("-0.5") <= share <= 5:
        raise Refused(_no_number(text))
    return share


def _count(text: str) -> int:
    text = text.strip()
    if not text:
        return 0
    try:
        count = int(text)
    except ValueError:
        raise Refused(_no_number(text)) from None
    if abs(count) > 3650:
        raise Refused(_no_number(text))
    return count


def _no_number(text: str) -> Reason:
    return Reason(
        code="scenario.number", message=N_("“%(text)s” is no number that can be used here."),
        parameters={"text": text[:20]},
        remedy=N_("Write whole days or teams, with a minus for fewer; growth as a percentage from -50 to 500."),
    )


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(Reason(
            code="scenario.day", message=N_("“%(text)s” is no date."), parameters={"text": text[:40]},
            remedy=N_("Write it as year-month-day, e.g. 2025-02-14."),
        )) from None
