"""Bare nouns that a sentence shares out (A sees to schools, B to hospitals) and what is to be done with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from zhengtu.core.language.drafts import Draft


def with_governing_words(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """The drafts, in which each bare noun has what its sentence says is to be done, else the word of duty before it.

    What is to be done stands once: before the first of them, or behind the last.
    """
    for (_, is_bare), held in groupby(drafts, key=lambda draft: (draft.sentence, bool(draft.noun))):
        run = list(held)
        if is_bare:
            _govern(run)
        yield from run


def _govern(run: Sequence[Draft]) -> None:
    before, last = run[0].governed_by, run[-1]
    at = last.pieces.index(last.noun) + 1
    behind, clauses = last.pieces[at:], last.clauses[-len(last.pieces[at:]) :] if last.pieces[at:] else []
    for draft in run:
        is_alone = not before and not behind
        noun = draft.duty_word + draft.noun if is_alone else draft.noun
        own = [noun if piece == draft.noun else piece for piece in draft.pieces]
        draft.pieces = [*([before] if before and before not in own else []), *own]
        draft.clauses += [before] if before else []
        if draft is not last and behind and len(own) == 1:
            draft.pieces += behind
            draft.clauses += clauses
            draft.due = draft.due or last.due
            draft.rules += [rule for rule in last.rules if rule in ("modal", "verb")]
