"""What must hold before a decision, a valuation or an agreement; each predicate cites its article."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.kernel.messages import N_
from zhengtu.core.procedure.case_facts import StepFact
from zhengtu.core.procedure.question import Obstacle, ObstacleKind, Question, obstacle
from zhengtu.core.procedure.rights import RightPeriod, RightState, right_period
from zhengtu.core.procedure.steps import Act

HOUSING_REGULATION = "state-council-decree-590"
LAND_LAW = "land-administration-law"
_DAY = timedelta(days=1)


def is_state_land(question: Question) -> bool:
    """Whether the Regulation on houses on state-owned land governs the case."""
    return question.procedure.regime == "state_land"


def funds_cover_budget(question: Question) -> list[Obstacle]:
    """The dedicated account holds the whole budget (decree 590, art. 12(2); Land Administration Law, art. 47(4))."""
    source = f"{HOUSING_REGULATION}#12(2)" if is_state_land(question) else f"{LAND_LAW}#47(4)"
    funds = question.latest_of(Act.FUNDS_IN_ACCOUNT)
    if funds is None:
        return [
            obstacle(
                "funds_missing",
                N_("“%(step)s” needs the compensation funds in the dedicated account first; none are recorded."),
                question=question, source=source, remedy=N_("Record the bank's proof of the dedicated account."),
            )
        ]
    budget = max(_number(funds, "budget_yuan"), Decimal(str(question.facts.attributes.get("budget_yuan", 0))))
    found = []
    for held, due in (
        (_number(funds, "balance_yuan"), budget),
        (_number(funds, "social_security_balance_yuan"), _number(funds, "social_security_budget_yuan")),
    ):
        if held < due and funds.is_verified:
            found.append(
                obstacle(
                    "funds_short",
                    N_("Of %(due)s yuan due, %(held)s yuan are in the dedicated account; %(missing)s are missing."),
                    question=question, source=source, kind=ObstacleKind.CONTRADICTION,
                    remedy=N_("Pay in the missing amount and record the new balance."),
                    due=str(due), held=str(held), missing=str(due - held),
                )
            )
    return found


def buildings_all_recognised(question: Question) -> list[Obstacle]:
    """No building is left unrecognised (decree 590, art. 24(2))."""
    recognised = question.latest_of(Act.BUILDINGS_RECOGNISED)
    recorded = 0 if recognised is None else int(recognised.attributes.get("unresolved_count", 0))
    return _unrecognised(question, count=max(recorded, question.facts.neighbours.unrecognised_buildings))


def household_buildings_recognised(question: Question) -> list[Obstacle]:
    """None of the household's buildings is left unrecognised (decree 590, art. 24(2))."""
    return _unrecognised(question, count=question.facts.neighbours.unrecognised_buildings)


def _unrecognised(question: Question, *, count: int) -> list[Obstacle]:
    if count == 0:
        return []
    return [
        obstacle(
            "buildings_unrecognised",
            N_("%(count)s unregistered buildings are not yet recognised and dealt with."),
            question=question, source=f"{HOUSING_REGULATION}#24(2)", kind=ObstacleKind.CONTRADICTION,
            remedy=N_("Record the opinion on each of them first."), count=count,
        )
    ]


def remedies_are_stated(question: Question) -> list[Obstacle]:
    """The paper tells of reconsideration and litigation (decree 590, art. 13; Reconsideration Law, art. 20(3))."""
    if question.proposed is None or question.proposed.attributes.get("remedies_stated") == "yes":
        return []
    return [
        obstacle(
            "remedies_not_stated",
            N_("The paper does not state the right to reconsideration and to sue."),
            question=question, source="administrative-reconsideration-law#20(3)",
            remedy=N_("Serve it again with the remedies, their periods and the authorities; the clock starts then."),
        )
    ]


def appraiser_choice_was_open(question: Question) -> list[Obstacle]:
    """A vote or a lot comes only after the owners' time to agree (decree 590, art. 20(1))."""
    if question.proposed is None or question.proposed.attributes.get("method") == "consultation":
        return []
    groups = [group for group in question.step.needs if len(group) == 1]
    invited = [
        fact for group in groups for fact in question.facts.project
        if fact.step == group[0] and fact.happened_on <= question.on
    ]
    ends = [day for fact in invited if (day := fact.date_of("choose_by")) is not None]
    if not ends or max(ends) < question.on:
        return []
    return [
        obstacle(
            "owners_still_choosing",
            N_("The owners may agree on an appraiser until %(until)s; a vote or a lot comes after it."),
            question=question, source=f"{HOUSING_REGULATION}#20(1)", earliest_on=max(ends) + _DAY,
            kind=ObstacleKind.CONTRADICTION, remedy=N_("The earliest lawful date is %(earliest)s."),
            until=max(ends).isoformat(),
        )
    ]


def appraiser_is_chosen(question: Question) -> list[Obstacle]:
    """The valuation is by the appraiser that the owners' procedure chose (decree 590, art. 20)."""
    if not question.procedure.having(Act.APPRAISER_CHOICE) or question.proposed is None:
        return []
    chosen = question.latest_of(Act.APPRAISER_CHOICE)
    name = question.proposed.attributes.get("appraiser", "")
    if chosen is not None and chosen.attributes.get("appraiser") == name:
        return []
    return [
        obstacle(
            "appraiser_not_chosen",
            N_("The appraiser “%(appraiser)s” was not chosen by the owners' procedure."),
            question=question, source=f"{HOUSING_REGULATION}#20(1)",
            kind=ObstacleKind.MISSING if chosen is None else ObstacleKind.CONTRADICTION,
            remedy=N_("Record the choice of the appraiser first, or have the chosen one value the house."),
            appraiser=name,
        )
    ]


def valuation_day_is_announcement_day(question: Question) -> list[Obstacle]:
    """The house is valued as of the day of the announcement (decree 590, art. 19(1))."""
    announced = question.latest_of(Act.ANNOUNCEMENT)
    if question.proposed is None or announced is None:
        return []
    due, given = announced.published_from or announced.happened_on, question.proposed.date_of("value_on")
    if given == due:
        return []
    return [
        obstacle(
            "value_date_differs",
            N_("The house is valued as of %(given)s; it must be the day of the announcement, %(due)s."),
            question=question, source=f"{HOUSING_REGULATION}#19(1)", kind=ObstacleKind.CONTRADICTION,
            remedy=N_("Return the report to the appraiser."), given=given.isoformat() if given else "—",
            due=due.isoformat(),
        )
    ]


def value_not_below_market(question: Question) -> list[Obstacle]:
    """The value is not below the market price of similar property (decree 590, art. 19(1))."""
    if question.proposed is None or "market_value_yuan" not in question.proposed.attributes:
        return []
    value, market = _number(question.proposed, "value_yuan"), _number(question.proposed, "market_value_yuan")
    if value >= market:
        return []
    return [
        obstacle(
            "value_below_market",
            N_("The value of %(value)s yuan lies below the market price of %(market)s yuan of similar property."),
            question=question, source=f"{HOUSING_REGULATION}#19(1)", kind=ObstacleKind.CONTRADICTION,
            remedy=N_("Return the report to the appraiser."), value=str(value), market=str(market),
        )
    ]


def both_options_offered(question: Question) -> list[Obstacle]:
    """Cash and exchange are both offered (decree 590, art. 21(1); Land Administration Law, art. 48(4))."""
    given = None if question.proposed is None else question.proposed.attributes.get("offered")
    is_lawful = given == "cash_and_exchange" or (given == "no_dwelling" and not is_state_land(question))
    if question.proposed is None or is_lawful:
        return []
    return [_one_sided(question)]


def options_were_offered(question: Question) -> list[Obstacle]:
    """An offer of both ways stands before the agreement or decision (decree 590, art. 21(1))."""
    offer = question.latest_of(Act.OPTIONS_OFFERED)
    if offer is not None and (not offer.is_verified or offer.attributes.get("offered") not in (
        "cash_only", "exchange_only"
    )):
        return []
    return [_one_sided(question)]


def _one_sided(question: Question) -> Obstacle:
    source = f"{HOUSING_REGULATION}#21(1)" if is_state_land(question) else f"{LAND_LAW}#48(4)"
    return obstacle(
        "options_not_offered",
        N_("The household was not offered both cash and exchange of title."),
        question=question, source=source, remedy=N_("Offer both ways in writing and record the notice."),
    )


def signing_period_is_over(question: Question) -> list[Obstacle]:
    """The signing period has run out, or the owner is unclear (decree 590, art. 26(1))."""
    if question.proposed is not None and question.proposed.attributes.get("owner_unclear") == "yes":
        return []
    announced = question.latest_of(Act.ANNOUNCEMENT)
    sign_by = None if announced is None else announced.date_of("sign_by")
    if sign_by is not None and sign_by < question.on:
        return []
    return [
        obstacle(
            "signing_period_runs",
            N_("The signing period runs until %(until)s; no compensation decision may come before it ends."),
            question=question, source=f"{HOUSING_REGULATION}#26(1)",
            kind=ObstacleKind.MISSING if sign_by is None else ObstacleKind.CONTRADICTION,
            earliest_on=None if sign_by is None else sign_by + _DAY,
            remedy=N_("Wait for the last day of the signing period that the announcement states."),
            until="—" if sign_by is None else sign_by.isoformat(),
        )
    ]


def review_windows_are_closed(question: Question) -> list[Obstacle]:
    """Re-valuation and expert appraisal are answered or no longer open (valuation measures, art. 20-23).

    A request after its last day counts as none.
    """
    found = []
    for request in question.procedure.having(Act.REVIEW_REQUEST):
        for right in question.procedure.rights.values():
            if request.id not in right.exercised_by:
                continue
            period = right_period(
                right, facts=question.facts, procedure=question.procedure, calendar=question.calendar,
                today=question.on,
            )
            if period.state is RightState.RUNNING and period.last is not None:
                found.append(_review_open(question, period, until=period.last.on))
            used_on = period.exercised_on
            if used_on is not None and period.last is not None and used_on <= period.last.on:
                found += _unanswered(question, request.id, requested_on=used_on)
    return found


def _review_open(question: Question, period: RightPeriod, *, until: date) -> Obstacle:
    return obstacle(
        "review_still_open",
        N_("The household may still use the right “%(right)s” until %(until)s."),
        question=question, source=period.right.source, earliest_on=until + _DAY,
        kind=ObstacleKind.CONTRADICTION, remedy=N_("The earliest lawful date is %(earliest)s."),
        right=f"right:{period.right.id}", until=until.isoformat(),
    )


def _unanswered(question: Question, request: str, *, requested_on: date) -> list[Obstacle]:
    answering = {
        step.id
        for step in question.procedure.having(Act.REVIEW_ANSWER)
        if any(request in group for group in step.needs_begun)
    }
    if any(
        fact.step in answering and requested_on <= fact.happened_on <= question.on
        for fact in question.facts.household
    ):
        return []
    return [
        obstacle(
            "review_unanswered",
            N_("“%(request)s” of %(requested)s is not answered."),
            question=question, source="valuation-measures-2011#21", kind=ObstacleKind.CONTRADICTION,
            remedy=N_("Serve the answer and record it first."),
            request=f"step:{request}", requested=requested_on.isoformat(),
        )
    ]


def registration_is_closed(question: Question) -> list[Obstacle]:
    """The announced period for registering compensation has run out (Land Administration Law, art. 47(4))."""
    announced = question.latest_of(Act.SCHEME_PUBLICATION)
    register_by = None if announced is None else announced.date_of("register_by")
    if announced is None or register_by is None or register_by < question.on:
        return []
    return [
        obstacle(
            "registration_open",
            N_("Compensation may be registered until %(until)s."),
            question=question, source=f"{LAND_LAW}#47(4)", earliest_on=register_by + _DAY,
            kind=ObstacleKind.CONTRADICTION, remedy=N_("The earliest lawful date is %(earliest)s."),
            until=register_by.isoformat(),
        )
    ]


def holdouts_are_few(question: Question) -> list[Obstacle]:
    """Only individual agreements are missing (implementing regulation, art. 29); the share is a parameter."""
    if question.proposed is None:
        return []
    parties, unsigned = _number(question.proposed, "parties"), _number(question.proposed, "unsigned")
    limit = question.procedure.parameters["holdout_share"]
    if parties > 0 and unsigned / parties <= limit:
        return []
    return [
        obstacle(
            "too_many_holdouts",
            N_("%(unsigned)s of %(parties)s agreements are not signed; only individual ones may be missing."),
            question=question, source="land-administration-regulation#29", kind=ObstacleKind.CONTRADICTION,
            remedy=N_("Go on negotiating; state truthfully what is not signed."),
            unsigned=str(unsigned), parties=str(parties),
        )
    ]


def zone_price_is_current(question: Question) -> list[Obstacle]:
    """The composite land price was set or confirmed within three years (Land Administration Law, art. 48(3))."""
    given = None if question.proposed is None else question.proposed.date_of("zone_price_from")
    if given is None or question.on <= add_months(given, 36):
        return []
    return [_stale_price(question, given)]


def _stale_price(question: Question, given: date) -> Obstacle:
    return obstacle(
        "zone_price_stale",
        N_("The composite land price in force since %(since)s is older than three years."),
        question=question, source=f"{LAND_LAW}#48(3)", kind=ObstacleKind.CONTRADICTION,
        remedy=N_("Use the price that the province adjusted or published again."), since=given.isoformat(),
    )


def _number(fact: StepFact, name: str) -> Decimal:
    return Decimal(str(fact.attributes.get(name) or 0))
