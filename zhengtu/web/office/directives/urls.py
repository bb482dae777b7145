"""Addresses of texts that assign work and of directives."""

from __future__ import annotations

from django.urls import path, re_path

from zhengtu.web.office.directives import deeds, desk, listing, page, papers, proposals, text_page, texts

_CODE = r"directives/(?P<code>\d{4}00-D\d{4,5}(?:-\d{2})*(?:-\d{8})?)"

urlpatterns = [
    path("directives/", desk.view, name="directive.desk"),
    path("directives/list/", listing.listing, name="directive.list"),
    path("directives/texts/", texts.listing, name="directive.texts"),
    path("directives/texts/new/", texts.add, name="directive.text.add"),
    path("directives/texts/<int:number>/", text_page.view, name="directive.text"),
    path("directives/texts/<int:number>/confirm/", proposals.confirm, name="directive.proposals.confirm"),
    path("directives/texts/<int:number>/add/", proposals.add, name="directive.proposal.add"),
    path("directives/texts/<int:number>/<int:ordinal>/", proposals.change, name="directive.proposal.change"),
    re_path(rf"^{_CODE}/$", page.view, name="directive.view"),
    re_path(rf"^{_CODE}/evidence/(?P<sha256>[0-9a-f]{{64}})/$", deeds.evidence, name="directive.evidence"),
    re_path(
        rf"^{_CODE}/papers/(?P<paper>[a-z_]+)\.(?P<format>docx|pdf)$", papers.download, name="directive.paper"
    ),
    *[
        re_path(rf"^{_CODE}/{id.replace('_', '-')}/$", view, name=f"directive.{id}")
        for id, view in deeds.VIEWS.items()
    ],
]
