"""What may be believed of a language model's answer about a text: only what can be found in the text itself.

Its words never become a matter, a name or a day: a proposal quotes the text, names units and projects that the text or
the registry names, and has its due date read by the rules. Whatever else an answer holds is thrown away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from zhengtu.core.language.directive_text import Due, ExtractedDirective, Lexicon, Mention, Named
from zhengtu.core.language.due_dates import due_of
from zhengtu.core.language.due_rules import DueRules

BY_MODEL: Final = "model"
"""Id in ``because`` of everything that a model proposes."""
DIFFERS: Final = "model_differs"
"""Id in ``because`` where a rule proposed the same passage with other units or another time."""
_KEYS: Final = {"quote", "units", "assisting", "projects", "due"}
_SHORTEST_QUOTE: Final = 6
_SENTENCE_END: Final = re.compile(r"[。；！？\n]")


class AnswerInvalid(ValueError):
    """An answer that is not of the agreed form; nothing of it is used."""


@dataclass(frozen=True, slots=True)
class ModelRules:
    """What a model is asked and the bounds of its answer (``rulebook/language/model.yaml``).

    Attributes:
        seconds: for one answer.
        longest_piece, longest_quote, longest_name: characters.
        longest_answer: bytes.
        certainty: confidence of every proposal of a model.
    """

    instruction: str
    longest_piece: int
    most_pieces: int
    seconds: int
    longest_answer: int
    most_directives: int
    longest_quote: int
    most_names: int
    longest_name: int
    certainty: float


def pieces_of(text: str, *, rules: ModelRules) -> Iterator[tuple[int, str]]:
    """Place and words of each piece that is asked about, cut behind a sentence where one ends in time."""
    start, count = 0, 0
    while start < len(text) and count < rules.most_pieces:
        end = min(len(text), start + rules.longest_piece)
        if end < len(text):
            ends = [found.end() for found in _SENTENCE_END.finditer(text, start, end)]
            end = ends[-1] if ends else end
        if text[start:end].strip():
            yield start, text[start:end]
            count += 1
        start = end


def directives_in(
    answer: str, *, piece: str, offset: int, said_on: date | None, lexicon: Lexicon, rules: ModelRules, due: DueRules
) -> list[ExtractedDirective]:
    """The proposals of an answer that the piece bears out; one that it does not is left out.

    Args:
        answer: what the model said.
        piece: the words that it was asked about; they begin at ``offset`` of the text.

    Raises:
        AnswerInvalid: for anything but the one JSON object that was asked for, or too many proposals.
    """
    try:
        raw = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise AnswerInvalid("no JSON") from error
    if not isinstance(raw, dict) or set(raw) != {"directives"} or not isinstance(raw["directives"], list):
        raise AnswerInvalid("not the object that was asked for")
    if len(raw["directives"]) > rules.most_directives:
        raise AnswerInvalid("more directives than can be")
    found: dict[tuple[int, int], ExtractedDirective] = {}
    for entry in raw["directives"]:
        one = _directive(entry, piece=piece, offset=offset, said_on=said_on, lexicon=lexicon, rules=rules, due=due)
        if one is not None:
            found.setdefault(one.span, one)
    return list(found.values())


def beside_rules(
    by_model: Sequence[ExtractedDirective], *, by_rule: Sequence[ExtractedDirective]
) -> list[ExtractedDirective]:
    """The proposals of a model that say something new: of passages without one by rule, or that differ from it."""
    added = []
    for one in by_model:
        same = [other for other in by_rule if _overlaps(one.span, other.span)]
        if any(_says_the_same(one, other) for other in same):
            continue
        added.append(
            ExtractedDirective(
                one.units, one.assisting, one.projects, one.matter, one.due, one.span, one.confidence,
                because=(BY_MODEL, DIFFERS) if same else (BY_MODEL,),
            )
        )
    return added


def _directive(
    entry: Any, *, piece: str, offset: int, said_on: date | None, lexicon: Lexicon, rules: ModelRules, due: DueRules
) -> ExtractedDirective | None:
    if not isinstance(entry, dict) or set(entry) != _KEYS:
        return None
    quote, words = entry["quote"], entry["due"]
    if not isinstance(quote, str) or not isinstance(words, str) or words not in quote:
        return None
    place = piece.find(quote)
    if place < 0 or not _SHORTEST_QUOTE <= len(quote) <= rules.longest_quote:
        return None
    names = [
        _mentions(entry[key], piece=piece, known=known, lexicon=lexicon, rules=rules)
        for key, known in (("units", lexicon.units), ("assisting", lexicon.units), ("projects", lexicon.projects))
    ]
    units, assisting, projects = names
    if not units or assisting is None or projects is None:
        return None
    when = due_of(words, said_on=said_on, campaign_end_on=lexicon.campaign_end_on, rules=due) if words else None
    return ExtractedDirective(
        units=units,
        assisting=assisting,
        projects=projects,
        matter=quote,
        due=when or Due(),
        span=(offset + place, offset + place + len(quote)),
        confidence=rules.certainty,
        because=(BY_MODEL,),
    )


def _mentions(
    names: Any, *, piece: str, known: Sequence[Named], lexicon: Lexicon, rules: ModelRules
) -> list[Mention] | None:
    """The names as the registry has them, else as the text has them; None where one is nowhere to be found."""
    if not isinstance(names, list) or len(names) > rules.most_names:
        return None
    found = []
    for name in names:
        if not isinstance(name, str) or not 2 <= len(name) <= rules.longest_name or not name.isprintable():
            return None
        named = next((one for one in known if name == one.name or name in one.aliases), None)
        if named is None and name not in piece:
            return None
        members = () if named else tuple(lexicon.groups.get(name, ()))
        found.append(Mention(named.name, named.code) if named else Mention(name, members=members))
    return found


def _overlaps(span: tuple[int, int], other: tuple[int, int]) -> bool:
    common = min(span[1], other[1]) - max(span[0], other[0])
    return common > 0 and 2 * common >= min(span[1] - span[0], other[1] - other[0])


def _says_the_same(one: ExtractedDirective, other: ExtractedDirective) -> bool:
    def said(directive: ExtractedDirective) -> object:
        units = {mention.code or mention.name for mention in directive.units}
        return units, directive.due.kind, directive.due.on, directive.due.rrule

    return said(one) == said(other)
