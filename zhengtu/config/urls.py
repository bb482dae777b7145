"""All addresses: each area of the fronts lists its own."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("zhengtu.web.office.cockpit.urls")),
    path("", include("zhengtu.web.office.account.urls")),
    path("", include("zhengtu.web.office.records.urls")),
    path("", include("zhengtu.web.office.imports.urls")),
    path("", include("zhengtu.web.office.dossier.urls")),
    path("wall/", include("zhengtu.web.wall.urls")),
]
