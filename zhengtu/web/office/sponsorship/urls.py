"""Addresses of sponsorship and hard cases."""

from __future__ import annotations

from django.urls import path

from zhengtu.web.office.sponsorship import cases, deeds, listing, mine, page

urlpatterns = [
    path("sponsorship/", mine.view, name="sponsorship.mine"),
    path("sponsorship/all/", listing.view, name="sponsorship.list"),
    path("sponsorship/of/<str:code>/", page.view, name="sponsorship.of"),
    path("sponsorship/of/<str:code>/name/", deeds.name, name="sponsorship.name"),
    path("sponsorship/of/<str:code>/end/", deeds.end, name="sponsorship.end"),
    path("sponsorship/of/<str:code>/visit/", deeds.visit, name="sponsorship.visit"),
    path("sponsorship/of/<str:code>/promise/", deeds.make_promise, name="sponsorship.promise"),
    path("sponsorship/of/<str:code>/keep/", deeds.keep, name="sponsorship.keep"),
    path("sponsorship/of/<str:code>/describe/", deeds.describe, name="hard_case.describe"),
    path("sponsorship/of/<str:code>/remedy/", deeds.remedy, name="hard_case.remedy"),
    path("sponsorship/of/<str:code>/solve/", deeds.solve, name="hard_case.solve"),
    path("sponsorship/of/<str:code>/reply/", deeds.reply, name="hard_case.reply"),
    path("hard-cases/", cases.view, name="hard_case.list"),
]
