"""Addresses of this area."""

from __future__ import annotations

from django.urls import path

from zhengtu.web.office.dossier import correcting, finding, household, owners, record

urlpatterns = [
    path("households/<str:code>/", household.view, name="household.view"),
    path("households/<str:code>/address/", household.open_address, name="address.open"),
    path("households/<str:code>/unmask/", household.unmask_people, name="household.unmask"),
    path("households/<str:code>/owners/", owners.view, name="owners.name"),
    path("record/<str:code>/", record.view, name="fact.record"),
    path("facts/<str:deed>/<int:ordinal>/correct/", correcting.view, name="fact.correct"),
    path("search/", finding.view, name="search"),
]
