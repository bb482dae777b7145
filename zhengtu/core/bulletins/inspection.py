"""The parts of an inspection report: what was inspected, how it stands, problems, causes, proposals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from zhengtu.core.bulletins.figures import BulletinFigures, DirectiveFigure
from zhengtu.core.bulletins.proofs import Proof
from zhengtu.core.bulletins.sentences import (
    Part,
    campaign_name,
    cleared_sentence,
    figure,
    money_sentence,
    overdue_of,
    parts_listed,
    units_listed,
    units_of,
)
from zhengtu.core.bulletins.wording import Said, Sentence, Writer, counted, matter_in_short

_TOLD_ONE_BY_ONE = 5


def _subject(figures: BulletinFigures, writer: Writer, reply_by: date) -> Part:
    period = figures.period
    return [
        writer.say(
            "inspected", counted(figures.directive_counts.open), campaign=campaign_name(figures, writer),
            open=figure(figures.directive_counts.open, "directives", writer),
            units=units_of(figures.directives, writer),
            **{"from": writer.day(period.from_on), "to": writer.last_day(period.as_of_on, first=period.from_on)},
        )
    ], ()


def _standing(figures: BulletinFigures, writer: Writer, reply_by: date) -> Part:
    counts, total, as_of = figures.directive_counts, figures.total, writer.day(figures.period.as_of_on)
    return [
        writer.say(
            "directives_moved", as_of=as_of, set=writer.number(counts.set), closed=writer.number(counts.closed),
            open=figure(counts.open, "directives", writer),
            overdue=figure(counts.overdue, "overdue_directives", writer),
        ),
        writer.say(
            "standing", as_of=as_of, campaign=campaign_name(figures, writer),
            projects=figure(total.projects, "projects", writer), sections=figure(total.sections, "sections", writer),
            households=figure(total.households, "households", writer),
            settled=figure(total.settled, "settled", writer), vacated=figure(total.vacated, "vacated", writer),
            handed_over=figure(total.handed_over, "handed_over", writer),
        ),
        *([told] if (told := cleared_sentence(figures, writer)) else []),
    ], ("places", "cleared")


def _problems(figures: BulletinFigures, writer: Writer, reply_by: date) -> Part:
    late = overdue_of(figures)
    found = [
        writer.say(
            "overdue", counted(len(late)), open=figure(figures.directive_counts.open, "directives", writer),
            count=figure(len(late), "overdue_directives", writer), units=units_of(late, writer),
        )
    ]
    found += [_overdue(one, number, writer) for number, one in enumerate(late[:_TOLD_ONE_BY_ONE], start=1)]
    if rest := len(late) - _TOLD_ONE_BY_ONE if len(late) > _TOLD_ONE_BY_ONE else 0:
        found.append(writer.say("overdue_rest", counted(rest), count=writer.number(rest)))
    turned = sum(one.has_turned for one in figures.red)
    found.append(
        writer.say(
            "red", counted(len(figures.red)), as_of=writer.day(figures.period.as_of_on),
            count=figure(len(figures.red), "red", writer), turned=writer.number(turned),
            yellow=figure(figures.yellow, "yellow", writer),
        )
    )
    if figures.money_late:
        found.append(money_sentence("money", figures, writer))
    return found, ()


def _overdue(one: DirectiveFigure, ordinal: int, writer: Writer) -> Sentence:
    def times(phrase: str, count: int) -> Sentence:
        return writer.say(phrase, counted(count), count=writer.number(count)) if count else ()

    progress: Sentence = ()
    if one.done is not None and one.total is not None:
        progress = writer.say("overdue_progress", done=writer.number(one.done), total=writer.number(one.total))
    return writer.say(
        "overdue_one", ordinal=writer.number(ordinal), matter=matter_in_short(one),
        number=Said(one.number, str(Proof("directive", one.code))), lead=writer.name(one.lead),
        due=writer.day(one.due_on) if one.due_on is not None else writer.word("none"),
        days=writer.number(one.overdue_workdays), chased=times("overdue_chased", one.chased_times),
        returned=times("overdue_returned", one.returned_times), progress=progress,
    )


def _causes(figures: BulletinFigures, writer: Writer, reply_by: date) -> Part:
    """What holds the red parts up, by the ledger: the commonest first."""
    grouped: dict[str, list[str]] = {}
    for one in figures.red:
        if one.blocker:
            grouped.setdefault(one.blocker, []).append(one.part)
    found = [
        writer.say(
            "cause", counted(len(parts)), count=writer.number(len(parts)), parts=parts_listed(parts, writer),
            blocker=writer.word(f"blocker_{blocker}"),
        )
        for blocker, parts in sorted(grouped.items(), key=lambda held: (-len(held[1]), held[0]))
    ]
    return found or [writer.say("cause_none")], ("red",)


def _advice(figures: BulletinFigures, writer: Writer, reply_by: date) -> Part:
    days = writer.rules.limits.talk_workdays
    late = overdue_of(figures)
    long_ones = [one for one in late if one.overdue_workdays >= days]
    rest = len(late) - len(long_ones)
    found = []
    if long_ones:
        found.append(
            writer.say(
                "advise_talk", counted(len(long_ones)), days=writer.number(days), count=writer.number(len(long_ones)),
                units=units_listed([one.lead for one in long_ones], writer),
            )
        )
    if rest:
        found.append(
            writer.say("advise_chase", counted(rest), count=writer.number(rest), reply_by=writer.day(reply_by))
        )
    return found or [writer.say("advise_none")], ()


INSPECTION_PARTS: Mapping[str, Callable[[BulletinFigures, Writer, date], Part]] = {
    "subject": _subject, "standing": _standing, "problems": _problems, "causes": _causes, "advice": _advice,
}
