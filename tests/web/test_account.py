"""The entrance and the account pages: sessions that end, ways back that stay inside, forms that refuse."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from tests.apps.accounts.conftest import PASSWORD, person_with, units  # noqa: F401
from zhengtu.accounts.models import Person, Posting, SignInRecord, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(units: dict[str, Unit]) -> Person:  # noqa: F811
    return person_with(units, "officer", ("field_officer", "220204"))


@pytest.fixture
def coordinator(units: dict[str, Unit]) -> Person:  # noqa: F811
    return person_with(units, "coordinator", ("coordinator", "220200"))


def signed_in(client: Client, username: str, **more: str) -> Any:
    return client.post("/sign-in", {"username": username, "password": PASSWORD, **more})


def at(moment: datetime) -> Any:
    return patch("django.utils.timezone.now", return_value=moment)


def test_strangers_are_led_to_the_entrance_and_back(client: Client, officer: Person) -> None:
    answer = client.get("/account?x=1")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in?next=%2Faccount%3Fx%3D1"
    assert signed_in(client, "officer", next="/account?x=1")["Location"] == "/account?x=1"
    assert client.get("/account").status_code == 200


def test_a_script_of_a_stranger_gets_no_page(client: Client) -> None:
    assert client.get("/account", headers={"Sec-Fetch-Dest": "empty"}).status_code == 401


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:///evil.example"]
)
def test_the_way_back_never_leaves_this_server(client: Client, officer: Person, target: str) -> None:
    assert signed_in(client, "officer", next=target)["Location"] == "/"


def test_the_session_changes_its_key_at_the_entrance(client: Client, officer: Person) -> None:
    client.get("/sign-in")
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    before = session.session_key
    signed_in(client, "officer")
    assert client.session.session_key != before


def test_a_wrong_password_says_no_more_than_that(client: Client, officer: Person) -> None:
    known = client.post("/sign-in", {"username": "officer", "password": "x"})
    unknown = client.post("/sign-in", {"username": "nobody", "password": "x"})
    assert known.status_code == unknown.status_code == 403
    assert known.context["problem"] == unknown.context["problem"]


def test_after_five_failures_the_page_says_until_when(client: Client, officer: Person) -> None:
    answers = [client.post("/sign-in", {"username": "officer", "password": "x"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [403] * 4 + [429]
    assert signed_in(client, "officer").status_code == 429
    assert SignInRecord.objects.filter(outcome="locked").count() == 1


def test_an_idle_session_ends_and_the_page_opens_again_afterwards(client: Client, officer: Person) -> None:
    signed_in(client, "officer")
    start = timezone.now()
    with at(start + timedelta(minutes=29)):
        assert client.get("/account").status_code == 200
    with at(start + timedelta(minutes=61)):
        assert client.get("/account")["Location"] == "/sign-in?next=%2Faccount&expired=1"


def test_a_session_in_use_ends_with_its_age(client: Client, officer: Person) -> None:
    signed_in(client, "officer")
    start = timezone.now()
    for minutes in range(20, 8 * 60, 20):
        with at(start + timedelta(minutes=minutes)):
            assert client.get("/account").status_code == 200
    with at(start + timedelta(minutes=8 * 60 + 5)):
        assert client.get("/account").status_code == 302


def test_signing_out_takes_a_post(client: Client, officer: Person) -> None:
    signed_in(client, "officer")
    assert client.get("/sign-out").status_code == 405
    client.post("/sign-out")
    assert client.get("/account").status_code == 302
    assert SignInRecord.objects.latest("id").outcome == "signed_out"


def test_a_first_password_is_changed_before_anything_else(client: Client, officer: Person) -> None:
    officer.must_change_password = True
    officer.save()
    signed_in(client, "officer", next="/account")
    assert client.get("/account")["Location"] == "/account/password"
    weak = {"current": PASSWORD, "new": "password", "again": "password"}
    assert client.post("/account/password", weak).status_code == 409
    new = {"current": PASSWORD, "new": "Beishan-Park-2025", "again": "Beishan-Park-2025"}
    assert client.post("/account/password", new).status_code == 302
    assert client.get("/account").status_code == 200


def test_a_new_password_ends_the_other_sessions(client: Client, officer: Person) -> None:
    other = Client()
    signed_in(client, "officer")
    signed_in(other, "officer")
    client.post("/account/password", {"current": PASSWORD, "new": "Beishan-Park-2025", "again": "Beishan-Park-2025"})
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302


def test_codes_are_set_up_by_scanning_and_confirming_and_then_asked_for(client: Client, officer: Person) -> None:
    signed_in(client, "officer")
    page = client.get("/account/codes")
    assert page.context["qr"].startswith("data:image/svg+xml")
    secret = page.context["secret"]
    assert secret not in str(dict(client.session))
    assert client.post("/account/codes", {"code": "000000"}).status_code == 409
    now = timezone.now()
    assert client.post("/account/codes", {"code": pyotp.TOTP(secret).at(now)}).status_code == 302
    client.post("/sign-out")
    assert signed_in(client, "officer", next="/account").context["asks_code"]
    assert client.get("/account").status_code == 302
    later = now + timedelta(seconds=60)
    with at(later):
        code = pyotp.TOTP(secret).at(later)
        assert client.post("/sign-in", {"code": code, "next": "/account"})["Location"] == "/account"
        assert client.get("/account").status_code == 200


def test_the_password_step_holds_for_five_minutes_only(client: Client, officer: Person) -> None:
    secret = pyotp.random_base32()
    from zhengtu.accounts.actions import enrol_codes

    now = timezone.now()
    enrol_codes(person=officer, secret=secret, code=pyotp.TOTP(secret).at(now), now=now)
    signed_in(client, "officer")
    later = now + timedelta(minutes=6)
    with at(later):
        client.post("/sign-in", {"code": pyotp.TOTP(secret).at(later)})
        assert client.get("/account").status_code == 302


def test_language_is_kept_with_the_account(client: Client, officer: Person) -> None:
    signed_in(client, "officer")
    client.post("/language", {"language": "en", "next": "/account"})
    assert 'lang="en"' in client.get("/account").content.decode()
    assert signed_in(Client(), "officer").cookies["django_language"].value == "en"
    assert client.post("/language", {"language": "xx"}).status_code == 400


def test_whose_view_it_is_stands_on_every_page(client: Client, officer: Person) -> None:
    signed_in(client, "officer")
    html = client.get("/account").content.decode()
    assert "Officer" in html
    assert "船营区 · 征收专员" in html


def test_the_organisation_shows_what_the_actor_may_see(client: Client, officer: Person, coordinator: Person) -> None:
    signed_in(client, "officer")
    assert client.get("/organisation").status_code == 403
    signed_in(other := Client(), "coordinator")
    html = other.get("/organisation").content.decode()
    assert "铁投公司" in html
    assert "Officer" in html
    assert "Coordinator" not in other.get("/organisation?unit=220204").content.decode().split("<main")[1]


def test_a_newcomer_is_appointed_on_the_page_and_the_password_shown_once(client: Client, coordinator: Person) -> None:
    signed_in(client, "coordinator")
    form = {
        "username": "wang.li", "name": "王丽", "unit": "220204", "role": "field_officer",
        "from_on": timezone.localdate().isoformat(),
    }
    page = client.post("/organisation/appoint", form)
    assert page.status_code == 200
    assert Person.objects.get(username="wang.li").check_password(page.context["password"])
    refused = client.post("/organisation/appoint", form)
    assert refused.status_code == 409
    assert "posting.twice" in [reason.code for reason in refused.context["reasons"]]
    unnamed = client.post("/organisation/appoint", {**form, "username": "zhao", "name": ""})
    assert "name" in unnamed.context["form"].errors
    unknown = client.post("/organisation/appoint", {**form, "role": "family", "subject": "220204-P0001-S01-H00001"})
    assert "subject" in unknown.context["form"].errors


def test_postings_out_of_reach_are_not_found(client: Client, units: dict[str, Unit], officer: Person) -> None:  # noqa: F811
    person_with(units, "leader", ("district_leader", "220203"))
    signed_in(client, "leader")
    posting = Posting.objects.get(person=officer)
    assert client.post(f"/organisation/postings/{posting.pk}/end", {"until_on": "2099-01-01"}).status_code == 404


def test_a_form_without_its_token_is_refused_in_words(officer: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/sign-in", {"username": "officer", "password": PASSWORD})
    assert answer.status_code == 403
    assert "entrance" not in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


def test_errors_are_pages_of_the_product(client: Client, officer: Person) -> None:
    signed_in(client, "officer")
    missing = client.get("/no-such-page")
    assert missing.status_code == 404
    assert "/no-such-page" in missing.content.decode()
    assert "征图" in missing.content.decode()


def test_a_fault_of_the_server_is_a_plain_page(officer: Person) -> None:
    client = Client(raise_request_exception=False)
    signed_in(client, "officer")
    with patch("zhengtu.web.office.account.own.sign_ins_of", side_effect=RuntimeError("broken")):
        answer = client.get("/account")
    assert answer.status_code == 500
    assert "征图" in answer.content.decode()
    assert "broken" not in answer.content.decode()
