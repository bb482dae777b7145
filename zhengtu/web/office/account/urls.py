"""Addresses of this area."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhengtu.web.office.account import entrance, sign_in

urlpatterns: list[URLPattern] = [
    path("", entrance.home, name="home"),
    path("language", entrance.language, name="language"),
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
]
