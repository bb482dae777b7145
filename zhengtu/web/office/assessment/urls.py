"""Addresses of assessments."""

from __future__ import annotations

from django.urls import path

from zhengtu.web.office.assessment import burden, card, deciding, listing, pack, paper, ranking, trial

urlpatterns = [
    path("assessments/", listing.view, name="assessment.list"),
    path("assessments/trial/", trial.view, name="assessment.try"),
    path("assessments/adopt/", trial.adopt, name="assessment.adopt"),
    path("assessments/burden/", burden.view, name="assessment.burden"),
    path("assessments/appeals/<int:number>/", deciding.view, name="assessment.decide"),
    path("assessments/<str:code>/", ranking.view, name="assessment.view"),
    path("assessments/<str:code>/publish/", ranking.publish, name="assessment.publish"),
    path("assessments/<str:code>/check/", ranking.check, name="assessment.check"),
    path("assessments/<str:code>/pack.xlsx", pack.workbook, name="assessment.pack"),
    path("assessments/<str:code>/pack.pdf", paper.view, name="assessment.paper"),
    path("assessments/<str:code>/units/<str:unit>/", card.view, name="assessment.card"),
    path("assessments/<str:code>/units/<str:unit>/appeal/", card.appeal, name="assessment.appeal"),
]
