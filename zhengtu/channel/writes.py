"""Row changes of the channel; only its actions call them."""

from __future__ import annotations

from datetime import date

from zhengtu.channel.models import ChannelDirective, ChannelReader


def insert_reader(*, city: str, reader: str, named_by: str, from_on: date, deed: str) -> None:
    """Keep somebody who may read the channel."""
    ChannelReader.objects.create(city=city, reader_id=reader, named_by_id=named_by, from_on=from_on, deed=deed)


def locked_reader(number: int, *, city: str) -> ChannelReader | None:
    """A reader who has not ended, row-locked until the transaction ends."""
    return ChannelReader.objects.select_for_update().filter(pk=number, city=city, until_on=None).first()


def end_reader(row: ChannelReader, *, until_on: date) -> None:
    """Let somebody read the channel no more from a day on."""
    ChannelReader.objects.filter(pk=row.pk).update(until_on=until_on)


def insert_directive(*, about: str, directive: str) -> None:
    """Keep what a directive followed."""
    ChannelDirective.objects.create(about=about, directive=directive)
