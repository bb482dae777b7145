"""Addresses of this area."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhengtu.web.office.imports import exports, report, uploading

urlpatterns: list[URLPattern] = [
    path("imports/", uploading.imports, name="survey.import"),
    path("imports/template.xlsx", uploading.template, name="survey.import.template"),
    path("imports/households", exports.households, name="survey.export"),
    path("imports/<int:number>/", report.view, name="survey.import.report"),
    path("imports/<int:number>/progress", report.progress, name="survey.import.progress"),
    path("imports/<int:number>/mapping", report.mapping, name="survey.import.mapping"),
    path("imports/<int:number>/confirm", report.confirm, name="survey.import.confirm"),
    path("imports/<int:number>/cancel", report.cancel, name="survey.import.cancel"),
    path("imports/<int:number>/check", report.check, name="survey.import.check"),
    path("imports/<int:number>/marked.xlsx", report.marked, name="survey.import.marked"),
]
