"""Addresses of payment orders."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhengtu.web.office.payments import household, listing, order, ordering

urlpatterns: list[URLPattern] = [
    path("payments/", listing.listing, name="payment.list"),
    path("payments/new", ordering.prepare, name="payment.prepare"),
    path("payments/run", ordering.start, name="payment.run.start"),
    path("payments/runs/<int:number>/", ordering.run, name="payment.run"),
    path("payments/runs/<int:number>/progress", ordering.progress, name="payment.run.progress"),
    path("payments/runs/<int:number>/result.xlsx", ordering.result, name="payment.run.result"),
    path("payments/of/<str:code>/", household.view, name="payment.of"),
    path("payments/of/<str:code>/deposit", household.prepare_deposit, name="payment.deposit"),
    path("payments/receipts/<str:reference>.pdf", household.receipt, name="payment.receipt"),
    path("payments/receipts/<str:reference>/signed", household.receive, name="payment.receive"),
    path("payments/<str:code>/", order.view, name="payment.order"),
    path("payments/<str:code>/amend", ordering.amend, name="payment.amend"),
    path("payments/<str:code>/cancel", order.cancel, name="payment.cancel"),
    path("payments/<str:code>/check", order.check, name="payment.check"),
    path("payments/<str:code>/return", order.send_back, name="payment.return"),
    path("payments/<str:code>/authorise", order.authorise, name="payment.authorise"),
    path("payments/<str:code>/file", order.hand_out, name="payment.file"),
    path("payments/<str:code>/answer", order.answer, name="payment.answer"),
]
