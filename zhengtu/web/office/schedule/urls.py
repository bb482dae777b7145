"""Addresses of the backward schedule."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhengtu.web.office.schedule import chart, deadline, deciding, exchange, listing, sheets, week

urlpatterns: list[URLPattern] = [
    path("schedule/", listing.view, name="schedule.view"),
    path("schedule/week/", week.view, name="schedule.week"),
    path("schedule/gantt/", chart.everything, name="schedule.gantt"),
    path("schedule/<str:code>/", chart.view, name="schedule.of"),
    path("schedule/<str:code>/data", chart.data, name="schedule.data"),
    path("schedule/<str:code>/sheet.<str:format>", sheets.view, name="schedule.sheet"),
    path("schedule/<str:code>/plan.xml", exchange.export, name="schedule.export"),
    path("schedule/<str:code>/exchange/", exchange.compare, name="schedule.exchange"),
    path("schedule/<str:code>/exchange/take-over", exchange.take_over, name="schedule.take_over"),
    path("schedule/<str:code>/decide/", deciding.decide, name="schedule.decide"),
    path("schedule/<str:code>/baseline/", deciding.baseline, name="schedule.baseline"),
    path("schedule/<str:code>/deadlines/<str:key>/", deadline.view, name="schedule.deadline"),
]
