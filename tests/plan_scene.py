"""A plan made by hand: one part with two sections on 14 February 2025, its deadline on 15 March out of reach."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.plan import (
    ActivityKind,
    Blocker,
    BlockerKind,
    Certificate,
    CertificateLine,
    Colour,
    Light,
    Plan,
    PlannedActivity,
    PlannedLink,
    Repair,
    TargetOutlook,
)
from zhengtu.core.planning.plan_case import Stage, Target

PART: Final = "220204-P0001"
FIRST, SECOND = f"{PART}-S01", f"{PART}-S02"
ON: Final = date(2025, 2, 14)
DUE: Final = date(2025, 3, 15)
DECREE: Final = "state-council-decree-590"
DISTRICT: Final = "220204"


def reason(text: str, **parameters: object) -> Reason:
    """A reason with that sentence."""
    return Reason(code="test.plan", message=text, parameters=parameters)


def step(id: str, label: tuple[str, str], start: date, end: date, **more: object) -> PlannedActivity:
    """A statutory step or period of the part."""
    values: dict[str, object] = {
        "id": f"{PART}:{id}", "subject": PART, "label": label, "kind": ActivityKind.STEP, "early_start_on": start,
        "early_end_on": end, "late_start_on": None, "late_end_on": None, "step": id, "source": f"{DECREE}#10",
        "responsible": DISTRICT, **more,
    }
    return PlannedActivity(**values)  # type: ignore[arg-type]


def work(section: str, stage: Stage, start: date, end: date, **more: object) -> PlannedActivity:
    """Work on the households of a section."""
    values: dict[str, object] = {
        "id": f"{section}:{stage}", "subject": section, "label": (str(stage), str(stage).title()),
        "kind": ActivityKind.WORK, "early_start_on": start, "early_end_on": end, "late_start_on": None,
        "late_end_on": None, "stage": stage, "responsible": DISTRICT, "households": 12, "households_left": 12,
        **more,
    }
    return PlannedActivity(**values)  # type: ignore[arg-type]


def made_plan() -> Plan:
    """The plan: the scheme is published, its period runs; negotiation may be decided; handing over comes too late."""
    published = step(
        "scheme_published", ("公布补偿方案", "Scheme published"), date(2025, 1, 20), date(2025, 1, 20),
        actual_start_on=date(2025, 1, 20), actual_end_on=date(2025, 1, 20),
    )
    period = step(
        "scheme_published.notice", ("征求意见期限", "Period for opinions"), date(2025, 1, 21), date(2025, 2, 19),
        kind=ActivityKind.PERIOD, actual_start_on=date(2025, 1, 21), late_start_on=date(2025, 1, 10),
        late_end_on=date(2025, 2, 8), float_days=-7, is_critical=True, driver=f"{PART}:scheme_published",
        driver_reason=reason("A period of 30 days has to pass."),
    )
    negotiation = work(
        FIRST, Stage.NEGOTIATION, date(2025, 2, 20), date(2025, 3, 12), late_start_on=date(2025, 2, 10),
        late_end_on=date(2025, 3, 3), float_days=-7, is_critical=True, driver=f"{PART}:scheme_published.notice",
        driver_reason=reason("The period has to end first."), may_be_decided=True,
    )
    other = work(
        SECOND, Stage.NEGOTIATION, date(2025, 2, 20), date(2025, 2, 28), late_start_on=date(2025, 2, 25),
        late_end_on=date(2025, 3, 5), float_days=3, may_be_decided=True, driver=f"{PART}:scheme_published.notice",
    )
    handover = PlannedActivity(
        id=f"{FIRST}:handover", subject=FIRST, label=("交地", "Handing over"), kind=ActivityKind.HANDOVER,
        early_start_on=date(2025, 3, 26), early_end_on=date(2025, 3, 26), late_start_on=DUE, late_end_on=DUE,
        float_days=-7, is_critical=True, driver=f"{FIRST}:negotiation", responsible=DISTRICT,
    )
    track = PlannedActivity(
        id=f"{FIRST}:court_ruling", subject=FIRST, label=("法院裁定", "Court's ruling"), kind=ActivityKind.TRACK,
        early_start_on=date(2025, 10, 20), early_end_on=date(2025, 11, 19), late_start_on=None, late_end_on=None,
        step="enforcement_ruled", source=f"{DECREE}#28",
    )
    return Plan(
        code=PART, on=ON, activities=[published, period, negotiation, handover, track, other],
        links=[
            PlannedLink(published.id, period.id, "FS", 0, is_critical=False),
            PlannedLink(period.id, negotiation.id, "FS", 0, is_critical=True),
            PlannedLink(period.id, other.id, "FS"), PlannedLink(negotiation.id, handover.id, "FS", 14, True),
        ],
        targets=[handed_over()], light=red(),
        section_lights={FIRST: red(), SECOND: Light(Colour.YELLOW, "tight", reason("Three days are left."), ON, None)},
    )


def handed_over() -> TargetOutlook:
    """The deadline with its proof and a repair."""
    lines = [
        CertificateLine(f"{PART}:scheme_published.notice", ("征求意见期限", "Period for opinions"), ON,
                        date(2025, 2, 19), f"{DECREE}#10", reason("A period of 30 days has to pass.")),
        CertificateLine(f"{FIRST}:negotiation", ("协商签约", "Negotiation"), date(2025, 2, 20), date(2025, 3, 12), "",
                        reason("12 households at %(rate)s a day.", rate="0.8")),
        CertificateLine(f"{FIRST}:handover", ("交地", "Handing over"), date(2025, 3, 13), date(2025, 3, 26), "",
                        reason("Moving out takes 14 days.")),
    ]
    return TargetOutlook(
        target=Target("handed_over-2025-03-15", "handed_over", DUE, ("全线交地", "All land handed over"),
                      [FIRST, SECOND], ""),
        earliest_on=date(2025, 3, 26), is_met=False, slack_days=-7, decision_on=date(2025, 12, 1),
        needs_agreement=True,
        certificate=Certificate("handed_over-2025-03-15", date(2025, 3, 26), 11, lines),
        repairs=[
            Repair("teams", reason("One more negotiation team."), Decimal(60_000), date(2025, 3, 14), True),
            Repair("deadline", reason("A deadline of 26 March."), None, date(2025, 3, 26), False),
        ],
    )


def red() -> Light:
    """A red light with the district as its blocker."""
    return Light(
        Colour.RED, "late", reason("The land comes 7 working days too late."), ON,
        Blocker(BlockerKind.DISTRICT, date(2025, 2, 1), date(2025, 2, 20), DISTRICT, reason("Negotiation waits.")),
        probability=0.12, float_days=-7, target="handed_over-2025-03-15",
    )
