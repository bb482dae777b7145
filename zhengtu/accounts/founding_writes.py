"""Rows of a new city's organisation, written whole before anybody can sign in."""

from __future__ import annotations

from collections.abc import Iterable

from zhengtu.accounts.models import Person, Posting, Unit


def insert_organisation(*, units: Iterable[Unit], people: Iterable[Person], postings: Iterable[Posting]) -> None:
    """Insert units (superiors first), people with their set passwords, and postings."""
    Unit.objects.bulk_create(units)
    Person.objects.bulk_create(people)
    Posting.objects.bulk_create(postings)
