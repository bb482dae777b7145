"""Addresses of the inbox, of channels and of the log of messages."""

from __future__ import annotations

from django.urls import path

from zhengtu.web.office.notices import channels, inbox, log

urlpatterns = [
    path("notices/", inbox.listing, name="notice.inbox"),
    path("notices/read/", inbox.read_all, name="notice.read_all"),
    path("notices/<int:number>/", inbox.open_notice, name="notice.open"),
    path("notices/channels/", channels.view, name="notice.channels"),
    path("notices/channels/robot/", channels.robot, name="notice.robot"),
    path("notices/channels/<int:number>/end/", channels.end, name="notice.channel_end"),
    path("notices/channels/<int:number>/test/", channels.test, name="notice.channel_test"),
    path("notices/messages/", log.listing, name="notice.deliveries"),
    path("notices/messages/<int:number>/", log.view, name="notice.delivery"),
]
