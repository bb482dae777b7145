"""Who does the demonstration's deeds: its people by the names they sign in with."""

from __future__ import annotations

from datetime import date

from zhengtu.accounts.queries import actor_of, person_called
from zhengtu.core.authority.actor import Actor


def actor_called(username: str, *, on: date) -> Actor:
    """The person of the demonstration who signs in so, with that day's posts.

    Raises:
        LookupError: nobody does.
    """
    person = person_called(username)
    if person is None:
        raise LookupError(f"nobody in the demonstration signs in as {username}")
    return actor_of(person, on=on)
