"""From words to results, in the browser: a real speech, its directives, one followed to its archive, a review of what
is overdue, and the bulletin of that week, made again to the byte."""

from __future__ import annotations

from datetime import date, datetime, time
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from tests.factories import CITY, NOW, PROJECT, advance, announce, build_campaign, person_with
from zhengtu.campaign.city_plans import compute_city_plans
from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.directives.models import Directive, Proposal, ProposalState
from zhengtu.publication.models import Bulletin, BulletinStage
from zhengtu.registry.models import Project
from zhengtu.reviews.models import Review
from zhengtu.reviews.queries import figure_dates

SPEECH = Path(__file__).resolve().parents[3] / "shared" / "data" / "mobilisation-speech.txt"
PASSWORD = "Kite-over-Songhua-71"
REMARK = "The districts keep one officer for each household."
OVERDUE_ON = "2025-02-18"

pytestmark = [
    pytest.mark.browser, pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not SPEECH.exists(), reason="needs ../shared/data/mobilisation-speech.txt"),
]


class Clock:
    """What time it is for everybody; told, not waited for."""

    def __init__(self) -> None:
        self.now = NOW

    def turn_to(self, day: date) -> None:
        self.now = datetime.combine(day, time(9, 30), tzinfo=SHANGHAI)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The tests' Friday morning, 14 February 2025, until it is turned."""
    told = Clock()
    monkeypatch.setattr("zhengtu.web.shared.middleware.timezone.now", lambda: told.now)
    return told


class Office:
    """People at one browser, one after the other."""

    def __init__(self, page: Any, server: str) -> None:
        self.page, self.server = page, server
        self.is_in = ""
        page.on("dialog", lambda dialog: dialog.accept())

    def enter(self, role: str, path: str) -> None:
        """Open a page as whoever holds the role, signing in where somebody else sits there."""
        if role != self.is_in:
            person = person_with(role)
            person.set_password(PASSWORD)
            person.save()
            self.page.context.clear_cookies()
            self.page.goto(f"{self.server}/sign-in")
            self.page.fill("input[name=username]", person.username)
            self.page.fill("input[name=password]", PASSWORD)
            self.page.press("input[name=password]", "Enter")
            self.page.wait_for_selector(".whose-view")
            self.is_in = role
        self.page.goto(f"{self.server}{path}")

    def do(self, role: str, code: str, deed: str, **fields: str) -> None:
        """Send the form of a deed on a directive's page."""
        self.enter(role, f"/directives/{code}/#deed-{deed}")
        form = self.page.locator(f"#deed-{deed} form")
        for name, value in fields.items():
            field = form.locator(f"[name='{name}']")
            if field.get_attribute("type") == "file":
                field.set_input_files(value)
            elif field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        form.locator("button").click()
        self.page.wait_for_selector(".message-success")

    def press(self, ordinal: int, deed: str) -> None:
        """A button of a proposal's card; its form is opened first where it stands in one."""
        card, button = self.page.locator(f"#p{ordinal}"), self.page.locator(f"#p{ordinal} button[value={deed}]").first
        if not button.is_visible():
            card.locator(".card-edit > summary").click()
        self.page.evaluate("for (const one of document.querySelectorAll('.message-success')) one.remove()")
        button.click()
        self.page.wait_for_selector("[data-told] .message-success")

    def names(self, ordinal: int, field: str, *names: str) -> None:
        """Put these units or projects into a field of a card, in the place of what stands there."""
        given = self.page.locator(f"#p{ordinal} .field:has(#{field}-{ordinal})")
        while given.locator("button").count():
            given.locator("button").first.click()
        for name in names:
            self.page.fill(f"#{field}-{ordinal}-search", name)
            self.page.press(f"#{field}-{ordinal}-search", "Enter")


def test_a_speech_is_followed_from_its_words_to_the_released_bulletin(
    live_server: LiveServer, browser_page: Any, clock: Clock, tmp_path: Path
) -> None:
    scene = build_campaign()
    Project.objects.filter(pk=PROJECT).update(name="铁路西环线")
    announce()
    advance(scene.households[0], to="signed", start_on=date(2025, 1, 28))
    office = Office(browser_page, live_server.url)

    read_the_speech(office)
    correct_and_confirm(office)
    follow_to_the_archive(office, tmp_path)
    clock.turn_to(date(2025, 2, 21))
    office.is_in = ""  # nobody stays signed in for a week
    hold_the_review(office, clock)
    clock.turn_to(date(2025, 2, 24))
    office.is_in = ""
    release_the_bulletin(office, clock)


def read_the_speech(office: Office) -> None:
    """The whole text on the left with its spans marked, a card for each on the right."""
    page = office.page
    office.enter("coordinator", "/directives/texts/new/")
    page.fill("#title", "在全市征收攻坚动员会议上的讲话")
    page.fill("#said_on", "2025-02-10")
    page.set_input_files("#file", str(SPEECH))
    page.click("main form button")
    page.wait_for_selector("[data-cards]")
    said = SPEECH.read_text(encoding="utf-8").replace("\r", "")
    assert "".join(page.locator("[data-source] > *").all_text_contents()).strip() == said.strip()
    assert page.locator(".card").count() == Proposal.objects.count() == 29
    ring = page.inner_text("#p1")
    assert "Chuanying District" in ring
    assert "2025-03-15" in ring
    assert page.locator("#p1 .card-facts a", has_text="West").count() == 1


def correct_and_confirm(office: Office) -> None:
    """Two corrected, one merged, one dropped, one added, a collective name expanded; what is whole is confirmed."""
    page = office.page
    page.click("#p1 .card-edit > summary")
    office.names(1, "joint", "High-tech Zone")
    office.press(1, "save")
    assert "经开区" not in page.inner_text("#p1 .card-units")
    page.click("#p3 .card-edit > summary")
    office.names(3, "projects", "铁路西环线")
    page.select_option("#due-3", "date")
    page.fill("#on-3", OVERDUE_ON)
    office.press(3, "save")
    page.click("#p14 .card-edit > summary")
    page.select_option("#into-14", "13")
    office.press(14, "merge")
    office.press(17, "drop")
    office.press(7, "expand")
    assert page.inner_text("#p7 .card-units").count("District") == 3
    page.click("[data-add] summary")
    page.fill("#words", "细化措施，强化责任")
    page.click("[data-add] button")
    page.wait_for_selector("#p30")
    page.click("#p30 .card-edit > summary")
    office.names(30, "lead", "Longtan District")
    office.press(30, "save")

    # All or none: what is not whole yet is said beside each card, in one turn; the rest is confirmed.
    page.check("[data-check-all]")
    page.click("#confirm button")
    page.wait_for_selector(".refused-cards")
    wrong = {int(number) for number in page.locator(".refused-cards a").all_inner_texts()}
    assert not Directive.objects.exists()
    for number in wrong:
        page.uncheck(f"#p{number} [data-check]")
    page.click("#confirm button")
    page.wait_for_selector(".message-success")
    confirmed = set(Proposal.objects.filter(state=ProposalState.CONFIRMED).values_list("ordinal", flat=True))
    assert confirmed == set(range(1, 31)) - wrong - {14, 17}
    assert {1, 2, 3, 7, 30} <= confirmed
    assert "督办〔2025〕1号" in page.inner_text("[data-cards]")


def follow_to_the_archive(office: Office, folder: Path) -> None:
    """Received, answered, returned for want of evidence, answered again, verified, closed, archived."""
    page, report = office.page, folder / "report.pdf"
    report.write_bytes(b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n")
    money, ring, garrison = (code_of(ordinal) for ordinal in (2, 1, 3))
    office.do("client", money, "receive", officer="资金部部长")
    answer = {"text": "资金已到位", "is_final": "final", "evidence-directive_report": str(report)}
    office.do("client", money, "report", **answer)
    office.do("coordinator", money, "return", reason="未附银行回单", due_on="2025-03-10")
    office.enter("client", "/directives/")
    assert "Returned: to be done again" in page.inner_text("main")
    office.do("client", money, "report", **answer)
    office.do("coordinator", money, "verify", finding="与专户一致")
    office.do("coordinator", money, "close", conclusion="同意办结")
    office.do("coordinator", money, "archive")
    assert "Nothing more; the matter is over." in page.inner_text("#deeds")

    # What the ledger knows is computed, not reported: one household of three in 船营区 has signed.
    office.do("district_leader", ring, "receive", officer="赵区长")
    assert "1 / 3" in page.inner_text(".ledger-progress")
    office.do("district_leader", garrison, "receive", officer="赵区长")


def code_of(ordinal: int) -> str:
    return str(Directive.objects.get(proposal__ordinal=ordinal).code)


def hold_the_review(office: Office, clock: Clock) -> None:
    """The overdue directive stands on the agenda; what is decided becomes a directive, and the minutes are a file."""
    page = office.page
    office.enter("coordinator", "/reviews/plan/")
    assert page.input_value("[name=held_on]") == "2025-02-21"
    page.locator("main form button").last.click()
    page.wait_for_url("**/reviews/220200-R*/")
    review = Review.objects.get()
    for on, known in figure_dates(review.code):
        compute_city_plans(CITY, on=on, known=known, now=clock.now)
    office.enter("coordinator", f"/reviews/{review.code}/")
    assert "65331" in page.inner_text("main")
    page.click(f"form[action$='/reviews/{review.code}/begin/'] button")
    page.wait_for_selector("[data-room]")
    page.wait_for_timeout(2_000)  # the keys are heard once the script of the page is there
    page.keyboard.press("ArrowRight")
    matter = page.locator("[data-matter='1']")
    page.keyboard.press("d")
    matter.locator("textarea[name=matter]").fill("Agree the handing over of the land in writing")
    matter.locator("[data-day]").nth(1).click()
    matter.locator("textarea[name=matter]").focus()
    page.keyboard.press("Control+Enter")
    matter.locator(".room-decisions").wait_for()
    office.enter("coordinator", f"/reviews/{review.code}/")
    page.click(f"form[action$='/reviews/{review.code}/close/'] button")
    page.wait_for_url("**/minutes/")
    decided = Directive.objects.get(review=review.code)
    assert page.locator(f"a[href='/directives/{decided.code}/']").count() == 1
    with page.expect_download() as taken:
        page.click("a[href$='minutes.pdf']")
    assert Path(taken.value.path()).read_bytes().startswith(b"%PDF")


def release_the_bulletin(office: Office, clock: Clock) -> None:
    """Drafted by one, released by another; made again a month later, its figures are equal to the byte."""
    page = office.page
    for day in (date(2025, 2, 23), date(2025, 2, 16)):
        compute_city_plans(CITY, on=day, known=day, now=clock.now)
    office.enter("coordinator", "/bulletins/new/")
    assert page.input_value("input[name=from_on]") == "2025-02-17"
    page.click("main form button")
    page.wait_for_selector("#remark-practices")
    code = Bulletin.objects.get().code
    page.fill("#remark-practices", REMARK)
    page.click("button[form=remarks]")
    page.wait_for_selector("text=Text and addressees are kept.")
    page.click("text=Submit for release")
    page.wait_for_selector("text=The bulletin is submitted.")
    office.enter("vice_mayor", f"/bulletins/{code}/")
    assert REMARK in page.inner_text("main")
    page.click("text=Check and release")
    page.wait_for_selector("text=The bulletin is released.")
    row = Bulletin.objects.get(pk=code)
    assert row.stage == BulletinStage.RELEASED
    with page.expect_download() as taken:
        page.click("main a:text-is('PDF'), header a:text-is('PDF')")
    assert sha256(Path(taken.value.path()).read_bytes()).hexdigest() == row.pdf_id

    clock.turn_to(date(2025, 3, 24))
    said = StringIO()
    call_command("bulletin", check=code, stdout=said)
    assert "Equal to the byte; the kept files have their hashes." in said.getvalue()
