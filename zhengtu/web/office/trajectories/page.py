"""Plan against actual, with the forecast as a fan."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from zhengtu.campaign.outlook_forecasts import FORECAST_GOALS
from zhengtu.campaign.plan_values import ForecastLine
from zhengtu.campaign.trajectory_pages import TrajectoryPage, trajectory_page
from zhengtu.core.authority.actor import Actor
from zhengtu.core.forecast.history import Goal
from zhengtu.core.kernel.codes import city_of, kind_of
from zhengtu.inspection.truth import discrepancies_for
from zhengtu.ledger.queries import Reach
from zhengtu.web.office.cockpit.sentences import goal_label, plan_href
from zhengtu.web.office.trajectories.drawing import FIGURES, drawn, plan_sentence
from zhengtu.web.office.trajectories.forecast_lines import ShownForecast, shown_forecast
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.beside_cleared import Beside, beside, count_within, counts_below
from zhengtu.web.shared.languages import in_language

_CLEARED: Final = "vacated_count"


@require_safe
@requires("schedule.view")
def view(request: HttpRequest) -> HttpResponse:
    """``?of=`` a city, district, project or part in reach (else the widest); ``?target=`` marks a deadline."""
    dates = as_of(request)
    page = trajectory_page(
        request.actor, request.GET.get("of", ""), on=dates.on, known=dates.known  # type: ignore[attr-defined]
    )
    if page is None and request.GET.get("of"):
        raise Http404
    return render(request, "trajectories/page.html", {
        "dates": dates, "page": page, "name": in_language(page.name) if page else "",
        "choices": [(code, in_language(name)) for code, name in page.choices] if page else [],
        "marked": request.GET.get("target", ""),
        **shown_trajectories(page, dates, actor=request.actor),  # type: ignore[attr-defined]
    })


def shown_trajectories(page: TrajectoryPage | None, dates: AsOf, *, actor: Actor) -> dict[str, Any]:
    """What ``trajectories/charts.html`` and ``trajectories/forecasts.html`` need; also on pages of projects."""
    if page is None or not page.trajectories:
        return {"charts": {}, "figures": [], "forecasts": []}
    charts = _charts(page, dates)
    return {
        "charts": charts,
        "figures": [
            {
                "id": figure, "name": str(FIGURES[figure][0]), "trajectory": page.trajectories[figure],
                "href": _list_href(page, figure, dates), "deadlines": charts[figure]["deadlines"],
                "plan": plan_sentence(page.trajectories[figure]),
                "beside": _beside(page, dates, actor) if figure == _CLEARED else None,
            }
            for figure in charts
        ],
        "forecasts": [_forecast(line, page, dates) for line in page.forecasts],
    }


def _charts(page: TrajectoryPage, dates: AsOf) -> dict[str, Any]:
    goals = {line.goal: line for line in reversed(page.forecasts)}
    return {
        figure: drawn(
            page.trajectories[figure], on=dates.on, deadlines=_due(page, goal), forecast=goals.get(goal)
        )
        for figure, (_name, _unit, goal) in FIGURES.items() if figure in page.trajectories
    }


def _due(page: TrajectoryPage, goal: str) -> list[tuple[date, str]]:
    """The deadlines of a figure's own goal; of the goals that come after it where it has none. Each day once."""
    own = [(day, name) for day, asked, name in page.deadlines.values() if str(FORECAST_GOALS.get(asked, "")) == goal]
    chosen = own or [
        (day, name) for day, asked, name in page.deadlines.values() if FORECAST_GOALS.get(asked) is Goal.HANDED_OVER
    ]
    names: dict[date, list[str]] = {}
    for day, name in chosen:
        names.setdefault(day, []).append(in_language(name))
    return [(day, gettext(", ").join(dict.fromkeys(held))) for day, held in sorted(names.items())]


def _forecast(line: ForecastLine, page: TrajectoryPage, dates: AsOf) -> ShownForecast:
    due = page.deadlines.get(line.target)
    if due is None:
        label = next(str(name) for name, _unit, goal in FIGURES.values() if goal == line.goal)
        return shown_forecast(line, name=label, due_on=None)
    due_on, goal, name = due
    href = plan_href(page.code, dates, target=line.target) if kind_of(page.code) == "participation" else ""
    words = dict.fromkeys((in_language(name), goal_label(goal)))
    return shown_forecast(line, name=" · ".join(words), due_on=due_on, href=href)


def _beside(page: TrajectoryPage, dates: AsOf, actor: Actor) -> Beside:
    """What is known of the truth of the cleared figure; the discount is said of a whole district."""
    code, kind = page.code, kind_of(page.code)
    if kind == "project":
        return beside(counts_below(page.parts, dates), dates, **_where(page))
    if kind != "jurisdiction":
        return beside(counts_below([code], dates), dates, **_where(page))
    if code == city_of(code):
        return beside(count_within(Reach(prefixes=(code[:4],)), dates), dates)
    found = discrepancies_for(actor, [city_of(code)], on=dates.on, known=dates.known)
    return beside(counts_below([code], dates), dates, found=found.get(code), **_where(page))


def _where(page: TrajectoryPage) -> dict[str, str]:
    """What narrows a list to the subject."""
    kind = kind_of(page.code)
    if kind in ("project", "section"):
        return {kind: page.code}
    if kind == "participation":
        return {"project": f"{page.code[:4]}00-{page.code[7:]}", "district": page.code[:6]}
    return {} if page.code.endswith("00") else {"district": page.code}


def _list_href(page: TrajectoryPage, figure: str, dates: AsOf) -> str:
    """The list behind the actual figure."""
    where = _where(page)
    if figure == "handed_over_count":
        return reverse("section.list") + dates.query(state="handed_over", **where)
    return reverse("household.list") + dates.query(
        reached="settled" if figure == "signed_count" else "left_home", **where
    )
