"""From the list of who is due to the signed receipt, on the pages themselves, by three people."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.apps.funds.kit import HEADINGS, PART, payer, signed_scene
from tests.factories import Scene, person_with, signed_in_client
from zhengtu.accounts.models import Person
from zhengtu.funds.models import PaymentOrder
from zhengtu.ledger.models import Deed, Fact

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene() -> Scene:
    return signed_scene()


def browser(which: str) -> Client:
    return signed_in_client(Person.objects.get(code=payer(which).person), headers={"accept-language": "en"})


def test_three_people_pay_on_the_pages(scene: Scene) -> None:
    home = scene.households[0].code
    maker, checker, authoriser = browser("maker"), browser("checker"), browser("authoriser")
    page = maker.get("/payments/new", {"part": PART})
    assert [row["due"].household.code for row in page.context["rows"]] == [one.code for one in scene.households[:3]]
    made = maker.post("/payments/new", {"part": PART, "household": home, f"amount-{home}": "430,000.00"})
    order = PaymentOrder.objects.get()
    assert made["Location"] == f"/payments/{order.code}/"
    own = maker.post(f"/payments/{order.code}/check")
    assert own.status_code == 409
    assert "three different people" in own.content.decode()
    assert checker.post(f"/payments/{order.code}/check").status_code == 302
    assert authoriser.post(f"/payments/{order.code}/authorise").status_code == 302
    file = authoriser.post(f"/payments/{order.code}/file", {"layout": "csv"})
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    today = Deed.objects.order_by("recorded_at").last()
    assert today is not None
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerow([rows[1][0], rows[1][2], rows[1][3], "Executed", today.recorded_on.isoformat(), "1", ""])
    reply = SimpleUploadedFile("reply.csv", text.getvalue().encode())
    assert maker.post(f"/payments/{order.code}/answer", {"file": reply}).status_code == 302
    assert Fact.objects.get(subject=home, kind="paid").attributes == {"amount_yuan": "430000.00"}
    shown = maker.get(f"/payments/{order.code}/").content.decode()
    assert "6222020800000000001" not in shown
    reference = order.lines.get().reference
    receipt = maker.post(f"/payments/receipts/{reference}.pdf")
    assert receipt.content.startswith(b"%PDF")
    signed = SimpleUploadedFile("receipt.pdf", b"%PDF-1.7\n1 0 obj\n%%EOF")
    done = maker.post(
        f"/payments/receipts/{reference}/signed", {"file": signed, "signed_on": today.recorded_on.isoformat()}
    )
    assert done.status_code == 302
    assert "Signed for" in maker.get(f"/payments/of/{home}/").content.decode()


def test_the_dossier_shows_what_is_due_and_a_family_gets_its_receipt_in_full(scene: Scene) -> None:
    home = scene.households[0].code
    officer = signed_in_client(person_with("field_officer"))
    assert "430,000.00" in officer.get(f"/households/{home}/").content.decode()
    family = signed_in_client(person_with("family", subject=home))
    assert family.get(f"/payments/of/{home}/").status_code == 200
    assert family.get(f"/payments/of/{scene.households[1].code}/").status_code == 404
