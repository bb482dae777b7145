"""Addresses of the promise ledger and of claims among payers."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhengtu.web.office.resettlement import claims, promise_recording, promises

urlpatterns: list[URLPattern] = [
    path("resettlement/promises/", promises.view, name="promise.list"),
    path("resettlement/promises/families/", promises.families, name="promise.families"),
    path("resettlement/promises/households/<str:code>/", promise_recording.view, name="promise.household"),
    path("resettlement/promises/households/<str:code>/tell/", promise_recording.tell, name="promise.tell"),
    path("resettlement/promises/answers/<str:code>/", promise_recording.answer, name="promise.answer"),
    path("resettlement/claims/", claims.listing, name="advance.list"),
    path("resettlement/claims/new/", claims.record, name="advance.record"),
    path("resettlement/claims/<str:code>/", claims.view, name="advance.view"),
    path("resettlement/claims/<str:code>/repay/", claims.repay, name="advance.repay"),
    path("resettlement/claims/<str:code>/settle/", claims.settle, name="advance.settle"),
]
