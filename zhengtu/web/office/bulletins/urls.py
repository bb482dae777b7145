"""Addresses of bulletins."""

from __future__ import annotations

from django.urls import path, re_path

from zhengtu.web.office.bulletins import deeds, drafting, listing, page

_CODE = r"bulletins/(?P<code>\d{6}-B\d{4,5})"

urlpatterns = [
    path("bulletins/", listing.view, name="bulletin.list"),
    path("bulletins/new/", drafting.view, name="bulletin.new"),
    re_path(rf"^{_CODE}/$", page.view, name="bulletin.view"),
    re_path(rf"^{_CODE}/file\.(?P<ending>docx|pdf|xlsx)$", page.download, name="bulletin.file"),
    re_path(rf"^{_CODE}/write/$", deeds.write, name="bulletin.write"),
    re_path(rf"^{_CODE}/submit/$", deeds.submit, name="bulletin.submit"),
    re_path(rf"^{_CODE}/return/$", deeds.send_back, name="bulletin.return"),
    re_path(rf"^{_CODE}/release/$", deeds.release, name="bulletin.release"),
    re_path(rf"^{_CODE}/withdraw/$", deeds.withdraw, name="bulletin.withdraw"),
]
