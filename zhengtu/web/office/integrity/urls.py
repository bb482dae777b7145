"""Addresses of integrity findings and of equal treatment."""

from __future__ import annotations

from django.urls import path

from zhengtu.web.office.integrity import comparing, finding, findings, inbox, moves

urlpatterns = [
    path("findings/", findings.listing, name="finding.list"),
    path("findings/search/", findings.search, name="finding.search"),
    path("findings/runs/<int:number>/", findings.progress, name="finding.progress"),
    path("findings/violations/", findings.violations, name="violation.list"),
    path("findings/moves/", moves.view, name="move.import"),
    path("findings/questions/", inbox.listing, name="finding.inbox"),
    path("findings/questions/<int:number>/", inbox.answer, name="finding.answer"),
    path("findings/<str:key>/", finding.view, name="finding.view"),
    path("findings/<str:key>/ask/", finding.ask, name="finding.ask"),
    path("findings/<str:key>/close/", finding.close, name="finding.close"),
    path("households/<str:code>/twins/", comparing.twins, name="household.twins"),
    path("projects/<str:code>/prices/", comparing.prices, name="project.prices"),
]
