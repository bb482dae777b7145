"""Setting directives: drafts checked, numbered, kept and assigned in one deed, all or none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from zhengtu.accounts.models import Unit
from zhengtu.accounts.queries import unit_names
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.directives.content import DirectiveContent, fingerprint
from zhengtu.core.directives.draft import DirectiveDraft, Parent, draft_reasons, due_on_of
from zhengtu.core.directives.next_deeds import DirectiveDeed, reasons_against, unit_that_acts
from zhengtu.core.directives.numbering import directive_code, directive_number, sub_item_code, sub_item_number
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of, jurisdiction_of, project_of
from zhengtu.core.kernel.masking import mask_identifiers_in
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.directives import writes
from zhengtu.directives.cases import DIVIDE, SET, case_of, units_of, units_with
from zhengtu.directives.models import Proposal, ProposalState, SourceText
from zhengtu.ledger.act import NewFact, OpenDeed, act
from zhengtu.ledger.numbering import next_number
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Section

MOST_AT_ONCE = 300
_CODE_SERIES = "directive_code"


def set_directives(
    *,
    actor: Actor,
    drafts: Sequence[DirectiveDraft],
    source: SourceText | None = None,
    review: str = "",
    files: Sequence[OfferedFile] = (),
    now: datetime,
) -> list[str]:
    """Set and assign directives in one deed; returns their codes in the order of the drafts.

    Args:
        source: the text out of which they were read; proposals that drafts name become confirmed.
        review: code of the review that decided them.
        files: evidence, e.g. the instruction.

    Raises:
        Refused: no right, or something is wrong with a draft; then none is set. The reasons of several drafts each
            name theirs (``item``).
    """
    units = units_with(actor, SET)
    setter = min(units, default="")
    city = city_of(setter or actor.person)
    with act(actor, SET, on=Subject(code=city, units=units), at=now) as deed:
        reasons = _batch_reasons(drafts)
        proposals = writes.locked_proposals(one.proposal for one in drafts if one.proposal is not None)
        reasons += _proposal_reasons(drafts, proposals, source, city=city)
        reasons += draft_problems(drafts, setter=setter, city=city, set_on=deed.recorded_on)
        if reasons:
            raise Refused(*named(reasons))
        evidence = kept_files(files, [])
        contents = [
            _content(
                draft, setter=setter, set_on=deed.recorded_on, source=source, review=review,
                code=directive_code(city=city, number=next_number(city=city, series=_CODE_SERIES, year=0)),
            )
            for draft in drafts
        ]
        numbers = [_next_number(city, deed.recorded_on) for _ in contents]
        deed.record(facts=_first_facts(contents, numbers, deed), evidence=evidence)
        confirmed = {
            content.code: draft.proposal
            for content, draft in zip(contents, drafts, strict=True) if draft.proposal is not None
        }
        writes.insert_directives(
            contents, set_by=actor.person, set_on=deed.recorded_on, source=source, proposals=confirmed
        )
        writes.set_proposals(proposals, state=ProposalState.CONFIRMED)
        return [content.code for content in contents]


def divide_directive(*, actor: Actor, code: str, drafts: Sequence[DirectiveDraft], now: datetime) -> str:
    """Give parts of a directive to units below the lead unit, which checks and closes them; returns the deed's key.

    Raises:
        Refused: no right, not the lead, not in hand, or a draft that reaches beyond the whole.
    """
    before = case_of(code, on=civil_date(at=now))
    on = Subject(code=code, units=before.given if before is not None else frozenset())
    with act(actor, DIVIDE, on=on, at=now) as deed:
        held = case_of(code, on=deed.recorded_on)
        if held is None:
            raise Refused(_reason("vanished", N_("There is no directive of that code.")))
        rulebook = current_rulebook()
        rules = {"rules": rulebook.directives, "calendar": rulebook.calendar}
        units = units_of(actor, DirectiveDeed.DIVIDE, is_part=held.is_part)
        unit = unit_that_acts(DirectiveDeed.DIVIDE, held.case, units=units, on=deed.recorded_on, **rules)
        reasons = reasons_against(
            DirectiveDeed.DIVIDE, held.case, unit=unit, person=actor.person, on=deed.recorded_on, **rules
        )
        if reasons:
            raise Refused(*reasons)
        parent = Parent(
            due_on=held.case.life.due_on, goal=held.content.goal, projects=held.content.projects,
            subordinates=_below(unit),
        )
        reasons = _batch_reasons(drafts)
        reasons += draft_problems(
            drafts, setter=unit, city=city_of(code), set_on=deed.recorded_on, parent=parent
        )
        if reasons:
            raise Refused(*named(reasons))
        contents = [
            replace(
                _content(
                    draft, setter=unit, set_on=deed.recorded_on, source=held.row.source, parent=parent,
                    code=sub_item_code(code, number=held.parts + place),
                ),
                parent=code,
            )
            for place, draft in enumerate(drafts, start=1)
        ]
        numbers = [
            sub_item_number(rulebook.directives, parent=held.case.life.number, number=held.parts + place)
            for place in range(1, len(contents) + 1)
        ]
        deed.record(facts=_first_facts(contents, numbers, deed))
        writes.insert_directives(contents, set_by=actor.person, set_on=deed.recorded_on, source=held.row.source)
        return deed.id


def draft_problems(
    drafts: Sequence[DirectiveDraft], *, setter: str, city: str, set_on: date, parent: Parent | None = None
) -> list[Reason]:
    """What is wrong with these drafts; the reasons of several each name theirs."""
    named_units = {unit for one in drafts for unit in (one.lead, *one.joint, *one.assisting)}
    units = set(Unit.objects.filter(code__in=named_units, code__startswith=city[:4]).values_list("code", flat=True))
    places = _places({place for one in drafts for place in one.projects}, city=city)
    rules = current_rulebook().directives
    reasons = []
    for number, draft in enumerate(drafts, start=1):
        found = draft_reasons(
            draft, set_on=set_on, units=units, places=places, setter=setter, rules=rules, parent=parent
        )
        reasons += [_of_item(one, number) for one in found] if len(drafts) > 1 else found
    return reasons


def problems_by_draft(*, actor: Actor, drafts: Sequence[DirectiveDraft], on: date) -> list[list[Reason]]:
    """What would be wrong with each of these drafts, should the actor set it on a day; nothing is set."""
    setter = min(units_with(actor, SET), default="")
    city = city_of(setter or actor.person)
    return [named(draft_problems([draft], setter=setter, city=city, set_on=on)) for draft in drafts]


def named(reasons: Sequence[Reason]) -> list[Reason]:
    """The same reasons with the names of units in place of their codes."""
    codes = {str(one.parameters["unit"]) for one in reasons if "unit" in one.parameters}
    names = unit_names(codes) if codes else {}
    return [
        replace(one, parameters={**one.parameters, "unit": names[code][0]})
        if (code := str(one.parameters.get("unit", ""))) in names else one
        for one in reasons
    ]


def _of_item(reason: Reason, number: int) -> Reason:
    """The reason with the place of its draft among several, for the form to show it there."""
    return replace(reason, parameters={**reason.parameters, "item": number})


def _content(
    draft: DirectiveDraft,
    *,
    code: str,
    setter: str,
    set_on: date,
    source: SourceText | None,
    review: str = "",
    parent: Parent | None = None,
) -> DirectiveContent:
    rulebook = current_rulebook()
    is_recurring = draft.due.kind == "recurring"
    return DirectiveContent(
        code=code, setter=setter, lead=draft.lead, joint=tuple(draft.joint), assisting=tuple(draft.assisting),
        matter=mask_identifiers_in(draft.matter.strip()), due_kind=str(draft.due.kind),
        due_on=due_on_of(
            draft, set_on=set_on, rules=rulebook.directives, calendar=rulebook.calendar, parent=parent
        ),
        due_text=draft.due.text[:64], rrule=draft.due.rrule if is_recurring else "",
        rrule_from=set_on + timedelta(days=1) if is_recurring else None,
        urgency=draft.urgency, goal=draft.goal, projects=tuple(draft.projects),
        source=source.text_sha256 if source is not None else "", span=draft.span, review=review,
    )


def _first_facts(contents: Sequence[DirectiveContent], numbers: Sequence[str], deed: OpenDeed) -> list[NewFact]:
    """Each directive is set with its fingerprint and assigned under its number."""
    facts = []
    for content, number in zip(contents, numbers, strict=True):
        facts.append(
            NewFact(
                "directive", content.code, "directive_set", deed.recorded_on,
                {"content_sha256": fingerprint(content)},
            )
        )
        facts.append(NewFact("directive", content.code, "directive_assigned", deed.recorded_on, {"number": number}))
    return facts


def _next_number(city: str, on: date) -> str:
    rules = current_rulebook().directives
    number = next_number(city=city, series=rules.series, year=on.year)
    return directive_number(rules, year=on.year, number=number)


def _batch_reasons(drafts: Sequence[DirectiveDraft]) -> list[Reason]:
    if not drafts:
        return [_reason("none", N_("Nothing is to be set."), N_("Choose at least one."))]
    if len(drafts) > MOST_AT_ONCE:
        return [
            Reason(
                code="directive.many", message=N_("At most %(limit)s directives are set at once."),
                parameters={"limit": MOST_AT_ONCE}, remedy=N_("Set them in several turns."),
            )
        ]
    return []


def _proposal_reasons(
    drafts: Sequence[DirectiveDraft], proposals: Mapping[int, Proposal], source: SourceText | None, *, city: str
) -> list[Reason]:
    asked = {draft.proposal for draft in drafts if draft.proposal is not None}
    if source is not None and source.city != city:
        return [_reason("other_city", N_("The text belongs to another city."))]
    is_own = source is not None and all(one.text_id == source.pk for one in proposals.values())
    if asked and (asked != set(proposals) or not is_own):
        return [_reason("proposal", N_("A proposal does not belong to the text."), N_("Load the page anew."))]
    if any(one.state != ProposalState.OPEN for one in proposals.values()):
        return [
            _reason("proposal_done", N_("A proposal was confirmed, merged or dropped already."),
                    N_("Load the page anew."))
        ]
    return []


def _places(codes: Collection[str], *, city: str) -> dict[str, set[str]]:
    """Project or section of the city -> jurisdictions in which it has sections."""
    found: dict[str, set[str]] = {}
    if not codes:
        return found
    projects = {project_of(code) for code in codes if code.count("-") >= 1}
    rows = Section.objects.filter(project__in=projects, code__startswith=city[:4]).values_list("code", "project")
    for section, project in rows:
        for code in {section, project} & set(codes):
            found.setdefault(code, set()).add(jurisdiction_of(section))
    return found


def _below(unit: str) -> set[str]:
    """Units directly below."""
    return set(Unit.objects.filter(superior=unit).values_list("code", flat=True))


def _reason(code: str, message: str, remedy: str = "") -> Reason:
    return Reason(code=f"directive.{code}", message=message, remedy=remedy)
