"""A ledger's plan turned into rows and facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from zhengtu.accounts.sealing import personal_digest, personal_digests, seal, seal_all, search_index, unseal
from zhengtu.core.kernel.masking import mask_identity, mask_name
from zhengtu.ledger.act import NewFact
from zhengtu.ledger.bulk_text import NULL, bytes_column, text_column
from zhengtu.registry.facts import HeldStep, RegistryState
from zhengtu.registry.survey_import.household_changes import HouseholdChange
from zhengtu.registry.survey_import.ledger_plan import LedgerPlan

AREAS = ("registered_area_m2", "unregistered_area_m2", "land_area_m2")
_DEFAULT_USE = "dwelling"


def personal_of_new(plan: LedgerPlan) -> list[dict[str, Any]]:
    """Who the new households are, in the order of ``plan.new``."""
    columns = plan.ledger.columns
    picked = [_picked(columns.get(name), plan) for name in ("name", "identity_number", "phone")]
    personal = [
        {"name": name, "identity_number": identity or "", "phone": phone or ""}
        for name, identity, phone in zip(*picked, strict=True)
    ]
    accounts = columns.get("account")
    if accounts is not None:
        for values, account in zip(personal, _picked(accounts, plan), strict=True):
            if account:
                values["account"] = account
    return personal


def _picked(column: Sequence[Any] | None, plan: LedgerPlan) -> Sequence[Any]:
    if column is None:
        return [None] * len(plan.new)
    return column if len(plan.new) == len(plan.ledger) else [column[position] for position in plan.new]


def household_columns(plan: LedgerPlan, personal: Sequence[dict[str, Any]]) -> list[list[str]]:
    """New households as columns of COPY texts, in the order of ``HOUSEHOLD_FIELDS``."""
    columns = plan.ledger.columns
    masks: dict[str, str] = {}
    names = [values["name"] for values in personal]
    for name in set(names):
        masks[name] = mask_name(name)
    identities = [values["identity_number"] for values in personal]
    uses = _picked(columns.get("use"), plan)

    def texts(name: str) -> list[str]:
        column = columns.get(name)
        if column is None:
            return [""] * len(plan.new)
        return text_column(["" if value is None else value for value in _picked(column, plan)])

    def figures(name: str) -> list[str]:
        column = columns.get(name)
        if column is None:
            return [NULL] * len(plan.new)
        return [NULL if value is None else str(value) for value in _picked(column, plan)]

    return [
        list(_picked(plan.codes, plan)), list(_picked(plan.sections, plan)),
        text_column(_picked(plan.parcels, plan)), text_column(_picked(plan.buildings, plan)),
        texts("room"), bytes_column(seal_all(personal)), text_column([masks[name] for name in names]),
        list(_picked(plan.name_indexes, plan)), [mask_identity(number) for number in identities],
        list(_picked(plan.identity_indexes, plan)), texts("address"), [use or _DEFAULT_USE for use in uses],
        figures("members"), *(figures(name) for name in AREAS),
    ]


def registered_facts(
    plan: LedgerPlan, personal: Sequence[dict[str, Any]], *, today: date, campaign_start_on: date
) -> Iterator[NewFact]:
    """The registration of each new household: on the day of the import, or before the first step it dates."""
    columns = plan.ledger.columns
    names = ("use", "members", *AREAS)
    picked = [_picked(columns.get(name), plan) for name in names]
    digests = personal_digests(personal)
    codes = _picked(plan.codes, plan)
    for position, code, digest, use, members, registered, unregistered, land in zip(
        plan.new, codes, digests, *picked, strict=True
    ):
        on = plan.registered_on.get(position, today)
        attributes: dict[str, Any] = {"use": use or _DEFAULT_USE, "personal_digest": digest}
        if members is not None:
            attributes["members"] = members
        if registered is not None:
            attributes["registered_area_m2"] = registered
        if unregistered is not None:
            attributes["unregistered_area_m2"] = unregistered
        if land is not None:
            attributes["land_area_m2"] = land
        yield NewFact("household", code, "registered", on, attributes, is_verified=on >= campaign_start_on)


def changed_rows(plan: LedgerPlan, state: RegistryState) -> Iterator[tuple[Any, ...]]:
    """Changed households as rows in the order of ``HOUSEHOLD_FIELDS``."""
    for change in plan.changes:
        row, personal = change.row, change.personal
        identity = personal.get("identity_number") or ""
        yield (
            change.code, state.households[change.code].section, row["parcel"], row["building"], row["room"],
            seal(personal), mask_name(personal["name"]), search_index(personal["name"]), mask_identity(identity),
            search_index(identity), row["address"], row["use"], row["members"], *(row[name] for name in AREAS),
        )


def corrected_facts(
    plan: LedgerPlan,
    state: RegistryState,
    *,
    held: Mapping[tuple[str, str], HeldStep],
    today: date,
) -> Iterator[NewFact]:
    """A registration that replaces the standing one, for each household that changes or was registered too late."""
    changes: dict[int, HouseholdChange] = {change.position: change for change in plan.changes}
    new = set(plan.new)
    positions = sorted({*changes, *(position for position in plan.registered_on if position not in new)})
    for position in positions:
        code = plan.codes[position]
        change, standing = changes.get(position), held.get((code, "registered"))
        row = change.row if change else state.households[code]._asdict()
        personal = change.personal if change else unseal(state.households[code].personal_sealed)
        attributes = {"use": row["use"], "personal_digest": personal_digest(personal)}
        attributes |= {name: row[name] for name in ("members", *AREAS) if row[name] is not None}
        on = plan.registered_on.get(position) or (standing.happened_on if standing else today)
        yield NewFact(
            "household", code, "registered", on, attributes, supersedes=standing.reference if standing else "",
            is_verified=on >= state.campaign_start_on,
        )


def history_facts(plan: LedgerPlan, state: RegistryState) -> Iterator[NewFact]:
    """Steps from before the campaign: the platform saw no evidence of them."""
    for step in plan.steps:
        yield step.as_fact(plan.codes[step.position], campaign_start_on=state.campaign_start_on)
