"""Addresses of statements of compensation and agreements."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from zhengtu.web.office.compensation import agreement, documents, drafting, listing, runs, statement

_FORMAT = r"(?P<format>docx|pdf)"
_NUMBER = r"agreements/(?P<number>[0-9]{6}-[A-Z0-9-]+)/"

urlpatterns: list[URLPattern] = [
    path("households/<str:code>/statement/", statement.view, name="statement.view"),
    re_path(
        r"^households/(?P<code>[^/]+)/statement/(?P<way>cash|exchange)\.(?P<format>docx|pdf|xlsx)$",
        documents.statement, name="statement.download",
    ),
    path("agreements/", listing.view, name="agreement.list"),
    path("agreements/of/<str:code>/", drafting.view, name="agreement.of"),
    path("agreements/runs/", runs.listing, name="agreement.runs"),
    path("agreements/runs/<int:number>/", runs.view, name="agreement.run"),
    path("agreements/runs/<int:number>/progress", runs.progress, name="agreement.run.progress"),
    path("agreements/runs/<int:number>/result.xlsx", runs.result, name="agreement.run.result"),
    re_path(rf"^{_NUMBER}$", agreement.view, name="agreement.view"),
    re_path(rf"^{_NUMBER}check$", agreement.check, name="agreement.check"),
    re_path(rf"^{_NUMBER}sign$", agreement.sign, name="agreement.sign"),
    re_path(rf"^{_NUMBER}cancel$", agreement.cancel, name="agreement.cancel"),
    re_path(rf"^{_NUMBER}supplement/$", drafting.supplement, name="agreement.supplement"),
    re_path(rf"^{_NUMBER}agreement\.{_FORMAT}$", documents.agreement, name="agreement.document"),
    re_path(rf"^{_NUMBER}full\.{_FORMAT}$", documents.agreement_in_full, name="agreement.document.full"),
]
