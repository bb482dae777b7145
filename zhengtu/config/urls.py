"""All addresses: each area of the fronts lists its own."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("zhengtu.web.office.cockpit.urls")),
    path("", include("zhengtu.web.office.account.urls")),
    path("", include("zhengtu.web.office.schedule.urls")),
    path("", include("zhengtu.web.office.trajectories.urls")),
    path("", include("zhengtu.web.office.teams.urls")),
    path("", include("zhengtu.web.office.scenarios.urls")),
    path("", include("zhengtu.web.office.records.urls")),
    path("", include("zhengtu.web.office.imports.urls")),
    path("", include("zhengtu.web.office.dossier.urls")),
    path("", include("zhengtu.web.office.procedure.urls")),
    path("", include("zhengtu.web.office.service.urls")),
    path("", include("zhengtu.web.office.court.urls")),
    path("", include("zhengtu.web.office.compensation.urls")),
    path("", include("zhengtu.web.office.policy.urls")),
    path("", include("zhengtu.web.office.payments.urls")),
    path("", include("zhengtu.web.office.funds.urls")),
    path("", include("zhengtu.web.office.resettlement.subsidy_urls")),
    path("", include("zhengtu.web.office.resettlement.promise_urls")),
    path("", include("zhengtu.web.office.resettlement.register_urls")),
    path("", include("zhengtu.web.office.integrity.urls")),
    path("", include("zhengtu.web.office.truth.urls")),
    path("", include("zhengtu.web.office.inspections.urls")),
    path("", include("zhengtu.web.office.reviews.urls")),
    path("", include("zhengtu.web.office.directives.urls")),
    path("", include("zhengtu.web.office.notices.urls")),
    path("", include("zhengtu.web.office.bulletins.urls")),
    path("", include("zhengtu.web.office.assessment.urls")),
    path("", include("zhengtu.web.office.accountability.urls")),
    path("", include("zhengtu.web.office.sponsorship.urls")),
    path("", include("zhengtu.web.office.channel.urls")),
    path("", include("zhengtu.web.office.resettlement_options.urls")),
    path("wall/", include("zhengtu.web.wall.urls")),
]
