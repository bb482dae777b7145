"""What a bulletin requires next, each with a day: red lights, deadlines near or past, money, overdue directives."""

from __future__ import annotations

from datetime import date

from zhengtu.core.bulletins.figures import BulletinFigures
from zhengtu.core.bulletins.proofs import Proof
from zhengtu.core.bulletins.sentences import (
    figure,
    money_sentence,
    overdue_of,
    parts_listed,
    units_listed,
    units_of,
)
from zhengtu.core.bulletins.wording import Said, Sentence, Writer, counted


def requirements(figures: BulletinFigures, writer: Writer, *, reply_by: date) -> list[Sentence]:
    """Numbered requirements; one sentence without a number where nothing is to be required in particular."""
    answer = writer.day(reply_by)
    found: list[Sentence] = []

    def ordinal() -> str:
        return writer.number(len(found) + 1)

    if figures.red:
        parts = parts_listed([one.part for one in figures.red], writer)
        found.append(writer.say("ask_red", counted(len(figures.red)), ordinal=ordinal(), parts=parts, reply_by=answer))
    for goal in figures.near:
        found.append(
            writer.say(
                "ask_goal" if goal.days_left >= 0 else "ask_goal_past",
                "one" if goal.sections_left == 1 else "many", ordinal=ordinal(), due=writer.day(goal.due_on),
                goal=writer.word(f"goal_{goal.goal}"), reply_by=answer, units=units_listed(goal.units, writer),
                sections=Said(writer.number(goal.sections_left), str(Proof("deadline_sections", goal.key))),
                households=Said(writer.number(goal.households_left), str(Proof("deadline", goal.key))),
            )
        )
    if figures.money_late:
        found.append(money_sentence("ask_money", figures, writer, ordinal=ordinal(), reply_by=answer))
    if late := overdue_of(figures):
        found.append(
            writer.say(
                "ask_overdue", counted(len(late)), ordinal=ordinal(), units=units_of(late, writer), reply_by=answer,
                count=figure(len(late), "overdue_directives", writer),
            )
        )
    return [*found, writer.say("ask_lawful")] if found else [writer.say("ask_nothing")]
