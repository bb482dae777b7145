"""The part of the rulebook about bulletins: kinds, phrases with their cases, words, and the numbers behind them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from string import Formatter
from typing import Any, Final

from zhengtu.core.bulletins.text import PART_IDS
from zhengtu.core.bulletins.wording import BulletinRules, KindRules, Limits, OfficeHead, PartRules
from zhengtu.core.reviews.week import Names
from zhengtu.core.rules.reading import RulebookInvalid, known_source, label_pair, read_entries

_KINDS: Final = "bulletins/kinds.yaml"
_FILE: Final = "bulletins/phrases.yaml"
_MOVED: Final = "rose fell unchanged"
_PHRASES: Final[Mapping[str, tuple[str, str]]] = {
    "standing": ("always", "as_of campaign projects sections households settled vacated handed_over"),
    "signing": (_MOVED, "from to change"),
    "vacating": (_MOVED, "change"),
    "handing_over": (_MOVED, "change"),
    "share": (f"{_MOVED} rose_much fell_much", "share points"),
    "leading": ("one many", "places"),
    "trailing": ("one many", "places"),
    "place_share": ("always", "place share"),
    "climbed": ("none one many", "places"),
    "place_rank": ("always", "place before after"),
    "near": ("none one many", "count"),
    "homes": ("none one many", "count before"),
    "lights_missing": ("one many", "count"),
    "fastest": ("none one many", "places"),
    "place_points": ("always", "place points"),
    "left_red": ("one many", "parts"),
    "promises_kept": ("one many", "count"),
    "red": ("none one many", "as_of count turned yellow"),
    "turned_red": ("one many", "parts"),
    "money": ("one many", "count clients sum"),
    "overdue": ("none one many", "open count units"),
    "promises_broken": ("one many", "count"),
    "ask_red": ("one many", "ordinal parts reply_by"),
    "ask_goal": ("one many", "ordinal due goal sections households units"),
    "ask_goal_past": ("one many", "ordinal due goal sections households units reply_by"),
    "ask_money": ("one many", "ordinal clients sum reply_by"),
    "ask_overdue": ("one many", "ordinal units count reply_by"),
    "ask_nothing": ("always", ""),
    "ask_lawful": ("always", ""),
    "inspected": ("none one many", "from to campaign open units"),
    "directives_moved": ("always", "as_of set closed open overdue"),
    "overdue_one": ("always", "ordinal matter number lead due days chased returned progress"),
    "overdue_chased": ("one many", "count"),
    "overdue_returned": ("one many", "count"),
    "overdue_progress": ("always", "done total"),
    "overdue_rest": ("one many", "count"),
    "cause": ("one many", "count blocker parts"),
    "cause_none": ("always", ""),
    "advise_talk": ("one many", "days count units"),
    "advise_chase": ("one many", "count reply_by"),
    "advise_none": ("always", ""),
    "made_by_rule": ("always", "as_of known mark sha"),
}
"""Phrase -> its cases, and the names that it may use."""
_WORD_NAMES: Final = {
    "and_others": "names count", "and_other_units": "names count", "and_other_parts": "names count",
    "date": "year month day iso", "date_in_year": "month day iso",
    "date_in_table": "year month day iso", "rise": "points", "fall": "points",
}
_WORDS: Final = (
    "between between_kinds and_others and_other_units and_other_parts date date_in_year date_in_table remark draft "
    "campaign_none none rise fall still total "
    "share_chart curve_chart planned actual forecast fan points attachment demonstration rank place ranked "
    "settled share change added vacated handed_over red yellow overdue project goal due days sections_left "
    "households_left units earliest turned reason client missing since number matter lead state overdue_days code yes "
    "no table_places table_goals table_red table_money table_directives about about_kind about_number about_period "
    "about_as_of about_known about_sha about_rows percent_unit households_unit blocker_client_money blocker_district "
    "blocker_appraiser blocker_approval blocker_court blocker_weather goal_signed goal_vacated goal_handed_over "
    "goal_started goal_launched goal_resettled state_set state_assigned state_objected state_received state_reported "
    "state_returned state_verified government"
)
"""Every word, and nothing else."""
_HEAD: Final = {
    "mark": "city", "issue": "year number", "number": "year number city", "title": "campaign from to",
    "subtitle": "from to", "issuer": "city", "copies_to": "",
}
_OF_OFFICE: Final = {"mark": "mark", "number": "code", "title": "office", "issuer": "office"}
"""What a kind under a red head names besides: the office, its mark and its code."""
_LAYOUTS: Final = ("bulletin", "official")
_CONFIDENCES: Final = ("verified", "illustrative")
_MOMENTS: Final = ("submitted", "returned", "released")


def load_bulletins(
    folder: Path, *, sources: Mapping[str, tuple[str, str]], verbs: Collection[str], notices: Collection[str],
    facts: Collection[str],
) -> BulletinRules:
    """Read and check ``bulletins/``.

    Args:
        verbs: verbs of ``authority.yaml``. notices: kinds of notice to officials. facts: kinds of fact.

    Raises:
        RulebookInvalid: naming the entry that is wrong.
    """
    raw = read_entries(folder / "bulletins" / "kinds.yaml")
    known_source(raw.get("source", ""), sources=sources, where=_KINDS)
    written = read_entries(folder / "bulletins" / "phrases.yaml")
    phrases, words = written["phrases"], written["words"]
    _same(phrases, _PHRASES, what="phrases")
    _same(words, _WORDS.split(), what="words")
    types = [str(one) for one in raw["statutory_types"]]
    return BulletinRules(
        kinds={
            id: _kind(id, entry, types=types, verbs=verbs, notices=notices, facts=facts)
            for id, entry in raw["kinds"].items()
        },
        phrases={id: _phrase(id, entry) for id, entry in phrases.items()},
        words={id: _pair(entry, _WORD_NAMES.get(id, ""), where=f"{_FILE}: {id}") for id, entry in words.items()},
        limits=_limits(raw["limits"]),
        heads={str(city): _office(str(city), entry) for city, entry in raw["heads"].items()},
        all_of={str(kind): str(text) for kind, text in raw["all_of"].items()},
    )


def _office(city: str, entry: Mapping[str, Any]) -> OfficeHead:
    where = f"{_KINDS}: heads: {city}"
    if entry.get("confidence") not in _CONFIDENCES:
        raise RulebookInvalid(f"{where}: confidence is one of {', '.join(_CONFIDENCES)}")
    head = OfficeHead(office=str(entry["office"]), mark=str(entry["mark"]), code=str(entry["code"]))
    if not all((head.office.strip(), head.code.strip())) or not head.mark.startswith(head.office):
        raise RulebookInvalid(f"{where}: the mark begins with the name of the office, and its documents have a code")
    return head


def _same(held: Mapping[str, Any], wanted: Collection[str], *, what: str) -> None:
    if set(held) != set(wanted):
        wrong = ", ".join(sorted(set(map(str, held)).symmetric_difference(wanted)))
        raise RulebookInvalid(f"{_FILE}: {what} missing or unknown: {wrong}")


def _phrase(id: str, entry: Mapping[str, Any]) -> dict[str, Names]:
    cases, names = _PHRASES[id]
    if set(entry) != set(cases.split()):
        raise RulebookInvalid(f"{_FILE}: {id} has the cases {', '.join(cases.split())}, not {', '.join(entry)}")
    return {case: _pair(texts, names, where=f"{_FILE}: {id}.{case}") for case, texts in entry.items()}


def _pair(raw: Any, names: str, *, where: str) -> Names:
    pair = label_pair(raw, where=where)
    for text in pair:
        _check(text, names, where=where)
    return pair


def _check(text: str, names: str, *, where: str) -> None:
    used = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    if unknown := sorted(used - set(names.split())):
        raise RulebookInvalid(f"{where}: nothing gives {{{unknown[0]}}}")


def _kind(
    id: str, entry: Mapping[str, Any], *, types: Collection[str], verbs: Collection[str], notices: Collection[str],
    facts: Collection[str],
) -> KindRules:
    where = f"{_KINDS}: {id}"
    for verb in entry["verbs"].values():
        if verb not in verbs:
            raise RulebookInvalid(f"{where}: unknown verb {verb}")
    if set(entry["notices"]) != set(_MOMENTS) or not set(entry["notices"].values()) <= set(notices):
        raise RulebookInvalid(f"{where}: notices name a kind of notice for {', '.join(_MOMENTS)}")
    if set(entry["facts"]) != {"released", "withdrawn"} or not set(entry["facts"].values()) <= set(facts):
        raise RulebookInvalid(f"{where}: facts name the kinds of fact of its release and its withdrawal")
    _check_layout(entry, types=types, where=where)
    if not set(entry["goes_to"]) <= set(entry["may_go_to"]):
        raise RulebookInvalid(f"{where}: goes_to names kinds of units that are not in may_go_to")
    parts = tuple(
        PartRules(part["id"], label_pair(part["heading"], where=where), bool(part["remarks"]))
        for part in entry["parts"]
    )
    if unknown := sorted({part.id for part in parts} - set(PART_IDS)):
        raise RulebookInvalid(f"{where}: unknown part {unknown[0]}")
    return KindRules(
        id=id, label=label_pair(entry["label"], where=where), type=str(entry.get("type", "")), layout=entry["layout"],
        series=str(entry["series"]), notices=dict(entry["notices"]), facts=dict(entry["facts"]),
        goes_to=tuple(entry["goes_to"]), may_go_to=tuple(entry["may_go_to"]), parts=parts,
        **entry["verbs"],
        **{name: str(entry.get(name, "")) for name in _HEAD},
    )


def _check_layout(entry: Mapping[str, Any], *, types: Collection[str], where: str) -> None:
    """A red head for what is of a statutory type and says so in its title, and for nothing else."""
    if entry["layout"] not in _LAYOUTS:
        raise RulebookInvalid(f"{where}: layout is one of {', '.join(_LAYOUTS)}")
    is_official, type = entry["layout"] == "official", str(entry.get("type", ""))
    if is_official != bool(type) or (type and type not in types):
        raise RulebookInvalid(f"{where}: a kind stands under a red head where it is of a statutory type, and only then")
    if not str(entry["title"]).endswith(type) or not str(entry["label"][0]).startswith(type or entry["mark"]):
        raise RulebookInvalid(f"{where}: its name and its title do not say what it is")
    for name, allowed in _HEAD.items():
        more = f" {_OF_OFFICE[name]}" if is_official and name in _OF_OFFICE else ""
        _check(str(entry.get(name, "")), allowed + more, where=f"{where}: {name}")


def _limits(raw: Mapping[str, Any]) -> Limits:
    where = f"{_KINDS}: limits"
    for name in ("names", "reply_workdays", "talk_workdays"):
        if isinstance(raw[name], bool) or not isinstance(raw[name], int) or raw[name] < 1:
            raise RulebookInvalid(f"{where}: {name} is a whole number from 1 on, not {raw[name]!r}")
    try:
        much = Decimal(str(raw["much_points"])) * 10
    except InvalidOperation as error:
        raise RulebookInvalid(f"{where}: much_points is a number of points") from error
    if much <= 0 or much != int(much):
        raise RulebookInvalid(f"{where}: much_points is above nothing, with one decimal at most")
    return Limits(
        names=raw["names"], much_permille=int(much), reply_workdays=raw["reply_workdays"],
        talk_workdays=raw["talk_workdays"],
    )
