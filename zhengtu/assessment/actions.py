"""Deeds about assessments: adopt one, publish its cards, appeal against a line, decide an appeal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.core.files.base import ContentFile

from zhengtu.accounts.queries import unit_of
from zhengtu.assessment import writes
from zhengtu.assessment.models import Appeal, AppealRemedy, AppealState, Assessment
from zhengtu.assessment.queries import (
    ADOPT,
    APPEAL,
    DECIDE,
    last_day_of_appeal,
    published_cards,
    scheme_of,
    subject_of_assessment,
)
from zhengtu.assessment.scoring_units import cards
from zhengtu.assessment.telling import tell_appealed, tell_decided, tell_published
from zhengtu.core.assessment.scheme import Measure, Scheme
from zhengtu.core.assessment.trial import CriterionChange, changed_scheme
from zhengtu.core.assessment.unit_card import can_correct, fingerprint_of
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.plain_values import plain
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import AttachedFile, keep_file
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.rulebook import current_rulebook

_DAY: Final = timedelta(days=1)
_LONGEST_DAYS: Final = 366
TEXT_LIMIT: Final = 4_000
"""Characters of an appeal or a decision."""


def adopt_assessment(
    *, actor: Actor, city: str, scheme: str, from_on: date, until_on: date, now: datetime,
    changes: Mapping[str, CriterionChange] | None = None,
) -> str:
    """Adopt a scheme for a period; the scheme as adopted is the deed's evidence. Returns the assessment's code.

    Args:
        until_on: first day after the period.
        changes: what is weighed otherwise than in the rulebook, as it was tried.

    Raises:
        Refused: no right, an unknown scheme or one not in force, a period that cannot be or was adopted already.
    """
    with act(actor, ADOPT, on=Subject(code=city), at=now) as deed:
        adopted = _adoptable(city, scheme, from_on=from_on, until_on=until_on)
        adopted = changed_scheme(adopted, changes or {})
        terms = plain(adopted)
        assessment = Assessment(
            code=_next_code(city), scheme=scheme, terms=terms, scheme_sha256=fingerprint_of(terms), from_on=from_on,
            until_on=until_on, adopted_by_id=actor.person, adopted_on=civil_date(at=now),
        )
        fact = _fact(assessment, "assessment_adopted", now, {
            "scheme": scheme, "from_on": from_on.isoformat(), "until_on": until_on.isoformat(),
            "scheme_sha256": assessment.scheme_sha256,
        })
        deed.record(facts=[fact], evidence=[_scheme_file(adopted, terms)])
        writes.insert_assessment(assessment)
        return assessment.code


def publish_assessment(*, actor: Actor, code: str, now: datetime) -> str:
    """Freeze the cards of a period that is over, as known by the end of the day before; returns the deed's key.

    Raises:
        Refused: no right, nothing under that code, published already, or the period is not over.
    """
    seen = _seen(code)
    today = civil_date(at=now)
    known_on = today - _DAY
    subject = subject_of_assessment(seen)
    denied = current_rulebook().authority.may(actor=actor, verb=ADOPT, subject=subject)
    ready = denied is None and not _publishing_reasons(seen, today=today)
    # Made before the city's chain is held: nothing that is recorded today changes what was known yesterday.
    made = cards(
        city_of(code), scheme=scheme_of(seen), from_on=seen.from_on, until_on=seen.until_on, known=known_on
    ) if ready else []
    with act(actor, ADOPT, on=subject, at=now) as deed:
        assessment = writes.locked_assessment(code)
        reasons = _publishing_reasons(assessment, today=today)
        if ready and not any(card.card.of_points for card in made):
            reasons.append(_reason(
                "nothing", N_("Nothing was due or known of any unit in this period."), N_("Adopt another period.")
            ))
        if reasons:
            raise Refused(*reasons)
        held = plain(made)
        sha256 = fingerprint_of(held)
        deed.record(facts=[_fact(
            assessment, "assessment_published", now, {"known_on": known_on.isoformat(), "cards_sha256": sha256}
        )])
        writes.publish(assessment, cards=held, sha256=sha256, on=today, known_on=known_on)
    tell_published(assessment, units=[card.unit for card in made if card.card.of_points], now=now)
    return deed.id


def appeal_score(
    *, actor: Actor, code: str, unit: str, criterion: str, reference: str, text: str, files: Sequence[OfferedFile],
    now: datetime,
) -> int:
    """Appeal against one case or event of the own card, with a written statement; returns the appeal's number.

    Raises:
        Refused: no right, not published, too late, no such line, no reason or statement, or appealed against before.
    """
    seen = _seen(code)
    with act(actor, APPEAL, on=subject_of_assessment(seen, unit=unit), at=now) as deed:
        assessment = writes.locked_assessment(code)
        reasons = _appeal_reasons(
            assessment, unit=unit, criterion=criterion, reference=reference, today=civil_date(at=now)
        )
        reasons += _text_reasons(text, N_("An appeal needs its reason."))
        if not any(file.kind == "statement" for file in files):
            reasons.append(_reason(
                "statement", N_("An appeal needs a written statement."), N_("Attach the statement with its evidence.")
            ))
        evidence = kept_files(files, reasons)
        fact = _fact(assessment, "assessment_appealed", now, {
            "unit": unit, "criterion": criterion, "reference": reference, "reason": text.strip(),
        })
        deed.record(facts=[fact], evidence=evidence)
        appeal = Appeal(
            assessment=assessment, unit_id=unit, criterion=criterion, reference=reference, text=text.strip(),
            appealed_by_id=actor.person, appealed_at=now, deed=deed.id,
        )
        writes.insert_appeal(appeal)
    tell_appealed(appeal, now=now)
    return int(appeal.pk)


def decide_appeal(
    *, actor: Actor, appeal: int, outcome: str, remedy: str, decision: str, now: datetime
) -> str:
    """Decide an appeal; an upheld one changes the published card. Returns the deed's key.

    Args:
        outcome: ``upheld`` or ``dismissed``.
        remedy: of an upheld one, what it does (``AppealRemedy``).

    Raises:
        Refused: no right, decided already, the own appeal, no outcome, remedy or reason.
    """
    row = Appeal.objects.select_related("assessment").filter(pk=appeal).first()
    if row is None:
        raise Refused(_reason("no_appeal", N_("There is no such appeal."), N_("Open it from the list.")))
    with act(actor, DECIDE, on=subject_of_assessment(row.assessment), at=now) as deed:
        held = writes.locked_appeal(appeal) or row
        reasons = _deciding_reasons(held, outcome=outcome, remedy=remedy, person=actor.person)
        reasons += _text_reasons(decision, N_("A decision needs its reason."))
        if reasons:
            raise Refused(*reasons)
        is_upheld = outcome == AppealState.UPHELD
        chosen = remedy if is_upheld else ""
        attributes = {
            "unit": held.unit_id, "criterion": held.criterion, "reference": held.reference, "outcome": outcome,
            "reason": decision.strip(), **({"remedy": chosen} if chosen else {}),
        }
        deed.record(facts=[_fact(row.assessment, "assessment_appeal_decided", now, attributes)])
        writes.decide(
            held, state=AppealState(outcome), remedy=chosen, decision=decision.strip(), person=actor.person, at=now,
            fact=f"{deed.id}/1",
        )
    tell_decided(held, now=now)
    return deed.id


def _adoptable(city: str, scheme: str, *, from_on: date, until_on: date) -> Scheme:
    """The scheme of the rulebook, where it may be adopted for the period.

    Raises:
        Refused: with everything that speaks against it.
    """
    found = current_rulebook().assessment.schemes.get(scheme)
    if found is None:
        raise Refused(_reason("scheme", N_("There is no such scheme."), N_("Choose one of the list.")))
    reasons = []
    if not from_on < until_on or (until_on - from_on).days > _LONGEST_DAYS:
        reasons.append(_reason(
            "period", N_("A period lasts from one day to a year."), N_("Choose another first or last day.")
        ))
    if from_on < found.from_on or (found.until_on is not None and until_on > found.until_on):
        reasons.append(_reason(
            "not_in_force", N_("The scheme is not in force for all of the period."),
            N_("Choose days from %(from_on)s on."), from_on=found.from_on.isoformat(),
        ))
    taken = Assessment.objects.filter(
        code__startswith=city[:4], scheme=scheme, from_on__lt=until_on, until_on__gt=from_on
    ).first()
    if taken is not None:
        reasons.append(_reason(
            "taken", N_("Assessment %(assessment)s stands for days of this period already."),
            N_("Choose another period."), assessment=taken.code,
        ))
    if reasons:
        raise Refused(*reasons)
    return found


def _publishing_reasons(assessment: Assessment, *, today: date) -> list[Reason]:
    if assessment.published_on is not None:
        return [_reason(
            "published", N_("It was published on %(day)s."), N_("Published scores change by upheld appeals alone."),
            day=assessment.published_on.isoformat(),
        )]
    if today < assessment.until_on:
        return [_reason(
            "not_over", N_("Its period is not over before %(day)s."), N_("Publish it then."),
            day=assessment.until_on.isoformat(),
        )]
    return []


def _appeal_reasons(
    assessment: Assessment, *, unit: str, criterion: str, reference: str, today: date
) -> list[Reason]:
    last = last_day_of_appeal(assessment)
    if last is None:
        return [_reason("not_published", N_("The scores are not published yet."), N_("Appeal once they are."))]
    if today > last:
        return [_reason(
            "too_late", N_("Appeals were possible until %(day)s."), N_("Write to the inspection office."),
            day=last.isoformat(),
        )]
    known = scheme_of(assessment).criterion(criterion)
    if known is not None and known.measure is Measure.ESTIMATE:
        return [_reason(
            "estimate", N_("What an inspection found is disputed with the inspection's conclusion."),
            N_("Object to the conclusion within its thirty days."),
        )]
    card = next((one for one in published_cards(assessment) if one.unit == unit), None)
    if card is None or unit_of(unit) is None or not can_correct(card, criterion=criterion, reference=reference):
        return [_reason(
            "no_line", N_("The card has no such case or event."), N_("Choose one from the card.")
        )]
    if Appeal.objects.filter(
        assessment=assessment, unit=unit, criterion=criterion, reference=reference
    ).exists():
        return [_reason(
            "appealed", N_("This case or event was appealed against before."), N_("See what was decided on the card.")
        )]
    return []


def _deciding_reasons(appeal: Appeal, *, outcome: str, remedy: str, person: str) -> list[Reason]:
    if appeal.state != AppealState.OPEN:
        return [_reason("decided", N_("The appeal is decided already."), N_("Open it anew."))]
    if appeal.appealed_by_id == person:
        return [_reason("own_appeal", N_("Nobody decides an appeal of their own."), N_("Leave it to a colleague."))]
    if outcome not in (AppealState.UPHELD, AppealState.DISMISSED):
        return [_reason("outcome", N_("Say whether the appeal is upheld."), N_("Choose an outcome."))]
    known = scheme_of(appeal.assessment).criterion(appeal.criterion)
    is_event = known is not None and known.measure is Measure.EVENTS
    fitting = (AppealRemedy.LEFT_OUT,) if is_event else tuple(AppealRemedy)
    if outcome == AppealState.UPHELD and remedy not in fitting:
        return [_reason(
            "remedy", N_("Say what becomes of the disputed case."),
            N_("Choose whether it is left out or counts as done in time; an event can only be left out."),
        )]
    return []


def _text_reasons(text: str, message: str) -> list[Reason]:
    if not text.strip():
        return [_reason("reason", message, N_("Write why."))]
    if len(text) > TEXT_LIMIT:
        return [_reason("too_long", N_("The text is too long."), N_("Shorten it, or attach it as a file."))]
    return []


def _scheme_file(scheme: Scheme, terms: object) -> AttachedFile:
    """The scheme as adopted, as a file that people can read."""
    text = json.dumps(terms, ensure_ascii=False, indent=2, sort_keys=True)
    return keep_file(
        ContentFile(text.encode()), kind="scheme", name=f"{scheme.id}.txt", media_type="text/plain"
    )


def _fact(assessment: Assessment, kind: str, now: datetime, attributes: dict[str, str]) -> NewFact:
    return NewFact(
        subject_kind="assessment", subject=assessment.code, kind=kind, happened_on=civil_date(at=now),
        attributes=attributes,
    )


def _next_code(city: str) -> str:
    """``220200-K0001``; call it with the city's chain held."""
    start = f"{city_of(city)}-K"
    return f"{start}{Assessment.objects.filter(code__startswith=start).count() + 1:04d}"


def _seen(code: str) -> Assessment:
    row = Assessment.objects.filter(pk=code).first()
    if row is None:
        raise Refused(_reason("unknown", N_("There is no such assessment."), N_("Open it from the list.")))
    return row


def _reason(code: str, message: str, remedy: str, **parameters: object) -> Reason:
    return Reason(code=f"assessment.{code}", message=message, parameters=parameters, remedy=remedy)
