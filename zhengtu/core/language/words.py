"""What the reading of directives goes by: the words of ``rulebook/language`` as expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhengtu.core.language.due_rules import DueRules

Expression = re.Pattern[str]


def any_of(words: Iterable[str]) -> str:
    """An expression for any of the words, the longest first."""
    return "(?:" + "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word)))) + ")"


@dataclass(frozen=True, slots=True)
class UnitWords:
    """By what a name is seen to be a unit's or a person's.

    Attributes:
        endings: a name that ends so is a unit's.
        weak_endings: of these the ones that what follows must confirm.
        unit_letters: what ends so before 和 is a unit of its own, not the beginning of a longer name.
        not_units: whatever ends so is none.
        never: exactly these are none.
        vague: whoever is named so is described, not charged.
        stops: words that no name contains; ``kept`` are words that only look like them.
        collective: a collective name at a place.
        offices: a person by office, a name before it or not.
        heads: those who answer for a unit (its leaders).
        classes: what closes a list of units (等部门), at a place.
        fillers: what speech puts behind a unit, at a place.
        counted: a number of units at the end of a list (三家企业); it belongs to no name.
        plain_departments: a department of a place, at a place; nothing behind it need confirm it, unless it is one of
            ``not_behind_departments``.
        name_behind_office: a name behind an office, at a place.
        given_name: a person named by nothing but a name, at a place.
        speaker: the speaker's own word, at a place.
        speaker_offices: offices that speak.
        speaker_name: what the speaker is called where the text does not say.
        addressed: the addressee's word, at a place.
        superiors: units above those who are charged.
        short_forms: long piece -> short piece of a name, in the order in which they are shortened.
        place_prefixes: what a name may leave out at its beginning.
        department_word, department_endings: a department named by its field alone, and how its full name ends.
    """

    endings: Expression
    weak_endings: frozenset[str]
    unit_letters: tuple[str, ...]
    not_units: tuple[str, ...]
    never: frozenset[str]
    vague: tuple[str, ...]
    stops: Expression
    kept: Expression
    collective: Expression
    offices: Expression
    heads: Expression
    classes: Expression
    fillers: Expression
    counted: Expression
    plain_departments: Expression
    not_behind_departments: Expression
    name_behind_office: Expression
    given_name: Expression
    speaker: Expression
    speaker_offices: frozenset[str]
    speaker_name: str
    addressed: Expression
    superiors: frozenset[str]
    short_forms: Sequence[tuple[str, str]]
    place_prefixes: tuple[str, ...]
    department_word: str
    department_endings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProjectWords:
    """By what a name is seen to be a project's.

    Attributes:
        endings: a name that ends so is a project's.
        classes: endings that say what a thing is and may be left out of its name.
        common: words that alone before the ending name no project; ``common_longest`` has them the longest first.
        common_least: characters that a name has besides these.
        stops, kept: as for units.
        place_letters: a stop word before one of these belongs to the name of a street or place.
        place_ends: how a place ends that stands before a registered name.
        list_class: what closes a list of projects (等快速路项目, 三个项目).
        counts: a number of things, at a place; it names nothing.
        longest: characters of a name.
    """

    endings: Expression
    classes: tuple[str, ...]
    common: frozenset[str]
    common_longest: tuple[str, ...]
    common_least: int
    stops: Expression
    kept: Expression
    place_letters: str
    place_ends: tuple[str, ...]
    list_class: Expression
    counts: Expression
    times: Expression
    longest: int


@dataclass(frozen=True, slots=True)
class AssigningWords:
    """By what a clause is seen to assign work; each expression is tried at a place in the clause."""

    openings: Expression
    assigning_openings: Expression
    askings: Expression
    askings_inside: Expression
    requests: Expression
    adverbs: Expression
    circumstances: Expression
    times: Expression
    modals: Expression
    not_modals: Expression
    duties: Expression
    leads: Expression
    assists: Expression
    joint_markers: Expression
    with_others: Expression
    verbs: Expression
    not_verbs: Expression
    noun_verbs: Expression
    reporting: Expression
    exhortations: Expression
    past: Expression
    tales: Expression
    past_marks: Expression
    intended: Expression
    conditional: Expression
    reasons: Expression
    roles: Expression
    lead_roles: Expression
    assist_roles: Expression
    appointments: Expression
    references: Expression
    not_askings: Expression
    assist_askings: Expression
    owner_askings: Expression
    handing_on: Expression
    exhorting: Expression
    empty_matters: Expression
    assists_behind: Expression
    assists_with: Expression
    attitudes: Expression
    subjects: Expression
    topics: Expression
    duty_word: Expression
    assigning_headings: Expression
    pointers: Expression
    concerns: Expression
    bare_duties: Expression
    actors: tuple[str, ...]
    weights: Mapping[str, float]
    threshold: float


@dataclass(frozen=True, slots=True)
class LayoutWords:
    """How items, labels and tables of tasks look.

    Attributes:
        ordinals: the number of an item, at a place.
        labels: word of a label -> its role (``lead``, ``assist``, ``person``, ``due``, ``matter``, ``project``,
            ``other``).
        label: a label with its colon, anywhere.
        titles: a passage that is the title of a document.
        first_leads: labels of those who lead, beside whom others of the role only assist.
        routed: a note that sends a matter to those whom it names, ``names``.
        meetings: how the first sentence of minutes goes on behind the day of the meeting.
        closers: how the content of an owner's bracket ends.
    """

    ordinals: Expression
    labels: Mapping[str, str]
    label: Expression
    titles: Expression
    closers: Expression
    first_leads: frozenset[str]
    routed: Expression
    meetings: Expression
    longest_owner_bracket: int
    longest_clause: int


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """Everything that the reading of directives goes by."""

    units: UnitWords
    projects: ProjectWords
    assigning: AssigningWords
    layout: LayoutWords
    due: DueRules
