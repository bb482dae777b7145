"""The minutes of a review (纪要) as one document value; Word and PDF are made of it and kept under their hashes.

Every figure comes from the agenda as it was frozen and every decision from the room, so the same review gives the same
minutes again. The words are those of ``rulebook/reviews/minutes.yaml``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.core.files.base import ContentFile

from zhengtu.accounts.queries import first_post, unit_names
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.plain_values import plain
from zhengtu.core.reviews.agenda import Agenda, AgendaKind
from zhengtu.core.reviews.decision import Decision
from zhengtu.core.reviews.rhythm import SPECIAL
from zhengtu.core.reviews.week import Kept
from zhengtu.ledger.files import AttachedFile, keep_file
from zhengtu.ledger.models import Fact
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.press.document import (
    Attachment,
    Block,
    Distribution,
    Document,
    Heading,
    LabelledText,
    Layout,
    OfficialHead,
    Paragraph,
    Table,
    TableColumn,
)
from zhengtu.press.pdf import to_pdf
from zhengtu.press.word import to_docx
from zhengtu.registry.queries import campaign_of
from zhengtu.reviews.deciding import decisions_of
from zhengtu.reviews.models import Review, ReviewMatter
from zhengtu.reviews.queries import frozen_agenda

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TABLE_FROM = 2
"""From so many decisions on they are listed once more in a table."""


@dataclass(frozen=True, slots=True)
class MinutesFiles:
    """The minutes as they are kept; ``content_sha256`` is that of the document value both were made of."""

    word: AttachedFile
    pdf: AttachedFile
    content_sha256: str


def kept_minutes(review: Review, *, number: int, today: date) -> MinutesFiles:
    """Make the minutes and store both files under their SHA-256."""
    document = minutes_document(review, number=number, today=today)
    content = json.dumps(plain(document), sort_keys=True, ensure_ascii=False).encode()
    word, pdf = ContentFile(to_docx(document)), ContentFile(to_pdf(document))
    return MinutesFiles(
        word=keep_file(word, kind="minutes", name=f"{review.code}.docx", media_type=_WORD),
        pdf=keep_file(pdf, kind="minutes", name=f"{review.code}.pdf", media_type="application/pdf"),
        content_sha256=sha256(content).hexdigest(),
    )


def minutes_document(review: Review, *, number: int | None, today: date) -> Document:
    """The minutes of a review as it stands.

    Args:
        number: running number of the year; None before the review is closed: the document is then marked as a draft.
        today: the day they are issued.
    """
    agenda = frozen_agenda(review)
    rows = list(review.matters.order_by("ordinal"))
    words = _Words(review, rows)
    decided = [decision for row in rows for decision in decisions_of(row)]
    city = city_of(review.code)
    campaign = campaign_of(city)
    phrases = words.phrases
    return Document(
        title=words.say("title_special" if review.rhythm == SPECIAL else "title"),
        layout=Layout.MINUTES,
        head=OfficialHead(
            mark=phrases["mark"].format(city=words.unit(city)),
            issue=phrases["issue"].format(year=review.held_on.year, number=number) if number else "",
            issued_by=words.issuer, issued_on=words.day(today),
        ),
        blocks=[
            Paragraph(words.say("opening_special" if review.rhythm == SPECIAL else "opening")),
            *_progress(agenda, words), *_promises(agenda, words), *_matters(rows, words),
            Heading(phrases["closing_heading"]), Paragraph(phrases["closing"]),
            *_present(review, words),
        ],
        attachments=_attachments(decided, words),
        is_sealed=False,
        mark=words.demonstration if campaign is not None and campaign.is_demonstration else "",
        distribution=Distribution(
            copies_to=words.units([*dict.fromkeys([*review.attending, *_charged(decided)])]),
            printed_by=words.issuer, printed_on=words.day(today),
        ),
        watermark="" if number else words.phrases["draft"],
    )


def _charged(decided: Sequence[Decision]) -> list[str]:
    """Units that a decision gives something to do, whether or not they were called in."""
    return [unit for one in decided for unit in (one.lead, *one.joint, *one.assisting)]


class _Words:
    """Names, days and phrases of one review, in Chinese as documents are."""

    def __init__(self, review: Review, rows: Sequence[ReviewMatter]) -> None:
        rulebook = current_rulebook()
        self.phrases: Mapping[str, str] = rulebook.reviews.phrases
        self.demonstration = self.phrases["demonstration"]
        self._date = str(rulebook.notices.formats["date"])
        decided = [decision for row in rows for decision in decisions_of(row)]
        self._units = unit_names({*_charged(decided), *review.attending, city_of(review.code)})
        self.numbers = directive_numbers([one.code for one in decided if one.code])
        campaign = campaign_of(city_of(review.code))
        post = first_post(review.chair, on=review.held_on) if review.chair is not None else None
        name = review.chair.name if review.chair is not None else ""
        self.chair = f"{post.title}{name}" if post is not None else name
        self.issuer = post.unit.name if post is not None else ""
        self._given = {
            "date": self.day(review.held_on), "topic": review.topic,
            "chair": self.chair,
            "campaign": campaign.name if campaign is not None else "",
            "label": rulebook.reviews.rhythms[review.rhythm].label[0],
        }

    def say(self, phrase: str, **given: object) -> str:
        """A phrase with its blanks filled in."""
        return self.phrases[phrase].format(**self._given, **given)

    def day(self, on: date) -> str:
        return self._date.format(year=on.year, month=on.month, day=on.day)

    def unit(self, code: str) -> str:
        return self._units[code][0] if code in self._units else code

    def units(self, codes: Sequence[str]) -> str:
        return self.phrases["between"].join(self.unit(code) for code in codes)


def _progress(agenda: Agenda, words: _Words) -> list[Block]:
    total = agenda.total
    kinds = Counter(item.kind for item in agenda.items())
    figures = words.say(
        "progress", as_of=words.day(agenda.on), since=words.day(agenda.since), projects=total.projects,
        sections=total.sections, households=total.households, settled=total.settled,
        settled_change=total.settled - total.settled_before, vacated=total.vacated,
        vacated_change=total.vacated - total.vacated_before, handed_over=total.handed_over,
        handed_over_change=total.handed_over - total.handed_over_before,
    )
    lights = words.say(
        "lights", turned=kinds[AgendaKind.TURNED_RED], still=kinds[AgendaKind.STILL_RED],
        near=kinds[AgendaKind.DEADLINE_NEAR], money=kinds[AgendaKind.MONEY_LATE],
    )
    return [Heading(words.phrases["progress_heading"]), Paragraph(figures), Paragraph(lights)]


def _promises(agenda: Agenda, words: _Words) -> list[Block]:
    blocks: list[Block] = [Heading(words.phrases["promises_heading"])]
    if not agenda.last_review:
        return [*blocks, Paragraph(words.phrases["promises_none"])]
    last = Review.objects.get(pk=agenda.last_review)
    counts = {kept: agenda.kept.get(kept, 0) for kept in Kept}
    counted = {str(kept): count for kept, count in counts.items() if kept is not Kept.CANCELLED}
    blocks.append(
        Paragraph(words.say("promises", last=words.day(last.held_on), total=sum(counted.values()), **counted))
    )
    for item in agenda.items():
        if item.kind is AgendaKind.PROMISE_BROKEN and item.due_on is not None:
            lead = agenda.names[item.units[0]][0] if item.units[0] in agenda.names else item.units[0]
            blocks.append(
                Paragraph(words.say("promise_broken", matter=_bare(item.text), lead=lead, due=words.day(item.due_on)))
            )
    return blocks


def _matters(rows: Sequence[ReviewMatter], words: _Words) -> list[Block]:
    """What was dealt with: matters with a note or a decision, numbered anew."""
    blocks: list[Block] = [Heading(words.phrases["matters_heading"])]
    spoken = [row for row in rows if row.note or row.decisions]
    for ordinal, row in enumerate(spoken, start=1):
        numeral = words.phrases["numerals"].split()[ordinal - 1] if ordinal <= 99 else str(ordinal)
        blocks.append(Heading(words.say("matter_heading", ordinal=numeral, title=row.title), level=2))
        blocks += [Paragraph(line) for line in row.note.split("\n") if line.strip()]
        blocks += [
            Paragraph(_decided(one, number, words)) for number, one in enumerate(decisions_of(row), start=1)
        ]
    if not any(row.decisions for row in spoken):
        blocks.append(Paragraph(words.phrases["nothing_decided"]))
    return blocks


def _decided(one: Decision, ordinal: int, words: _Words) -> str:
    number = words.numbers.get(one.code, one.code)
    return words.say(
        "decision" if number else "decision_draft", ordinal=ordinal, matter=_bare(one.matter), number=number,
        lead=words.unit(one.lead), due=words.day(one.due_on),
        joint=words.say("joint", units=words.units(one.joint)) if one.joint else "",
        assisting=words.say("assisting", units=words.units(one.assisting)) if one.assisting else "",
    )


def _bare(text: str) -> str:
    """A sentence without its full stop, to stand within another."""
    return text.strip().rstrip(".\u3002;\uff1b")


def _present(review: Review, words: _Words) -> list[Block]:
    return [
        LabelledText(words.phrases["chaired"], words.chair),
        LabelledText(words.phrases["present"], words.units(review.attending)),
    ]


def _attachments(decided: Sequence[Decision], words: _Words) -> list[Attachment]:
    if len(decided) < _TABLE_FROM:
        return []
    table = Table(
        columns=[
            TableColumn(words.phrases["table_number"], width=2), TableColumn(words.phrases["table_matter"], width=3.6),
            TableColumn(words.phrases["table_lead"], width=1.4), TableColumn(words.phrases["table_due"], width=2),
        ],
        rows=[
            [words.numbers.get(one.code, one.code), one.matter, words.unit(one.lead), words.day(one.due_on)]
            for one in decided
        ],
    )
    return [Attachment(title=words.phrases["attachment"], blocks=[table])]


def directive_numbers(codes: Sequence[str]) -> dict[str, str]:
    """Code of a directive -> its number as people write it."""
    facts = Fact.objects.filter(subject__in=codes, kind="directive_assigned").values_list("subject", "attributes")
    return {subject: str(attributes.get("number", "")) for subject, attributes in facts}
