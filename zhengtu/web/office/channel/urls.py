"""Addresses of the mayor's channel."""

from __future__ import annotations

from django.urls import path

from zhengtu.web.office.channel import directive, page, readers

urlpatterns = [
    path("channel/", page.view, name="channel.view"),
    path("channel/export/", page.export, name="channel.export"),
    path("channel/directive/", directive.view, name="channel.directive"),
    path("channel/readers/", readers.view, name="channel.readers"),
    path("channel/readers/<int:number>/end/", readers.end, name="channel.reader_end"),
]
