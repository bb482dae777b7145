"""Addresses of resettlement options and plans."""

from __future__ import annotations

from django.urls import path

from zhengtu.web.office.resettlement_options import families, handed, listing, plan, plan_deeds, plans, run, trying

urlpatterns = [
    path("resettlement/options/", listing.view, name="options.list"),
    path("resettlement/options/new/", trying.view, name="options.try"),
    path("resettlement/options/<int:number>/", run.view, name="options.view"),
    path("resettlement/options/<int:number>/progress/", run.progress, name="options.progress"),
    path("resettlement/options/<int:number>/again/", run.again, name="options.again"),
    path("resettlement/options/<int:number>/stop/", run.stop, name="options.stop"),
    path("resettlement/options/<int:number>/families/", families.view, name="options.families"),
    path("resettlement/options/<int:number>/hand-out/", handed.give, name="options.hand_out"),
    path("resettlement/options/<int:number>/handed/<str:part>/", handed.view, name="options.handed"),
    path("resettlement/options/<int:number>/plan/", plan_deeds.draft, name="resettlement_plan.draft"),
    path("resettlement/plans/", plans.view, name="resettlement_plan.list"),
    path("resettlement/plans/<str:code>/", plan.view, name="resettlement_plan.view"),
    path("resettlement/plans/<str:code>/plan.<str:ending>", plan.download, name="resettlement_plan.download"),
    path("resettlement/plans/<str:code>/submit/", plan_deeds.submit, name="resettlement_plan.submit"),
    path("resettlement/plans/<str:code>/return/", plan_deeds.send_back, name="resettlement_plan.return"),
    path("resettlement/plans/<str:code>/approve/", plan_deeds.approve, name="resettlement_plan.approve"),
    path("resettlement/plans/<str:code>/file/", plan_deeds.file, name="resettlement_plan.file"),
    path("resettlement/plans/<str:code>/follow/", plan_deeds.follow, name="resettlement_plan.follow"),
]
