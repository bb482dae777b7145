"""The dossier: what it shows and hides, recording on its page, and the dossier as it stood on another day."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import (
    CHANGYI,
    CHUANYING,
    PROJECT,
    RAILWAY_INVESTMENT,
    TODAY,
    Scene,
    advance,
    announce,
    at,
    build_campaign,
    person_with,
    personal_data,
    record,
    signed_in_client,
)
from zhengtu.accounts.models import Unit
from zhengtu.ledger.models import Deed, Fact, Milestones, Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    scene = build_campaign()
    announce(CHUANYING)
    return scene


@pytest.fixture
def officer() -> Client:
    return signed_in_client(person_with("field_officer"), headers={"accept-language": "en"})


def survey_form(name: str = "form.pdf", content: bytes = b"%PDF-1.7\n1 0 obj\n%%EOF\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def dossier_of(code: str) -> str:
    return f"/households/{code}/"


def test_the_dossier_shows_property_and_way_but_not_who_the_people_are(scene: Scene, officer: Client) -> None:
    household = scene.households[0]
    text = page(officer, f"{dossier_of(household.code)}?record=surveyed")
    personal = personal_data(1)
    assert household.name_masked in text
    assert "86.50" in text
    assert "Household survey form" in text
    for value in personal.values():
        assert value not in text


def test_a_fact_recorded_on_the_page_stands_on_the_timeline_with_its_evidence(scene: Scene, officer: Client) -> None:
    household = scene.households[0]
    response = officer.post(
        dossier_of(household.code),
        {
            "kind": "surveyed", "happened_on": "2025-02-13", "attribute-note": "both came, phone 13904321234",
            "evidence-survey_form": survey_form(), "evidence-photo": survey_form("again.pdf"),
        },
    )
    deed = Deed.objects.get(verb="fact.record")
    assert response.status_code == 302
    assert response["Location"] == f"{dossier_of(household.code)}#{deed.id}"
    text = page(officer, dossier_of(household.code))
    assert deed.id in text
    assert "form.pdf" in text
    assert deed.evidence.first().file_id[:12] in text
    assert "13904321234" not in text
    assert Milestones.objects.get(subject=household.code).surveyed_on == date(2025, 2, 13)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"kind": "vacated", "happened_on": "2025-02-13"}, "needs “Signed or Compensation decided” first"),
        ({"kind": "surveyed", "happened_on": "2099-01-01"}, "lies in the future"),
        ({"kind": "surveyed", "happened_on": "2025-02-13"}, "needs evidence: Household survey form"),
        ({"kind": "surveyed", "happened_on": "13.2.2025"}, "is missing or is no date"),
        ({"kind": "paid", "happened_on": "2025-02-13"}, "is not recorded by this form"),
        ({"kind": "bribed", "happened_on": "2025-02-13"}, "cannot be recorded here"),
    ],
)
def test_a_refusal_comes_back_to_the_same_page_with_its_reasons(
    scene: Scene, officer: Client, form: dict[str, str], sentence: str
) -> None:
    facts = Fact.objects.count()
    response = officer.post(dossier_of(scene.households[0].code), form)
    assert response.status_code == 409
    assert sentence in response.content.decode()
    assert Fact.objects.count() == facts


def test_a_refusal_cites_the_article_and_keeps_what_was_typed(scene: Scene, officer: Client) -> None:
    household = scene.households[0]
    advance(household, to="signed")
    text = officer.post(
        dossier_of(household.code),
        {"kind": "resettlement_promised", "happened_on": "2025-01-11", "attribute-promised_on": "2026-08-31"},
    ).content.decode()
    assert "would come before “Signed or Compensation decided” on 2025-01-14" in text
    assert "art. 25" in text
    assert "2026-08-31" in text


def test_a_fact_with_a_page_of_its_own_is_refused_by_the_form_and_named_in_the_panel(
    scene: Scene, officer: Client
) -> None:
    household = scene.households[0]
    advance(household, to="valued")
    panel = officer.get(dossier_of(household.code)).context["panel"]
    assert {"signed", "agreement_supplemented"} <= {other.kind.id for other in panel.elsewhere}
    assert not {"signed", "agreement_supplemented"} & {
        offer.kind.id for offer in (*panel.lawful, *panel.blocked, *panel.others)
    }
    response = officer.post(
        dossier_of(household.code),
        {
            "kind": "signed", "happened_on": "2025-02-13", "attribute-option": "cash",
            "attribute-amount_yuan": "431234.56", "evidence-agreement": survey_form(),
        },
    )
    assert response.status_code == 409
    assert "Draft, check and sign the agreement on its own page" in response.content.decode()
    assert not Fact.objects.filter(kind="signed").exists()


def test_an_executable_is_refused_on_the_page(scene: Scene, officer: Client) -> None:
    response = officer.post(
        dossier_of(scene.households[0].code),
        {
            "kind": "surveyed", "happened_on": "2025-02-13",
            "evidence-survey_form": survey_form("form.pdf", b"MZ\x90\x00\x03" + b"\x00" * 64),
        },
    )
    assert response.status_code == 409
    assert "of a kind that is not taken as evidence" in response.content.decode()
    assert not Deed.objects.filter(verb="fact.record").exists()


def test_only_lawful_facts_are_offered_and_the_others_say_why(scene: Scene, officer: Client) -> None:
    household = scene.households[0]
    panel = officer.get(dossier_of(household.code)).context["panel"]
    lawful = {offer.kind.id for offer in panel.lawful}
    assert "surveyed" in lawful
    assert not lawful & {"signed", "vacated", "demolished", "land_options_offered"}
    assert "vacated" in [offer.kind.id for offer in panel.blocked]
    assert {"valued", "decided"} <= {offer.kind.id for offer in panel.others}
    client = signed_in_client(person_with("client"))
    panel = client.get(dossier_of(household.code)).context["panel"]
    assert [offer.kind.id for offer in panel.lawful] == []
    assert {"paid", "compensation_deposited"} <= {one.kind.id for one in panel.elsewhere}
    payments = {one.href for one in panel.elsewhere if one.kind.through == "payment"}
    assert payments == {f"/payments/of/{household.code}/"}


def test_a_household_of_another_district_does_not_exist(scene: Scene, officer: Client) -> None:
    other = scene.households[3].code
    assert officer.get(dossier_of(other)).status_code == 404
    assert officer.post(dossier_of(other), {"kind": "surveyed"}).status_code == 404
    assert officer.post(f"{dossier_of(other)}unmask/", {"purpose": "x"}).status_code == 404
    assert officer.get(f"/record/{other}/").status_code == 404
    assert officer.get("/record/220202-P0001-S01/").status_code == 404
    assert officer.get(dossier_of("220204-P0001-S01-H09999")).status_code == 404


# Unmasking


def test_an_unmasking_needs_a_purpose_and_is_recorded_before_anything_is_shown(scene: Scene, officer: Client) -> None:
    household, personal = scene.households[0], personal_data(1)
    refused = officer.post(f"{dossier_of(household.code)}unmask/", {"purpose": "  "})
    assert refused.status_code == 409
    assert personal["identity_number"] not in refused.content.decode()
    assert not Deed.objects.filter(verb="household.unmask").exists()
    shown = officer.post(f"{dossier_of(household.code)}unmask/", {"purpose": "deliver the agreement"})
    text = shown.content.decode()
    assert all(value in text for value in personal.values())
    assert "no-store" in shown["Cache-Control"]
    deed = Deed.objects.get(verb="household.unmask")
    assert (deed.subject, deed.facts_count) == (household.code, 0)
    assert deed.reasons[0]["parameters"] == {"purpose": "deliver the agreement"}
    again = page(officer, dossier_of(household.code))
    assert "deliver the agreement" in again
    assert personal["identity_number"] not in again


@pytest.mark.parametrize("role", ["mayor", "coordinator", "client", "department"])
def test_roles_that_do_not_need_it_see_masked_people_only(scene: Scene, role: str) -> None:
    client = signed_in_client(person_with(role))
    code = scene.households[0].code
    assert "unmask/" not in page(client, dossier_of(code))
    assert client.post(f"{dossier_of(code)}unmask/", {"purpose": "x"}).status_code == 403
    assert not Deed.objects.filter(verb="household.unmask").exists()


# Corrections


def test_a_correction_is_shown_beside_what_it_corrects(scene: Scene, officer: Client) -> None:
    household = scene.households[0]
    advance(household, to="surveyed")
    fact = Fact.objects.get(kind="surveyed")
    address = f"/facts/{fact.deed_id}/{fact.ordinal}/correct/"
    assert address in page(officer, dossier_of(household.code))
    page(officer, address)
    response = officer.post(
        address, {"deed": "correct", "happened_on": "2025-01-09", "attribute-note": "x", "reason": "wrong day"}
    )
    assert response.status_code == 302
    text = page(officer, dossier_of(household.code))
    assert "wrong day" in text
    assert "<s>" in text
    assert "2025-01-10" in text
    assert officer.get(address).status_code == 200
    assert officer.post(address, {"deed": "withdraw", "reason": "again"}).status_code == 409


def test_a_withdrawal_that_would_pull_a_step_away_is_refused_on_the_page(scene: Scene, officer: Client) -> None:
    household = scene.households[0]
    advance(household, to="vacated")
    fact = Fact.objects.get(kind="signed")
    address = f"/facts/{fact.deed_id}/{fact.ordinal}/correct/"
    response = officer.post(address, {"deed": "withdraw", "reason": "typed into the wrong file"})
    assert response.status_code == 409
    assert "Correct or withdraw the later step first" in response.content.decode()
    assert Refusal.objects.filter(verb="fact.correct").count() == 1


def test_nobody_corrects_another_districts_fact_or_another_hands_fact(scene: Scene, officer: Client) -> None:
    advance(scene.households[3], to="surveyed")
    advance(scene.households[0], to="valued")
    for fact in (
        Fact.objects.get(subject=scene.households[3].code, kind="surveyed"),
        Fact.objects.get(subject=scene.households[0].code, kind="valued"),
        Fact.objects.get(subject=scene.households[0].code, kind="registered"),
    ):
        assert officer.get(f"/facts/{fact.deed_id}/{fact.ordinal}/correct/").status_code == 404
    assert officer.get("/facts/220204-D999999999/1/correct/").status_code == 404


# Other days


def test_the_dossier_stands_as_of_and_as_known_on_another_day(scene: Scene, officer: Client) -> None:
    household = scene.households[0]
    record(household.code, "surveyed", date(2025, 1, 10), recorded_at=at(date(2025, 1, 20)))
    code = household.code
    happened = officer.get(f"{dossier_of(code)}?on=2025-01-09")
    assert happened.context["file"].state == "registered"
    assert happened.context["panel"] is None
    assert officer.get(f"{dossier_of(code)}?on=2025-01-10").context["file"].state == "surveyed"
    known = officer.get(f"{dossier_of(code)}?on=2025-01-15&known=2025-01-19")
    assert known.context["file"].state == "registered"
    assert officer.get(f"{dossier_of(code)}?on=2025-01-15&known=2025-01-20").context["file"].state == "surveyed"
    assert "not yet in the register" in page(officer, f"{dossier_of(code)}?on=2025-01-05")


def test_a_correction_speaks_for_every_day_unless_it_was_not_known_then(scene: Scene, officer: Client) -> None:
    household = scene.households[0].code
    first = record(household, "surveyed", date(2025, 1, 20))
    record(household, "surveyed", date(2025, 1, 10), recorded_at=at(date(2025, 2, 1)), supersedes=f"{first}/1")
    as_known_now = officer.get(f"{dossier_of(household)}?on=2025-01-15").context["file"]
    assert as_known_now.state == "surveyed"
    as_known_then = officer.get(f"{dossier_of(household)}?on=2025-01-15&known=2025-01-31").context["file"]
    assert as_known_then.state == "registered"


# The family


@pytest.fixture
def family(scene: Scene) -> Client:
    return signed_in_client(
        person_with("family", subject=scene.households[0].code), headers={"accept-language": "en"}
    )


def test_a_family_reads_its_own_dossier_in_plain_words(scene: Scene, family: Client) -> None:
    household = scene.households[0]
    advance(household, to="signed")
    text = page(family, dossier_of(household.code))
    assert "You signed the compensation agreement." in text
    assert "Nobody may ask you to move out before that." in text
    assert "430,000.00" in text
    assert "agreement.txt" in text
    assert "ledger sheet" not in text.lower()
    assert "Record a fact" not in text


def test_units_that_a_fact_names_stand_in_words(scene: Scene) -> None:
    household = scene.households[0].code
    record(household, "subsidy_paid", date(2025, 1, 20), {
        "from_on": "2025-01-01", "until_on": "2025-02-01", "amount_yuan": "600.00", "payer": RAILWAY_INVESTMENT,
    })
    mayor = signed_in_client(person_with("mayor"), headers={"accept-language": "en"})
    told = page(mayor, dossier_of(household))
    assert Unit.objects.get(pk=RAILWAY_INVESTMENT).name_en in told
    assert f"Payer</dt><dd>{RAILWAY_INVESTMENT}" not in told
    assert f" {RAILWAY_INVESTMENT}<" not in told


def test_only_a_family_that_is_owed_a_home_is_told_of_keys(scene: Scene, family: Client, officer: Client) -> None:
    """Decree 590, art. 21: whoever takes money is owed no home; whoever takes an exchange has a day for it."""
    household = scene.households[0]
    record(household.code, "option_chosen", date(2025, 1, 6), {"option": "cash"})
    advance(household, to="vacated")
    assert "You receive the keys to your new home." not in page(family, dossier_of(household.code))
    way = page(officer, dossier_of(household.code))
    assert way.count("not needed") == 3  # a decision, beside the agreement; a promised day; a new home
    record(household.code, "resettlement_promised", TODAY, {"promised_on": "2026-06-30"})
    assert "You receive the keys to your new home." in page(family, dossier_of(household.code))


def test_a_family_reaches_no_other_dossier_and_records_nothing(scene: Scene, family: Client) -> None:
    assert family.get(dossier_of(scene.households[1].code)).status_code == 404
    assert family.get(f"/record/{scene.chuanying.code}/").status_code == 404
    assert family.get(f"/record/{PROJECT}/").status_code == 404
    response = family.post(
        dossier_of(scene.households[0].code),
        {"kind": "surveyed", "happened_on": "2025-02-13", "evidence-survey_form": survey_form()},
    )
    assert response.status_code == 409
    assert not Deed.objects.filter(verb="fact.record").exists()


# Sections and projects


def test_a_section_is_handed_over_on_its_record_page(scene: Scene, officer: Client) -> None:
    address = f"/record/{scene.chuanying.code}/"
    form = {"kind": "handed_over", "happened_on": "2025-02-13", "evidence-handover_record": survey_form()}
    refused = officer.post(address, form)
    assert refused.status_code == 409
    assert "3 households of the section are not vacated" in refused.content.decode()
    for household in scene.households[:3]:
        advance(household, to="vacated")
    form["evidence-handover_record"] = survey_form()
    assert officer.post(address, form).status_code == 302
    assert Milestones.objects.get(subject=scene.chuanying.code).handed_over_on == date(2025, 2, 13)
    assert "Handed over" in page(officer, address)


def test_a_coordinator_lists_a_matter_of_a_project(scene: Scene) -> None:
    coordinator = signed_in_client(person_with("coordinator"), headers={"accept-language": "en"})
    response = coordinator.post(
        f"/record/{PROJECT}/",
        {
            "kind": "matter_opened", "happened_on": "2025-02-13", "attribute-matter": "原部队用地",
            "attribute-responsible": "丰满区", "evidence-minutes": survey_form(),
        },
    )
    assert response.status_code == 302
    assert "原部队用地" in page(coordinator, f"/record/{PROJECT}/")


def test_a_households_code_on_the_record_page_leads_to_its_dossier(scene: Scene, officer: Client) -> None:
    code = scene.households[0].code
    assert officer.get(f"/record/{code}/")["Location"] == dossier_of(code)
    assert officer.get("/record/nothing/").status_code == 404


def test_a_full_dossier_asks_the_database_a_bounded_number_of_times(
    scene: Scene, officer: Client, django_assert_max_num_queries: object
) -> None:
    advance(scene.households[0], to="demolished")
    # Thirty for the file itself, the rest for rights, statement, owners, payments, sponsors and checks, each a few.
    with django_assert_max_num_queries(45):  # type: ignore[operator]
        page(officer, dossier_of(scene.households[0].code))


def test_other_clients_do_not_see_the_project(scene: Scene) -> None:
    stranger = signed_in_client(person_with("client", CHANGYI))
    assert stranger.get(dossier_of(scene.households[0].code)).status_code == 404
    owner = signed_in_client(person_with("client", RAILWAY_INVESTMENT))
    assert owner.get(dossier_of(scene.households[0].code)).status_code == 200


def test_no_browser_keeps_what_a_signed_in_person_read(scene: Scene, officer: Client) -> None:
    dossier, record_page = dossier_of(scene.households[0].code), f"/record/{scene.chuanying.code}/"
    for address in (dossier, record_page, "/search/?q=220204", "/account"):
        assert officer.get(address)["Cache-Control"] == "private, no-store", address


def test_numbers_of_people_typed_into_names_of_files_and_matters_are_masked(scene: Scene, officer: Client) -> None:
    household, personal = scene.households[0], personal_data(1)
    coordinator = signed_in_client(person_with("coordinator"))
    matter = {
        "kind": "matter_opened", "happened_on": "2025-02-10",
        "attribute-matter": f"与 {personal['identity_number']} 的产权争议",
        "attribute-responsible": f"王某 {personal['phone']}",
        "evidence-minutes": survey_form(f"{personal['identity_number']} 纪要.pdf"),
    }
    assert coordinator.post(dossier_of(household.code), matter).status_code == 302
    text = page(officer, dossier_of(household.code))
    assert "产权争议" in text
    assert "纪要.pdf" in text
    assert personal["identity_number"] not in text
    assert personal["phone"] not in text


def test_what_lies_in_the_ledger_for_good_holds_no_number_of_a_person(scene: Scene, officer: Client) -> None:
    household, number = scene.households[0], personal_data(1)["identity_number"]
    officer.post(f"{dossier_of(household.code)}unmask/", {"purpose": f"核对 {number}"})
    look = Deed.objects.get(verb="household.unmask")
    assert look.reasons[0]["parameters"]["purpose"] == f"核对 220*************{number[-2:]}"
    officer.post(dossier_of(household.code), {
        "kind": "surveyed", "happened_on": "2025-02-13", "evidence-survey_form": survey_form(f"{number}.exe"),
    })
    assert number not in str(Refusal.objects.latest("pk").reasons)


def test_before_the_register_the_property_is_not_told(scene: Scene, officer: Client) -> None:
    address = dossier_of(scene.households[0].code)
    assert "86.50" in page(officer, address)
    assert "86.50" not in page(officer, f"{address}?on=2025-01-05")
