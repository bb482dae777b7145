"""How a row of a ledger differs from the household that is registered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhengtu.accounts.sealing import unseal
from zhengtu.core.kernel.masking import mask_identity, mask_name, mask_phone
from zhengtu.core.survey_sheets.fields import PERSONAL_FIELDS
from zhengtu.core.survey_sheets.problems import SheetProblem
from zhengtu.core.survey_sheets.values import MASK
from zhengtu.registry.facts import HeldHousehold

if TYPE_CHECKING:
    from zhengtu.registry.survey_import.ledger_plan import LedgerPlan

MASKS = {"name": mask_name, "identity_number": mask_identity, "phone": mask_phone, "account": mask_identity}
_PLAIN = ("room", "address", "use", "members", "registered_area_m2", "unregistered_area_m2", "land_area_m2")
_WHEN_EMPTY: dict[str, Any] = {"room": "", "address": "", "use": "dwelling"}


@dataclass(frozen=True, slots=True)
class HouseholdChange:
    """What a row changes in a registered household.

    Attributes:
        position: of the row in the plan.
        code: of the household.
        fields: ids of the fields that differ.
        row: the household's columns as they will stand, by name.
        personal: who they are as it will stand.
    """

    position: int
    code: str
    fields: tuple[str, ...]
    row: dict[str, Any]
    personal: dict[str, Any]


def changed_household(plan: LedgerPlan, position: int, held: HeldHousehold) -> HouseholdChange | None:
    """The change that a row makes to its household, or None; masked and emptied cells are reported.

    A column that the sheet lacks keeps what is registered; an empty cell of a column it has removes it.
    """
    columns = plan.ledger.columns
    row: dict[str, Any] = {name: getattr(held, name) for name in _PLAIN}
    row |= {"parcel": held.parcel, "building": held.building}
    differing: list[str] = []
    for name in _PLAIN:
        if name in columns:
            value = columns[name][position]
            value = _WHEN_EMPTY.get(name) if value is None else value
            if value != row[name]:
                _note_if_cleared(plan, position, name, value)
                row[name] = value
                differing.append(name)
    for name, resolved in (("parcel", plan.parcels[position]), ("building", plan.buildings[position])):
        if name in columns and resolved != row[name] and not (resolved is None and columns[name][position]):
            _note_if_cleared(plan, position, name, resolved)
            row[name] = resolved
            differing.append(name)
    personal = unseal(held.personal_sealed)
    differing += _changed_personal(plan, position, personal)
    return HouseholdChange(position, held.code, tuple(differing), row, personal) if differing else None


def _changed_personal(plan: LedgerPlan, position: int, personal: dict[str, Any]) -> list[str]:
    """Bring ``personal`` up to date and name what differs."""
    differing = []
    for name in PERSONAL_FIELDS:
        if name not in plan.ledger.columns:
            continue
        value, held = plan.ledger.columns[name][position] or "", personal.get(name) or ""
        if value == held or (name == "name" and not value):
            continue
        if MASK in value:
            if value != MASKS[name](held):
                plan.problems.append(
                    SheetProblem("masked_changed", plan.ledger.rows[position], name, {"value": value})
                )
            continue
        _note_if_cleared(plan, position, name, value or None)
        personal[name] = value
        differing.append(name)
    return differing


def _note_if_cleared(plan: LedgerPlan, position: int, name: str, value: object) -> None:
    if value in (None, ""):
        rows = plan.ledger.rows
        plan.problems.append(SheetProblem("cell_cleared", rows[position], name, is_refusal=False))
