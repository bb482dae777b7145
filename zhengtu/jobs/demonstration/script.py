"""Read campaign.yaml and share the households out among its projects, the invented ones included."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from zhengtu.jobs.demonstration.staging import script_of

SCRIPT = Path(__file__).with_name("campaign.yaml")
OVERDUE_PART = {"COLLECTIVE_LAND": 0.78}
"""Part of an overdue project's households that still wait for their homes, by regime; the others have come home."""
OVERDUE_PART_ELSE = 0.48
"""The same under every other regime: there an earlier wave of families was promised homes, waited and came home."""
FEWEST_HOUSEHOLDS = 200

LonLat = tuple[float, float]


@dataclass(frozen=True)
class ProjectScript:
    """One project as written or invented: what it is, where it lies, and how its households have fared.

    `announced` gives, by jurisdiction, the day of the announcement counted from today. A project with a `line` is a
    corridor; one with neither line nor site is placed near its jurisdiction's centre.
    """

    number: int
    name: str
    name_en: str
    kind: str
    regime: Any
    client: str
    lead_unit: str
    joint_units: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    sponsor: str
    deadline: str
    deadline_goal: str
    lists: tuple[str, ...]
    fabric: dict[str, float]
    announced: dict[str, int]
    matters: tuple[dict[str, Any], ...] = ()
    in_speech: bool = False
    line: tuple[LonLat, ...] = ()
    site: LonLat | None = None
    turned: float = 0.0
    half_width_m: float = 0.0
    section_m: float = 0.0
    stalled: float = 0.12
    stalled_until: int | None = None
    unregistered: float = 1.0
    military_section: dict[str, Any] | None = None
    months_late: tuple[tuple[int, int], ...] = ()
    households: int = 0
    overdue: int = 0

    @property
    def code(self) -> str:
        """Return the project's code, such as 220200-P0001."""
        return f"220200-P{self.number:04d}"


def read_script() -> dict[str, Any]:
    """Return campaign.yaml as read."""
    return script_of(SCRIPT)


def day_of(label: str, *, today: date) -> date:
    """Return the day of a calendar label such as ``handover`` on the demonstration's calendar."""
    return today + timedelta(days=int(read_script()["calendar"][label]["day"]))


def as_said(label: str) -> str:
    """Return a calendar label in the speech's own words."""
    return str(read_script()["calendar"][label]["as_said"])


def project_scripts(*, households: int, seed: int) -> tuple[ProjectScript, ...]:
    """Return all projects with their households, which sum to `households`.

    Raises ValueError where `households` is too few to give each named project some.
    """
    if households < FEWEST_HOUSEHOLDS:
        raise ValueError(f"A demonstration needs at least {FEWEST_HOUSEHOLDS} households, not {households}.")
    script = read_script()
    named = [_named(entry) for entry in script["projects"]]
    rng = np.random.default_rng([seed, 1])
    overdue_shares = [float(entry.get("overdue_share", 0.0)) for entry in script["projects"]]
    overdue_shares += script["fictitious"]["overdue"]["shares"]
    overdue_total = round(sum(overdue_shares) * households)
    overdue = _largest_remainder(np.array(overdue_shares), overdue_total)
    named += _fictitious_overdue(first=len(named) + 1)
    sized = []
    for project, waiting, entry in zip(named, overdue, script["projects"] + [{}] * 3, strict=True):
        part = OVERDUE_PART.get(project.regime, OVERDUE_PART_ELSE)
        count = int(np.ceil(waiting / part)) if waiting else round(entry.get("share", 0.0) * households)
        sized.append(replace(project, households=min(count, entry.get("ceiling", count)), overdue=int(waiting)))
    left = households - sum(project.households for project in sized)
    return (*sized, *_fictitious_starts(rng, first=len(sized) + 1, households=left, of_all=households))


def _named(entry: dict[str, Any]) -> ProjectScript:
    plain = (
        "name",
        "name_en",
        "kind",
        "regime",
        "client",
        "lead_unit",
        "sponsor",
        "deadline",
        "deadline_goal",
        "fabric",
    )
    optional = ("turned", "half_width_m", "section_m", "stalled", "stalled_until", "unregistered", "military_section")
    return ProjectScript(
        number=int(entry["code"][-4:]),
        **{name: entry[name] for name in plain},
        **{name: entry[name] for name in optional if name in entry},
        joint_units=tuple(entry["joint_units"]),
        jurisdictions=tuple(entry["jurisdictions"]),
        lists=tuple(entry["lists"]),
        announced=dict(entry.get("announced", {})),
        matters=tuple(entry["matters"]),
        in_speech=True,
        line=tuple((lon, lat) for lon, lat in entry.get("line", ())),
        site=tuple(entry["site"]) if "site" in entry else None,
        months_late=tuple((low, high) for low, high in entry.get("months_late", ())),
    )


def leader_of(unit: str) -> str:
    """Return the username of a district's leader."""
    return _person_of(unit, role="district_leader")


def officer_of(unit: str) -> str:
    """Return the username of a district's first field officer."""
    return _person_of(unit, role="field_officer")


def _person_of(unit: str, *, role: str) -> str:
    return next(
        str(person["username"]) for person in read_script()["people"]
        if person["unit"] == unit and person["role"] == role
    )


def _fictitious_overdue(*, first: int) -> list[ProjectScript]:
    rules = read_script()["fictitious"]["overdue"]
    names = (("柳影街回迁区", "Liuying Street"), ("东篱片区回迁楼", "Dongli"), ("临溪回迁小区", "Linxi"))
    return [
        ProjectScript(
            number=first + index,
            name=name,
            name_en=f"{name_en} Return Housing",
            kind="resettlement",
            regime="STATE_LAND",
            client=rules["clients"][index],
            lead_unit=jurisdiction,
            joint_units=(rules["clients"][index],),
            jurisdictions=(jurisdiction,),
            sponsor=leader_of(jurisdiction),
            deadline="campaign_end",
            deadline_goal="resettled",
            lists=(),
            fabric={"slab": 0.6, "courtyard": 0.4},
            announced={},
            turned=17.0 * index - 20,
            months_late=tuple((low, high) for low, high in rules["months_late"]),
        )
        for index, ((name, name_en), jurisdiction) in enumerate(zip(names, rules["jurisdictions"], strict=True))
    ]


def _fictitious_starts(
    rng: np.random.Generator, *, first: int, households: int, of_all: int
) -> tuple[ProjectScript, ...]:
    """Return invented projects that fill the start list; their number grows more slowly than the households."""
    script = read_script()
    rules = script["fictitious"]["starts"]
    count = max(4, round(rules["at_20000_households"] * (of_all / 20_000) ** 0.6))
    count = min(count, max(1, households // 8))
    sizes = _largest_remainder(rng.lognormal(0.0, 0.6, count), households)
    areas = list(script["jurisdictions"])
    shares = np.array([script["jurisdictions"][area]["share"] for area in areas])
    weights = np.array([kind["weight"] for kind in rules["kinds"]], dtype=float)
    places = rng.permutation(rules["places"])
    chosen_areas = rng.choice(len(areas), count, p=shares / shares.sum())
    chosen_kinds = rng.choice(len(weights), count, p=weights / weights.sum())
    low, high = rules["announced_between"]
    projects = []
    for index in range(count):
        kind, area = rules["kinds"][chosen_kinds[index]], areas[chosen_areas[index]]
        place = (
            f"{places[index % len(places)]}{('', '东', '西', '南', '北', '一', '二', '三')[index // len(places) % 8]}"
        )
        projects.append(
            ProjectScript(
                number=first + index,
                name=kind["name"].format(place=place),
                name_en=f"{kind['name_en']} {index + 1}",
                kind=kind["kind"],
                regime=kind["regime"],
                client="220200-construction-commission"
                if kind["kind"] in ("urban_road", "park")
                else "220200-land-bureau",
                lead_unit=area,
                joint_units=("220200-land-bureau",),
                jurisdictions=(area,),
                sponsor=leader_of(area),
                deadline="april_start",
                deadline_goal="handed_over",
                lists=("220200-april-starts",),
                fabric=kind["fabric"],
                announced={area: int(rng.integers(low, high))},
                turned=float(rng.uniform(-45, 45)),
                half_width_m=40.0 if kind["kind"] == "urban_road" else 0.0,
                section_m=450.0,
                stalled=float(rng.choice([0.0, 0.1, 0.3])),
                households=int(sizes[index]),
            )
        )
    return tuple(projects)


def _largest_remainder(weights: npt.NDArray[np.float64], total: int) -> npt.NDArray[np.int64]:
    """Return whole numbers in proportion to the weights that sum to `total`."""
    exact = weights / weights.sum() * total
    whole: npt.NDArray[np.int64] = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - whole.sum()]] += 1
    return whole
