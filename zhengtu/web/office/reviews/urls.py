"""Addresses of reviews."""

from __future__ import annotations

from django.urls import path

from zhengtu.web.office.reviews import listing, minutes, planning, review, room, room_deeds

urlpatterns = [
    path("reviews/", listing.view, name="review.list"),
    path("reviews/plan/", planning.view, name="review.plan"),
    path("reviews/<str:code>/", review.view, name="review.view"),
    path("reviews/<str:code>/begin/", review.begin, name="review.begin"),
    path("reviews/<str:code>/cancel/", review.cancel, name="review.cancel"),
    path("reviews/<str:code>/close/", review.close, name="review.close"),
    path("reviews/<str:code>/minutes/", minutes.view, name="review.minutes"),
    path("reviews/<str:code>/minutes.<str:ending>", minutes.download, name="review.minutes_file"),
    path("reviews/<str:code>/room/", room.view, name="review.room"),
    path("reviews/<str:code>/room/state/", room.state, name="review.room_state"),
    path("reviews/<str:code>/room/show/", room_deeds.show, name="review.room_show"),
    path("reviews/<str:code>/room/raise/", room_deeds.raise_one, name="review.room_raise"),
    path("reviews/<str:code>/room/<int:ordinal>/", room.record, name="review.room_record"),
    path("reviews/<str:code>/room/<int:ordinal>/note/", room_deeds.note, name="review.room_note"),
    path("reviews/<str:code>/room/<int:ordinal>/decide/", room_deeds.decide_one, name="review.room_decide"),
    path("reviews/<str:code>/room/<int:ordinal>/undecide/", room_deeds.undecide_one, name="review.room_undecide"),
]
