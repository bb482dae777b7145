"""The life of a review: planned, begun with a frozen agenda, decided, closed with minutes; and who sees what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.factories import (
    CHANGYI,
    CHUANYING,
    CITY,
    LONGTAN,
    PROJECT,
    TODAY,
    Scene,
    actor_with,
    advance,
    announce,
    at,
    build_campaign,
    person_with,
    record,
)
from zhengtu.campaign.city_plans import compute_city_plans
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.reviews.agenda import AgendaKind
from zhengtu.core.reviews.decision import Decision
from zhengtu.core.reviews.week import Kept
from zhengtu.directives.models import Directive
from zhengtu.ledger.files import evidence_path, evidence_storage, sha256_of
from zhengtu.ledger.models import Deed, Fact, Refusal
from zhengtu.notices.models import Notice
from zhengtu.registry.models import Deadline
from zhengtu.reviews.actions import begin_review, cancel_review, close_review, plan_review
from zhengtu.reviews.deciding import decisions_of
from zhengtu.reviews.minutes import minutes_document
from zhengtu.reviews.models import Review, ReviewStage
from zhengtu.reviews.queries import agenda_for, frozen_agenda, matters_for, review_for, reviews_for
from zhengtu.reviews.room import decide, note_matter, raise_matter, show_matter, undecide

pytestmark = pytest.mark.django_db(transaction=True)

NOW = at(TODAY)  # 14 February 2025 is a Friday: the day of the weekly review
DUE = TODAY + timedelta(days=7)
OWN, FOREIGN = f"{CHUANYING}-P0001", f"{CHANGYI}-P0001"


@pytest.fixture
def scene() -> Scene:
    """Both districts announced; both sections are to be signed in a week, a matter of the project is open."""
    scene = build_campaign()
    announce()
    advance(scene.households[0], to="signed", start_on=date(2025, 1, 21))
    for section, name in ((scene.chuanying, "船营签约"), (scene.changyi, "昌邑签约")):
        Deadline.objects.create(
            campaign=scene.campaign, project=scene.project, section=section, goal="signed", due_on=DUE, name=name,
            name_en=name,
        )
    record(PROJECT, "matter_opened", date(2025, 2, 10), {"matter": "楼栋产权未清", "responsible": "船营区"})
    return scene


def coordinator() -> Any:
    return actor_with("coordinator")


def planned(**more: Any) -> str:
    return plan_review(actor=coordinator(), city=CITY, rhythm="weekly", now=NOW, **more)


def begun(**more: Any) -> Review:
    code = planned(**more)
    review = Review.objects.get(pk=code)
    for on in (review.as_of_on, review.since_on):
        compute_city_plans(CITY, on=on, known=on, now=NOW)
    begin_review(actor=coordinator(), code=code, now=NOW)
    return Review.objects.get(pk=code)


def decision(lead: str = CHUANYING, matter: str = "完成剩余签约", **more: Any) -> Decision:
    return Decision(**{"id": 0, "lead": lead, "matter": matter, "due_on": DUE, **more})


def decided(review: Review, one: Decision, *, ordinal: int = 1, now: datetime = NOW) -> int:
    return decide(actor=coordinator(), code=review.code, ordinal=ordinal, decision=one, now=now)


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def test_a_planned_review_follows_the_rhythm_and_stands_on_the_day_before(scene: Scene) -> None:
    person_with("district_leader"), person_with("client"), person_with("vice_mayor")
    first, second = planned(), planned()
    held = {code: Review.objects.get(pk=code) for code in (first, second)}
    assert [(one.code, one.held_on) for one in held.values()] == [
        ("220200-R20250214-1", TODAY), ("220200-R20250221-1", TODAY + timedelta(days=7)),
    ]
    review = held[first]
    assert (review.as_of_on, review.known_on, review.since_on) == (
        date(2025, 2, 13), date(2025, 2, 13), date(2025, 2, 6)
    )
    assert review.attending == [CHANGYI, "220203", CHUANYING, "220272"], "districts and zones, not the client"
    assert review.chair is not None
    assert review.chair.code == coordinator().person
    told = Notice.objects.filter(subject=first).values_list("person", "kind")
    leaders = {person_with("district_leader", unit).code for unit in (CHUANYING, CHANGYI)}
    assert set(told) == {(leader, "review_called") for leader in leaders}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"held_on": TODAY - timedelta(days=1)}, "reviews.past"),
        ({"rhythm": "special", "held_on": TODAY}, "reviews.topic"),
        ({"rhythm": "special", "topic": "铁路西环线"}, "reviews.no_day"),
        ({"rhythm": "daily"}, "reviews.rhythm"),
        ({"attending": []}, "reviews.nobody"),
        ({"attending": ["330100"]}, "reviews.unit"),
        ({"rhythm": "monthly"}, "reviews.chair"),
    ],
)
def test_what_cannot_be_planned_is_refused_by_name(scene: Scene, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        plan_review(**{"actor": coordinator(), "city": CITY, "rhythm": "weekly", "now": NOW, **changes})
    assert code in codes(refusal)
    assert not Review.objects.exists()


def test_one_rhythm_has_one_review_a_day_and_a_cancelled_one_makes_room(scene: Scene) -> None:
    code = planned()
    with pytest.raises(Refused) as refusal:
        planned(held_on=TODAY)
    assert codes(refusal) == ["reviews.taken"]
    with pytest.raises(Refused) as without_reason:
        cancel_review(actor=coordinator(), code=code, reason=" ", now=NOW)
    assert codes(without_reason) == ["reviews.reason"]
    cancel_review(actor=coordinator(), code=code, reason="会议冲突", now=NOW)
    assert planned(held_on=TODAY) == "220200-R20250214-2"


def test_only_those_who_may_hold_a_review_do_and_the_attempt_is_noted(scene: Scene) -> None:
    code = planned()
    leader = actor_with("district_leader")
    attempts: list[Callable[[], object]] = [
        lambda: plan_review(actor=leader, city=CITY, rhythm="weekly", now=NOW),
        lambda: begin_review(actor=leader, code=code, now=NOW),
        lambda: cancel_review(actor=leader, code=code, reason="x", now=NOW),
        lambda: close_review(actor=leader, code=code, now=NOW),
    ]
    for attempt in attempts:
        with pytest.raises(Refused) as refusal:
            attempt()
        assert codes(refusal) == ["authority.not_granted"]
    assert Refusal.objects.filter(actor=leader.person, verb="review.hold").count() == len(attempts)
    with pytest.raises(Refused):
        show_matter(actor=leader, code=code, ordinal=0)


def test_a_review_begins_on_its_day_alone_and_once_its_plans_are_there(scene: Scene) -> None:
    code = planned()
    queued = ProcrastinateJob.objects.filter(task_name="refresh_outlooks", args__on__in=["2025-02-13", "2025-02-06"])
    with pytest.raises(Refused) as refusal:
        begin_review(actor=coordinator(), code=code, now=NOW)
    assert codes(refusal) == ["reviews.plans"]
    assert {job.args["on"] for job in queued} == {"2025-02-13", "2025-02-06"}, "both dates are queued"
    review = Review.objects.get(pk=code)
    for on in (review.as_of_on, review.since_on):
        compute_city_plans(CITY, on=on, known=on, now=NOW)
    with pytest.raises(Refused) as other_day:
        begin_review(actor=coordinator(), code=code, now=NOW + timedelta(days=1))
    assert codes(other_day) == ["reviews.day"]
    begin_review(actor=coordinator(), code=code, now=NOW)
    with pytest.raises(Refused) as twice:
        begin_review(actor=coordinator(), code=code, now=NOW)
    assert codes(twice) == ["reviews.not_planned", "reviews.running"]


def test_the_agenda_is_frozen_as_it_was_put(scene: Scene) -> None:
    review = begun()
    before = frozen_agenda(review)
    assert {item.kind for item in before.items()} >= {AgendaKind.MATTER_OPEN}
    assert {item.subject for item in before.items() if item.kind is AgendaKind.DEADLINE_NEAR or item.colour == "red"}
    assert [(row.item, row.units) for row in review.matters.all()] == [
        (matter.key, list(matter.units)) for matter in before.matters
    ]
    for household in scene.households[1:3]:
        advance(household, to="signed", start_on=date(2025, 1, 22))
    record(PROJECT, "matter_closed", TODAY, {"result": "已办结"})
    assert frozen_agenda(Review.objects.get(pk=review.code)) == before
    assert review.curves[PROJECT]["signed_count"]["of"] == 6


def test_who_attends_sees_its_own_items_and_no_note_before_the_release(scene: Scene) -> None:
    review = begun()
    raise_matter(actor=coordinator(), code=review.code, title="昌邑问题", units=[CHANGYI])
    note_matter(actor=coordinator(), code=review.code, ordinal=2, note="昌邑区汇报", is_dealt=True)
    note_matter(actor=coordinator(), code=review.code, ordinal=1, note="船营区汇报", is_dealt=True)
    leader = actor_with("district_leader")
    held = Review.objects.get(pk=review.code)
    own = agenda_for(leader, held, today=TODAY)
    assert own.items()
    assert all(CHUANYING in item.units for item in own.items())
    assert FOREIGN not in {item.subject for item in own.items()}
    assert [(row.ordinal, row.note) for row in matters_for(leader, held)] == [(1, "")]
    assert [row.note for row in matters_for(coordinator(), held)] == ["船营区汇报", "昌邑区汇报"]
    close_review(actor=coordinator(), code=review.code, now=NOW)
    released = matters_for(leader, Review.objects.get(pk=review.code))
    assert [(row.ordinal, row.note) for row in released] == [(1, "船营区汇报")], "the other district's stays its own"
    auditor = actor_with("auditor")
    assert len(matters_for(auditor, Review.objects.get(pk=review.code))) == 2


def test_a_unit_that_is_not_called_does_not_see_the_review(scene: Scene) -> None:
    code = planned(attending=[CHANGYI])
    assert review_for(actor_with("district_leader"), code) is None
    assert list(reviews_for(actor_with("district_leader", LONGTAN))) == []
    assert review_for(actor_with("district_leader", CHANGYI), code) is not None
    assert list(reviews_for(actor_with("field_officer"))) == []


def test_decisions_become_directives_in_one_deed_and_bear_the_review(scene: Scene) -> None:
    review = begun()
    decided(review, decision(goal="signed"))
    decided(review, decision(CHANGYI, "解决产权问题，13812345678"))
    close_review(actor=coordinator(), code=review.code, now=NOW)
    held = Review.objects.get(pk=review.code)
    rows = list(Directive.objects.filter(review=review.code).order_by("code"))
    assert [(row.matter, row.due_on, row.goal, row.projects) for row in rows] == [
        ("完成剩余签约", DUE, "signed", [PROJECT]), (rows[1].matter, DUE, "", [PROJECT]),
    ]
    assert "13812345678" not in rows[1].matter, "numbers of people are masked"
    set_by = {fact.deed_id for fact in Fact.objects.filter(kind="directive_set")}
    assert len(set_by) == 1, "all in one deed"
    assert [one.code for one in decisions_of(held.matters.get(ordinal=1))] == [row.code for row in rows]
    fact = Fact.objects.get(kind="review_held")
    assert (fact.subject, fact.happened_on, held.stage) == (review.code, TODAY, ReviewStage.HELD)
    assert held.deed == fact.deed_id


def test_one_decision_that_cannot_be_set_holds_all_of_them_back(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    review = begun()
    decided(review, decision())
    decided(review, decision(CHANGYI))
    row = review.matters.get(ordinal=1)
    row.decisions[1]["lead"] = "220299"  # no such unit any more
    row.save()
    with pytest.raises(Refused):
        close_review(actor=coordinator(), code=review.code, now=NOW)
    assert not Directive.objects.exists()
    assert not Fact.objects.filter(kind="review_held").exists()
    assert Review.objects.get(pk=review.code).stage == ReviewStage.RUNNING


def test_a_closing_that_was_cut_off_goes_on_without_setting_anything_twice(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = begun()
    decided(review, decision())
    decided(review, decision())
    def cut_off(*args: object, **given: object) -> None:
        raise RuntimeError("cut off")

    with monkeypatch.context() as patched:
        patched.setattr("zhengtu.reviews.deciding._keep", cut_off)
        with pytest.raises(RuntimeError):
            close_review(actor=coordinator(), code=review.code, now=NOW)
    assert Directive.objects.count() in (0, 2)
    with monkeypatch.context() as patched:
        patched.setattr("zhengtu.reviews.actions.kept_minutes", cut_off)
        with pytest.raises(RuntimeError):
            close_review(actor=coordinator(), code=review.code, now=NOW)
    assert Directive.objects.count() == 2
    close_review(actor=coordinator(), code=review.code, now=NOW)
    assert Directive.objects.count() == 2
    held = [one.code for one in decisions_of(review.matters.get(ordinal=1))]
    assert sorted(held) == sorted(Directive.objects.values_list("code", flat=True))


def test_a_review_that_somebody_else_is_closing_is_left_to_them(scene: Scene) -> None:
    review = begun()
    decided(review, decision())
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [f"review:{review.code}"])
        with pytest.raises(Refused) as refusal:
            close_review(actor=coordinator(), code=review.code, now=NOW)
        assert codes(refusal) == ["reviews.being_closed"]
    finally:
        other.close()
    assert not Directive.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lead": ""}, "directive.lead"), ({"lead": "220299"}, "directive.unit"),
        ({"matter": "  "}, "directive.matter"), ({"joint": (CHUANYING,)}, "directive.unit_twice"),
        ({"due_on": TODAY - timedelta(days=1)}, "directive.due_past"),
        ({"matter": "长" * 2_001}, "directive.matter_long"), ({"lead": CITY}, "directive.own_unit"),
    ],
)
def test_a_decision_is_checked_when_it_is_recorded(scene: Scene, changes: dict[str, Any], code: str) -> None:
    review = begun()
    with pytest.raises(Refused) as refusal:
        decided(review, decision(**changes))
    assert code in codes(refusal)
    assert decisions_of(review.matters.get(ordinal=1)) == ()


def test_a_decision_is_taken_back_until_it_is_a_directive(scene: Scene) -> None:
    review = begun()
    first, second = decided(review, decision()), decided(review, decision(CHANGYI))
    undecide(actor=coordinator(), code=review.code, ordinal=1, decision=first)
    assert [one.id for one in decisions_of(review.matters.get(ordinal=1))] == [second]
    with pytest.raises(Refused) as refusal:
        undecide(actor=coordinator(), code=review.code, ordinal=1, decision=first)
    assert codes(refusal) == ["reviews.no_decision"]
    close_review(actor=coordinator(), code=review.code, now=NOW)
    with pytest.raises(Refused) as closed:
        undecide(actor=coordinator(), code=review.code, ordinal=1, decision=second)
    assert codes(closed) == ["reviews.not_running"]


def test_a_note_that_somebody_else_changed_is_not_written_over(scene: Scene) -> None:
    review = begun()
    write = {"actor": coordinator(), "code": review.code, "ordinal": 1, "is_dealt": False}
    note_matter(**write, note="甲", seen_note="")
    with pytest.raises(Refused) as refusal:
        note_matter(**write, note="乙", seen_note="")
    assert codes(refusal) == ["reviews.note_changed"]
    note_matter(**write, note="甲乙", seen_note="甲")
    assert review.matters.get(ordinal=1).note == "甲乙"


def test_each_change_in_the_room_moves_the_revision_that_the_other_page_asks_for(scene: Scene) -> None:
    review = begun()
    seen = [review.revision]
    for change in (
        lambda: show_matter(actor=coordinator(), code=review.code, ordinal=1),
        lambda: note_matter(actor=coordinator(), code=review.code, ordinal=1, note="甲", is_dealt=True),
        lambda: decided(review, decision()),
        lambda: raise_matter(actor=coordinator(), code=review.code, title="临时议题"),
    ):
        change()
        seen.append(Review.objects.get(pk=review.code).revision)
    assert seen == sorted(set(seen))
    assert Review.objects.get(pk=review.code).shown == 1


def test_the_next_review_counts_the_promises_of_the_last(scene: Scene) -> None:
    review = begun()
    decided(review, decision())
    decided(review, decision(CHANGYI, due_on=TODAY + timedelta(days=3)))
    close_review(actor=coordinator(), code=review.code, now=NOW)
    week_later = at(TODAY + timedelta(days=7))
    code = plan_review(actor=coordinator(), city=CITY, rhythm="weekly", now=week_later)
    following = Review.objects.get(pk=code)
    assert (following.last_review, following.since_on) == (review.code, review.as_of_on)
    agenda = agenda_for(coordinator(), following, today=TODAY + timedelta(days=7))
    assert (agenda.kept[Kept.BROKEN], agenda.kept[Kept.NOT_YET_DUE]) == (1, 1)
    first = agenda.items()[0]
    assert first.kind is AgendaKind.PROMISE_BROKEN
    assert first.units == (CHANGYI,)
    own = agenda_for(actor_with("district_leader"), following, today=TODAY + timedelta(days=7))
    assert (own.kept[Kept.BROKEN], own.kept[Kept.NOT_YET_DUE]) == (0, 1)


def test_the_minutes_are_kept_with_their_hashes_and_say_what_was_decided(scene: Scene) -> None:
    person_with("district_leader")
    review = begun()
    note_matter(actor=coordinator(), code=review.code, ordinal=1, note="会议听取了汇报。", is_dealt=True)
    decided(review, decision(joint=(CHANGYI,)))
    close_review(actor=coordinator(), code=review.code, now=NOW)
    held = Review.objects.get(pk=review.code)
    for digest in (held.minutes_id, held.minutes_pdf_id):
        with evidence_storage().open(evidence_path(digest)) as file:
            assert sha256_of(iter(lambda file=file: file.read(65536), b"")) == digest
    with evidence_storage().open(evidence_path(held.minutes_id)) as file:
        text = ZipFile(BytesIO(file.read())).read("word/document.xml").decode()
    number = Fact.objects.get(kind="directive_assigned").attributes["number"]
    for words in ("会议听取了汇报", "完成剩余签约", "船营区", "昌邑区", number, "2025年2月21日", "截至2025年2月13日"):
        assert words in text, words
    assert Deed.objects.get(pk=held.deed).evidence.count() == 2
    leaders = {person_with("district_leader", unit).code for unit in (CHUANYING, CHANGYI)}
    assert set(Notice.objects.filter(kind="review_held").values_list("person", flat=True)) == leaders
    again = minutes_document(held, number=held.number, today=TODAY)
    assert again == minutes_document(held, number=held.number, today=TODAY)
    assert minutes_document(held, number=None, today=TODAY).watermark, "before the release it is marked as a draft"


def test_the_minutes_also_go_to_whoever_was_charged_without_being_called_in(scene: Scene) -> None:
    review = begun(attending=[CHUANYING])
    decided(review, decision(CHANGYI, joint=(CHUANYING,)))
    document = minutes_document(Review.objects.get(pk=review.code), number=1, today=TODAY)
    assert document.distribution is not None
    assert document.distribution.copies_to == "船营区、昌邑区"
