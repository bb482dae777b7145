"""Statutory notices as data: their texts, what each needs, and filling them with no blank left.

A text names what it takes in braces. Nothing is filled by halves: either every name has its value, or the notice is
refused with the list of all that is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.kernel.work_calendar import Period
from zhengtu.core.procedure.steps import Label, Procedure

NAME: Final = re.compile(r"\{([^{}]*)\}")
PERIOD_IN_SENTENCE: Final = "period"
FACT_DATES: Final = ("happened_on", "served_on", "published_from", "published_until")
"""Dates that a text may take of any recorded step."""
NUMBER: Final = "document_number"
"""What is asked for a numbered notice."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What whoever makes the notice has to write: ``text``, ``date``, ``money`` or ``choice``.

    Attributes:
        is_own: whether it is a field of the notice's own step, taken from its record where there is one.
    """

    name: str
    type: str
    label: Label
    choices: Mapping[str, Label] = field(default_factory=dict)
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class NoticePart:
    """One piece of the text.

    Attributes:
        kind: ``paragraph``, ``strong``, ``heading``, ``remedies``, ``rights`` or ``sign``.
        remedies: right -> its sentence, for ``remedies``.
        parties: who signs, for ``sign``.
    """

    kind: str
    text: str = ""
    remedies: Mapping[str, str] = field(default_factory=dict)
    parties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice of one regime.

    Attributes:
        step: the step that it belongs to, or empty.
        layout: ``official`` or ``form``.
        addressee, issuer: texts with names, or empty.
        is_numbered: whether a document number is asked.
        is_per_owner: whether each owner gets a document.
        of_project: whether it is made for a part of a project, not for a household.
    """

    id: str
    regime: str
    title: Label
    step: str
    source: str
    layout: str
    parts: Sequence[NoticePart]
    asks: Mapping[str, Ask] = field(default_factory=dict)
    addressee: str = ""
    issuer: str = ""
    is_numbered: bool = False
    is_per_owner: bool = False
    of_project: bool = False

    @property
    def remedies(self) -> tuple[str, ...]:
        """The rights whose sentences it carries."""
        return tuple(right for part in self.parts for right in part.remedies)

    def texts(self) -> Iterator[str]:
        """Every text with names."""
        yield self.addressee
        yield self.issuer
        for part in self.parts:
            yield part.text
            yield from part.remedies.values()
            yield from part.parties

    def names(self) -> list[str]:
        """Every name that the texts take, once, in order; the period inside a remedy's sentence is no name."""
        found = (name for text in self.texts() for name in NAME.findall(text) if name != PERIOD_IN_SENTENCE)
        return list(dict.fromkeys([*found, *([NUMBER] if self.is_numbered else [])]))


@dataclass(frozen=True, slots=True)
class Notices:
    """All notices with what they share.

    Attributes:
        notices: regime -> id -> notice.
        placeholders: names that the register gives -> label.
        formats: how dates, sums, areas and periods are written.
        authority_names: authority -> label.
        authorities: division -> authority -> name.
        number_label: what the number of a numbered notice is called.
    """

    notices: Mapping[str, Mapping[str, Notice]]
    placeholders: Mapping[str, Label]
    formats: Mapping[str, object]
    authority_names: Mapping[str, Label]
    authorities: Mapping[str, Mapping[str, str]]
    number_label: Label = ("", "")

    def period_in_words(self, period: Period) -> str:
        """The period as a text says it, e.g. 60日."""
        words = self.formats["periods"]
        assert isinstance(words, Mapping)
        return str(words[str(period.unit)]).format(count=period.length)


@dataclass(frozen=True, slots=True)
class FilledPart:
    """One piece of the filled text; ``kind`` as in ``NoticePart``, remedies as plain paragraphs."""

    kind: str
    text: str = ""
    parties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FilledNotice:
    """A notice without blanks."""

    title: str
    layout: str
    parts: Sequence[FilledPart]
    number: str = ""
    addressee: str = ""
    issuer: str = ""


def fill(notice: Notice, *, values: Mapping[str, str], procedure: Procedure, notices: Notices) -> FilledNotice:
    """Fill every text of a notice.

    Args:
        values: name -> what stands for it; empty counts as missing.

    Raises:
        Refused: with one reason for each datum that is missing.
    """
    values = {**values, **_periods(notice, procedure, notices)}
    missing = [name for name in notice.names() if not values.get(name, "").strip()]
    if missing:
        raise Refused(*(_missing(notice, name, procedure) for name in missing))

    def filled(text: str, more: Mapping[str, str] | None = None) -> str:
        known = {**values, **(more or {})}
        return NAME.sub(lambda found: known[found.group(1)], text)

    def parts() -> Iterable[FilledPart]:
        for part in notice.parts:
            if part.kind == "remedies":
                for right, sentence in part.remedies.items():
                    period = procedure.rights[right].period
                    assert period is not None
                    yield FilledPart("strong", filled(sentence, {PERIOD_IN_SENTENCE: notices.period_in_words(period)}))
            else:
                yield FilledPart(part.kind, filled(part.text), tuple(filled(party) for party in part.parties))

    return FilledNotice(
        title=notice.title[0], layout=notice.layout, parts=tuple(parts()),
        number=values[NUMBER].strip() if notice.is_numbered else "",
        addressee=filled(notice.addressee), issuer=filled(notice.issuer),
    )


def _periods(notice: Notice, procedure: Procedure, notices: Notices) -> dict[str, str]:
    """The periods that a text names, in words."""
    found = {}
    for name in notice.names():
        first, _, rest = name.partition(".")
        if first == PERIOD_IN_SENTENCE:
            step, _, id = rest.partition(".")
            period = next(one.period for one in procedure.steps[step].periods if one.id == id)
            found[name] = notices.period_in_words(period)
    return found


def _missing(notice: Notice, name: str, procedure: Procedure) -> Reason:
    step, dot, attribute = name.partition(".")
    common = {"notice": f"notice:{notice.regime}.{notice.id}"}
    if name in notice.asks or name == NUMBER:
        return Reason(
            "notice.not_given", N_("“%(notice)s” lacks “%(datum)s”."),
            {**common, "datum": f"notice_ask:{notice.regime}.{notice.id}.{name}"}, notice.source,
            N_("Fill it in as the form shows."),
        )
    if step == "authority":
        return Reason(
            "notice.no_authority", N_("“%(notice)s” lacks the name of “%(datum)s”."),
            {**common, "datum": f"authority:{attribute}"}, notice.source,
            N_("Enter the authorities of the division in the rulebook (notices/common.yaml)."),
        )
    if attribute in FACT_DATES:
        return Reason(
            "notice.not_recorded", N_("“%(notice)s” needs “%(step)s” with its dates, and it is not recorded."),
            {**common, "step": f"step:{step}"}, notice.source, N_("Record that step with its evidence first."),
        )
    if dot:
        kind = procedure.steps[step].recorded_by
        return Reason(
            "notice.not_recorded", N_("“%(notice)s” lacks “%(datum)s” of “%(step)s”, which is not recorded."),
            {**common, "datum": f"attribute:{kind}.{attribute}", "step": f"step:{step}"}, notice.source,
            N_("Record that step with its evidence first."),
        )
    return Reason(
        "notice.not_registered", N_("“%(notice)s” lacks “%(datum)s”."),
        {**common, "datum": f"placeholder:{name}"}, notice.source, N_("Complete the register of households."),
    )
