"""Pieces of sentences that several parts of a bulletin share: figures with their proofs, lists, units, sums."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from zhengtu.core.bulletins.figures import BulletinFigures, DirectiveFigure
from zhengtu.core.bulletins.proofs import Proof
from zhengtu.core.bulletins.wording import Said, Sentence, Writer, counted

Part = tuple[list[Sentence], Sequence[str]]
"""Paragraphs of a part, and ids of the tables after them."""


def figure(value: int, what: str, writer: Writer, *, place: str = "") -> Said:
    """A whole number with what proves it."""
    return Said(writer.number(value), str(Proof(what, place)))


def cleared_sentence(figures: BulletinFigures, writer: Writer) -> Sentence:
    """How much of the vacated households is verified, and which places inspections told of; empty where none moved out.

    Of a place inspected it says between how many there really are; the whole city has no such figure, for where nobody
    inspected nothing is known.
    """
    total = figures.total
    if total.cleared is None or not total.vacated:
        return ()
    found = writer.say(
        "verified", counted(total.cleared.contradicted),
        verified=figure(total.cleared.verified, "verified", writer), share=writer.percent(total.verified_permille or 0),
        contradicted=figure(total.cleared.contradicted, "contradicted", writer),
    )
    inspected = [
        writer.say("place_after", place=writer.name(one.code), vacated=figure(one.vacated, "vacated", writer,
                   place=one.code), low=writer.number(one.cleared.low), high=writer.number(one.cleared.high or 0))
        for one in figures.places if one.cleared is not None and one.cleared.low is not None
    ]
    return writer.run_on(
        found, writer.say("after_inspection", counted(len(inspected)), places=joined(inspected, writer))
    )


def change(value: int, what: str, writer: Writer) -> Said:
    """By how much a figure changed, without its sign, with what proves it."""
    return Said(writer.number(abs(value)), str(Proof(what, is_change=True)))


def joined(sentences: Sequence[Sentence], writer: Writer) -> Sentence:
    """Pieces side by side with the list's comma between them."""
    found: list[Said] = []
    for number, sentence in enumerate(sentences):
        if number:
            found.append(Said(writer.word("between")))
        found += sentence
    return tuple(found)


def campaign_name(figures: BulletinFigures, writer: Writer) -> str:
    """What the campaign is called; without one, the work itself."""
    if figures.campaign is None:
        return writer.word("campaign_none")
    return figures.campaign.name[writer.is_english] or figures.campaign.name[0]


def overdue_of(figures: BulletinFigures) -> list[DirectiveFigure]:
    """Open directives past their last day, the latest first."""
    return [one for one in figures.directives if one.overdue_workdays > 0]


def units_of(directives: Sequence[DirectiveFigure], writer: Writer) -> str:
    """The units that lead these directives, each once, in their order."""
    units = list(dict.fromkeys(one.lead for one in directives))
    return writer.counted_list([writer.name(unit) for unit in units], "and_other_units")


def units_listed(units: Sequence[str], writer: Writer) -> str:
    """Units by name, each once; beyond the limit counted."""
    return writer.counted_list([writer.name(unit) for unit in dict.fromkeys(units)], "and_other_units")


def parts_listed(parts: Sequence[str], writer: Writer) -> str:
    """Parts of projects by name; beyond the limit counted."""
    return writer.counted_list([writer.name(part) for part in parts], "and_other_parts")


def money_sentence(phrase: str, figures: BulletinFigures, writer: Writer, **given: str) -> Sentence:
    """A phrase about the accounts whose money is late: how many, whose, and how much is missing."""
    late = figures.money_late
    missing = sum((one.missing_yuan for one in late), Decimal(0))
    return writer.say(
        phrase, counted(len(late)), count=figure(len(late), "money", writer),
        clients=units_listed([one.client for one in late], writer), sum=Said(writer.wan(missing), str(Proof("money"))),
        **given,
    )
