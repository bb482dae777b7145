"""The names that a city's registry holds, for reading texts."""

from __future__ import annotations

from datetime import date

from zhengtu.accounts.models import Unit, UnitKind
from zhengtu.core.language.directive_text import Lexicon, Named
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Campaign, Project, Section

_RESPONSIBLE = (
    UnitKind.DISTRICT, UnitKind.DEVELOPMENT_ZONE, UnitKind.DEPARTMENT, UnitKind.ENTERPRISE, UnitKind.COMMAND_POST,
    UnitKind.CITY,
)


def lexicon_of(city: str, *, on: date) -> Lexicon:
    """Units, projects and sections of a city with their short names, collective names with their members, and the
    last day of the campaign that runs on a day (the latest one, where none does)."""
    units = list(Unit.objects.filter(code__startswith=city[:4], kind__in=_RESPONSIBLE).order_by("code"))
    projects = Project.objects.filter(code__startswith=city[:4]).order_by("code").values_list("code", "name")
    sections = Section.objects.filter(code__startswith=city[:4]).order_by("code").values_list(
        "code", "name", "project__name"
    )
    named_sections = [
        Named(code=code, name=f"{project}{name}", aliases=()) for code, name, project in sections if name
    ]
    return Lexicon(
        units=[
            Named(
                code=unit.code, name=unit.name,
                aliases=(unit.short_name,) if unit.short_name and unit.short_name != unit.name else (),
            )
            for unit in units
        ],
        projects=[Named(code=code, name=name) for code, name in projects] + named_sections,
        groups={
            name: [unit.code for unit in units if unit.kind in kinds and unit.superior_id in (None, city)]
            for name, kinds in current_rulebook().directives.groups.items()
        },
        campaign_end_on=_campaign_end(city, on),
    )


def _campaign_end(city: str, on: date) -> date | None:
    campaigns = Campaign.objects.filter(code__startswith=city[:4]).order_by("-start_on")
    running = campaigns.filter(start_on__lte=on, end_on__gte=on).first() or campaigns.first()
    return running.end_on if running is not None else None
