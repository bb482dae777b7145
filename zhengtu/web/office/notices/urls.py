"""Addresses of the inbox, of channels and of the log of messages."""

from __future__ import annotations

from django.urls import path

from zhengtu.web.office.notices import channels, inbox, log

urlpatterns = [
    path("inbox/", inbox.listing, name="notice.inbox"),
    path("inbox/read/", inbox.read_all, name="notice.read_all"),
    path("inbox/<int:number>/", inbox.open_notice, name="notice.open"),
    path("inbox/channels/", channels.view, name="notice.channels"),
    path("inbox/channels/robot/", channels.robot, name="notice.robot"),
    path("inbox/channels/<int:number>/end/", channels.end, name="notice.channel_end"),
    path("inbox/channels/<int:number>/test/", channels.test, name="notice.channel_test"),
    path("inbox/messages/", log.listing, name="notice.deliveries"),
    path("inbox/messages/<int:number>/", log.view, name="notice.delivery"),
]
