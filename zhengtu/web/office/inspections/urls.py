"""Addresses of inspections."""

from __future__ import annotations

from django.urls import path, re_path

from zhengtu.web.office.inspections import (
    concluding,
    draw,
    instructing,
    listing,
    objecting,
    on_site,
    page,
    planning,
    recusals,
    releasing,
)

_CODE = r"inspections/(?P<code>[0-9]{6}-I[0-9]+)"

urlpatterns = [
    path("inspections/", listing.view, name="inspection.list"),
    path("inspections/plan/", planning.view, name="inspection.plan"),
    path("inspections/authorise/", instructing.view, name="inspection.authorise"),
    path("inspections/recusals/", recusals.view, name="inspection.recusals"),
    path("inspections/on-site/", on_site.today_list, name="inspection.on_site"),
    re_path(rf"^{_CODE}/$", page.view, name="inspection.view"),
    re_path(rf"^{_CODE}/cancel/$", page.cancel, name="inspection.cancel"),
    re_path(rf"^{_CODE}/files/(?P<sha256>[0-9a-f]{{64}})/$", page.evidence, name="inspection.file"),
    re_path(rf"^{_CODE}/draw/$", draw.view, name="inspection.draw"),
    re_path(rf"^{_CODE}/draw/now/$", draw.draw_now, name="inspection.draw_now"),
    re_path(rf"^{_CODE}/draw\.(?P<format>json|txt)$", draw.download, name="inspection.draw_file"),
    re_path(rf"^{_CODE}/on-site/(?P<household>[0-9A-Z-]+)/$", on_site.record, name="inspection.record"),
    re_path(rf"^{_CODE}/conclude/(?P<area>[0-9]{{6}})/$", concluding.view, name="inspection.conclude"),
    re_path(rf"^{_CODE}/release/$", releasing.view, name="inspection.release"),
    re_path(rf"^{_CODE}/object/(?P<area>[0-9]{{6}})/$", objecting.answer, name="inspection.answer"),
    re_path(rf"^{_CODE}/review/(?P<area>[0-9]{{6}})/$", objecting.review, name="inspection.review"),
]
