"""Directives that an optional language model proposes beside the rules; off unless its address is set.

Pieces of the text go to an OpenAI-compatible chat endpoint, and nothing else: no registry, no names of officials, no
figures. What comes back is believed only as far as ``core.language.model_answers`` lets it be. It can become open
proposals marked as by model; it changes, confirms and drops nothing. Whatever fails leaves everything as it was.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from http.client import HTTPException
from typing import IO, Any, Final
from urllib.error import URLError
from urllib.parse import urlparse
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from procrastinate.contrib.django import app as task_queue

from zhengtu.core.language.directive_text import Due, DueKind, ExtractedDirective, Lexicon, Mention
from zhengtu.core.language.model_answers import AnswerInvalid, ModelRules, beside_rules, directives_in, pieces_of
from zhengtu.core.rules.model_questions import load_model_rules
from zhengtu.directives import writes
from zhengtu.directives.lexicon import lexicon_of
from zhengtu.directives.models import Proposal, ProposalOrigin, SourceText
from zhengtu.directives.proposing import proposal_columns
from zhengtu.ledger.rulebook import current_rulebook

_log = logging.getLogger(__name__)
TASK: Final = "ask_model_about_text"
_TEXT_IN_ANSWERS: Final = 5
"""A whole text may take so many times the seconds of one answer."""
_CHUNK_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the model answers.

    Attributes:
        url: of the chat completions, e.g. ``http://10.0.0.5:8000/v1/chat/completions``.
        name: of the model, as the endpoint knows it.
        key: sent as bearer token, or empty.
    """

    url: str
    name: str
    key: str


class _Unanswered(Exception):
    """The endpoint gave no answer that can be read; the message says why, without its words."""


class _NoRedirects(HTTPRedirectHandler):
    """A text is sent to the address that was set and to no other."""

    def redirect_request(self, *args: Any, **named: Any) -> None:
        """Follow none."""


@cache
def model_rules() -> ModelRules:
    """What is asked and the bounds of an answer; read once, when a model is asked first."""
    return load_model_rules(settings.RULEBOOK)


def model_endpoint() -> Endpoint | None:
    """The endpoint from the settings, or None where none is set or its address is no web address."""
    if urlparse(settings.MODEL_URL).scheme not in ("http", "https"):
        return None
    return Endpoint(settings.MODEL_URL, settings.MODEL_NAME, settings.MODEL_KEY)


def ask_model(
    text: str, *, said_on: date | None, lexicon: Lexicon, by_rule: Sequence[ExtractedDirective]
) -> list[ExtractedDirective]:
    """What the model adds to the proposals by rule; nothing where it is off, fails or answers nonsense."""
    endpoint = model_endpoint()
    if endpoint is None:
        return []
    rules, due = model_rules(), current_rulebook().due
    ends_at = time.monotonic() + rules.seconds * _TEXT_IN_ANSWERS
    found: list[ExtractedDirective] = []
    for offset, piece in pieces_of(text, rules=rules):
        if time.monotonic() >= ends_at:
            _log.warning("the language model took too long; the rest of the text was not asked about")
            break
        try:
            answer = _answer(piece, endpoint=endpoint, rules=rules)
            found += directives_in(
                answer, piece=piece, offset=offset, said_on=said_on, lexicon=lexicon, rules=rules, due=due
            )
        except AnswerInvalid as error:
            _log.warning("an answer of the language model was thrown away: %s", error)
        except _Unanswered as error:
            _log.warning("the language model was not asked any further: %s", error)
            break
    return beside_rules(found, by_rule=by_rule)


def ask_later(text: int) -> None:
    """Queue the question about a kept text; nothing where no model is set."""
    if model_endpoint() is not None:
        task_queue.configure_task(TASK).defer(text=text)


def add_model_proposals(text: int) -> int:
    """Ask about a kept text and keep what the model adds as open proposals behind the others; returns how many.

    A text that was answered with proposals before is not asked about again.
    """
    source = SourceText.objects.filter(pk=text).first()
    if source is None or _was_answered(source):
        return 0
    by_rule = [_as_extracted(proposal) for proposal in source.proposals.all()]
    lexicon = lexicon_of(source.city, on=source.said_on)
    added = ask_model(source.text, said_on=source.said_on, lexicon=lexicon, by_rule=by_rule)
    rules = current_rulebook().directives
    with transaction.atomic():
        # The text is locked, as whoever else adds a proposal does, so that no ordinal is given twice.
        if writes.locked_text(text) is None or _was_answered(source):
            return 0
        last = source.proposals.aggregate(last=Max("ordinal"))["last"] or 0
        rows = [{**proposal_columns(one, rules=rules), "origin": ProposalOrigin.MODEL} for one in added]
        return len(writes.insert_proposals(source, rows, first=last + 1))


def _was_answered(source: SourceText) -> bool:
    return source.proposals.filter(origin=ProposalOrigin.MODEL).exists()


def _answer(piece: str, *, endpoint: Endpoint, rules: ModelRules) -> str:
    """What the model says to one piece.

    Raises:
        _Unanswered: the endpoint cannot be reached, refuses, sends elsewhere, is too slow or says too much.
        AnswerInvalid: what it sends is no chat completion.
    """
    question = {
        "model": endpoint.name,
        "temperature": 0,
        "response_format": {"type": "json_object"},
        "messages": [{"role": "system", "content": rules.instruction}, {"role": "user", "content": piece}],
    }
    headers = {"Content-Type": "application/json"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    request = Request(endpoint.url, data=json.dumps(question).encode(), headers=headers, method="POST")
    ends_at = time.monotonic() + rules.seconds
    try:
        with build_opener(ProxyHandler({}), _NoRedirects()).open(request, timeout=rules.seconds) as response:
            body = _read(response, most_bytes=rules.longest_answer, ends_at=ends_at)
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise _Unanswered(type(error).__name__) from error
    try:
        content = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, RecursionError, LookupError, TypeError) as error:
        raise AnswerInvalid("no chat completion") from error
    if not isinstance(content, str):
        raise AnswerInvalid("no text in the chat completion")
    return content


def _read(response: IO[bytes], *, most_bytes: int, ends_at: float) -> bytes:
    parts: list[bytes] = []
    length = 0
    while part := response.read1(_CHUNK_BYTES):  # type: ignore[attr-defined]
        parts.append(part)
        length += len(part)
        if length > most_bytes:
            raise _Unanswered("the answer is too long")
        if time.monotonic() >= ends_at:
            raise _Unanswered("the answer came too slowly")
    return b"".join(parts)


def _as_extracted(proposal: Proposal) -> ExtractedDirective:
    """A kept proposal as far as it is compared: its place, units and due date."""
    due = proposal.due
    on = due.get("on")
    return ExtractedDirective(
        units=[Mention(unit["name"], unit.get("code", "")) for unit in proposal.units],
        assisting=(),
        projects=(),
        matter=proposal.matter,
        due=Due(
            kind=DueKind(due.get("kind", DueKind.UNSPECIFIED)),
            on=date.fromisoformat(on) if on else None,
            rrule=due.get("rrule", ""),
        ),
        span=(proposal.span_start, proposal.span_end),
        confidence=proposal.confidence,
    )
