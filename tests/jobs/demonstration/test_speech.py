"""What the mobilisation speech says is in the demonstration: projects, districts, clients, dates, open matters."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from zhengtu.jobs.demonstration import DemonstrationCampaign
from zhengtu.jobs.demonstration.script import as_said, day_of

TODAY = date(2026, 2, 8)
SPEECH = Path(__file__).resolve().parents[4] / "shared" / "data" / "mobilisation-speech.txt"
CHANGYI, LONGTAN, CHUANYING, FENGMAN, HIGH_TECH, ECONOMIC = "220202", "220203", "220204", "220211", "220272", "220271"
RAILWAY, GUOKAI = "220200-railway-investment", "220200-guokai-jilin"

NAMED = {
    "铁路西环线": {CHUANYING, HIGH_TECH, ECONOMIC},
    "长吉南线": {CHUANYING},
    "吉荒高速": {LONGTAN},
    "秀水街快速路": {CHUANYING, CHANGYI, FENGMAN, HIGH_TECH},
    "新城大路快速路": {CHUANYING, CHANGYI, FENGMAN, HIGH_TECH},
    "玄天岭公园": {CHUANYING},
    "西山街": {CHUANYING},
    "松江南路两侧棚户区改造（小白山区域）": {FENGMAN},
    "哈达湾区域棚户区改造": {CHANGYI},
    "热力公司项目": {CHANGYI},
    "珲春北街东项目": {CHANGYI},
    "吉丰铁路东项目": {HIGH_TECH},
    "七家子回迁区项目": {ECONOMIC},
}


def named(demonstration: DemonstrationCampaign, name: str):
    return next(project for project in demonstration.projects if project.name == name)


def matters(demonstration: DemonstrationCampaign, name: str):
    code = named(demonstration, name).code
    return [matter for matter in demonstration.matters if matter.project == code]


def test_thirteen_projects_are_named_and_lie_in_the_districts_of_the_speech(demonstration):
    of_speech = {project.name: project for project in demonstration.projects if project.in_speech}
    assert {name: set(project.jurisdictions) for name, project in of_speech.items()} == NAMED
    assert [project.code for project in demonstration.projects[:13]] == [f"220200-P{n:04d}" for n in range(1, 14)]


def test_every_jurisdiction_of_a_named_project_has_a_section_of_it(demonstration):
    sections = demonstration.sections
    found = Counter(zip(sections.project.tolist(), sections.jurisdiction.tolist(), strict=True))
    for index, project in enumerate(demonstration.projects[:13]):
        assert {code for project_index, code in found if project_index == index} == NAMED[project.name]


@pytest.mark.skipif(not SPEECH.exists(), reason="the speech lies beside the repository, not in it")
@pytest.mark.parametrize("name", ["铁路西环线", "长吉南线", "吉荒高速", "秀水街", "新城大路", "玄天岭公园", "西山街",
                                  "松江南路两侧棚户区改造", "哈达湾区域棚户区", "热力公司项目", "珲春北街东项目",
                                  "吉丰铁路东项目", "七家子回迁区项目"])  # fmt: skip
def test_names_are_the_speech_s_own(name):
    assert name in SPEECH.read_text(encoding="utf-8")


def test_western_loop_is_due_on_15_march_and_paid_for_by_the_railway_company(demonstration):
    project = named(demonstration, "铁路西环线")
    assert project.client == RAILWAY
    assert project.deadline_on == day_of("handover", today=TODAY) == date(2026, 3, 15)
    assert {matter.as_said for matter in matters(demonstration, "铁路西环线")} == {"3月15日前"}
    assert any(RAILWAY in matter.units for matter in matters(demonstration, "铁路西环线"))


def test_south_line_has_the_former_military_land_as_a_section_without_households(demonstration):
    sections = demonstration.sections
    military = [row for row, note in enumerate(sections.note) if "65331" in note]
    assert [demonstration.projects[sections.project[row]].name for row in military] == ["长吉南线"]
    assert not (demonstration.households.section == military[0]).any()
    assert (demonstration.parcels.section == military[0]).any()
    texts = "".join(matter.text for matter in matters(demonstration, "长吉南线"))
    assert "军方" in texts
    assert "返住" in texts


def test_expressway_of_longtan_has_its_last_section_left(demonstration):
    rows = [row for row, index in enumerate(demonstration.sections.project)
            if demonstration.projects[index].name == "吉荒高速"]  # fmt: skip
    assert len(rows) == 1
    handed_over = demonstration.facts.kind == kind_index("handed_over")
    assert not set(rows) & set(demonstration.facts.subject[handed_over].tolist())


def kind_index(kind: str) -> int:
    from zhengtu.jobs.demonstration.model import FACT_KINDS

    return FACT_KINDS.index(kind)


def test_unauthorised_construction_is_the_matter_of_park_and_street(demonstration):
    for name in ("玄天岭公园", "西山街"):
        assert any("违法建筑" in matter.text for matter in matters(demonstration, name))


def test_xiaobaishan_has_not_been_announced_yet(demonstration):
    project = named(demonstration, "松江南路两侧棚户区改造（小白山区域）")
    announced = {step.participation for step in demonstration.steps if step.kind == "expropriation_announced"}
    assert announced
    assert not any(code.endswith(project.code.split("-")[1]) for code in announced)
    assert any(
        "220200-land-bureau" in matter.units
        for matter in matters(demonstration, "松江南路两侧棚户区改造（小白山区域）")
    )


def test_hadawan_is_led_by_its_command_post_with_changyi(demonstration):
    project = named(demonstration, "哈达湾区域棚户区改造")
    assert project.lead_unit == "220200-hadawan-command"
    assert CHANGYI in project.joint_units


def test_four_overdue_projects_answer_to_the_two_enterprises(demonstration):
    overdue = [project for project in demonstration.projects if project.in_speech and project.overdue_resettlement]
    assert [(project.name, project.lead_unit) for project in overdue] == [
        ("热力公司项目", CHANGYI), ("珲春北街东项目", CHANGYI),
        ("吉丰铁路东项目", HIGH_TECH), ("七家子回迁区项目", ECONOMIC),
    ]  # fmt: skip
    assert {project.client for project in overdue} == {RAILWAY, GUOKAI}


def test_supervised_projects_are_on_the_lists_of_nation_and_province(demonstration):
    by_level = {entry.level: set(entry.projects) for entry in demonstration.lists}
    three = {named(demonstration, name).code for name in ("铁路西环线", "长吉南线", "吉荒高速")}
    assert three <= by_level["nation"]
    assert three <= by_level["province"]
    assert three <= by_level["city"]
    assert len(by_level["city"]) > 40


def test_the_calendar_runs_around_the_day_of_loading(demonstration):
    campaign = demonstration.campaign
    assert (campaign.start_on, campaign.end_on) == (TODAY - timedelta(70), TODAY + timedelta(90))
    assert day_of("april_start", today=TODAY) == date(2026, 4, 20)
    assert as_said("april_start") == "420开工"
    assert campaign.start_on < campaign.speech_on < TODAY


def test_there_is_an_account_for_each_role_and_the_family_has_a_file_of_its_own(demonstration):
    roles = {person.role for person in demonstration.people}
    assert roles == {"mayor", "vice_mayor", "coordinator", "inspector", "district_leader", "field_officer", "client",
                     "department", "appraiser", "auditor", "family"}  # fmt: skip
    units = {unit.code for unit in demonstration.units}
    assert all(person.unit in units for person in demonstration.people)
    family = next(person for person in demonstration.people if person.role == "family")
    row = demonstration.households.code.tolist().index(family.household)
    assert demonstration.households.head_name[row] == family.name


def test_every_unit_and_leader_that_a_project_names_exists(demonstration):
    units = {unit.code for unit in demonstration.units}
    leaders = {person.username for person in demonstration.people}
    for project in demonstration.projects:
        assert {project.client, project.lead_unit, *project.joint_units, *project.jurisdictions} <= units
        assert project.sponsor in leaders
    assert all(set(matter.units) <= units for matter in demonstration.matters)
