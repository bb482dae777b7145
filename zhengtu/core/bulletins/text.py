"""The text of a bulletin from its figures, by rule: parts, sentences and tables in one language.

Which sentence stands where is decided here; what it says stands in ``rulebook/bulletins/phrases.yaml``. What people
write comes in as remarks and stays apart from what follows from the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zhengtu.core.bulletins.figures import BulletinFigures, NamedFigures, PlaceFigures, kept_total
from zhengtu.core.bulletins.inspection import INSPECTION_PARTS
from zhengtu.core.bulletins.proofs import Proof
from zhengtu.core.bulletins.requirements import requirements
from zhengtu.core.bulletins.sentences import (
    Part,
    campaign_name,
    change,
    figure,
    joined,
    money_sentence,
    overdue_of,
    parts_listed,
    units_of,
)
from zhengtu.core.bulletins.tables import FigureTable, tables_of
from zhengtu.core.bulletins.wording import BulletinRules, Said, Sentence, Writer, counted
from zhengtu.core.reviews.week import Kept

_NAMED_IN_RANKING = 3


@dataclass(frozen=True, slots=True)
class BulletinPart:
    """A part: heading, paragraphs by rule, tables after them, then what people wrote."""

    id: str
    heading: str
    paragraphs: Sequence[Sentence]
    tables: Sequence[FigureTable] = ()
    remarks: Sequence[str] = ()
    takes_remarks: bool = False


@dataclass(frozen=True, slots=True)
class BulletinText:
    """A bulletin as it reads.

    Attributes:
        tables: every table by id, those of the annex with all their columns.
        annexed: the list of directives that goes with it, or None.
    """

    parts: Sequence[BulletinPart]
    tables: Mapping[str, FigureTable]
    annexed: FigureTable | None
    note: Sentence


def text_of_bulletin(
    named: NamedFigures, *, rules: BulletinRules, remarks: Mapping[str, Sequence[str]], reasons: Mapping[str, str],
    reply_by: date, fingerprint: str, is_english: bool = False,
) -> BulletinText:
    """The whole text.

    Args:
        remarks: part -> paragraphs written by people; only parts that take them are looked at.
        reasons: part of a project -> the sentence beside its red light, in the same language.
        reply_by: the day by which units named answer in writing.
    """
    figures = named.figures
    writer = Writer(rules=rules, names=named.names, is_english=is_english)
    tables = tables_of(figures, writer, reasons=reasons)
    parts = []
    for part in rules.kinds[figures.kind].parts:
        paragraphs, shown = _PARTS[part.id](figures, writer, reply_by)
        parts.append(
            BulletinPart(
                id=part.id, heading=part.heading[is_english], paragraphs=paragraphs,
                tables=[tables[id].shown() for id in shown if id in tables],
                remarks=list(remarks.get(part.id, ())) if part.takes_remarks else (),
                takes_remarks=part.takes_remarks,
            )
        )
    annexed = tables.get("directives")
    period = figures.period
    note = writer.say(
        "made_by_rule", as_of=writer.day(period.as_of_on), known=writer.day(period.known_on),
        mark=writer.word("remark"), sha=fingerprint[:16],
    )
    return BulletinText(parts=parts, tables=tables, annexed=annexed.shown() if annexed else None, note=note)


def _progress(figures: BulletinFigures, writer: Writer, reply_by: date) -> Part:
    period, total = figures.period, figures.total
    standing = writer.say(
        "standing", as_of=writer.day(period.as_of_on), campaign=campaign_name(figures, writer),
        projects=figure(total.projects, "projects", writer), sections=figure(total.sections, "sections", writer),
        households=figure(total.households, "households", writer),
        settled=figure(total.settled, "settled", writer), vacated=figure(total.vacated, "vacated", writer),
        handed_over=figure(total.handed_over, "handed_over", writer),
    )
    days = {"from": writer.day(period.from_on), "to": writer.last_day(period.as_of_on, first=period.from_on)}
    moved: Sentence = ()
    for phrase, count, what in (
        ("signing", total.settled_change, "settled"), ("vacating", total.vacated_change, "vacated"),
        ("handing_over", total.handed_over_change, "handed_over"),
    ):
        moved += writer.say(phrase, writer.moved(count), **days, change=change(count, what, writer))
    moved += _share(total, writer)
    found = [standing, moved]
    if ranking := _ranking(figures, writer):
        found.append(ranking)
    found.append(writer.run_on(_near(figures, writer), _homes(figures, writer)))
    if figures.parts_missing:
        found.append(
            writer.say("lights_missing", counted(figures.parts_missing), count=writer.number(figures.parts_missing))
        )
    return found, ("places", "goals")


def _share(total: PlaceFigures, writer: Writer) -> Sentence:
    if total.permille is None or total.permille_change is None:
        return ()
    return writer.say(
        "share", writer.moved(total.permille_change, is_share=True),
        share=Said(writer.percent(total.permille), str(Proof("settled", is_ranked=True))),
        points=writer.points(total.permille_change),
    )


def _ranking(figures: BulletinFigures, writer: Writer) -> Sentence:
    """Who leads, who comes last where there are so many that both can be told apart, and who climbed."""
    ranked = [place for place in figures.places if place.rank is not None]
    if not ranked:
        return ()
    first = ranked[:_NAMED_IN_RANKING]
    last = ranked[-_NAMED_IN_RANKING:] if len(ranked) >= 2 * _NAMED_IN_RANKING else ()
    found = writer.say("leading", counted(len(first)), places=joined([_with_share(one, writer) for one in first],
                       writer))
    if last:
        trailing = joined([_with_share(one, writer) for one in last], writer)
        found = writer.run_on(found, writer.say("trailing", counted(len(last)), places=trailing))
    climbed = [
        writer.say("place_rank", place=writer.name(one.code), before=writer.number(one.rank_before or 0),
                   after=writer.number(one.rank or 0))
        for one in ranked if one.rank is not None and one.rank_before is not None and one.rank < one.rank_before
    ]
    return writer.run_on(found, writer.say("climbed", counted(len(climbed)), places=joined(climbed, writer)))


def _with_share(place: PlaceFigures, writer: Writer) -> Sentence:
    share = Said(writer.percent(place.permille or 0), str(Proof("settled", place.code, is_ranked=True)))
    return writer.say("place_share", place=writer.name(place.code), share=share)


def _near(figures: BulletinFigures, writer: Writer) -> Sentence:
    return writer.say("near", counted(len(figures.near)), count=writer.number(len(figures.near)))


def _homes(figures: BulletinFigures, writer: Writer) -> Sentence:
    return writer.say(
        "homes", counted(figures.homes), count=figure(figures.homes, "homes", writer),
        before=writer.number(figures.homes_before),
    )


def _practices(figures: BulletinFigures, writer: Writer, reply_by: date) -> Part:
    rose = sorted(
        (place for place in figures.places if (place.permille_change or 0) > 0),
        key=lambda one: (-(one.permille_change or 0), one.code),
    )[:_NAMED_IN_RANKING]
    places = [
        writer.say("place_points", place=writer.name(one.code), points=writer.points(one.permille_change or 0))
        for one in rose
    ]
    found = writer.say("fastest", counted(len(rose)), places=joined(places, writer))
    if figures.left_red:
        parts = parts_listed(figures.left_red, writer)
        found = writer.run_on(found, writer.say("left_red", counted(len(figures.left_red)), parts=parts))
    if kept := figures.promises.get(Kept.KEPT, 0):
        told = writer.say("promises_kept", counted(kept), count=figure(kept, "promises", writer))
        found = writer.run_on(found, told)
    return [found], ()


def _lagging(figures: BulletinFigures, writer: Writer, reply_by: date) -> Part:
    turned = [one.part for one in figures.red if one.has_turned]
    lights = writer.say(
        "red", counted(len(figures.red)), as_of=writer.day(figures.period.as_of_on),
        count=figure(len(figures.red), "red", writer), turned=writer.number(len(turned)),
        yellow=figure(figures.yellow, "yellow", writer),
    )
    if turned:
        parts = parts_listed(turned, writer)
        lights = writer.run_on(lights, writer.say("turned_red", counted(len(turned)), parts=parts))
    found = [lights]
    if figures.money_late:
        found.append(money_sentence("money", figures, writer))
    late = overdue_of(figures)
    found.append(
        writer.say(
            "overdue", counted(len(late)), open=figure(figures.directive_counts.open, "directives", writer),
            count=figure(len(late), "overdue_directives", writer), units=units_of(late, writer),
        )
    )
    if kept_total(figures.promises) and (broken := figures.promises.get(Kept.BROKEN, 0)):
        found.append(writer.say("promises_broken", counted(broken), count=figure(broken, "promises", writer)))
    return found, ("red", "money")


def _next(figures: BulletinFigures, writer: Writer, reply_by: date) -> Part:
    return requirements(figures, writer, reply_by=reply_by), ()


_PARTS: Mapping[str, Callable[[BulletinFigures, Writer, date], Part]] = {
    "progress": _progress, "practices": _practices, "lagging": _lagging, "next": _next, **INSPECTION_PARTS,
}
PART_IDS = tuple(_PARTS)
"""Parts that a kind of bulletin may have."""
