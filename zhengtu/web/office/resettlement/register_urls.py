"""Addresses of the register, of sites and of drawings of lots."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from zhengtu.web.office.resettlement import family_recording, lots, register, site_founding, site_recording, sites

urlpatterns: list[URLPattern] = [
    path("resettlement/register/", register.view, name="resettlement.register"),
    path("resettlement/register/<str:code>/", register.household, name="resettlement.household"),
    path("resettlement/register/<str:code>/<str:what>/", family_recording.record, name="resettlement.record"),
    path("resettlement/sites/", sites.site_list, name="site.list"),
    path("resettlement/sites/new/", site_founding.found, name="site.found"),
    path("resettlement/sites/<str:code>/new-building/", site_founding.add, name="building.add"),
    path("resettlement/sites/<str:code>/", sites.view, name="site.view"),
    re_path(
        r"^resettlement/sites/(?P<code>[\w-]+)/photos/(?P<sha256>[0-9a-f]{64})/$", sites.photo, name="site.photo"
    ),
    path("resettlement/sites/<str:code>/<str:what>/", site_recording.record, name="site.record"),
    path("resettlement/buildings/<str:code>/", sites.building, name="site.building"),
    path("resettlement/lots/<str:code>/", lots.view, name="lots.view"),
    path("resettlement/lots/<str:code>/close/", lots.close, name="lots.close"),
    path("resettlement/lots/<str:code>/draw/", lots.draw_now, name="lots.draw"),
    path("resettlement/lots/<str:code>/lots.json", lots.download, name="lots.file"),
    path("resettlement/lists/<str:kind>/", site_recording.upload, name="resettlement.list"),
]
