"""Deeds of a hard case: describe a cause, tell what came of a remedy, solve it, and the family's own reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.sponsorship.hard_cases import DESCRIBED, REPLIED, SOLVED, TRIED, HardCase, RemedyState
from zhengtu.ledger.act import OpenDeed, act
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.registry.queries import subject_of
from zhengtu.sponsorship import writes
from zhengtu.sponsorship.checking import checked_fact
from zhengtu.sponsorship.queries import case_of_family

DESCRIBE: Final = "hard_case.describe"
REPLY: Final = "reply.give"


def describe_case(*, actor: Actor, household: str, cause: str, described: str, now: datetime) -> str:
    """Describe what is unsettled in a household's file; a cause described again replaces its words. Returns the deed.

    Raises:
        Refused: no right, no such cause, or a text that is empty, long or about a person.
    """
    with act(actor, DESCRIBE, on=subject_of(household), at=now) as deed:
        key = _recorded(deed, household, DESCRIBED, {"cause": cause, "described": described}, "described")
        writes.keep_case_file(household)
        return key


def try_remedy(
    *, actor: Actor, household: str, remedy: str, result: str, files: Sequence[OfferedFile] = (), now: datetime
) -> str:
    """Tell what came of a lawful remedy; returns the deed's key.

    Raises:
        Refused: no right, no open case, a remedy that its causes do not offer, that waits or that a step of the
            procedure records already, or a text that is empty, long or about a person.
    """
    with act(actor, DESCRIBE, on=subject_of(household), at=now) as deed:
        case = case_of_family(household, on=deed.recorded_on)
        reasons = [*_open_reasons(case), *(_remedy_reasons(case, remedy) if case is not None else ())]
        given = {"remedy": remedy, "result": result}
        return _recorded(deed, household, TRIED, given, "result", reasons=reasons, files=files)


def solve_case(
    *, actor: Actor, household: str, result: str, files: Sequence[OfferedFile] = (), now: datetime
) -> str:
    """Tell how a case was solved; returns the deed's key.

    Raises:
        Refused: no right, no open case, or a text that is empty, long or about a person.
    """
    with act(actor, DESCRIBE, on=subject_of(household), at=now) as deed:
        reasons = _open_reasons(case_of_family(household, on=deed.recorded_on))
        return _recorded(deed, household, SOLVED, {"result": result}, "result", reasons=reasons, files=files)


def reply_to_case(*, actor: Actor, household: str, text: str, now: datetime) -> str:
    """The family says what is wrong or missing in its entry; returns the deed's key.

    Raises:
        Refused: not one's own household, nothing described, or a text that is empty or long.
    """
    with act(actor, REPLY, on=subject_of(household), at=now) as deed:
        reasons = []
        if case_of_family(household, on=deed.recorded_on) is None:
            reasons.append(_reason("nothing", N_("Nothing is described of this household.")))
        return _recorded(deed, household, REPLIED, {"text": text}, "text", reasons=reasons)


def _recorded(
    deed: OpenDeed, household: str, kind: str, given: Mapping[str, Any], text: str, *,
    reasons: Sequence[Reason] = (), files: Sequence[OfferedFile] = (),
) -> str:
    day: date = deed.recorded_on
    fact = checked_fact(household, kind, day, given, text, list(reasons), is_own=kind == REPLIED)
    return deed.record(facts=[fact], evidence=kept_files(files, []))


def _open_reasons(case: HardCase | None) -> list[Reason]:
    if case is None or not case.is_open:
        return [_reason("none_open", N_("There is no open hard case of this household."), N_("Describe its cause."))]
    return []


def _remedy_reasons(case: HardCase, remedy: str) -> list[Reason]:
    standing = next((one for one in case.remedies if one.remedy.id == remedy), None)
    if standing is None:
        return [
            _reason("remedy", N_("The causes of this case do not offer this remedy."), N_("Choose one from the list."))
        ]
    if standing.state is RemedyState.WAITS:
        return [
            Reason(
                code="hard_case.waits", message=N_("“%(remedy)s” opens after “%(needs)s”."),
                parameters={
                    "remedy": f"remedy:{remedy}", "needs": "|".join(f"fact:{kind}" for kind in standing.waits_for),
                },
                source=standing.remedy.source, remedy=N_("Take that step first."),
            )
        ]
    if standing.remedy.facts:
        return [
            Reason(
                code="hard_case.by_step", message=N_("“%(remedy)s” is a step of the procedure and is recorded there."),
                parameters={"remedy": f"remedy:{remedy}"}, source=standing.remedy.source,
                remedy=N_("Record the step in the dossier; the case then shows it by itself."),
            )
        ]
    return []


def _reason(code: str, message: str, remedy: str = "") -> Reason:
    return Reason(code=f"hard_case.{code}", message=message, remedy=remedy)
