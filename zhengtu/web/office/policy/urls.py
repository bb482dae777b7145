"""Addresses of the policy workbench."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhengtu.web.office.policy import parameters, rules, schemes, trials

urlpatterns: list[URLPattern] = [
    path("policy/", parameters.listing, name="policy.view"),
    path("policy/parameters/<str:id>/", parameters.parameter, name="policy.parameter"),
    path("policy/transition/", rules.transition, name="policy.transition"),
    path("policy/unverified/", rules.unverified, name="policy.unverified"),
    path("policy/trials/", trials.listing, name="policy.trials"),
    path("policy/trials/new/", trials.new, name="policy.try"),
    path("policy/trials/<int:number>/", trials.view, name="policy.trial"),
    path("policy/trials/<int:number>/progress", trials.progress, name="policy.trial.progress"),
    path("policy/trials/<int:number>/households.xlsx", trials.file, name="policy.trial.file"),
    path("policy/trials/<int:number>/again", trials.again, name="policy.trial.again"),
    path("policy/projects/", schemes.listing, name="policy.schemes"),
    path("policy/projects/<str:code>/", schemes.view, name="policy.scheme"),
    path("policy/projects/<str:code>/adopt/", schemes.adopt, name="policy.adopt"),
]
