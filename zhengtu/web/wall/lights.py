"""What the map is coloured by in its second way: the lights of plans, section by section."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from zhengtu.campaign.plan_queries import plans_standing
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import as_of
from zhengtu.web.shared.reason_text import spoken_reason


@require_safe
@requires("schedule.view")
def lights(request: HttpRequest) -> JsonResponse:
    """``?on=&known=``: section -> (light, sentence) of every part in reach, and how many parts are not computed yet."""
    dates = as_of(request)
    plans = plans_standing(request.actor, on=dates.on, known=dates.known)  # type: ignore[attr-defined]
    response = JsonResponse(
        {
            "on": dates.on.isoformat(), "missing": plans.missing, "of": plans.of,
            "lights": {
                code: [str(light.colour), spoken_reason(light.reason).message]
                for code, light in plans.section_lights.items()
            },
        },
        json_dumps_params={"ensure_ascii": False},
    )
    response["Cache-Control"] = "private, no-cache"
    return response
