"""What a step does in law, and who does it: two closed lists."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """What a step does in law, as far as an invariant asks. The list is closed: there is no act by which the
    administration evicts, and none by which utilities are cut (State Council decree 590, art. 27, 28, 31)."""

    OTHER = "other"
    BUILDINGS_RECOGNISED = "buildings_recognised"
    SCHEME_PUBLICATION = "scheme_publication"
    FUNDS_IN_ACCOUNT = "funds_in_account"
    EXPROPRIATION_DECISION = "expropriation_decision"
    LAND_APPLICATION = "land_application"
    ANNOUNCEMENT = "announcement"
    APPRAISER_CHOICE = "appraiser_choice"
    VALUATION = "valuation"
    VALUATION_SERVICE = "valuation_service"
    REVIEW_REQUEST = "review_request"
    REVIEW_ANSWER = "review_answer"
    OPTIONS_OFFERED = "options_offered"
    AGREEMENT = "agreement"
    COMPENSATION_DECISION = "compensation_decision"
    ENFORCEABLE_DECISION = "enforceable_decision"
    DECISION_SERVICE = "decision_service"
    PAYMENT = "payment"
    DEPOSIT = "deposit"
    HOUSING_PROVISION = "housing_provision"
    COMPENSATION_CHECK = "compensation_check"
    MOVE_OUT_DATE = "move_out_date"
    VACATING = "vacating"
    DEMOLITION = "demolition"
    RESULTS_PUBLICATION = "results_publication"
    HANDOVER = "handover"
    RECONSIDERATION_FILED = "reconsideration_filed"
    RECONSIDERATION_DECIDED = "reconsideration_decided"
    LAWSUIT_FILED = "lawsuit_filed"
    JUDGMENT = "judgment"
    EXPIRY_CHECK = "expiry_check"
    DEMAND_NOTICE = "demand_notice"
    COURT_APPLICATION = "court_application"
    JUDGMENT_ENFORCEMENT = "judgment_enforcement"
    COURT_RULING = "court_ruling"
    COURT_REFUSAL = "court_refusal"
    ENFORCEMENT = "enforcement"


class Actor(StrEnum):
    """Who decides or does a step. The developer is not among them (State Council decree 590, art. 5 and 27)."""

    GOVERNMENT = "government"
    HIGHER_GOVERNMENT = "higher_government"
    EXPROPRIATION_DEPARTMENT = "expropriation_department"
    NATURAL_RESOURCES = "natural_resources"
    FINANCE = "finance"
    JUSTICE = "justice"
    SOCIAL_SECURITY = "social_security"
    AUDIT = "audit"
    APPRAISER = "appraiser"
    EXPERT_COMMITTEE = "expert_committee"
    OWNER = "owner"
    BOTH_PARTIES = "both_parties"
    CONTRACTOR = "contractor"
    RECONSIDERATION_BODY = "reconsideration_body"
    COURT = "court"


OUTSIDE_ACTORS = frozenset({Actor.OWNER, Actor.RECONSIDERATION_BODY, Actor.COURT})
"""Those whose deeds the administration does not control: they are recorded whenever they become known."""
