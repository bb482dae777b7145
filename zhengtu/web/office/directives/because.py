"""Why something is proposed as a directive, in words: one sentence for each rule that spoke for or against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.translation import gettext_lazy

BECAUSE: Final[Mapping[str, object]] = {
    "known_unit": gettext_lazy("It names a unit of the register."),
    "collective_unit": gettext_lazy("It names a group of units."),
    "shaped_unit": gettext_lazy("It names something that has the shape of a unit but is not in the register."),
    "person": gettext_lazy("It names a person by office."),
    "speaker": gettext_lazy("The speaker takes it upon himself."),
    "addressed": gettext_lazy("It addresses the unit directly."),
    "carried_unit": gettext_lazy("The unit is carried over from the clause before."),
    "section_unit": gettext_lazy("The unit stands at the head of the section."),
    "bracket_owner": gettext_lazy("The responsible unit stands in brackets behind the item."),
    "labelled_owner": gettext_lazy("The responsible unit stands behind a label."),
    "table_owner": gettext_lazy("The responsible unit stands in a column of the table."),
    "handed_over": gettext_lazy("A word hands the matter over to the unit."),
    "modal": gettext_lazy("It says that something must or shall be done."),
    "duty": gettext_lazy("It gives the unit charge or lead of the matter."),
    "verb": gettext_lazy("It begins with a verb of work."),
    "reporting": gettext_lazy("It asks for a report."),
    "assigning_opening": gettext_lazy("It stands under words that introduce assignments."),
    "due": gettext_lazy("It says by when."),
    "recurrence": gettext_lazy("It says how often."),
    "project": gettext_lazy("It names a project."),
    "intended": gettext_lazy("Against it: the unit tells what it is going to do."),
    "superior": gettext_lazy("Against it: the unit stands above those who are charged."),
    "past": gettext_lazy("Against it: it tells what has been done."),
    "conditional": gettext_lazy("Against it: it says what holds if something happens."),
    "exhortation": gettext_lazy("Against it: it only asks for the right spirit."),
    "quoted": gettext_lazy("Against it: it quotes somebody else."),
    "no_verb": gettext_lazy("Against it: it says nothing that is to be done."),
    "model": gettext_lazy("A language model proposes it; no rule does."),
    "model_differs": gettext_lazy("A rule reads the same passage otherwise."),
}


def spoken_because(rules: Iterable[str]) -> list[str]:
    """The rules in words, in order; one without words is shown by its id."""
    return [str(BECAUSE.get(rule, rule)) for rule in rules]
