"""Households out of the registry in the ledger template's own shape, masked unless the look is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from zhengtu.accounts.purposes import stated_purpose
from zhengtu.accounts.sealing import unseal
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.survey_sheets.field_types import FieldType
from zhengtu.core.survey_sheets.fields import FIELD_OF, FIELDS, HISTORY_KINDS, PERSONAL_FIELDS, word_of
from zhengtu.ledger.act import act
from zhengtu.registry.facts import HeldStep, standing_steps
from zhengtu.registry.models import Household
from zhengtu.registry.queries import households_for, subject_of
from zhengtu.registry.survey_import.household_changes import MASKS
from zhengtu.registry.survey_import.workbooks import ledger_workbook

EXPORT_VERB, UNMASK_VERB = "registry.export", "household.unmask"


def masked_export(*, actor: Actor, project: str, section: str = "") -> bytes:
    """The households in scope with personal data masked.

    Masked cells left as they are mean “unchanged” when the workbook is imported again.
    """
    return ledger_workbook(_rows(actor=actor, verb=EXPORT_VERB, project=project, section=section, shows_people=False))


def full_export(*, actor: Actor, project: str, section: str = "", purpose: str, now: datetime) -> bytes:
    """The households in scope with personal data; the look and its purpose are recorded as a deed.

    Raises:
        Refused: no right to see personal data, or no purpose given.
    """
    households = _households(actor, UNMASK_VERB, project, section)
    divisions = {code[:6] for code in households.values_list("section_id", flat=True).distinct()}
    place = section or (next(iter(divisions)) if len(divisions) == 1 else project)
    with act(actor, UNMASK_VERB, on=subject_of(place), at=now) as deed:
        stated = stated_purpose(purpose)
        workbook = ledger_workbook(
            _rows(actor=actor, verb=UNMASK_VERB, project=project, section=section, shows_people=True)
        )
        parameters = {"count": households.count(), "place": section or project, "purpose": stated}
        because = Reason(
            code="export.unmasked", parameters=parameters,
            message=N_("%(count)s households of %(place)s exported with personal data. Purpose: %(purpose)s"),
        )
        deed.record(because=[because])
    return workbook


def _households(actor: Actor, verb: str, project: str, section: str) -> Any:
    chosen = households_for(actor, verb=verb).filter(section__project=project)
    return (chosen.filter(section=section) if section else chosen).order_by("code")


def _rows(*, actor: Actor, verb: str, project: str, section: str, shows_people: bool) -> Iterator[dict[str, Any]]:
    households: list[Household] = list(_households(actor, verb, project, section))
    steps = standing_steps(codes=[household.code for household in households], kinds=HISTORY_KINDS)
    for household in households:
        personal = unseal(household.personal_sealed)
        row: dict[str, Any] = {
            "household_code": household.code, "section": household.section_id, "parcel": household.parcel_id,
            "building": household.building_id, "address": household.address, "room": household.room,
            "use": word_of(FIELD_OF["use"], household.use), "members": household.members,
            "registered_area_m2": household.registered_area_m2, "unregistered_area_m2": household.unregistered_area_m2,
            "land_area_m2": household.land_area_m2,
        }
        for name in PERSONAL_FIELDS:
            value = str(personal.get(name) or "")
            row[name] = value if shows_people else MASKS[name](value)
        yield row | _history(household.code, steps)


def _history(code: str, steps: Mapping[tuple[str, str], HeldStep]) -> dict[str, Any]:
    """The columns of the household's recorded steps."""
    row: dict[str, Any] = {}
    for about in FIELDS:
        step = steps.get((code, about.fact)) if about.fact else None
        if step is None:
            continue
        value: Any = step.attributes.get(about.attribute) if about.attribute else step.happened_on
        if value is None:
            continue
        if about.type is FieldType.DATE and isinstance(value, str):
            value = date.fromisoformat(value)
        elif about.type is FieldType.MONEY:
            value = float(value)
        elif about.choices:
            value = word_of(about, value)
        row[about.id] = value
    return row
