"""A resettlement plan as a document in official layout, of which Word and PDF are made; in Chinese as documents are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext, override

from zhengtu.accounts.queries import unit_names
from zhengtu.casework.notice_values import date_in_words
from zhengtu.core.kernel.civil_dates import whole_months_between
from zhengtu.core.kernel.messages import N_
from zhengtu.ledger.reason_text import rulebook_label
from zhengtu.press.chart import Span, SpanChart, Tone
from zhengtu.press.document import Block, Document, Heading, Layout, Paragraph, Table, TableColumn
from zhengtu.press.pdf import to_pdf
from zhengtu.press.word import to_docx
from zhengtu.registry.models import Participation
from zhengtu.registry.queries import is_demonstration

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA_TYPES: Final[Mapping[str, str]] = {"docx": DOCX, "pdf": "application/pdf"}
_DEMONSTRATION: Final = N_("Demonstration data, without legal effect")
_CHINESE: Final = "zh-hans"
_TONES: Final = {"building": Tone.PLAIN, "purchase": Tone.GREEN, "cash": Tone.MUTED}


def plan_files(document: Document) -> dict[str, bytes]:
    """Word and PDF of a plan, by ending."""
    return {"docx": to_docx(document), "pdf": to_pdf(document)}


def plan_document(
    content: Mapping[str, Any], part: Participation, *, code: str, sha256: str, dated_on: date, is_draft: bool
) -> Document:
    """The document of a plan.

    Args:
        dated_on: the day of approval, or today of a draft, which is marked as such on every page.
    """
    with override(_CHINESE):
        names = {one: name[0] for one, name in unit_names({row["payer"] for row in content["money"]}).items()}
        place = part.jurisdiction.name
        return Document(
            title=gettext("Plan for bringing home overdue families of %(project)s (%(place)s)") % {
                "project": part.project.name, "place": place,
            },
            layout=Layout.OFFICIAL, number=gettext("Plan %(code)s") % {"code": code},
            blocks=[
                *_families(content), *_ways(content), *_money(content, names), *_schedule(content), *_order(content),
                *_left(content), *_basis(content, sha256),
            ],
            issuer=place, dated=date_in_words(dated_on), is_sealed=False,
            mark=gettext(_DEMONSTRATION) if is_demonstration(f"{code[:4]}00") else "",
            watermark=gettext("Draft") if is_draft else "",
        )


def _families(content: Mapping[str, Any]) -> list[Block]:
    late = content["late"]
    return [
        Heading(gettext("1. Families that wait")),
        Paragraph(gettext(
            "As of %(day)s, %(families)s families of this project wait for their homes: %(late)s are overdue, "
            "%(over_12)s of them by more than 12 months and %(over_40)s by more than 40 months."
        ) % {
            "day": date_in_words(date.fromisoformat(content["on"])), "families": content["families"], "late": late["0"],
            "over_12": late["12"], "over_40": late["40"],
        }),
    ]


def _ways(content: Mapping[str, Any]) -> list[Block]:
    ways = content["ways"]
    columns = [
        TableColumn(gettext("Way"), width=1.1), TableColumn(gettext("Where the homes are"), width=2.2),
        TableColumn(gettext("Families"), is_number=True), TableColumn(gettext("Sum (10,000 yuan)"), is_number=True),
        TableColumn(gettext("Due on"), width=1.4),
    ]
    rows = [
        [way_label(one["way"]), _homes(one), str(one["count"]), _wan(one["yuan"]), one["due_on"]]
        for one in content["milestones"]
    ]
    total = [gettext("In all"), "", str(sum(one["count"] for one in content["milestones"])), _wan(content["yuan"]), ""]
    return [
        Heading(gettext("2. Ways home")),
        Paragraph(gettext(
            "%(building)s families move into resettlement buildings, %(purchase)s into existing homes that are bought, "
            "and %(cash)s settle in money as they chose or agreed."
        ) % ways),
        Table(columns, rows, total=total, caption=gettext("Table 1: Ways home and their dates")),
    ]


def _money(content: Mapping[str, Any], names: Mapping[str, str]) -> list[Block]:
    if not content["money"]:
        return [Heading(gettext("3. Money")), Paragraph(gettext("The plan spends nothing on homes and money."))]
    columns = [
        TableColumn(gettext("Payer"), width=2.2), TableColumn(gettext("Year")),
        TableColumn(gettext("Existing homes"), is_number=True),
        TableColumn(gettext("Settlement in money"), is_number=True),
        TableColumn(gettext("Together"), is_number=True),
    ]
    rows = [
        [names.get(one["payer"], one["payer"]), str(one["year"]), _wan(one["homes_yuan"]), _wan(one["cash_yuan"]),
         _wan(one["yuan"])]
        for one in content["money"]
    ]
    return [
        Heading(gettext("3. Money")),
        Table(
            columns, rows, total=[gettext("In all"), "", "", "", _wan(content["yuan"])],
            caption=gettext("Table 2: Sums by payer and year"), unit=gettext("10,000 yuan"),
        ),
    ]


def _schedule(content: Mapping[str, Any]) -> list[Block]:
    milestones = content["milestones"]
    if not milestones:
        return []
    on = date.fromisoformat(content["on"])
    start = on.replace(day=1)
    last = max(_months(start, one["due_on"]) for one in milestones) + 1
    labels = [f"{on.year + (on.month - 1 + at) // 12}-{(on.month - 1 + at) % 12 + 1:02d}" for at in range(last)]
    rows = [
        Span(
            name=_named(one), start=float(min(_months(start, one["from_on"]), _months(start, one["due_on"]))),
            end=float(_months(start, one["due_on"]) + 1), tone=_TONES[one["way"]],
            note=gettext("%(count)s families, %(day)s") % {"count": one["count"], "day": one["due_on"]},
        )
        for one in milestones
    ]
    return [
        Heading(gettext("4. Schedule")),
        Paragraph(gettext(
            "Each milestone is followed as a directive. A building is due on the day by which it is completed with a "
            "chance of 80 per cent."
        )),
        SpanChart(gettext("Figure 1: Milestones"), gettext("months"), labels, rows),
    ]


def _order(content: Mapping[str, Any]) -> list[Block]:
    first = content["first_after_months"]
    text = gettext(
        "Among families that are alike, recognised hardship comes first, then who waits longest. Nobody is led against "
        "the choice that the family has on record."
    )
    if first is not None:
        text += gettext(
            "Families with a recognised hardship and families overdue by more than %(months)s months come before all "
            "others."
        ) % {"months": first}
    return [Heading(gettext("5. Who comes first")), Paragraph(text)]


def _left(content: Mapping[str, Any]) -> list[Block]:
    if not content["waiting"]:
        return []
    return [
        Heading(gettext("6. Families for whom nothing is found yet")),
        Paragraph(gettext(
            "For %(count)s families no home and no money is found within %(months)s months; their subsidy goes on, "
            "and the plan is to be supplemented for them."
        ) % {"count": content["waiting"], "months": content["horizon_months"]}),
    ]


def _basis(content: Mapping[str, Any], sha256: str) -> list[Block]:
    return [Paragraph(gettext(
        "Basis: computation no. %(run)s, point %(point)s, from the facts on record on %(day)s. Fingerprint of this "
        "plan (SHA-256):"
    ) % {
        "run": content["run"], "point": content["point"] + 1, "day": date_in_words(date.fromisoformat(content["on"])),
    }), Paragraph(sha256)]


def way_label(way: str) -> str:
    """A way home in the current language."""
    return rulebook_label(group="choice", id=f"way_chosen.way.{way}")


def home_types(milestone: Mapping[str, Any]) -> str:
    """The types of homes of a milestone in the current language, with the number of each where there are several."""
    homes = milestone["homes"]
    labels = {kind: rulebook_label(group="home_type", id=kind) for kind in homes}
    told = [labels[kind] if len(homes) == 1 else f"{labels[kind]} × {count}" for kind, count in homes.items()]
    return gettext(", ").join(told)


def _homes(one: Mapping[str, Any]) -> str:
    return f"{one['name']} {home_types(one)}" if one["name"] else "–"


def _named(one: Mapping[str, Any]) -> str:
    return f"{way_label(one['way'])} {one['name']}".strip()


def _months(start: date, day: str) -> int:
    return whole_months_between(start=start, end=date.fromisoformat(day))


def _wan(yuan: str) -> str:
    return f"{Decimal(yuan) / 10_000:,.2f}"


def milestone_matters(content: Mapping[str, Any], part: Participation, *, code: str) -> Sequence[str]:
    """What each milestone asks, in the words of an order, in Chinese."""
    words = {
        "building": N_("Plan %(code)s, %(project)s: have %(homes)s completed and bring %(count)s families home."),
        "purchase": N_("Plan %(code)s, %(project)s: buy existing homes (%(homes)s) and bring %(count)s families home."),
        "cash": N_("Plan %(code)s, %(project)s: pay %(count)s families their settlement in money."),
    }
    with override(_CHINESE):
        return [
            gettext(words[one["way"]]) % {
                "code": code, "project": part.project.name, "homes": _homes(one), "count": one["count"],
            }
            for one in content["milestones"]
        ]
