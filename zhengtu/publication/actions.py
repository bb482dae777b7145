"""Deeds about a bulletin: draft, write, submit, return, release, withdraw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.core.files.base import ContentFile

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.bulletins.figures import NamedFigures, Period, fingerprint
from zhengtu.core.bulletins.period import period_of
from zhengtu.core.bulletins.wording import KindRules
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import AttachedFile, keep_file
from zhengtu.ledger.numbering import next_number
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.publication import writes
from zhengtu.publication.addressees import units_addressed, units_offered
from zhengtu.publication.documents import MEDIA_TYPES, Issue, bulletin_files, number_of
from zhengtu.publication.models import Bulletin, BulletinStage
from zhengtu.publication.queries import (
    bulletin_subject,
    campaign_days,
    kind_of_bulletin,
    standing_bulletin,
)
from zhengtu.publication.telling import tell_released, tell_returned, tell_submitted
from zhengtu.publication.week_figures import ledger_figures, period_of_bulletin, plans_ready

LONGEST_REMARK = 2_000
MOST_REMARKS = 20
_WRITABLE = (BulletinStage.DRAFT, BulletinStage.RETURNED)
_REASON_LENGTH = 500


def draft_bulletin(
    *, actor: Actor, city: str, kind: str, from_on: date, until_on: date, now: datetime, as_of_on: date | None = None,
    known_on: date | None = None, addressees: Sequence[str] | None = None,
) -> str:
    """Begin a bulletin of a period; returns its code.

    Args:
        kind: id in ``rulebook/bulletins``.
        until_on: the first day after the period.
        as_of_on, known_on: the dates of its figures, both over; None: the last day of the period, or yesterday.
        addressees: codes of units; None: those that the kind goes to by itself.

    Raises:
        Refused: no right, an unknown kind or unit, dates that do not fit, or the period has a bulletin already.
    """
    kinds = current_rulebook().bulletins.kinds
    if kind not in kinds:
        raise Refused(_reason("kind", N_("There is no such kind of bulletin."), N_("Choose one of the list.")))
    rules = kinds[kind]
    with act(actor, rules.draft, on=Subject(code=city), at=now) as deed:
        period = period_of(
            from_on=from_on, until_on=until_on, as_of_on=as_of_on, known_on=known_on, today=civil_date(at=now),
            campaign=campaign_days(city),
        )
        units = list(dict.fromkeys(units_addressed(city, rules) if addressees is None else addressees))
        reasons = [
            *_head_reasons(city, rules), *_addressee_reasons(city, rules, units), *_taken_reasons(city, rules, period)
        ]
        if reasons:
            raise Refused(*reasons)
        bulletin = Bulletin(
            code=_next_code(city), kind=kind, from_on=from_on, until_on=until_on, as_of_on=period.as_of_on,
            known_on=period.known_on, addressees=units, drafted_by_id=actor.person, drafted_at=now,
            written_by=[actor.person],
        )
        deed.record(because=[_told("drafted", N_("Bulletin %(bulletin)s drafted"), bulletin)])
        writes.insert_bulletin(bulletin)
    plans_ready(city, period)
    return bulletin.code


def write_remarks(
    *, actor: Actor, code: str, remarks: Mapping[str, str], now: datetime, addressees: Sequence[str] | None = None
) -> str:
    """Keep what people write in the parts that take it, one paragraph a line; returns the deed's key.

    Raises:
        Refused: no right, not a draft, an unknown part or unit, or a text that is too long.
    """
    seen = _seen(code)
    kind = kind_of_bulletin(seen)
    with act(actor, kind.draft, on=bulletin_subject(seen), at=now) as deed:
        bulletin = writes.locked_bulletin(code)
        units = list(dict.fromkeys(bulletin.addressees if addressees is None else addressees))
        kept = {part: _paragraphs(text) for part, text in remarks.items()}
        reasons = [
            *_stage_reasons(bulletin, _WRITABLE), *_remark_reasons(kind, kept),
            *_addressee_reasons(city_of(code), kind, units),
        ]
        if reasons:
            raise Refused(*reasons)
        deed.record(because=[_told("written", N_("Remarks written in bulletin %(bulletin)s"), bulletin)])
        writes.put_remarks(
            bulletin, remarks={part: lines for part, lines in kept.items() if lines}, addressees=units,
            person=actor.person,
        )
        return deed.id


def submit_bulletin(*, actor: Actor, code: str, now: datetime) -> str:
    """Hand a draft to whoever releases it; returns the deed's key.

    Raises:
        Refused: no right, not a draft, or the plans of its dates are not computed yet.
    """
    seen = _seen(code)
    with act(actor, kind_of_bulletin(seen).draft, on=bulletin_subject(seen), at=now) as deed:
        bulletin = writes.locked_bulletin(code)
        reasons = [*_stage_reasons(bulletin, _WRITABLE), *_plan_reasons(bulletin)]
        if reasons:
            raise Refused(*reasons)
        deed.record(because=[_told("submitted", N_("Bulletin %(bulletin)s submitted"), bulletin)])
        writes.submit(bulletin, person=actor.person, at=now)
    tell_submitted(bulletin, now=now)
    return deed.id


def return_bulletin(*, actor: Actor, code: str, reason: str, now: datetime) -> str:
    """Return a submitted bulletin with the reason; returns the deed's key.

    Raises:
        Refused: no right, not submitted, one's own, or without a reason.
    """
    seen = _seen(code)
    with act(actor, kind_of_bulletin(seen).release, on=bulletin_subject(seen), at=now) as deed:
        bulletin = writes.locked_bulletin(code)
        reasons = [
            *_stage_reasons(bulletin, (BulletinStage.SUBMITTED,)), *_own_reasons(bulletin, actor),
            *_text_reasons(reason),
        ]
        if reasons:
            raise Refused(*reasons)
        deed.record(
            because=[_told("returned", N_("Bulletin %(bulletin)s returned: %(text)s"), bulletin, text=reason.strip())]
        )
        writes.send_back(bulletin, reason=reason.strip())
    tell_returned(bulletin, now=now)
    return deed.id


def release_bulletin(*, actor: Actor, code: str, now: datetime) -> str:
    """Release a submitted bulletin: number, figures and files are kept and never change; returns the deed's key.

    Raises:
        Refused: no right, not submitted, one's own, or the plans of its dates are not computed any more.
    """
    seen = _seen(code)
    kind = kind_of_bulletin(seen)
    with act(actor, kind.release, on=bulletin_subject(seen), at=now) as deed:
        bulletin = writes.locked_bulletin(code)
        reasons = [
            *_stage_reasons(bulletin, (BulletinStage.SUBMITTED,)), *_own_reasons(bulletin, actor),
            *_head_reasons(city_of(code), kind), *_plan_reasons(bulletin),
        ]
        if reasons:
            raise Refused(*reasons)
        today, city = civil_date(at=now), city_of(code)
        named = ledger_figures(city, kind=bulletin.kind, period=period_of_bulletin(bulletin))
        ordinal = next_number(city=city, series=kind.series, year=today.year)
        issue = Issue(number=ordinal, issued_on=today, addressees=bulletin.addressees)
        number, files = number_of(kind, city=city, issue=issue), _kept_files(bulletin, named, issue=issue)
        deed.record(facts=[_released(bulletin, named, number=number, today=today)], evidence=list(files.values()))
        writes.release(
            bulletin, named=named, number=number, person=actor.person, at=now, deed=deed.id,
            files={"word": files["docx"].sha256, "pdf": files["pdf"].sha256, "annex": files["xlsx"].sha256},
        )
    tell_released(bulletin, now=now)
    return deed.id


def withdraw_bulletin(*, actor: Actor, code: str, reason: str, now: datetime) -> str:
    """Withdraw a released bulletin, or give up a draft; what went out stays as it was. Returns the deed's key.

    A released one is withdrawn by whoever releases its kind, a draft given up by whoever drafts it.

    Raises:
        Refused: no right, withdrawn already or being checked, or without a reason.
    """
    seen = _seen(code)
    kind = kind_of_bulletin(seen)
    is_released = seen.stage == BulletinStage.RELEASED
    with act(actor, kind.release if is_released else kind.draft, on=bulletin_subject(seen), at=now) as deed:
        bulletin = writes.locked_bulletin(code)
        stages = (BulletinStage.RELEASED,) if is_released else _WRITABLE
        reasons = [*_stage_reasons(bulletin, stages), *_text_reasons(reason)]
        if reasons:
            raise Refused(*reasons)
        said = reason.strip()
        told = _told("withdrawn", N_("Bulletin %(bulletin)s withdrawn: %(text)s"), bulletin, text=said)
        facts = [
            NewFact(
                subject_kind="bulletin", subject=code, kind=kind.facts["withdrawn"], happened_on=civil_date(at=now),
                attributes={"reason": said},
            )
        ]
        deed.record(facts=facts if is_released else [], because=[told])
        writes.withdraw(bulletin, reason=said)
        return deed.id


def _kept_files(bulletin: Bulletin, named: NamedFigures, *, issue: Issue) -> dict[str, AttachedFile]:
    made = bulletin_files(named, remarks=bulletin.remarks, issue=issue)
    return {
        ending: keep_file(
            ContentFile(data), kind="bulletin_document", name=f"{bulletin.code}.{ending}",
            media_type=MEDIA_TYPES[ending],
        )
        for ending, data in made.items()
    }


def _released(bulletin: Bulletin, named: NamedFigures, *, number: str, today: date) -> NewFact:
    return NewFact(
        subject_kind="bulletin", subject=bulletin.code, kind=kind_of_bulletin(bulletin).facts["released"],
        happened_on=today,
        attributes={
            "number": number, "as_of_on": bulletin.as_of_on.isoformat(), "known_on": bulletin.known_on.isoformat(),
            "figures_sha256": fingerprint(named.figures),
        },
    )


def _next_code(city: str) -> str:
    """``220200-B0001``; call it with the city's chain held."""
    return f"{city}-B{Bulletin.objects.filter(code__startswith=f'{city}-B').count() + 1:04d}"


def _seen(code: str) -> Bulletin:
    """The bulletin; its scope decides who may act on it.

    Raises:
        Refused: there is none.
    """
    bulletin = Bulletin.objects.filter(pk=code).first()
    if bulletin is None:
        raise Refused(_reason("unknown", N_("There is no such bulletin."), N_("Open it from the list.")))
    return bulletin


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _remark_reasons(kind: KindRules, remarks: Mapping[str, Sequence[str]]) -> list[Reason]:
    open_parts = {part.id for part in kind.parts if part.takes_remarks}
    reasons = []
    for part, paragraphs in remarks.items():
        if part not in open_parts:
            reasons.append(
                _reason("part", N_("Nothing is written by hand in the part “%(part)s”."),
                        N_("Write in one of the parts that take remarks."), part=part)
            )
        if len(paragraphs) > MOST_REMARKS or any(len(one) > LONGEST_REMARK for one in paragraphs):
            reasons.append(
                _reason("long", N_("The text is too long: at most %(count)s paragraphs of %(length)s characters."),
                        N_("Shorten it."), count=MOST_REMARKS, length=LONGEST_REMARK)
            )
    return reasons


def _head_reasons(city: str, kind: KindRules) -> list[Reason]:
    if current_rulebook().bulletins.may_issue(kind, city=city):
        return []
    return [
        _reason("head", N_("No office of this city issues documents under a red head."),
                N_("Begin the internal bulletin, or have the office named in the rulebook."))
    ]


def _addressee_reasons(city: str, kind: KindRules, units: Sequence[str]) -> list[Reason]:
    if not units:
        return [_reason("nobody", N_("The bulletin goes to nobody."), N_("Choose the units that it goes to."))]
    offered = {unit.code for unit in units_offered(city, kind)}
    return [
        _reason("unit", N_("%(unit)s is no unit that this bulletin may go to."), N_("Choose from the list."), unit=unit)
        for unit in units if unit not in offered
    ]


def _taken_reasons(city: str, kind: KindRules, period: Period) -> list[Reason]:
    held = standing_bulletin(city, kind=kind.id, from_on=period.from_on, until_on=period.until_on)
    if held is None:
        return []
    return [
        _reason("taken", N_("Bulletin %(bulletin)s tells of this period already."),
                N_("Go on with it, or withdraw it first."), bulletin=held.number or held.code)
    ]


def _stage_reasons(bulletin: Bulletin, stages: Sequence[str]) -> list[Reason]:
    if bulletin.stage in stages:
        return []
    return [
        _reason("stage", N_("The bulletin is not in a stage in which this can be done."),
                N_("Open it anew and see where it stands."))
    ]


def _own_reasons(bulletin: Bulletin, actor: Actor) -> list[Reason]:
    if actor.person not in bulletin.written_by:
        return []
    return [
        _reason("own", N_("Whoever wrote a bulletin does not check or release it."), N_("Let somebody else do it."))
    ]


def _plan_reasons(bulletin: Bulletin) -> list[Reason]:
    if plans_ready(city_of(bulletin.code), period_of_bulletin(bulletin)):
        return []
    return [
        _reason("plans", N_("The plans of its dates are still being computed."), N_("Try again in a minute."))
    ]


def _text_reasons(text: str) -> list[Reason]:
    if not text.strip():
        return [_reason("reason", N_("The reason is missing."), N_("Write why."))]
    if len(text.strip()) > _REASON_LENGTH:
        return [_reason("reason_long", N_("The reason is too long."), N_("Shorten it."))]
    return []


def _told(code: str, message: str, bulletin: Bulletin, **parameters: object) -> Reason:
    return Reason(f"bulletins.{code}", message, {"bulletin": bulletin.code, **parameters})


def _reason(code: str, message: str, remedy: str, **parameters: object) -> Reason:
    return Reason(code=f"bulletins.{code}", message=message, parameters=parameters, remedy=remedy)
