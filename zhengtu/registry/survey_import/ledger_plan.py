"""What a checked ledger would do to the registry: which rows are new, changed, unchanged, refused.

Gather (``facts.registry_state``), decide (here), apply (``actions``): nothing is written while deciding, and the
same plan is made again under the locks of the deed before anything is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhengtu.accounts.sealing import search_indexes
from zhengtu.core.kernel.codes import is_code, section_of
from zhengtu.core.survey_sheets.problems import SheetProblem
from zhengtu.core.survey_sheets.rows import LedgerRows
from zhengtu.core.survey_sheets.values import MASK
from zhengtu.registry.facts import RegistryState
from zhengtu.registry.survey_import.household_changes import HouseholdChange, changed_household
from zhengtu.registry.survey_import.step_history import NewStep, history_of

Progress = Callable[[float], None]


@dataclass(slots=True)
class LedgerPlan:
    """The outcome of comparing a ledger with the registry.

    Attributes:
        ledger: the rows; all lists below run along them.
        state: what it was compared with.
        codes: household code of each row; of a new household the one it will get.
        sections, parcels, buildings: resolved codes.
        name_indexes, identity_indexes: keyed hashes.
        new: positions of new households.
        changes: changed households.
        steps: facts of history to record.
        registered_on: position of a new household -> day before today on which it counts as registered.
        problems: everything found, in row order.
    """

    ledger: LedgerRows
    state: RegistryState
    codes: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    parcels: list[str | None] = field(default_factory=list)
    buildings: list[str | None] = field(default_factory=list)
    name_indexes: list[str] = field(default_factory=list)
    identity_indexes: list[str] = field(default_factory=list)
    new: list[int] = field(default_factory=list)
    changes: list[HouseholdChange] = field(default_factory=list)
    steps: list[NewStep] = field(default_factory=list)
    registered_on: dict[int, Any] = field(default_factory=dict)
    problems: list[SheetProblem] = field(default_factory=list)

    @property
    def refused_rows(self) -> set[int]:
        """Rows of the sheet that must not be taken over; 0 stands for the sheet itself."""
        return {problem.row for problem in self.problems if problem.is_refusal}

    @property
    def counts(self) -> dict[str, int]:
        """new, changed, unchanged, refused, warnings; a row counts once."""
        refused = self.refused_rows
        rows = self.ledger.rows
        new = len(self.new) if not refused else sum(1 for i in self.new if rows[i] not in refused)
        changed = {change.position for change in self.changes}
        changed_count = len(changed) if not refused else sum(1 for i in changed if rows[i] not in refused)
        refused_count = len(refused - {0})
        return {
            "rows": len(rows), "new": new, "changed": changed_count, "refused": refused_count,
            "unchanged": len(rows) - new - changed_count - sum(1 for row in rows if row in refused) if refused
            else len(rows) - new - changed_count,
            "warnings": sum(1 for problem in self.problems if not problem.is_refusal),
        }


def plan_ledger(
    *,
    ledger: LedgerRows,
    state: RegistryState,
    default_section: str,
    elsewhere: Callable[[Sequence[str]], dict[str, list[str]]],
    report: Progress = lambda share: None,
) -> LedgerPlan:
    """Compare a ledger with the registry.

    Args:
        ledger: rows checked each by itself.
        state: what the project holds.
        default_section: section of rows that name none, or empty.
        elsewhere: identity indexes -> households of other projects, as the actor may be told of them.
        report: told the share done.
    """
    plan = LedgerPlan(ledger, state, problems=list(ledger.problems))
    _resolve_places(plan, state, default_section)
    report(0.2)
    columns = ledger.columns
    plan.name_indexes = search_indexes(_searched(columns["name"]))
    empty: list[Any] = [None] * len(ledger)
    plan.identity_indexes = search_indexes(_searched(columns.get("identity_number", empty)))
    report(0.4)
    matched = _match(plan, state)
    report(0.5)
    _compare(plan, state, matched)
    report(0.7)
    _find_duplicates(plan, state, matched, elsewhere)
    history_of(plan, state, matched)
    report(0.9)
    plan.problems.sort(key=lambda problem: problem.row)
    return plan


def _searched(values: Sequence[str | None]) -> list[str]:
    """Values as ``search_indexes`` takes them: without blanks, in capitals; masked ones are unknown."""
    texts = [value or "" for value in values]
    joined = "\n".join(texts)
    if MASK not in joined and " " not in joined and joined == joined.upper():
        return texts
    return ["" if MASK in text else "".join(text.split()).upper() for text in texts]


def _problem(plan: LedgerPlan, position: int, code: str, field_id: str, /, **parameters: object) -> None:
    plan.problems.append(SheetProblem(code, plan.ledger.rows[position], field_id, parameters))


def _resolve_places(plan: LedgerPlan, state: RegistryState, default_section: str) -> None:
    columns, size = plan.ledger.columns, len(plan.ledger)
    if not default_section and len(state.sections) == 1:
        default_section = next(iter(state.sections))
    named = columns.get("section") or [None] * size
    codes = columns.get("household_code") or [None] * size
    parcels = columns.get("parcel") or [None] * size
    known = _section_names(state)
    answers: dict[Any, str] = {}
    for key in set(zip(named, map(_section_prefix, codes), map(_section_prefix, parcels), strict=True)):
        name, *prefixes = key
        guess = next((prefix for prefix in prefixes if prefix), default_section)
        answers[key] = known.get(name, "") if name is not None else guess if guess in state.sections else ""
    keys = zip(named, map(_section_prefix, codes), map(_section_prefix, parcels), strict=True)
    plan.sections = [answers[key] for key in keys]
    if "" in answers.values():
        for position, section in enumerate(plan.sections):
            if section:
                continue
            value = named[position] or _section_prefix(codes[position]) or _section_prefix(parcels[position])
            _problem(plan, position, "section_unknown" if value else "section_missing", "section", value=value or "")
    plan.parcels = _resolve(plan, "parcel", lambda section, value: state.parcels.get(section, {}).get(value, []))
    plan.buildings = _resolve(
        plan, "building",
        lambda section, value: [value] if value in state.buildings and section_of(value) == section else [],
    )


def _section_names(state: RegistryState) -> dict[str, str]:
    """Code or name -> code; a name that several sections bear names none of them."""
    names = Counter(state.sections.values())
    known = {name: code for code, name in state.sections.items() if names[name] == 1}
    return known | {code: code for code in state.sections}


def _section_prefix(code: str | None) -> str:
    """The section that a household's or parcel's code begins with, or empty."""
    return section_of(code) if code and code.count("-") == 3 else ""


def _resolve(plan: LedgerPlan, field_id: str, find: Callable[[str, str], list[str]]) -> list[str | None]:
    values = plan.ledger.columns.get(field_id)
    if values is None or not any(values):
        return [None] * len(plan.ledger)
    found: dict[tuple[str, str], list[str]] = {}
    for pair in set(zip(plan.sections, values, strict=True)):
        if pair[0] and pair[1]:
            found[pair] = find(*pair)
    resolved: list[str | None] = []
    for position, pair in enumerate(zip(plan.sections, values, strict=True)):
        codes = found.get(pair)
        resolved.append(codes[0] if codes and len(codes) == 1 else None)
        if codes is not None and len(codes) != 1:
            kind = "unknown" if not codes else "ambiguous"
            _problem(plan, position, f"{field_id}_{kind}", field_id, value=pair[1])
    return resolved


def _match(plan: LedgerPlan, state: RegistryState) -> list[str]:
    """Code of the registered household that each row means, or empty; fills ``plan.codes``."""
    size = len(plan.ledger)
    given = plan.ledger.columns.get("household_code") or [None] * size
    matched = [""] * size
    if any(given):
        _match_codes(plan, state, given, matched)
    if state.households:
        _match_people(plan, state, given, matched)
    numbers = dict(state.last_numbers)
    for code in filter(None, given):
        if is_code("household", code):
            section, _, number = code.rpartition("-H")
            numbers[section] = max(numbers.get(section, 0), int(number))
    for position, section in enumerate(plan.sections):
        code = matched[position] or given[position] or ""
        if not code and section:
            numbers[section] = number = numbers.get(section, 0) + 1
            code = f"{section}-H{number:05d}"
        plan.codes.append(code)
    return matched


def _match_codes(plan: LedgerPlan, state: RegistryState, given: Sequence[str | None], matched: list[str]) -> None:
    for position, code in enumerate(given):
        if not code:
            continue
        section = plan.sections[position]
        held = state.households.get(code)
        if not is_code("household", code):
            example = f"{section or next(iter(state.sections), '220204-P0001-S01')}-H00001"
            _problem(plan, position, "code_malformed", "household_code", value=code, example=example)
        elif held is not None and section and held.section != section:
            _problem(plan, position, "section_may_not_change", "section", held=held.section)
        elif section and section_of(code) != section:
            _problem(plan, position, "section_contradicts", "household_code", code=code, section=section)
        if held is not None:
            matched[position] = code


def _match_people(plan: LedgerPlan, state: RegistryState, given: Sequence[str | None], matched: list[str]) -> None:
    """Match rows without code: by identity number where it is single, else by name or number, address and room."""
    taken = {code for code in given if code}
    free = [held for held in state.households.values() if held.code not in taken]
    in_registry = Counter((held.section, held.identity_index) for held in free if held.identity_index)
    by_identity = {(held.section, held.identity_index): held.code for held in free if held.identity_index}
    by_place: dict[tuple[str, ...], list[str]] = {}
    for held in sorted(free, key=lambda one: one.code, reverse=True):
        key = (held.section, held.identity_index or held.name_index, held.address, held.room)
        by_place.setdefault(key, []).append(held.code)
    in_file = Counter(
        (section, identity)
        for section, identity, code in zip(plan.sections, plan.identity_indexes, given, strict=True)
        if identity and not code
    )
    addresses, rooms = _column(plan, "address"), _column(plan, "room")
    rows = zip(plan.sections, plan.identity_indexes, plan.name_indexes, addresses, rooms, given, strict=True)
    for position, (section, identity, name, address, room, code) in enumerate(rows):
        if code:
            continue
        person = (section, identity)
        if identity and in_file[person] == 1 and in_registry[person] == 1:
            matched[position] = by_identity[person]
        elif identity or name:
            candidates = by_place.get((section, identity or name, address or "", room or ""))
            # Namesakes without number and address are told apart by their order, which is that of their codes.
            matched[position] = candidates.pop() if candidates else ""


def _column(plan: LedgerPlan, field_id: str) -> list[Any]:
    return plan.ledger.columns.get(field_id) or [None] * len(plan.ledger)


def _compare(plan: LedgerPlan, state: RegistryState, matched: Sequence[str]) -> None:
    if not any(matched):
        plan.new = list(range(len(plan.ledger)))
    else:
        for position, code in enumerate(matched):
            if not code:
                plan.new.append(position)
                continue
            change = changed_household(plan, position, state.households[code])
            if change is not None:
                plan.changes.append(change)
    for field_id in ("name", "identity_number", "phone", "account"):
        values = _column(plan, field_id)
        if any(map(_is_masked, values)):
            for position in plan.new:
                if _is_masked(values[position]):
                    _problem(plan, position, "masked_new", field_id, value=values[position])


def _is_masked(value: str | None) -> bool:
    return value is not None and MASK in value


def _find_duplicates(
    plan: LedgerPlan,
    state: RegistryState,
    matched: Sequence[str],
    elsewhere: Callable[[Sequence[str]], dict[str, list[str]]],
) -> None:
    identities, rows = plan.identity_indexes, plan.ledger.rows
    _find_repeated_households(plan)
    first: dict[str, int] = {}
    filled = [identity for identity in identities if identity]
    if len(set(filled)) < len(filled):
        for position, identity in enumerate(identities):
            if identity and first.setdefault(identity, position) != position:
                parameters = {"other_row": rows[first[identity]]}
                problem = SheetProblem("duplicate_identity", rows[position], "identity_number", parameters, False)
                plan.problems.append(problem)
    here: dict[str, list[str]] = {}
    named = set(filter(None, matched))
    for held in state.households.values():
        if held.identity_index and held.code not in named:
            here.setdefault(held.identity_index, []).append(held.code)
    others = elsewhere(identities)
    if not here and not others:
        return
    for position, identity in enumerate(identities):
        for found, code in ((here, "identity_in_registry"), (others, "identity_in_other_project")):
            for household in found.get(identity, ()) if identity else ():
                problem = SheetProblem(code, rows[position], "identity_number", {"household": household}, False)
                plan.problems.append(problem)


def _find_repeated_households(plan: LedgerPlan) -> None:
    """The same person at the same address twice: one household entered twice."""
    people = [
        identity or name for identity, name in zip(plan.identity_indexes, plan.name_indexes, strict=True)
    ]
    if len(set(people)) == len(people):
        return
    repeated = {person for person, count in Counter(people).items() if count > 1 and person}
    addresses, rooms = _column(plan, "address"), _column(plan, "room")
    seen: dict[tuple[Any, ...], int] = {}
    for position, person in enumerate(people):
        if person not in repeated or not plan.sections[position]:
            continue
        if not plan.identity_indexes[position] and not addresses[position]:
            continue
        key = (plan.sections[position], person, addresses[position], rooms[position])
        if seen.setdefault(key, position) != position:
            _problem(plan, position, "duplicate_household", "name", other_row=plan.ledger.rows[seen[key]])
