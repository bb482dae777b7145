"""Addresses of this area."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhengtu.web.office.account import entrance, organisation, own, sign_in

urlpatterns: list[URLPattern] = [
    path("", entrance.home, name="home"),
    path("language", entrance.language, name="language"),
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("account", own.account, name="account.view"),
    path("account/password", own.password, name="account.password"),
    path("account/codes", own.codes, name="account.codes"),
    path("account/codes/drop", own.without_codes, name="account.without_codes"),
    path("organisation", organisation.organisation, name="organisation.view"),
    path("organisation/appoint", organisation.add_posting, name="posting.add"),
    path("organisation/postings/<int:number>/end", organisation.end, name="posting.end"),
]
