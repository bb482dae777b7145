"""Inspections in words: names of places, lights of stages, rows of the draw with what was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhengtu.campaign.queries import names_in_reach
from zhengtu.core.inspection.discrepancy import Discrepancy, Inspected, discrepancy
from zhengtu.core.inspection.replay import DrawDocument
from zhengtu.core.kernel.codes import city_of, jurisdiction_of, kind_of, project_of
from zhengtu.inspection.choices import place_names
from zhengtu.inspection.models import InspectionForm
from zhengtu.inspection.queries import InspectionStage, SiteRow
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.cockpit.sentences import Names, name_of
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label

STAGE_WORDS: Final = {
    InspectionStage.PLANNED: pgettext_lazy("inspection", "Planned"),
    InspectionStage.UNDER_WAY: pgettext_lazy("inspection", "On site"),
    InspectionStage.CONCLUDED: pgettext_lazy("inspection", "Concluded, not released"),
    InspectionStage.RELEASED: pgettext_lazy("inspection", "Released"),
    InspectionStage.CANCELLED: pgettext_lazy("inspection", "Cancelled"),
}
STAGE_LIGHTS: Final = {
    InspectionStage.PLANNED: "idle", InspectionStage.UNDER_WAY: "running", InspectionStage.CONCLUDED: "yellow",
    InspectionStage.RELEASED: "green", InspectionStage.CANCELLED: "idle",
}


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One household of the draw as pages show it.

    Attributes:
        light: red where the report is not so, green where it is, idle where nothing was told or nobody was there yet.
        verdict: the same in a word.
    """

    row: SiteRow
    section: str
    found: str
    light: str
    verdict: str


@dataclass(frozen=True, slots=True)
class StratumLine:
    """One stratum: what is reported, what was drawn of it and what was found; counts are households."""

    place: str
    state: str
    listed: int
    drawn: int
    told: int
    false: int
    untold: int

    @property
    def confirmed(self) -> int:
        """Found as reported."""
        return self.told - self.false

    @property
    def unseen(self) -> int:
        """Drawn, and nobody was there yet."""
        return self.drawn - self.told - self.untold


def form_label(form: str) -> str:
    """The form of an inspection in words."""
    return str(InspectionForm(form).label)


def matter_label(matter: str) -> str:
    """The matter in words."""
    return rulebook_label(group="inspection_matter", id=matter)


def asks(matter: str) -> str:
    """What is to be told on site."""
    return in_language(current_rulebook().inspection.matters[matter].asks)


def answer_label(matter: str, answer: str) -> str:
    """What was found, in words; empty for nothing."""
    return rulebook_label(group="inspection_answer", id=f"{matter}.{answer}") if answer else ""


def names_for(codes: Iterable[str]) -> Names:
    """Names of units and projects, and of the sections among the codes."""
    return names_in_reach() | place_names(list(codes))


def place_label(code: str, names: Names) -> str:
    """A place of a plan: a part of a project bears the project's name and the jurisdiction's."""
    if code == city_of(code):
        return gettext("The whole city")
    if code in names:
        return name_of(code, names)
    try:
        if kind_of(code) == "participation":
            return f"{name_of(project_of(code), names)} · {name_of(jurisdiction_of(code), names)}"
    except ValueError:
        pass
    return code


def together(words: Iterable[str]) -> str:
    """Names in a row."""
    return gettext(", ").join(words)


def site_lines(rows: Sequence[SiteRow], *, matter: str) -> list[SiteLine]:
    """Rows of the draw in words."""
    names = place_names(sorted({row.section for row in rows}))
    return [
        SiteLine(
            row=row, section=name_of(row.section, names), found=answer_label(matter, row.found),
            light={True: "red", False: "green", None: "idle"}[row.is_false], verdict=_verdict(row),
        )
        for row in rows
    ]


def _verdict(row: SiteRow) -> str:
    if not row.found:
        return str(_("Not visited yet"))
    if row.is_false is None:
        return str(_("Could not be told"))
    return str(_("Not as reported") if row.is_false else _("As reported"))


def strata_of(document: DrawDocument | None, rows: Sequence[SiteRow], names: Names) -> list[StratumLine]:
    """The strata of these rows' jurisdictions, with what was found there."""
    places = {row.jurisdiction for row in rows}
    lines = []
    for one in document.strata if document is not None else ():
        place, _slash, state = one.key.partition("/")
        if place not in places:
            continue
        mine = [row for row in rows if row.stratum == one.key]
        lines.append(StratumLine(
            place=name_of(place, names), state=rulebook_label(group="milestone", id=state), listed=len(one.codes),
            drawn=len(mine), told=sum(row.is_false is not None for row in mine),
            false=sum(row.is_false is True for row in mine),
            untold=sum(bool(row.found) and row.is_false is None for row in mine),
        ))
    return lines


def measured(strata: Sequence[StratumLine], *, form: str) -> Discrepancy | None:
    """How many reported households are not so, with its interval; None where nothing was seen, and for a patrol.

    A patrol draws by weight and tells of no figure.
    """
    if form == InspectionForm.PATROL:
        return None
    return discrepancy([Inspected(one.listed, one.told, one.false) for one in strata])
