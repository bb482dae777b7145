"""Every address × every role, in one table: default deny (403), out of scope does not exist (404).

A new address is added as one line to ``SCREENS``: until then the first test here fails and names it.
Each line says who is let in (``opens``) and for whom the thing does not exist (``missing``); everybody
else who is signed in must get 403, and a stranger is led to the sign-in page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.assessment_scene import PUBLISHED, UNDER_WAY, published_and_under_way
from tests.compensation_scene import agreement_row
from tests.factories import (
    CHANGYI,
    CHANGYI_SECTION,
    CHUANYING_SECTION,
    NOW,
    PROJECT,
    Scene,
    actor_with,
    advance,
    build_campaign,
    person_with,
    record,
    signed_in_client,
)
from tests.factories import CITY as CITY_CODE
from tests.options_scene import drafted_plan
from tests.resettlement_scene import build_site, entitle
from tests.review_scene import held_and_running
from zhengtu.accountability.opening import open_due_cases
from zhengtu.accounts.models import Person, Posting
from zhengtu.assessment.models import Appeal
from zhengtu.campaign.finding_actions import ask_unit
from zhengtu.campaign.finding_runs import run_now
from zhengtu.campaign.models import Finding, FindingRun, Scenario, TeamLevelling
from zhengtu.campaign.scenario_runs import start_scenario
from zhengtu.casework.models import AgreementRun, PolicyTrial
from zhengtu.casework.policy_trials import start_trial
from zhengtu.core.compensation.parameter_trying import Change
from zhengtu.core.directives.draft import DirectiveDraft
from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.planning.scenario import Change as ScenarioChange
from zhengtu.core.planning.scenario import ChangeKind
from zhengtu.directives.actions import add_text, set_directives
from zhengtu.directives.models import SourceText
from zhengtu.funds.models import PaymentOrder
from zhengtu.ledger.models import Deed, Evidence, Fact
from zhengtu.notices.actions import ChannelTerms, RobotAddress, add_robot, send_test
from zhengtu.notices.models import Channel, Delivery, Notice
from zhengtu.publication.actions import draft_bulletin
from zhengtu.publication.models import Bulletin
from zhengtu.registry.models import ImportStage, SurveyImport
from zhengtu.registry.team_actions import TeamTerms, enter_team
from zhengtu.resettlement.handed_out import hand_out
from zhengtu.resettlement.lot_actions import prepare_lots
from zhengtu.resettlement.models import OptionsRun

ANSWERS = "mayor vice_mayor inspector auditor district_leader client department"
OVERSEES = "mayor vice_mayor inspector auditor"
ELSEWHERE = "district_leader client department"
OWN, FOREIGN = f"{CHUANYING_SECTION}-H00001", f"{CHANGYI_SECTION}-H00001"

CITY = "mayor vice_mayor coordinator inspector auditor"
DISTRICT = "district_leader field_officer"
POSTED = f"{CITY} {DISTRICT} neighbour client department appraiser family"
"""Everybody with a post; ``neighbour`` is the field officer of the other district, ``nobody`` has no post."""


@dataclass(frozen=True)
class Screen:
    """One line of the table.

    Attributes:
        name: name of the address.
        opens: roles that are let in, and get ``status``.
        missing: roles for which the thing does not exist (404).
        arguments: keyword arguments of the address; a callable is asked once the scene stands.
        data: what a POST sends; None asks with GET.
        also: other answers, role -> status.
        is_public: whether strangers get ``status`` too, instead of the sign-in page.
    """

    name: str
    opens: str = ""
    missing: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""
    data: Mapping[str, str] | None = None
    status: int = 200
    also: Mapping[str, int] = field(default_factory=dict)
    is_public: bool = False

    def expected(self, role: str) -> int:
        """The status that this role must get."""
        if role == "stranger":
            return self.status if self.is_public else 302
        if role in self.also:
            return self.also[role]
        if role in self.missing.split():
            return 404
        return self.status if self.is_public or role in self.opens.split() else 403

    def address(self) -> str:
        """The address with its arguments."""
        arguments = {name: value() if callable(value) else value for name, value in self.arguments.items()}
        return reverse(self.name, kwargs=arguments) + self.query


def deed_of(subject: str, kind: str) -> str:
    return Fact.objects.get(subject=subject, kind=kind).deed_id


def evidence_of(subject: str, kind: str) -> str:
    return Evidence.objects.get(deed=deed_of(subject, kind)).file_id


def finding() -> Finding:
    """One identity in a file of each district, put to 船营区."""
    return Finding.objects.get(detector="same_identity")


WAITS = f"{CITY} {DISTRICT} neighbour client department family"
LATE_FAMILY: Mapping[str, Any] = {"code": f"{CHANGYI_SECTION}-H00003"}
"""A family of the other district that was promised a home for an earlier day."""
SITE: Mapping[str, Any] = {"code": "220202-T0001"}
_WITHOUT_OFFICERS = f"{CITY} district_leader client department family"
WATCHES = "mayor inspector auditor"
READS = f"{CITY} district_leader client"
"""Who may read released inspections of what is theirs."""
WALL = f"{CITY} {DISTRICT} neighbour client department appraiser"
COCKPIT = f"{CITY} {DISTRICT} neighbour client department"
READS_LEDGER = f"{CITY} {DISTRICT} neighbour client"
IMPORTS, OWN_IMPORT = "coordinator field_officer neighbour", "coordinator field_officer"
UPLOAD: Mapping[str, Any] = {"number": lambda: SurveyImport.objects.get().pk}
OWN_AGREEMENT: Mapping[str, Any] = {"number": f"{OWN}-A01"}
RUN: Mapping[str, Any] = {"number": lambda: AgreementRun.objects.get().pk}
UNMASKS = "inspector district_leader field_officer appraiser auditor family"
SEES_ADDRESSES = "inspector district_leader field_officer auditor family"
POLICY = f"{CITY} {DISTRICT} neighbour client"
SCENARIOS = "mayor vice_mayor coordinator district_leader"
REVIEWS, HOLDS = f"{CITY} district_leader client department", "mayor vice_mayor coordinator"
CALLED, UNCALLED = f"{CITY} district_leader", "client department"
"""Both reviews of the scene call the districts in, and nobody else."""
RUNNING, HELD = {"code": "220200-R20250214-2"}, {"code": "220200-R20250214-1"}
MATTER, NO_MATTER = {**RUNNING, "ordinal": 1}, {**RUNNING, "ordinal": 99}
BULLETIN: Mapping[str, Any] = {"code": "220200-B0001"}
REPORT: Mapping[str, Any] = {"code": lambda: Bulletin.objects.get(kind="inspection").pk}
DRAFTS, DRAFTS_UNSEEN = "mayor vice_mayor coordinator inspector auditor", "district_leader client department"
REPORTS, REPORTS_UNSEEN = "mayor inspector", "vice_mayor coordinator auditor district_leader client department"
RELEASES = "mayor vice_mayor"
ASSESSED, UNASSESSED = f"{CITY} district_leader", "client department"
"""The scheme of the scene scores districts; neither the client nor the department has a card."""
TRIES = "mayor vice_mayor coordinator inspector"
JANUARY, FEBRUARY = {"code": PUBLISHED}, {"code": UNDER_WAY}
APPEAL: Mapping[str, Any] = {"number": lambda: Appeal.objects.get().pk}
NO_CHANNEL = f"{' '.join(role for role in POSTED.split() if role != 'mayor')} nobody"
SPONSORSHIP = f"{CITY} {DISTRICT} neighbour client department"
VISITS = "mayor vice_mayor district_leader client department"
PLANS_RESETTLEMENT, NO_PLANS = f"{CITY} {DISTRICT} client department", "neighbour family"
TRIES_OPTIONS = "mayor vice_mayor coordinator"
OPTIONS: Mapping[str, Any] = {"number": lambda: OptionsRun.objects.get().pk}
RESETTLEMENT_PLAN = {"code": "220204-F0001"}
SCENARIO: Mapping[str, Any] = {"number": lambda: Scenario.objects.get().pk}
TRIAL: Mapping[str, Any] = {"number": lambda: PolicyTrial.objects.get().pk}
SEES_OWN = f"{CITY} {DISTRICT} client department appraiser family"
"""Who reaches the household of 船营区; the neighbour does not."""

PAYS = f"{CITY} district_leader client"
ORDER: Mapping[str, Any] = {"code": "220204-P0001-Z0001"}
SERVED = f"{CITY} {DISTRICT} client department appraiser"
"""Who reaches the section of 船营区 and its households."""
FUNDS = f"{CITY} district_leader client"
SCHEDULE, DECIDES = COCKPIT, "coordinator district_leader"
PLANS = f"{CITY} {DISTRICT} client department"
"""Who reaches the plan of 船营区; the neighbour does not."""
ACCOUNT: Mapping[str, Any] = {"code": "220204-P0001"}

SETS = "mayor vice_mayor coordinator inspector"
GIVEN: Mapping[str, Any] = {"code": "220200-D0001"}
PAPER: Mapping[str, Any] = {**GIVEN, "paper": "notice", "format": "docx"}
TEXT: Mapping[str, Any] = {"number": lambda: SourceText.objects.get().pk}
LEVELLING: Mapping[str, Any] = {"number": lambda: TeamLevelling.objects.get().pk}

READS_INSPECTIONS = f"{CITY} district_leader client"
NO_INSPECTION: Mapping[str, Any] = {"code": "220200-I10000"}
"""What may be seen of an inspection, and when, is in ``test_inspections``; there is none in this scene."""

NOTICE: Mapping[str, Any] = {
    "number": lambda: Notice.objects.get(kind="finding_asked", person__postings__role="district_leader").pk,
}
EVERYBODY_ELSE = " ".join(role for role in POSTED.split() if role != "district_leader")
CHANNEL: Mapping[str, Any] = {"number": lambda: Channel.objects.get().pk}
MESSAGE: Mapping[str, Any] = {"number": lambda: Delivery.objects.get(is_test=True).pk}
ROBOTLESS = " ".join(role for role in POSTED.split() if role not in ("coordinator", "district_leader"))
"""Who manages no robot of 船营区."""

SCREENS = (
    # Doors
    Screen("home", is_public=True, status=302, also={"nobody": 200}),
    Screen("sign_in", is_public=True, also=dict.fromkeys([*POSTED.split(), "nobody"], 302)),
    Screen("sign_out", is_public=True, status=405),
    Screen("language", is_public=True, status=405),
    Screen("language", is_public=True, data={"language": "xx"}, status=400),
    # Procedure
    Screen(
        "procedure.view", f"{CITY} {DISTRICT} client department appraiser", "neighbour family",
        {"code": "220204-P0001"},
    ),
    Screen("procedure.view", SEES_OWN, "neighbour", {"code": OWN}),
    Screen(
        "procedure.completion", f"{CITY} {DISTRICT} client department appraiser", "neighbour family",
        {"code": "220204-P0001"},
    ),
    # Own account
    Screen("account.view", POSTED),
    Screen("account.password", POSTED),
    Screen("account.password", POSTED, data={}),
    Screen("account.codes", POSTED),
    Screen("account.without_codes", POSTED, status=405),
    # Notices
    Screen("notice.inbox", POSTED),
    Screen("notice.inbox", POSTED, query="?show=unread&kind=finding_asked&page=9"),
    Screen("notice.read_all", POSTED, status=405),
    Screen("notice.read_all", POSTED, data={}, status=302),
    Screen("notice.open", "district_leader", EVERYBODY_ELSE, NOTICE, status=302),
    Screen("notice.channels", POSTED),
    Screen("notice.channels", POSTED, data={}, status=409),
    Screen("notice.robot", "coordinator district_leader"),
    Screen("notice.robot", "coordinator district_leader", data={}, status=409),
    Screen("notice.channel_end", POSTED, arguments=CHANNEL, status=405),
    Screen("notice.channel_end", "", POSTED, {"number": 0}, data={}),
    Screen("notice.channel_test", "coordinator district_leader", ROBOTLESS, CHANNEL, data={}, status=409),
    Screen("notice.deliveries", POSTED),
    Screen("notice.deliveries", POSTED, query="?state=waiting&channel=wecom&sort=-due_at"),
    Screen("notice.delivery", "coordinator district_leader", ROBOTLESS, MESSAGE),
    Screen("notice.delivery", "coordinator district_leader", ROBOTLESS, MESSAGE, data={}, status=409),
    # Organisation
    Screen("organisation.view", f"{CITY} district_leader department"),
    Screen("posting.add", "coordinator district_leader"),
    Screen("posting.add", "coordinator district_leader", data={}, status=409),
    Screen(
        "posting.end", "coordinator district_leader",
        arguments={"number": lambda: Posting.objects.get(role="field_officer", unit="220204", until_on=None).pk},
    ),
    Screen(
        "posting.end", "coordinator", missing="district_leader",
        arguments={"number": lambda: Posting.objects.get(role="field_officer", unit=CHANGYI).pk},
    ),
    # Cockpit
    Screen("cockpit.view", COCKPIT),
    Screen("cockpit.view", COCKPIT, query="?on=2025-01-31&known=2025-02-05"),
    # Records
    Screen("project.list", WALL),
    Screen("project.list", COCKPIT, query="?format=xlsx", also={"appraiser": 403}),
    Screen("project.view", WALL, arguments={"code": PROJECT}),
    Screen("project.view", "", WALL, {"code": "220200-P0099"}),
    Screen("section.list", WALL),
    Screen("section.list", COCKPIT, query="?format=xlsx"),
    Screen("section.view", f"{CITY} {DISTRICT} client department appraiser", "neighbour", {"code": CHUANYING_SECTION}),
    Screen("section.view", f"{CITY} neighbour client department appraiser", DISTRICT, {"code": CHANGYI_SECTION}),
    Screen("household.list", WALL, also={"family": 302}),
    Screen("household.list", COCKPIT, query="?format=xlsx", also={"family": 302}),
    # Statements and agreements
    Screen("statement.view", SEES_OWN, "neighbour", {"code": OWN}),
    Screen("statement.view", SEES_OWN, "neighbour", {"code": OWN}, query="?way=exchange&area=90&price=5000&months=12"),
    Screen("statement.view", "", POSTED, {"code": f"{CHUANYING_SECTION}-H09999"}),
    Screen("statement.download", SEES_OWN, "neighbour", {"code": OWN, "way": "cash", "format": "xlsx"}),
    Screen("statement.download", "", POSTED, {"code": OWN, "way": "exchange", "format": "xlsx"}),
    Screen("agreement.list", POSTED),
    Screen("agreement.list", COCKPIT, query="?format=xlsx"),
    Screen("agreement.of", SEES_OWN, "neighbour", {"code": OWN}),
    Screen("agreement.of", SEES_OWN, "neighbour", {"code": OWN}, data={}, status=409),
    Screen("agreement.view", SEES_OWN, "neighbour", OWN_AGREEMENT),
    Screen("agreement.view", "", POSTED, {"number": f"{OWN}-A99"}),
    Screen("agreement.check", "district_leader", arguments=OWN_AGREEMENT, status=405),
    Screen("agreement.check", "", "district_leader", {"number": f"{OWN}-A99"}, data={}),
    Screen("agreement.sign", "field_officer", "neighbour", OWN_AGREEMENT, data={}, status=409),
    Screen("agreement.cancel", "field_officer", "neighbour", OWN_AGREEMENT, data={}, status=409),
    Screen("agreement.supplement", "", "field_officer neighbour", OWN_AGREEMENT),
    Screen("agreement.document", SEES_OWN, "neighbour", {**OWN_AGREEMENT, "format": "docx"}),
    Screen(
        "agreement.document.full", f"{UNMASKS} neighbour", arguments={**OWN_AGREEMENT, "format": "docx"}, status=405
    ),
    Screen("agreement.runs", "field_officer neighbour"),
    Screen("agreement.runs", "", "field_officer neighbour", data={"project": "220200-P0099"}),
    Screen("agreement.run", "field_officer neighbour", arguments=RUN),
    Screen("agreement.run", "", "field_officer neighbour", {"number": 999999}),
    Screen("agreement.run.progress", "field_officer neighbour", arguments=RUN),
    Screen("agreement.run.result", "", "field_officer neighbour", RUN),
    Screen("ledger.view", READS_LEDGER),
    Screen("ledger.view", READS_LEDGER, query="?format=xlsx"),
    Screen("refusal.list", READS_LEDGER),
    Screen("deed.view", f"{CITY} {DISTRICT} client", "neighbour", {"code": lambda: deed_of(OWN, "surveyed")}),
    Screen("deed.view", f"{CITY} neighbour client", DISTRICT, {"code": lambda: deed_of(FOREIGN, "surveyed")}),
    Screen("deed.view", "", f"{READS_LEDGER}", {"code": "220204-D999999999"}),
    Screen(
        "evidence.view", f"{CITY} {DISTRICT} client appraiser family", "neighbour",
        {"sha256": lambda: evidence_of(OWN, "surveyed")},
    ),
    Screen(
        "evidence.view", f"{CITY} neighbour client appraiser", f"{DISTRICT} family",
        {"sha256": lambda: evidence_of(FOREIGN, "surveyed")},
    ),
    # The sheet from which a whole section was imported names other families too.
    Screen(
        "evidence.view", f"{CITY} {DISTRICT} client appraiser", "neighbour family",
        {"sha256": lambda: evidence_of(OWN, "registered")},
    ),
    Screen("evidence.view", "", f"{CITY} {DISTRICT} neighbour client appraiser family", {"sha256": "0" * 64}),
    # Imports
    Screen("survey.import", IMPORTS),
    Screen("survey.import", IMPORTS, data={}, status=400),
    Screen("survey.import.template", IMPORTS),
    Screen("survey.import.report", OWN_IMPORT, "neighbour", UPLOAD),
    Screen("survey.import.report", "", IMPORTS, {"number": 999_999}),
    Screen("survey.import.progress", OWN_IMPORT, "neighbour", UPLOAD),
    Screen("survey.import.marked", "", IMPORTS, UPLOAD),
    Screen("survey.import.mapping", IMPORTS, arguments=UPLOAD, status=405),
    Screen("survey.import.mapping", "", IMPORTS, UPLOAD, data={}),
    Screen("survey.import.confirm", IMPORTS, arguments=UPLOAD, status=405),
    Screen("survey.import.confirm", OWN_IMPORT, "neighbour", UPLOAD, data={}, status=409),
    Screen("survey.import.cancel", IMPORTS, arguments=UPLOAD, status=405),
    Screen("survey.import.cancel", OWN_IMPORT, "neighbour", UPLOAD, data={}, status=302),
    Screen("survey.import.check", IMPORTS, arguments=UPLOAD, status=405),
    Screen("survey.import.check", OWN_IMPORT, "neighbour", UPLOAD, data={}, status=302),
    Screen("survey.export", COCKPIT),
    Screen("survey.export", "", COCKPIT, data={}),
    Screen(
        "survey.export", f"{CITY} {DISTRICT} client department", "neighbour",
        data={"project": PROJECT, "section": CHUANYING_SECTION},
    ),
    # Service of notices, notices, owners, the court
    Screen("service.view", SERVED, "neighbour family", {"code": CHUANYING_SECTION}),
    Screen("service.view", SERVED, "neighbour family", {"code": "220204-P0001"}),
    Screen("service.view", "", f"{POSTED}", {"code": "220204-P0099"}),
    Screen("service.view", "", f"{POSTED}", {"code": "nothing"}),
    Screen(
        "service.view", f"{CITY} {DISTRICT} client department", "neighbour family", {"code": CHUANYING_SECTION},
        query="?format=xlsx", also={"appraiser": 403},
    ),
    Screen("notice.list", SEES_OWN, "neighbour", {"code": OWN}),
    Screen("notice.list", SERVED, "neighbour family", {"code": "220204-P0001"}),
    Screen("notice.list", "", f"{POSTED}", {"code": "nothing"}),
    Screen("notice.make", SEES_OWN, "neighbour", {"code": OWN, "notice": "rights_notice"}),
    Screen(
        "notice.make", SERVED, "neighbour family", {"code": OWN, "notice": "compensation_decision"}, data={}, status=409
    ),
    Screen("notice.make", "", f"{POSTED}", {"code": OWN, "notice": "land_demand_notice"}),
    Screen("owners.name", "field_officer", "neighbour", {"code": OWN}),
    Screen("owners.name", "field_officer", "neighbour", {"code": OWN}, data={}, status=409),
    Screen("court.view", f"{CITY} {DISTRICT} client", "neighbour", {"code": OWN}),
    Screen("court.view", f"{CITY} {DISTRICT} client", "neighbour", {"code": OWN}, data={"document": "x"}, status=409),
    Screen("court.bundle", "district_leader", arguments={"code": OWN}, status=405),
    Screen("court.bundle", "district_leader", arguments={"code": OWN}, data={}, status=409),
    Screen("court.bundle", "", "district_leader", {"code": FOREIGN}, data={}),
    # Dossier
    Screen("household.view", SEES_OWN, "neighbour", {"code": OWN}),
    Screen("household.view", SEES_OWN, "neighbour", {"code": OWN}, query="?on=2025-01-10&known=2025-01-12"),
    Screen("household.view", f"{CITY} neighbour client department appraiser", f"{DISTRICT} family", {"code": FOREIGN}),
    Screen("household.view", "", POSTED, {"code": f"{CHUANYING_SECTION}-H09999"}),
    Screen("household.view", "", POSTED, {"code": "..%2F.."}),
    Screen("household.view", SEES_OWN, "neighbour", {"code": OWN}, data={"kind": "vacated"}, status=409),
    Screen("household.view", SEES_OWN, "neighbour", {"code": OWN}, data={
        "kind": "vacated", "happened_on": "2025-02-14",
    }, status=409),
    Screen(
        "household.unmask", "inspector auditor district_leader field_officer appraiser family", "neighbour",
        {"code": OWN}, status=405, also={"neighbour": 405},  # the door first, then the method, then the row
    ),
    Screen(
        "household.unmask", "inspector auditor district_leader field_officer appraiser family", "neighbour",
        {"code": OWN}, data={"purpose": ""}, status=409,
    ),
    Screen(
        "household.unmask", "inspector auditor neighbour appraiser", f"{DISTRICT} family",
        {"code": FOREIGN}, data={"purpose": ""}, status=409,
    ),
    Screen(
        "fact.record", f"{CITY} {DISTRICT} client department appraiser", "neighbour family",
        {"code": CHUANYING_SECTION},
    ),
    Screen("fact.record", f"{CITY} {DISTRICT} neighbour client department appraiser", "family", {"code": PROJECT}),
    Screen("fact.record", "", POSTED, {"code": "220200-P0099"}),
    Screen("fact.record", SEES_OWN, "neighbour", {"code": OWN}, status=302),
    Screen(
        "fact.record", f"{CITY} {DISTRICT} client department appraiser", "neighbour family",
        {"code": CHUANYING_SECTION}, data={"kind": "handed_over", "happened_on": "2025-02-14"}, status=409,
    ),
    Screen(
        "fact.correct", "field_officer", "coordinator district_leader neighbour client appraiser",
        {"deed": lambda: deed_of(OWN, "surveyed"), "ordinal": 1},
    ),
    Screen(
        "fact.correct", "appraiser", "coordinator district_leader field_officer neighbour client",
        {"deed": lambda: deed_of(OWN, "valued"), "ordinal": 1}, data={"reason": ""}, status=409,
    ),
    Screen(
        "fact.correct", "", "coordinator district_leader field_officer neighbour client appraiser",
        {"deed": "220204-D999999999", "ordinal": 1},
    ),
    Screen("search", POSTED, query="?q=H00001"),
    Screen("search", POSTED, data={}, status=405),
    # Payments
    Screen("payment.list", PAYS),
    Screen("payment.list", PAYS, query="?format=xlsx"),
    Screen("payment.order", PAYS, arguments=ORDER),
    Screen("payment.order", f"{CITY} client", "district_leader", {"code": f"{CHANGYI}-P0001-Z0001"}),
    Screen("payment.order", "", PAYS, {"code": "220204-P0001-Z0099"}),
    Screen("payment.prepare", "client"),
    Screen("payment.prepare", "client", query="?part=220204-P0001"),
    Screen("payment.prepare", "client", data={"part": "220204-P0001"}, status=409),
    Screen("payment.prepare", "", "client", data={"part": "220204-P0099"}),
    Screen("payment.run.start", "", "client", data={"part": "220204-P0099"}),
    Screen("payment.run", "", PAYS, {"number": 999_999}),
    Screen("payment.run.progress", "", PAYS, {"number": 999_999}),
    Screen("payment.run.result", "", PAYS, {"number": 999_999}),
    Screen("payment.of", SEES_OWN, "neighbour", {"code": OWN}),
    Screen("payment.deposit", "client", arguments={"code": OWN}, data={}, status=409),
    Screen("payment.receipt", "", POSTED, {"reference": "220204-P0001-Z0001-00001"}, data={}),
    Screen("payment.receive", "", "client", {"reference": "220204-P0001-Z0001-00001"}, data={}),
    Screen("payment.amend", "client", arguments=ORDER, status=302),
    Screen("payment.amend", "client", arguments=ORDER, data={}, status=409),
    Screen("payment.cancel", "client", arguments=ORDER, data={}, status=409),
    Screen("payment.check", "client", arguments=ORDER, data={}, status=409),
    Screen("payment.return", "client", arguments=ORDER, data={}, status=409),
    Screen("payment.authorise", "client", arguments=ORDER, data={}, status=409),
    Screen("payment.file", "client", arguments=ORDER, data={}, status=409),
    Screen("payment.answer", "client", arguments=ORDER, data={}, status=400),
    # Findings and equal treatment
    Screen("finding.list", WATCHES),
    Screen("finding.list", WATCHES, query="?gone=1"),
    Screen("finding.list", WATCHES, query="?format=xlsx"),
    Screen("finding.view", WATCHES, arguments={"key": lambda: finding().pk}),
    Screen("finding.view", "", WATCHES, {"key": "same_identity-0"}),
    Screen("finding.search", WATCHES, status=405),
    Screen("finding.search", WATCHES, data={}, status=302),
    Screen("finding.search", "", WATCHES, data={"project": "220200-P0099"}),
    Screen("finding.progress", WATCHES, arguments={"number": lambda: FindingRun.objects.earliest("pk").pk}),
    Screen("finding.progress", "", WATCHES, {"number": 999_999}),
    Screen("finding.ask", "inspector", arguments={"key": lambda: finding().pk}, status=405),
    Screen("finding.ask", "inspector", arguments={"key": lambda: finding().pk}, data={}, status=409),
    Screen("finding.ask", "", "inspector", {"key": "same_identity-0"}, data={}),
    Screen("finding.close", "inspector", arguments={"key": lambda: finding().pk}, data={}, status=409),
    Screen("finding.inbox", "district_leader client"),
    Screen("finding.inbox", "district_leader client", query="?format=xlsx"),
    Screen("finding.answer", "district_leader", "client", {"number": lambda: finding().questions.get().pk}),
    Screen(
        "finding.answer", "district_leader", "client", {"number": lambda: finding().questions.get().pk},
        data={"text": ""}, status=409,
    ),
    Screen("finding.answer", "", "district_leader client", {"number": 999_999}),
    Screen("violation.list", WATCHES),
    Screen("violation.list", WATCHES, query="?format=xlsx"),
    # Texts and directives: one given to 船营区
    Screen("directive.desk", COCKPIT),
    Screen("directive.list", COCKPIT),
    Screen("directive.list", COCKPIT, query="?format=xlsx"),
    Screen("directive.texts", COCKPIT),
    Screen("directive.texts", COCKPIT, query="?format=xlsx"),
    Screen("directive.text.add", SETS),
    Screen("directive.text.add", SETS, data={}, status=409),
    Screen("directive.text", CITY, f"{DISTRICT} neighbour client department", TEXT),
    Screen("directive.text", "", COCKPIT, {"number": 999_999}),
    Screen("directive.proposals.confirm", SETS, arguments=TEXT, status=405),
    Screen("directive.proposals.confirm", SETS, arguments=TEXT, data={}, status=409),
    Screen("directive.proposals.confirm", "", SETS, {"number": 999_999}, data={}),
    Screen("directive.proposal.add", SETS, arguments=TEXT, status=405),
    Screen("directive.proposal.add", SETS, arguments=TEXT, data={"words": "nothing of it"}, status=409),
    Screen("directive.proposal.change", SETS, arguments={**TEXT, "ordinal": 1}, status=405),
    Screen("directive.proposal.change", SETS, arguments={**TEXT, "ordinal": 1}, data={"deed": "merge"}, status=409),
    Screen("directive.proposal.change", "", SETS, {**TEXT, "ordinal": 99}, data={"deed": "drop"}),
    Screen("directive.view", f"{CITY} {DISTRICT}", "neighbour client department", GIVEN),
    Screen("directive.view", "", COCKPIT, {"code": "220200-D0999"}),
    Screen("directive.paper", f"{CITY} {DISTRICT}", "neighbour client department", PAPER),
    Screen("directive.paper", f"{CITY} {DISTRICT}", "neighbour client department", {**PAPER, "paper": "chase"},
           status=409),
    Screen("directive.paper", "", COCKPIT, {**PAPER, "paper": "nothing"}),
    Screen("directive.evidence", "", COCKPIT, {**GIVEN, "sha256": "0" * 64}),
    *[
        screen
        for ids, doers in (
            ("receive report object ask_extension divide", "district_leader"),
            ("verify return grant_extension refuse_extension reassign release decline_objection chase close archive "
             "cancel",
             "mayor vice_mayor coordinator inspector"),
        )
        for id in ids.split()
        for screen in (
            Screen(f"directive.{id}", COCKPIT, arguments=GIVEN, status=405),
            Screen(f"directive.{id}", doers, "neighbour client department", GIVEN, data={}, status=409),
            Screen(f"directive.{id}", "", COCKPIT, {"code": "220200-D0999"}, data={}),
        )
    ],
    Screen("move.import", "inspector"),
    Screen("move.import", "inspector", data={}, status=400),
    Screen("household.twins", SEES_OWN, "neighbour", {"code": OWN}),
    Screen("household.twins", f"{CITY} neighbour client department appraiser", f"{DISTRICT} family", {"code": FOREIGN}),
    Screen("project.prices", WALL, "family", {"code": PROJECT}),
    Screen("project.prices", "", POSTED, {"code": "220200-P0099"}),
    # Funds
    Screen("overdue.view", WAITS),
    Screen("overdue.view", WAITS, query="?on=2024-12-31&known=2025-01-31"),
    Screen("overdue.families", WAITS, query="?band=13-24&over=12&payer=none&missing=1"),
    Screen("overdue.families", WAITS.removesuffix(" family"), query="?format=xlsx"),
    Screen("subsidy.view", WAITS),
    Screen("subsidy.view", WAITS, query="?by=payer&until=2026-12-31"),
    Screen("subsidy.view", WAITS.removesuffix(" family"), query="?by=nobody&until=x&format=xlsx"),
    Screen("subsidy.project", f"{CITY} {DISTRICT} neighbour client department", "family", {"code": PROJECT}),
    Screen("subsidy.project", "", WAITS, {"code": "220200-P0099"}),
    Screen("subsidy.household", f"{CITY} neighbour client department", f"{DISTRICT} family", LATE_FAMILY),
    Screen("subsidy.household", f"{CITY} {DISTRICT} client department family", "neighbour", {"code": OWN}),
    Screen("subsidy.household", "", WAITS, {"code": "220204-P0001-S01-H99999"}),
    Screen("subsidy.pay", "client", arguments=LATE_FAMILY, status=405),
    Screen("subsidy.pay", "client", arguments=LATE_FAMILY, data={"from_on": "x"}, status=409),
    Screen("subsidy.pay", "", "client", {"code": "220204-P0001-S01-H99999"}, data={}),
    Screen("subsidy.settle", "client", arguments=LATE_FAMILY, status=405),
    Screen("subsidy.settle", "client", arguments=LATE_FAMILY, data={"paid_on": "x"}, status=409),
    Screen("subsidy.settle", "", "client", {"code": "220204-P0001-S01-H99999"}, data={}),
    Screen("subsidy.list", "client", arguments={"code": PROJECT}),
    Screen("subsidy.list", "client", arguments={"code": PROJECT}, data={"total_yuan": "1"}, status=409),
    Screen("subsidy.list", "", "client", {"code": "220200-P0099"}),
    # Promises and claims among payers
    Screen("promise.list", WAITS),
    Screen("promise.list", WAITS, query="?on=2024-12-31&known=2025-01-31"),
    Screen("promise.families", WAITS, query="?state=broken&naming=none&answered=no&site=none"),
    Screen("promise.families", WAITS.removesuffix(" family"), query="?format=xlsx"),
    Screen("promise.household", f"{CITY} neighbour client department", f"{DISTRICT} family", LATE_FAMILY),
    Screen("promise.household", f"{CITY} {DISTRICT} client department family", "neighbour", {"code": OWN}),
    Screen("promise.tell", "district_leader", arguments={"code": OWN}, status=405),
    Screen("promise.tell", "", "district_leader", LATE_FAMILY, data={"home": "x"}),
    Screen("promise.answer", "district_leader", arguments={"code": OWN}),
    Screen("promise.answer", "district_leader", arguments={"code": OWN}, data={}, status=409),
    Screen("promise.answer", "", "district_leader", LATE_FAMILY),
    Screen("promise.answer", "", "district_leader", {"code": PROJECT}),
    Screen("promise.answer", "", "district_leader", {"code": "nothing"}),
    Screen("advance.list", WAITS, query="?band=0-90&open=1&what=home"),
    Screen("advance.list", WAITS.removesuffix(" family"), query="?format=xlsx"),
    Screen("advance.view", "", WAITS, {"code": "220200-V0001"}),
    Screen("advance.record", "district_leader client"),
    Screen("advance.record", "district_leader client", data={}, status=409),
    Screen("advance.repay", "district_leader client", arguments={"code": "220200-V0001"}, status=405),
    Screen("advance.repay", "", "district_leader client", {"code": "220200-V0001"}, data={}),
    Screen("advance.settle", "", "coordinator", {"code": "220200-V0001"}, data={}),
    # Register of resettlement: a site, its building and a drawing in the other district
    Screen("resettlement.register", WAITS),
    Screen("resettlement.register", WAITS, query="?late=1&no_home=1&site=220202-T0001&on=2025-02-01"),
    Screen("resettlement.register", WAITS.removesuffix(" family"), query="?format=xlsx"),
    Screen("resettlement.household", f"{CITY} neighbour client department", f"{DISTRICT} family", LATE_FAMILY),
    Screen("resettlement.household", "", WAITS, {"code": f"{CHUANYING_SECTION}-H09999"}),
    Screen("resettlement.record", WAITS, arguments={**LATE_FAMILY, "what": "wish"}, status=405),
    Screen(
        "resettlement.record", f"{CITY} neighbour client department", f"{DISTRICT} family",
        {**LATE_FAMILY, "what": "wish"}, data={}, status=409,
    ),
    Screen("resettlement.record", "", WAITS, {**LATE_FAMILY, "what": "nothing"}, data={}),
    Screen("resettlement.register", WAITS, query="?no_address=1"),
    Screen("address.open", SEES_ADDRESSES, "neighbour", {"code": OWN}, status=405),
    Screen("address.open", SEES_ADDRESSES, "neighbour", {"code": OWN}, data={}, status=409),
    Screen(
        "resettlement.list", "district_leader field_officer neighbour", f"{CITY} client department family",
        {"kind": "addresses"},
    ),
    Screen(
        "resettlement.list", "district_leader field_officer neighbour", f"{CITY} client department family",
        {"kind": "addresses"}, data={}, status=409,
    ),
    Screen("site.list", WAITS),
    Screen("site.list", WAITS.removesuffix(" family"), query="?format=xlsx"),
    Screen("site.view", f"{CITY} neighbour client department family", DISTRICT, SITE),
    Screen("site.view", "", WAITS, {"code": "220204-T0009"}),
    Screen(
        "site.record", f"{CITY} neighbour client department family", DISTRICT, {**SITE, "what": "permit"},
        data={}, status=409,
    ),
    Screen("site.record", "", WAITS, {**SITE, "what": "nothing"}, data={}),
    Screen("site.found", "client"),
    Screen("site.found", "client", data={"name": "北山新居"}, status=409),
    Screen("building.add", "", "client", SITE),
    Screen("building.add", "", "client", {"code": "220204-T0009"}, data={}),
    Screen("site.photo", "", WAITS, {**SITE, "sha256": "0" * 64}),
    Screen("site.building", f"{CITY} neighbour client department family", DISTRICT, {"code": "220202-T0001-Z01"}),
    Screen("lots.view", f"{CITY} neighbour client department family", DISTRICT, {"code": "220202-L0001"}),
    Screen("lots.close", "", "district_leader", {"code": "220202-L0001"}, data={}),
    Screen("lots.draw", "", "district_leader", {"code": "220202-L0001"}, data={}),
    Screen("lots.file", "", WAITS, {"code": "220202-L0001"}),
    Screen("resettlement.list", "field_officer neighbour", _WITHOUT_OFFICERS, {"kind": "entitlements"}),
    Screen(
        "resettlement.list", "field_officer neighbour", _WITHOUT_OFFICERS, {"kind": "entitlements"}, data={},
        status=409,
    ),
    Screen("resettlement.list", "client", WAITS.replace(" client", ""), {"kind": "stock"}),
    Screen("resettlement.list", "", WAITS, {"kind": "nothing"}),
    Screen("funds.view", FUNDS),
    Screen("funds.view", FUNDS, query="?by=client&on=2025-01-31&known=2025-02-05&district=220204&lamp=red"),
    Screen("funds.view", FUNDS, query="?format=xlsx"),
    Screen("funds.facts", FUNDS, query="?figure=committed&account=220204-P0001"),
    Screen("funds.facts", FUNDS, query="?figure=balance&format=xlsx"),
    Screen("funds.account", FUNDS, arguments=ACCOUNT),
    Screen("funds.account", f"{CITY} client", "district_leader", {"code": "220202-P0001"}),
    Screen("funds.account", "", FUNDS, {"code": "220204-P0099"}),
    Screen("funds.plan", "client", arguments=ACCOUNT),
    Screen("funds.plan", "", "client", {"code": "220203-P0001"}),
    Screen("funds.plan", "client", arguments=ACCOUNT, data={}, status=409),
    Screen("funds.record", "client", arguments=ACCOUNT),
    Screen("funds.record", "client", arguments=ACCOUNT, data={}, status=409),
    Screen("funds.record", "", "client", {"code": "220204-P0099"}, data={}),
    Screen("funds.statement", "client", arguments=ACCOUNT),
    Screen("funds.statement", "client", arguments=ACCOUNT, data={}, status=409),
    Screen("funds.statement", "", "client", {"code": "220204-P0099"}, data={}),
    Screen("funds.explain", "client", arguments=ACCOUNT, status=405),
    Screen("funds.explain", "client", arguments=ACCOUNT, data={"item": "x", "reason": "y"}, status=409),
    # Compensation policy
    Screen("policy.view", POLICY),
    Screen("policy.view", POLICY, query="?about=unsure&on=2025-02-01"),
    Screen("policy.view", POLICY, query="?format=xlsx"),
    Screen("policy.parameter", POLICY, arguments={"id": "collective_land.zone_price"}),
    Screen("policy.parameter", POLICY, arguments={"id": "signing_reward.dwelling"}),
    Screen("policy.parameter", "", POLICY, {"id": "no_such"}),
    Screen("policy.transition", POLICY),
    Screen("policy.unverified", POLICY),
    Screen("policy.unverified", POLICY, query="?format=xlsx"),
    Screen("policy.trials", POLICY),
    Screen("policy.try", "coordinator district_leader"),
    Screen("policy.try", "coordinator district_leader", query=f"?subject={CHUANYING_SECTION}"),
    Screen("policy.try", "coordinator", "district_leader", query=f"?subject={PROJECT}"),
    Screen("policy.try", "", "coordinator district_leader", data={"subject": "220204-P0099-S01"}),
    Screen("policy.try", "coordinator district_leader", data={"subject": CHUANYING_SECTION}, status=409),
    Screen("policy.trial", f"{CITY} {DISTRICT} client", "neighbour", TRIAL),
    Screen("policy.trial", "", POLICY, {"number": 999_999}),
    Screen("policy.trial.progress", f"{CITY} {DISTRICT} client", "neighbour", TRIAL),
    Screen("policy.trial.file", f"{CITY} {DISTRICT} client", "neighbour", TRIAL),
    Screen("policy.trial.again", "coordinator district_leader", arguments=TRIAL, status=405),
    Screen("policy.trial.again", "coordinator district_leader", arguments=TRIAL, data={}, status=302),
    Screen("bulletin.list", REVIEWS),
    Screen("bulletin.list", REVIEWS, query="?kind=inspection"),
    Screen("bulletin.new", "coordinator inspector"),
    Screen("bulletin.new", "coordinator inspector", data={}, status=409),
    Screen("bulletin.view", DRAFTS, DRAFTS_UNSEEN, BULLETIN),
    Screen("bulletin.view", REPORTS, REPORTS_UNSEEN, REPORT),
    Screen("bulletin.view", "", REVIEWS, {"code": "220200-B9999"}),
    Screen("bulletin.file", DRAFTS, DRAFTS_UNSEEN, {**BULLETIN, "ending": "pdf"}, status=409),
    Screen("bulletin.file", REPORTS, REPORTS_UNSEEN, {**REPORT, "ending": "xlsx"}, status=409),
    Screen("bulletin.write", "coordinator inspector", arguments=BULLETIN, status=405),
    Screen("bulletin.write", "inspector", "coordinator", REPORT, data={"remark-nowhere": "x"}, status=409),
    Screen("bulletin.submit", "inspector", "coordinator", REPORT, data={}, status=409),
    Screen("bulletin.release", RELEASES, arguments=BULLETIN, data={}, status=409),
    Screen("bulletin.release", "mayor", "vice_mayor", REPORT, data={}, status=409),
    Screen("bulletin.return", RELEASES, arguments=BULLETIN, data={"reason": "x"}, status=409),
    Screen("bulletin.withdraw", DRAFTS, DRAFTS_UNSEEN, BULLETIN, data={}, status=409),
    # The mayor's channel: for everybody else there is no such page
    Screen("channel.view", "mayor", NO_CHANNEL),
    Screen("channel.view", "mayor", NO_CHANNEL, query="?on=2025-01-31"),
    Screen("channel.export", "mayor", NO_CHANNEL),
    Screen("channel.directive", "", f"mayor {NO_CHANNEL}"),
    Screen("channel.directive", "", f"mayor {NO_CHANNEL}", data={}),
    Screen("channel.readers", "mayor", NO_CHANNEL),
    Screen("channel.readers", "mayor", NO_CHANNEL, data={}, status=409),
    Screen("channel.reader_end", "mayor", NO_CHANNEL, {"number": 0}, status=405),
    Screen("channel.reader_end", "mayor", NO_CHANNEL, {"number": 0}, data={}, status=409),
    # Sponsorship and hard cases
    Screen("sponsorship.mine", SPONSORSHIP),
    Screen("sponsorship.mine", SPONSORSHIP, query="?on=2025-01-31&known=2025-02-05"),
    Screen("sponsorship.list", SPONSORSHIP),
    Screen("sponsorship.list", SPONSORSHIP, query="?format=xlsx"),
    Screen("hard_case.list", SPONSORSHIP),
    Screen("hard_case.list", SPONSORSHIP, query="?cause=title&state=open"),
    Screen("hard_case.list", SPONSORSHIP, query="?format=xlsx"),
    Screen("sponsorship.of", SPONSORSHIP, arguments={"code": PROJECT}),
    Screen("sponsorship.of", f"{CITY} {DISTRICT} client department", "neighbour", {"code": OWN}),
    Screen("sponsorship.of", f"{CITY} neighbour client department", DISTRICT, {"code": f"{CHANGYI}-P0001"}),
    Screen("sponsorship.of", "", SPONSORSHIP, {"code": "220200-P0099"}),
    Screen("sponsorship.of", "", SPONSORSHIP, {"code": "220200-D0001"}),
    Screen("sponsorship.name", "coordinator", arguments={"code": PROJECT}, status=405),
    Screen("sponsorship.name", "coordinator", arguments={"code": PROJECT}, data={}, status=409),
    Screen("sponsorship.end", "coordinator", arguments={"code": PROJECT}, data={"reason": "x"}, status=409),
    Screen("sponsorship.visit", VISITS, arguments={"code": PROJECT}, data={"result": "x"}, status=409),
    Screen("sponsorship.promise", VISITS, arguments={"code": PROJECT}, data={}, status=409),
    Screen("sponsorship.keep", VISITS, arguments={"code": PROJECT}, data={"promised": "x"}, status=409),
    Screen("sponsorship.visit", "mayor vice_mayor client department", "district_leader",
           {"code": CHANGYI_SECTION}, data={}, status=409),
    Screen("hard_case.describe", "coordinator district_leader field_officer", "neighbour", {"code": OWN}, data={},
           status=409),
    Screen("hard_case.describe", "", "coordinator district_leader field_officer neighbour", {"code": PROJECT}, data={}),
    Screen("hard_case.remedy", "coordinator district_leader field_officer", "neighbour", {"code": OWN}, data={},
           status=409),
    Screen("hard_case.solve", "coordinator district_leader field_officer", "neighbour", {"code": OWN}, data={},
           status=409),
    Screen("hard_case.reply", "family", arguments={"code": OWN}, data={"text": "x"}, status=302),
    Screen("hard_case.reply", "", "family", {"code": FOREIGN}, data={"text": "x"}),
    Screen("review.list", REVIEWS),
    Screen("review.list", REVIEWS, query="?month=2025-02"),
    Screen("review.plan", HOLDS),
    Screen("review.plan", HOLDS, query="?rhythm=special"),
    Screen("review.plan", HOLDS, data={}, status=409),
    Screen("review.view", CALLED, UNCALLED, RUNNING),
    Screen("review.view", CALLED, UNCALLED, HELD),
    Screen("review.view", "", REVIEWS, {"code": "220200-R20250101-1"}),
    Screen("review.begin", HOLDS, arguments=RUNNING, status=405),
    Screen("review.begin", HOLDS, arguments=RUNNING, data={}, status=409),
    Screen("review.cancel", HOLDS, arguments=RUNNING, data={"reason": "x"}, status=409),
    Screen("review.close", HOLDS, arguments=HELD, data={}, status=409),
    Screen("review.minutes", CALLED, UNCALLED, HELD),
    Screen("review.minutes", CITY, "district_leader client department", RUNNING),
    Screen("review.minutes_file", CALLED, UNCALLED, {**HELD, "ending": "pdf"}),
    Screen("review.minutes_file", CITY, "district_leader client department", {**RUNNING, "ending": "docx"}),
    Screen("review.minutes_file", "", REVIEWS, {**HELD, "ending": "exe"}),
    Screen("review.room", HOLDS, arguments=RUNNING),
    Screen("review.room", HOLDS, arguments=HELD, status=302),
    Screen("review.room_state", HOLDS, arguments=RUNNING),
    Screen("review.room_record", HOLDS, arguments=MATTER),
    Screen("review.room_record", "", HOLDS, NO_MATTER),
    Screen("review.room_show", HOLDS, arguments=RUNNING, data={"ordinal": "99"}, status=302),
    Screen("review.room_note", HOLDS, arguments=NO_MATTER, data={"note": "x"}, status=302),
    Screen("review.room_decide", HOLDS, arguments=MATTER, data={"lead": "220204", "matter": "x"}, status=302),
    Screen("review.room_undecide", HOLDS, arguments=MATTER, data={"decision": "9"}, status=302),
    Screen("review.room_raise", HOLDS, arguments=RUNNING, data={"title": ""}, status=302),
    Screen("options.list", f"{SCENARIOS} client"),
    Screen("options.try", f"{SCENARIOS} client"),
    Screen("options.try", f"{SCENARIOS} client", data={"title": "试", "part": "220299-P0001"}, status=409),
    Screen("options.view", f"{SCENARIOS} client", arguments=OPTIONS, query="?point=1"),
    Screen("options.view", "", f"{SCENARIOS} client", {"number": 999_999}),
    Screen("options.progress", f"{SCENARIOS} client", arguments=OPTIONS),
    Screen("options.families", f"{SCENARIOS} client", arguments=OPTIONS, query="?point=1&way_id=none"),
    Screen("options.families", "", f"{SCENARIOS} client", {"number": 999_999}),
    Screen("options.stop", f"{SCENARIOS} client", arguments=OPTIONS, status=405),
    Screen("options.stop", f"{SCENARIOS} client", arguments=OPTIONS, data={}, status=302),
    Screen("options.again", f"{SCENARIOS} client", arguments=OPTIONS, status=405),
    Screen("options.again", f"{SCENARIOS} client", arguments=OPTIONS, data={}, status=302),
    Screen("options.hand_out", TRIES_OPTIONS, arguments=OPTIONS, status=405),
    Screen("options.hand_out", "", TRIES_OPTIONS, {"number": 999_999}, data={"point": "1"}),
    Screen("options.handed", "district_leader", arguments={**OPTIONS, "part": "220204-P0001"}),
    Screen("options.handed", "", "district_leader", {**OPTIONS, "part": "220202-P0001"}),
    Screen("options.handed", "", "district_leader", {"number": 999_999, "part": "220204-P0001"}),
    Screen("resettlement_plan.draft", "", "district_leader", OPTIONS, data={"part": "none"}),
    Screen("resettlement_plan.draft", "district_leader", arguments=OPTIONS, status=405),
    Screen("resettlement_plan.list", f"{PLANS_RESETTLEMENT} {NO_PLANS}"),
    Screen("resettlement_plan.view", PLANS_RESETTLEMENT, NO_PLANS, RESETTLEMENT_PLAN),
    Screen("resettlement_plan.view", "", f"{PLANS_RESETTLEMENT} {NO_PLANS}", {"code": "220204-F0099"}),
    Screen(
        "resettlement_plan.download", PLANS_RESETTLEMENT, NO_PLANS, {**RESETTLEMENT_PLAN, "ending": "pdf"}
    ),
    Screen(
        "resettlement_plan.download", "", f"{PLANS_RESETTLEMENT} {NO_PLANS}",
        {**RESETTLEMENT_PLAN, "ending": "exe"},
    ),
    Screen("resettlement_plan.submit", "district_leader", arguments=RESETTLEMENT_PLAN, status=405),
    Screen("resettlement_plan.return", RELEASES, arguments=RESETTLEMENT_PLAN, status=405),
    Screen("resettlement_plan.return", RELEASES, arguments=RESETTLEMENT_PLAN, data={"reason": ""}, status=409),
    Screen("resettlement_plan.approve", RELEASES, arguments=RESETTLEMENT_PLAN, status=405),
    Screen("resettlement_plan.approve", RELEASES, arguments=RESETTLEMENT_PLAN, data={}, status=409),
    Screen("resettlement_plan.file", "inspector", arguments=RESETTLEMENT_PLAN, status=405),
    Screen("resettlement_plan.file", "inspector", arguments=RESETTLEMENT_PLAN, data={}, status=409),
    Screen("resettlement_plan.follow", TRIES, arguments=RESETTLEMENT_PLAN, status=405),
    Screen("resettlement_plan.follow", TRIES, arguments=RESETTLEMENT_PLAN, data={}, status=409),
    Screen("scenario.list", SCENARIOS),
    Screen("scenario.try", SCENARIOS),
    Screen("scenario.try", SCENARIOS, query="?subject=220204-P0001"),
    Screen("scenario.try", "mayor vice_mayor coordinator", "district_leader", query=f"?subject={PROJECT}"),
    Screen("scenario.try", "", SCENARIOS, data={"subject": "220204-P0099"}),
    Screen("scenario.try", SCENARIOS, data={"subject": "220204-P0001"}, status=409),
    Screen("scenario.view", SCENARIOS, arguments=SCENARIO),
    Screen("scenario.view", "", SCENARIOS, {"number": 999_999}),
    Screen("scenario.progress", SCENARIOS, arguments=SCENARIO),
    Screen("scenario.again", SCENARIOS, arguments=SCENARIO, status=405),
    Screen("scenario.again", SCENARIOS, arguments=SCENARIO, data={}, status=302),
    Screen("policy.schemes", POLICY),
    Screen("policy.scheme", POLICY, arguments={"code": PROJECT}),
    Screen("policy.scheme", "", POLICY, {"code": "220200-P0099"}),
    Screen("policy.adopt", "district_leader", arguments={"code": PROJECT}),
    Screen("policy.adopt", "district_leader", arguments={"code": PROJECT}, query="?scheme=demonstration"),
    Screen("policy.adopt", "district_leader", arguments={"code": PROJECT}, data={}, status=409),
    Screen("policy.adopt", "", "district_leader", {"code": "220200-P0099"}),
    # Teams and corridors
    Screen("team.list", SCHEDULE),
    Screen("team.list", SCHEDULE, query="?format=xlsx"),
    Screen("team.view", f"{CITY} {DISTRICT}", "neighbour client department", {"code": "220204-T001"}),
    Screen("team.view", f"{CITY} neighbour", f"{DISTRICT} client department", {"code": f"{CHANGYI}-T001"}),
    Screen("team.view", "", SCHEDULE, {"code": "220204-T999"}),
    Screen("team.enter", "coordinator district_leader"),
    Screen("team.enter", "coordinator district_leader", data={}, status=409),
    Screen("team.change", "coordinator district_leader", arguments={"code": "220204-T001"}),
    Screen("team.change", "coordinator district_leader", arguments={"code": "220204-T001"}, data={}, status=409),
    Screen("team.change", "coordinator", "district_leader", {"code": f"{CHANGYI}-T001"}),
    Screen("levelling.list", SCHEDULE),
    Screen("levelling.start", "coordinator district_leader", status=405),
    Screen("levelling.start", "", "coordinator district_leader", data={"district": "220203"}),
    Screen("levelling.start", "coordinator", "district_leader", data={"district": CHANGYI, "seconds": "x"}, status=409),
    Screen("levelling.view", f"{CITY} {DISTRICT}", "neighbour client department", LEVELLING),
    Screen("levelling.progress", f"{CITY} {DISTRICT}", "neighbour client department", LEVELLING),
    Screen("levelling.work", "", SCHEDULE, LEVELLING),
    Screen("corridor.list", SCHEDULE),
    Screen("corridor.list", SCHEDULE, query="?format=xlsx"),
    Screen("corridor.view", SCHEDULE, arguments={"code": PROJECT}),
    Screen("corridor.view", SCHEDULE, arguments={"code": PROJECT}, query="?on=2025-01-31&known=2025-02-05"),
    Screen("corridor.view", "", SCHEDULE, {"code": "220200-P0099"}),
    # Backward schedule
    Screen("schedule.view", SCHEDULE),
    Screen("schedule.view", SCHEDULE, query="?format=xlsx&on=2025-02-14"),
    Screen("schedule.gantt", SCHEDULE),
    Screen("schedule.week", SCHEDULE),
    Screen("schedule.week", SCHEDULE, query="?format=xlsx"),
    Screen("schedule.of", PLANS, "neighbour", {"code": "220204-P0001"}),
    Screen("schedule.of", PLANS, "neighbour", {"code": CHUANYING_SECTION}, status=302),
    Screen("schedule.of", "", SCHEDULE, {"code": "220204-P0099"}),
    Screen("schedule.data", PLANS, "neighbour", {"code": "220204-P0001"}),
    Screen("schedule.data", SCHEDULE, arguments={"code": "all"}),
    Screen("schedule.sheet", PLANS, "neighbour", {"code": "220204-P0001", "format": "xlsx"}),
    Screen("schedule.sheet", PLANS, "neighbour", {"code": "220204-P0001", "format": "pdf"}),
    Screen("schedule.sheet", "", SCHEDULE, {"code": "220204-P0001", "format": "docx"}),
    Screen("schedule.export", PLANS, "neighbour", {"code": "220204-P0001"}),
    Screen("schedule.exchange", PLANS, "neighbour", {"code": "220204-P0001"}),
    Screen("schedule.exchange", PLANS, "neighbour", {"code": "220204-P0001"}, data={}, status=409),
    Screen("schedule.take_over", DECIDES, arguments={"code": "220204-P0001"}, status=405),
    Screen("schedule.take_over", DECIDES, arguments={"code": "220204-P0001"}, data={}, status=409),
    Screen("schedule.take_over", "coordinator", "district_leader", {"code": "220202-P0001"}, data={}, status=409),
    Screen(
        "schedule.decide", "coordinator district_leader", arguments={"code": CHUANYING_SECTION},
        query="?stage=demolition",
    ),
    Screen(
        "schedule.decide", "coordinator district_leader", arguments={"code": CHUANYING_SECTION},
        data={"stage": "demolition"}, status=409,
    ),
    Screen("schedule.decide", "", "coordinator district_leader", {"code": CHUANYING_SECTION}, query="?stage=party"),
    Screen(
        "schedule.decide", "coordinator", "district_leader", {"code": CHANGYI_SECTION}, query="?stage=demolition",
    ),
    Screen("schedule.baseline", DECIDES, arguments={"code": "220204-P0001"}),
    Screen("schedule.baseline", DECIDES, arguments={"code": "220204-P0001"}, data={}, status=409),
    Screen("schedule.baseline", "", DECIDES, {"code": "220204-P0099"}),
    Screen("schedule.deadline", "", SCHEDULE, {"code": "220204-P0001", "key": "never"}),
    Screen(
        "schedule.deadline", PLANS, "neighbour", {"code": "220204-P0001", "key": "2025-03-15.handed_over"},
    ),
    # Assessment
    Screen("accountability.list", ANSWERS),
    Screen("accountability.countdown", ANSWERS),
    Screen("accountability.view", f"{OVERSEES} client", "district_leader department", {"code": "220200-A0001"}),
    Screen("accountability.view", OVERSEES, ELSEWHERE, {"code": "220200-A0002"}),
    Screen("accountability.view", "", ANSWERS, {"code": "220200-A9999"}),
    Screen("accountability.step", ANSWERS, arguments={"code": "220200-A0001"}, status=405),
    Screen("accountability.step", OVERSEES, ELSEWHERE, {"code": "220200-A0002"}, data={}, status=409),
    Screen("accountability.step", OVERSEES, ELSEWHERE, {"code": "220200-A0002"}, data={"what": "close"}, status=409),
    Screen("accountability.evidence", "", ANSWERS, {"code": "220200-A0001", "sha256": "0" * 64}),
    Screen("assessment.list", f"{ASSESSED} {UNASSESSED}"),
    Screen("assessment.try", TRIES),
    Screen("assessment.try", TRIES, query="?scheme=clients-2025&from_on=2025-01-01&last_on=2025-02-28"),
    Screen("assessment.try", TRIES, query="?points.homes_in_time=30"),
    Screen("assessment.try", TRIES, query="?points.lawful_conduct=10&each.lawful_conduct.violation=-9", status=409),
    Screen("assessment.try", TRIES, query="?scheme=nothing&from_on=x", status=409),
    Screen("assessment.try", TRIES, query="?from_on=0001-01-01&last_on=0001-01-02", status=409),
    Screen("assessment.try", TRIES, query="?points.homes_in_time=1e999999", status=409),
    Screen("assessment.adopt", "mayor", status=405),
    Screen("assessment.adopt", "mayor", data={"scheme": "districts-2025", "from_on": "2025-01-01"}, status=409),
    Screen("assessment.burden", f"{ASSESSED} {UNASSESSED}"),
    Screen("assessment.decide", ASSESSED, UNASSESSED, APPEAL),
    Screen("assessment.decide", "inspector", UNASSESSED, APPEAL, data={}, status=409),
    Screen("assessment.decide", "", f"{ASSESSED} {UNASSESSED}", {"number": 0}),
    Screen("assessment.view", ASSESSED, UNASSESSED, JANUARY),
    Screen("assessment.view", CITY, f"district_leader {UNASSESSED}", FEBRUARY),
    Screen("assessment.publish", "mayor", arguments=JANUARY, status=405),
    Screen("assessment.publish", "mayor", arguments=JANUARY, data={}, status=409),
    Screen("assessment.check", TRIES, arguments=JANUARY),
    Screen("assessment.check", "", TRIES, FEBRUARY),
    Screen("assessment.pack", ASSESSED, UNASSESSED, JANUARY),
    Screen("assessment.paper", ASSESSED, UNASSESSED, JANUARY),
    Screen("assessment.card", ASSESSED, UNASSESSED, {**JANUARY, "unit": "220204"}),
    Screen("assessment.card", CITY, f"district_leader {UNASSESSED}", {**JANUARY, "unit": CHANGYI}),
    Screen("assessment.appeal", "district_leader", UNASSESSED, {**JANUARY, "unit": "220204"}, data={}, status=409),
    # Inspections
    Screen("inspection.list", READS_INSPECTIONS),
    Screen("inspection.list", READS_INSPECTIONS, query="?state=released"),
    Screen("inspection.authorise", "mayor"),
    Screen("inspection.authorise", "mayor", data={"words": " "}, status=409),
    Screen("inspection.plan", "inspector"),
    Screen("inspection.plan", "inspector", query="?form=patrol"),
    Screen("inspection.plan", "inspector", data={}, status=409),
    Screen("inspection.recusals", "inspector"),
    Screen("inspection.recusals", "inspector", data={}, status=409),
    Screen("inspection.on_site", "inspector"),
    Screen("inspection.view", "", READS_INSPECTIONS, NO_INSPECTION),
    Screen("inspection.cancel", "", "inspector", NO_INSPECTION, data={}),
    Screen("inspection.file", "", READS_INSPECTIONS, {**NO_INSPECTION, "sha256": "0" * 64}),
    Screen("inspection.draw", "", READS_INSPECTIONS, NO_INSPECTION),
    Screen("inspection.draw_now", "", "inspector", NO_INSPECTION, data={}),
    Screen("inspection.draw_file", "", READS_INSPECTIONS, {**NO_INSPECTION, "format": "json"}),
    Screen("inspection.record", "", "inspector", {**NO_INSPECTION, "household": OWN}),
    Screen("inspection.record", "", "inspector", {**NO_INSPECTION, "household": OWN}, data={}),
    Screen("inspection.conclude", "", "inspector", {**NO_INSPECTION, "area": "220204"}),
    Screen("inspection.conclude", "", "inspector", {**NO_INSPECTION, "area": "220204"}, data={}),
    Screen("inspection.release", "", "mayor", NO_INSPECTION),
    Screen("inspection.release", "", "mayor", NO_INSPECTION, data={}),
    Screen("inspection.answer", "", "district_leader", {**NO_INSPECTION, "area": "220204"}),
    Screen("inspection.answer", "", "district_leader", {**NO_INSPECTION, "area": "220204"}, data={}),
    Screen("inspection.review", "", "mayor inspector", {**NO_INSPECTION, "area": "220204"}),
    Screen("inspection.review", "", "mayor inspector", {**NO_INSPECTION, "area": "220204"}, data={}),
    # Wall
    Screen("wall.view", WALL),
    Screen("wall.index", WALL),
    Screen("wall.states", WALL),
    Screen("wall.days", WALL),
    Screen("wall.lights", COCKPIT),
    Screen("wall.findings", READS),
    # Truth of figures
    Screen("truth.view", READS),
    Screen("truth.view", READS, query="?on=2025-01-31&format=xlsx"),
    Screen("truth.patrol", "inspector"),
    Screen("truth.patrol", "inspector", query="?format=xlsx"),
    Screen("truth.photo", "", READS, {"code": "220200-I0001", "sha256": "0" * 64}),
    Screen("source.import", "inspector"),
    Screen("source.import", "inspector", data={}, status=400),
    Screen("household.reply", "family", arguments={"code": OWN}, data={}, status=302),
    Screen("household.reply", "", "family", {"code": FOREIGN}, data={"is_cleared": "yes"}),
    Screen("household.reply", "family", arguments={"code": OWN}, status=405),
    # Plan against actual
    Screen("trajectory.view", COCKPIT),
    Screen("trajectory.view", COCKPIT, query="?on=2025-01-31&known=2025-02-05&target=2025-03-15.handed_over"),
    Screen("trajectory.view", f"{CITY} {DISTRICT} client department", "neighbour", query="?of=220204-P0001"),
    Screen("trajectory.view", f"{CITY} client department", f"{DISTRICT} neighbour", query=f"?of={PROJECT}"),
    Screen("trajectory.view", "", COCKPIT, query="?of=220204-P0099"),
    Screen("wall.search", WALL, query="?q=1"),
    Screen("wall.card", f"{CITY} {DISTRICT} client department appraiser", "neighbour", {"code": CHUANYING_SECTION}),
    Screen("wall.card", f"{CITY} neighbour client department appraiser", DISTRICT, {"code": CHANGYI_SECTION}),
    Screen("wall.outlines", WALL, arguments={"name": "districts"}),
    Screen("wall.outlines", "", WALL, arguments={"name": "220200"}),
    Screen("wall.tiles", "", WALL, {"area": "220204", "version": "0123456789abcdef"}),
    Screen("wall.print", WALL, query="?paper=a3"),
)


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(name, pattern) of every address that the server answers."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from addresses(entry, path)
        else:
            yield entry.name or f"unnamed {path}", entry


@pytest.fixture
def scene() -> Scene:
    """A campaign with a household that is signed and one of the other district that is surveyed."""
    scene = build_campaign()
    advance(scene.households[0], to="signed")
    advance(scene.households[3], to="surveyed")
    record(CHUANYING_SECTION, "matter_opened", date(2025, 2, 10), {"matter": "原部队用地", "responsible": "船营区"})
    agreement_row(scene.households[0])
    AgreementRun.objects.create(
        project=scene.project, started_by=person_with("field_officer"), started_at=NOW, sign_on=date(2025, 2, 14),
        pay_by=date(2025, 2, 20), move_out_by=date(2025, 2, 25),
    )
    start_trial(
        actor=actor_with("district_leader"), subject=CHUANYING_SECTION, title="搬迁费", tried_on=date(2025, 2, 14),
        changes=[Change("state_land.relocation_fee.dwelling", {"per_household": "900"})], parameter_set="",
        signing_day=None, now=NOW,
    )
    start_scenario(
        actor=actor_with("district_leader"), subject="220204-P0001", title="两支队伍",
        changes=[ScenarioChange(ChangeKind.TEAMS, "220204-P0001", stage=Stage.NEGOTIATION, teams=2)], growth=None,
        now=NOW,
    )
    SurveyImport.objects.create(
        project=scene.project, unit_id="220204", uploaded_by=person_with("field_officer"), uploaded_at=NOW,
        file_name="台账.xlsx", sha256="0" * 64, size_bytes=1, stage=ImportStage.IMPORTED,
    )
    for jurisdiction in ("220204", CHANGYI):
        PaymentOrder.objects.create(
            code=f"{jurisdiction}-P0001-Z0001", participation=f"{jurisdiction}-P0001", project=scene.project,
            maker=person_with("client"),
        )
    foreign = scene.households[3]
    foreign.identity_index = scene.households[0].identity_index
    foreign.save()
    for jurisdiction in ("220204", CHANGYI):
        enter_team(actor=actor_with("coordinator"), now=NOW, terms=TeamTerms(
            jurisdiction=jurisdiction, unit=jurisdiction, name="调查一组", skill="survey", members=3,
            from_on=date(2025, 2, 1),
        ))
    TeamLevelling.objects.create(
        jurisdiction_id="220204", on=date(2025, 2, 14), asked_by=person_with("coordinator"), asked_at=NOW, seconds=5,
        deed=Deed.objects.get(verb="team.manage", subject="220204").pk,
    )
    run_now(city=CITY_CODE, now=NOW)
    ask_unit(
        actor=actor_with("inspector"), finding=finding(), unit="220204", text="请说明", due_on=date(2025, 2, 21),
        now=NOW,
    )
    coordinator = actor_with("coordinator")
    add_text(actor=coordinator, city=CITY_CODE, kind="speech", title="讲话", said_on=date(2025, 2, 10), now=NOW,
             text="船营区要在3月15日前完成西环线1号工程剩余征收任务。")
    draft = DirectiveDraft(lead="220204", matter="完成剩余征收任务", projects=(PROJECT,))
    set_directives(actor=coordinator, drafts=[draft], now=NOW)
    robot = add_robot(
        actor_with("district_leader"), unit="220204", kind="wecom", terms=ChannelTerms(), now=NOW,
        robot=RobotAddress("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aaa-4bc4-97a0-0ec2sifa"),
    )
    send_test(actor_with("district_leader"), channel=robot, now=NOW)
    held_and_running()
    published_and_under_way(scene)
    record(
        scene.households[5].code, "resettlement_promised", date(2023, 1, 10), {"promised_on": "2024-01-31"},
        recorded_at=NOW,
    )
    open_due_cases(city=CITY_CODE, now=NOW)
    drafted_plan(scene)
    hand_out(actor=actor_with("mayor"), run=OptionsRun.objects.get(), point=0, now=NOW)
    site = build_site("220202-T0001")
    entitle(scene.households[5].code, on=date(2023, 1, 11), site=site.code)
    prepare_lots(actor=actor_with("district_leader", CHANGYI), site=site, title="选房摇号（演示）", now=NOW)
    for role, kind in (("coordinator", "circular"), ("inspector", "inspection")):
        draft_bulletin(
            actor=actor_with(role), city=CITY_CODE, kind=kind, from_on=date(2025, 2, 3), until_on=date(2025, 2, 10),
            now=NOW,
        )
    return scene


@pytest.fixture
def clients(scene: Scene) -> dict[str, Client]:
    """One signed-in browser per role, a stranger, and somebody whose post has ended."""
    people = {role: person_with(role) for role in POSTED.split() if role not in ("neighbour", "appraiser", "family")}
    people["neighbour"] = person_with("field_officer", CHANGYI)
    people["appraiser"] = person_with("appraiser", subject=PROJECT)
    people["family"] = person_with("family", subject=OWN)
    people["nobody"] = Person.objects.create(code="220200-u-nobody", username="nobody", name="无岗")
    Posting.objects.create(
        person=people["nobody"], unit_id="220204", role="field_officer",
        from_on=date(2025, 1, 1), until_on=date(2025, 1, 31),
    )
    return {"stranger": Client(), **{role: signed_in_client(person) for role, person in people.items()}}


def test_every_address_stands_in_the_table() -> None:
    known = {screen.name for screen in SCREENS}
    missing = sorted({name for name, _ in addresses()} - known)
    assert not missing, f"add a line to SCREENS for: {', '.join(missing)}"
    assert not known - {name for name, _ in addresses()}, "SCREENS names an address that is gone"


def test_every_address_names_its_verb_or_says_that_it_is_public() -> None:
    doorless = [
        name for name, pattern in addresses()
        if not hasattr(pattern.callback, "verb") and not getattr(pattern.callback, "is_public", False)
    ]
    assert not doorless


@pytest.mark.django_db
def test_each_role_gets_exactly_what_the_table_says(clients: dict[str, Client]) -> None:
    before = _recorded()
    wrong = []
    for screen in SCREENS:
        address = screen.address()
        for role, client in clients.items():
            response = client.get(address) if screen.data is None else client.post(address, screen.data)
            if response.status_code != screen.expected(role):
                method = "GET" if screen.data is None else "POST"
                wrong.append(
                    f"{method} {address} ({screen.name}) as {role}: "
                    f"{response.status_code}, expected {screen.expected(role)}"
                )
            if role == "stranger" and not screen.is_public and "/sign-in" not in response.get("Location", ""):
                wrong.append(f"{address} leads a stranger to {response.get('Location')}")
    assert not wrong, "\n" + "\n".join(wrong)
    assert _recorded() == before


def _recorded() -> tuple[int, int]:
    """How many deeds and facts there are, but for readings of the mayor's channel, each of which is a deed."""
    return Deed.objects.exclude(verb="channel.view").count(), Fact.objects.exclude(kind="channel_read").count()
