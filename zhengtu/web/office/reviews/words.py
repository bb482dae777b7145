"""An agenda in words: what each item says, in figures and a sentence, and where it is proved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from zhengtu.core.reviews.agenda import PROMISES, Agenda, AgendaItem, AgendaKind, AgendaMatter
from zhengtu.core.reviews.week import Kept
from zhengtu.reviews.models import Review, ReviewMatter
from zhengtu.web.office.cockpit.sentences import goal_label, kept, name_of, plan_href, subject_href
from zhengtu.web.shared.as_of import AsOf
from zhengtu.web.shared.blocker_text import BlockerLine, blocker_line
from zhengtu.web.shared.figure_text import day as day_text
from zhengtu.web.shared.figure_text import grouped, percent, wan
from zhengtu.web.shared.reason_text import rulebook_label, spoken_of_places

Names = Mapping[str, tuple[str, str]]
_PARTS = (AgendaKind.TURNED_RED, AgendaKind.STILL_RED, AgendaKind.DEADLINE_NEAR)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item as it is shown.

    Attributes:
        label: why it is on the agenda, in a word.
        name: what it is about; href: its page, or empty.
        text: the matter in its own words, or empty. sentence: the reason.
        who: names of the units that answer for it.
        figures: (name, value with its unit) of what counts.
    """

    kind: str
    light: str
    label: str
    name: str
    href: str
    text: str
    sentence: str
    source: str
    who: str
    figures: Sequence[tuple[str, str]]
    blocker: BlockerLine | None


@dataclass(frozen=True, slots=True)
class MatterLine:
    """One matter with its items, as pages show it."""

    key: str
    title: str
    light: str
    href: str
    who: str
    items: Sequence[ItemLine]


def matter_lines(agenda: Agenda, *, today: date) -> list[MatterLine]:
    """Every matter of an agenda, in order."""
    return [matter_line(matter, agenda, today=today) for matter in agenda.matters]


def matter_line(matter: AgendaMatter, agenda: Agenda, *, today: date) -> MatterLine:
    """One matter in words."""
    dates = dates_of(agenda, today=today)
    return MatterLine(
        key=matter.key, title=matter_title(matter.key, agenda), light=matter.colour,
        href=subject_href(matter.key, dates) if "-P" in matter.key else "",
        who=_together(name_of(unit, agenda.names) for unit in matter.units),
        items=[_item_line(item, agenda, dates) for item in matter.items],
    )


def matter_title(key: str, agenda: Agenda) -> str:
    """What a matter is called: the project's or unit's name, or the promises of the last review."""
    if key == PROMISES:
        return gettext("Promises of the last review")
    matter = agenda.matter(key)
    if key not in agenda.names and matter is not None:
        return matter.items[0].text
    return name_of(key, agenda.names)


def row_title(row: ReviewMatter, agenda: Agenda) -> str:
    """The title of a matter that was dealt with: that of the agenda, or as it was raised in the room."""
    return matter_title(row.item, agenda) if row.item else row.title


def dates_of(agenda: Agenda, *, today: date) -> AsOf:
    """The two dates of an agenda's figures, for links that show the same."""
    known = agenda.known_on
    return AsOf(on=agenda.on, known=known if known is not None and known < today else None, today=today)


def review_name(review: Review) -> str:
    """The rhythm's name, with the topic of a special review."""
    label = rulebook_label(group="rhythm", id=review.rhythm)
    return f"{label} · {review.topic}" if review.topic else label


def kept_counts(agenda: Agenda) -> list[tuple[str, str, int]]:
    """(light, words, how many) of the promises of the last review; nothing where it made none."""
    words = (
        (Kept.KEPT, "green", gettext("kept")), (Kept.LATE, "yellow", gettext("kept late")),
        (Kept.NOT_YET_DUE, "idle", gettext("not yet due")), (Kept.BROKEN, "red", gettext("not kept")),
    )
    counts = [(light, text, agenda.kept.get(kept, 0)) for kept, light, text in words]
    return counts if any(count for _, _, count in counts) else []


def _item_line(item: AgendaItem, agenda: Agenda, dates: AsOf) -> ItemLine:
    names: Names = {**agenda.names, **item.section_names}
    spoken = spoken_of_places(item.reason, lambda code: name_of(code, names))
    who = item.who or _together(name_of(unit, names) for unit in item.units)
    return ItemLine(
        kind=str(item.kind), light=item.colour, label=rulebook_label(group="agenda_kind", id=str(item.kind)),
        name=item.number or name_of(item.subject, names), href=_href(item, dates), text=item.text,
        sentence=spoken.message, source=spoken.source, who=who, figures=_figures(item),
        blocker=blocker_line(item.blocker, names=names, on=agenda.on) if item.blocker is not None else None,
    )


def _figures(item: AgendaItem) -> list[tuple[str, str]]:
    counts, found = item.counts, []
    if item.due_on is not None and item.kind in _PARTS and item.goal:
        found.append((goal_label(item.goal), day_text(item.due_on)))
    if item.earliest_on is not None:
        found.append((gettext("Earliest honest date"), day_text(item.earliest_on)))
    if item.probability is not None:
        found.append((gettext("Probability"), percent(item.probability)))
    if "sections" in counts:
        found.append((gettext("Sections left"), _of(counts["sections_left"], counts["sections"])))
        found.append((gettext("Households left"), _of(counts["households_left"], counts["households"])))
    if "overdue" in counts:
        found.append((gettext("Families waiting"), grouped(counts["overdue"])))
        found.append((gettext("over 12 months"), grouped(counts["over_12"])))
        found.append((gettext("over 40 months"), grouped(counts["over_40"])))
    if "total" in counts:
        found.append((gettext("Done by the ledger"), _of(counts["done"], counts["total"])))
    words = {"committed": gettext("Committed"), "arrived": gettext("Arrived"), "paid": gettext("Paid")}
    unit, sums = gettext("10,000 yuan"), item.amounts_yuan
    found += [(text, f"{wan(sums[name])} {unit}") for name, text in words.items() if name in sums]
    return found


def _of(part: int, whole: int) -> str:
    return f"{grouped(part)} / {grouped(whole)}"


def _href(item: AgendaItem, dates: AsOf) -> str:
    if item.key.startswith("money/"):
        return reverse("funds.account", args=[item.subject]) + kept(dates)
    if item.key.startswith("matter/"):
        deed = item.key.removeprefix("matter/").rpartition("/")[0]
        return reverse("deed.view", args=[deed]) + kept(dates)
    if item.kind is AgendaKind.HOMES_OVERDUE:
        return reverse("household.list") + dates.query(project=item.project, overdue="0")
    if item.key.startswith("directive/"):
        try:
            return reverse("directive.view", args=[item.subject])
        except NoReverseMatch:
            return ""
    return plan_href(item.subject, dates)


def _together(names: object) -> str:
    return gettext(", ").join(dict.fromkeys(str(name) for name in names))  # type: ignore[attr-defined]
