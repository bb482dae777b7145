"""Deeds before anybody goes on site: the instruction, the plan, the draw, and leaving it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.inspection.authorisation import InspectionScope, PastInspection, plan_reasons
from zhengtu.core.inspection.matters import InspectedMatter, Repeats
from zhengtu.core.inspection.pairing import drawn_teams
from zhengtu.core.inspection.patrol import patrol_list
from zhengtu.core.inspection.replay import DrawDocument, DrawnStratum
from zhengtu.core.inspection.sampling import Stratum, allocated, drawn_plan
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.draw import commitment_of, digest_of_list
from zhengtu.core.kernel.masking import mask_identifiers_in
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.inspection import writes
from zhengtu.inspection.candidates import Weights, closed_list, sections_of
from zhengtu.inspection.inspectors import inspectors_of
from zhengtu.inspection.models import Inspection, InspectionForm, Instruction, Recusal
from zhengtu.inspection.refusing import reason, seen, standing_reasons, text_reasons
from zhengtu.inspection.telling import tell_assigned, tell_instructed
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.rulebook import current_rulebook

PLAN: Final = "inspection.plan"
AUTHORISE: Final = "inspection.authorise"
_TITLE_LIMIT: Final = 160


@dataclass(frozen=True, slots=True)
class WrittenInstruction:
    """An instruction on paper.

    Attributes:
        words: what it says. role: role of whoever gave it (``mayor`` or ``vice_mayor``). file: the paper itself; None
            where it is missing.
    """

    words: str
    role: str
    given_on: date
    file: OfferedFile | None


def authorise_inspection(*, actor: Actor, city: str, words: str, now: datetime) -> str:
    """Give the instruction for an inspection; returns the code that its plan will bear.

    Raises:
        Refused: no right, or no words.
    """
    with act(actor, AUTHORISE, on=Subject(code=city), at=now) as deed:
        reasons = text_reasons(
            words, message=N_("An instruction needs its words."), remedy=N_("Write what is to be inspected.")
        )
        if reasons:
            raise Refused(*reasons)
        code, said = writes.new_code(city), mask_identifiers_in(words.strip())
        deed.record(facts=[
            NewFact("inspection", code, "inspection_authorised", deed.recorded_on, {"instruction": said})
        ])
        writes.insert_instruction(Instruction(
            code=code, words=said, given_by_id=actor.person, role=_role_with(actor, AUTHORISE),
            given_on=deed.recorded_on, deed=deed.id,
        ))
    tell_instructed(code, now=now)
    return code


def plan_inspection(
    *, actor: Actor, city: str, form: str, matter: str, title: str, places: Sequence[str], from_on: date,
    until_on: date, as_of_on: date, households: int, now: datetime, instruction: str = "",
    written: WrittenInstruction | None = None,
) -> str:
    """Plan an inspection under an instruction; the seed is drawn and its fingerprint kept in the ledger.

    Args:
        form: one of ``InspectionForm``. matter: id in ``rulebook/inspection/matters``.
        places: codes of jurisdictions, projects, parts of projects or sections.
        from_on, until_on: first and last day on site.
        as_of_on: the day whose reported figures are checked, over by the draw.
        households: how many are to be seen.
        instruction: code of the instruction given in the platform; empty: ``written`` is attached.

    Returns:
        The inspection's code.

    Raises:
        Refused: no right, no instruction, a matter or place that does not fit, days out of order, or the same place
            was inspected for the same matter within the quiet days.
    """
    with act(actor, PLAN, on=Subject(code=city), at=now) as deed:
        given = Instruction.objects.filter(pk=instruction, code__startswith=f"{city}-I").first()
        plan = Inspection(
            code=given.code if given is not None else writes.new_code(city), form=form, matter=matter,
            title=mask_identifiers_in(title.strip()), places=list(dict.fromkeys(places)), from_on=from_on,
            until_on=until_on, as_of_on=as_of_on, households=households, planned_by_id=actor.person, planned_at=now,
        )
        reasons = _instruction_reasons(given, instruction=instruction, written=written)
        if given is not None:
            plan.instruction, plan.instruction_by, plan.instruction_on = given.words, given.role, given.given_on
        elif written is not None:
            plan.instruction = mask_identifiers_in(written.words.strip())
            plan.instruction_by, plan.instruction_on = written.role, written.given_on
        reasons += _plan_reasons(plan, city=city, today=deed.recorded_on)
        paper = written.file if written is not None and given is None else None
        files = kept_files([paper] if paper is not None else [], reasons)
        plan.seed = writes.new_seed()
        plan.commitment = commitment_of(plan.seed)
        deed.record(evidence=files, facts=[NewFact(
            "inspection", plan.code, "inspection_planned", deed.recorded_on,
            {"commitment": plan.commitment, "content_sha256": plan_fingerprint(plan)},
        )])
        writes.insert_inspection(plan)
    return plan.code


def draw_inspection(*, actor: Actor, code: str, now: datetime) -> str:
    """Close the list and draw households and inspectors by the seed that was committed to; returns the deed's key.

    Raises:
        Refused: no right, drawn already, the plan's day is not over, nobody is reported so, or too few inspectors.
    """
    today = civil_date(at=now)
    seen(actor, code, today=today)
    with act(actor, PLAN, on=Subject(code=code), at=now) as deed:
        plan = writes.locked_inspection(code)
        reasons = standing_reasons(plan, drawn=False)
        if plan.as_of_on >= today:
            reasons.append(reason(
                "day_not_over", N_("The figures of %(day)s are not complete before that day is over."),
                N_("Draw on a later day."), day=plan.as_of_on.isoformat(),
            ))
        if plan.until_on < today:
            reasons.append(reason("days_over", N_("The days on site have passed."), N_("Cancel it and plan anew.")))
        if reasons:
            raise Refused(*reasons)
        document = _drawn(plan, today=today)
        fingerprint = writes.keep_draw(plan, document, on=today)
        deed.record(facts=[NewFact(
            "inspection", code, "inspection_drawn", today,
            {"seed": plan.seed, "list_digest": document.list_digest, "drawn_sha256": fingerprint},
        )])
    tell_assigned(plan, now=now)
    return deed.id


def cancel_inspection(*, actor: Actor, code: str, why: str, now: datetime) -> str:
    """Leave an inspection that is not released; returns the deed's key.

    One that was drawn goes on to count for the quiet days, so that nobody draws until a draw pleases.

    Raises:
        Refused: no right, no reason, released or cancelled already.
    """
    today = civil_date(at=now)
    seen(actor, code, today=today)
    with act(actor, PLAN, on=Subject(code=code), at=now) as deed:
        plan = writes.locked_inspection(code)
        reasons = [] if plan.cancelled_on is None and plan.released_on is None else standing_reasons(plan, drawn=True)
        reasons += text_reasons(
            why, message=N_("Cancelling an inspection needs its reason."), remedy=N_("Write why.")
        )
        if reasons:
            raise Refused(*reasons)
        deed.record(facts=[NewFact("inspection", code, "inspection_cancelled", today, {"reason": why.strip()})])
        writes.cancel(plan, on=today)
        return deed.id


def declare_recusal(*, actor: Actor, inspector: str, jurisdiction: str, why: str, now: datetime) -> str:
    """Declare where an inspector does not inspect; returns the deed's key.

    Raises:
        Refused: no right, nobody who inspects, no jurisdiction of the city, or no reason.
    """
    city = f"{jurisdiction[:4]}00"
    with act(actor, PLAN, on=Subject(code=city), at=now) as deed:
        reasons = text_reasons(why, message=N_("A recusal needs its reason."), remedy=N_("Write why."))
        if inspector not in {one.person for one in inspectors_of(city, on=deed.recorded_on)}:
            reasons.append(reason("no_inspector", N_("This person does not inspect."), N_("Choose from the list.")))
        if not sections_of([jurisdiction], city=city) or jurisdiction == city:
            reasons.append(reason("place", N_("%(place)s is no place of this city."), N_("Choose from the list."),
                                  place=jurisdiction))
        if reasons:
            raise Refused(*reasons)
        said = why.strip()[: Recusal._meta.get_field("reason").max_length]
        deed.record(because=[reason(
            "recused", N_("%(person)s does not inspect in %(place)s"), person=inspector, place=jurisdiction
        )])
        writes.put_recusal(inspector=inspector, jurisdiction=jurisdiction, reason=said)
        return deed.id


def plan_fingerprint(plan: Inspection) -> str:
    """SHA-256 of a plan as canonical JSON, as the ledger keeps it."""
    content = {
        "code": plan.code, "form": plan.form, "matter": plan.matter, "title": plan.title, "places": plan.places,
        "from_on": plan.from_on.isoformat(), "until_on": plan.until_on.isoformat(),
        "as_of_on": plan.as_of_on.isoformat(), "households": plan.households, "instruction": plan.instruction,
        "instruction_by": plan.instruction_by, "instruction_on": plan.instruction_on.isoformat(),
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def _drawn(plan: Inspection, *, today: date) -> DrawDocument:
    """The draw that the plan's seed makes of the list closed now."""
    rules = current_rulebook().inspection
    matter = rules.matters[plan.matter]
    city = f"{plan.code[:4]}00"
    listed, weights = closed_list(
        matter, sections=sections_of(plan.places, city=city), as_of_on=plan.as_of_on, today=today
    )
    if not listed:
        raise Refused(reason(
            "nobody_listed", N_("No household is reported so in these places on %(day)s."),
            N_("Choose other places or another day."), day=plan.as_of_on.isoformat(),
        ))
    chosen = _chosen(plan, matter, listed=listed, weights=weights)
    counts: dict[str, int] = {}
    for key, codes in chosen.items():
        if codes:
            counts[key[:6]] = counts.get(key[:6], 0) + len(codes)
    pool = inspectors_of(city, on=today)
    teams = drawn_teams(counts, inspectors=pool, seed=plan.seed, together=rules.together)
    return DrawDocument(
        inspection=plan.code, form=plan.form, matter=plan.matter, as_of_on=plan.as_of_on, households=plan.households,
        least_per_stratum=rules.least_per_stratum, expected_rate=matter.expected_rate, together=rules.together,
        seed=plan.seed, commitment=plan.commitment,
        list_digest=digest_of_list(code for codes in listed.values() for code in codes),
        strata=[DrawnStratum(key, codes, chosen.get(key, ())) for key, codes in listed.items()],
        inspectors={one.person: sorted(one.recused) for one in pool}, teams=teams,
        weights=weights if plan.form == InspectionForm.PATROL else {},
    )


def _chosen(
    plan: Inspection, matter: InspectedMatter, *, listed: dict[str, list[str]], weights: Weights
) -> dict[str, Sequence[str]]:
    """Stratum -> households drawn, in the order of the draw."""
    if plan.form == InspectionForm.PATROL:
        whole = patrol_list(weights, on=plan.as_of_on, count=plan.households, seed=plan.seed)
        stratum_of = {code: key for key, codes in listed.items() for code in codes}
        return {key: [code for code in whole if stratum_of[code] == key] for key in listed}
    strata = [Stratum(key=key, codes=codes, expected_rate=matter.expected_rate) for key, codes in listed.items()]
    sizes = allocated(strata, total=plan.households, least=current_rulebook().inspection.least_per_stratum)
    return dict(drawn_plan(strata, sizes=sizes, seed=plan.seed).chosen)


def _instruction_reasons(
    given: Instruction | None, *, instruction: str, written: WrittenInstruction | None
) -> list[Reason]:
    if given is not None:
        if Inspection.objects.filter(pk=given.code).exists():
            return [reason("instruction_used", N_("This instruction has its plan already."), N_("Ask for another."))]
        return []
    if instruction:
        return [reason("instruction_unknown", N_("There is no such instruction."), N_("Choose from the list."))]
    if written is None:
        return []
    reasons = text_reasons(
        written.words, message=N_("An instruction needs its words."), remedy=N_("Write what is to be inspected.")
    )
    if written.file is None or written.file.kind != "instruction":
        reasons.append(reason("instruction_file", N_("The written instruction itself is missing."),
                              N_("Attach the paper.")))
    return reasons


def _plan_reasons(plan: Inspection, *, city: str, today: date) -> list[Reason]:
    rules = current_rulebook().inspection
    matter = rules.matters.get(plan.matter)
    if matter is None or plan.form not in matter.forms:
        return [reason("matter", N_("This form of inspection does not look at this matter."),
                       N_("Choose another matter or form."))]
    reasons = text_reasons(plan.title, message=N_("A plan needs its title."), remedy=N_("Write one."))
    if len(plan.title) > _TITLE_LIMIT:
        reasons.append(reason("title_long", N_("The title is too long."), N_("Shorten it.")))
    unknown = [place for place in plan.places if not sections_of([place], city=city)]
    if unknown:
        reasons.append(reason("place", N_("%(place)s is no place of this city."), N_("Choose from the list."),
                              place=unknown[0]))
    if not 1 <= plan.households <= rules.most_households:
        reasons.append(reason(
            "households", N_("An inspection sees from 1 to %(most)s households."), N_("Give another number."),
            most=rules.most_households,
        ))
    if plan.until_on < today:
        reasons.append(reason("days_over", N_("The days on site have passed."), N_("Choose later days.")))
    reasons += plan_reasons(
        InspectionScope(plan.matter, sections_of(plan.places, city=city)), authorised_by_role=plan.instruction_by,
        instruction_on=plan.instruction_on, from_on=plan.from_on, until_on=plan.until_on,
        past=_past(matter, city=city),
        quiet_days=matter.quiet_days,
    )
    return reasons


def _past(matter: InspectedMatter, *, city: str) -> list[PastInspection]:
    """Inspections that leave their places in peace: of the same matter, but those left before their draw.

    Where households are left in peace and not places, only a draw that was thrown away stands in the way of another.
    """
    rows = Inspection.objects.filter(code__startswith=f"{city}-I", matter=matter.id)
    if matter.quiet_for is Repeats.HOUSEHOLD:
        rows = rows.exclude(cancelled_on=None)
    return [
        PastInspection(
            row.code, InspectionScope(row.matter, sections_of(row.places, city=city)), row.from_on,
            min(row.until_on, row.cancelled_on or row.until_on),
        )
        for row in rows.defer("candidates", "weights") if row.cancelled_on is None or row.drawn_on is not None
    ]


def _role_with(actor: Actor, verb: str) -> str:
    roles = current_rulebook().authority.roles
    return next(posting.role for posting in actor.postings if verb in roles.get(posting.role, {}))
