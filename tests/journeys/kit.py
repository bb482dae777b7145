"""What every journey does: somebody signs in, and fills in a form."""

from __future__ import annotations

from typing import Any, Final

from zhengtu.accounts.models import Person

PASSWORD: Final = "Kite-over-Songhua-71"


def sign_in(page: Any, server: str, person: Person, path: str = "/account") -> None:
    """Open a page of the server as that person, leaving whoever was there."""
    person.set_password(PASSWORD)
    person.save()
    page.context.clear_cookies()
    page.goto(f"{server}{path}")
    page.fill("input[name=username]", person.username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**{path}")


def do(page: Any, server: str, code: str, deed: str, **fields: str) -> None:
    """Fill in the form of a deed on a directive's page and send it; a field of files takes a path."""
    page.goto(f"{server}/directives/{code}/#deed-{deed}")
    form = page.locator(f"#deed-{deed} form")
    for name, value in fields.items():
        field = form.locator(f"[name='{name}']")
        if field.get_attribute("type") == "file":
            field.set_input_files(value)
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button").click()
    page.wait_for_selector(".message-success")


def enter_room(page: Any) -> None:
    """Wait until the review's room hears its keys."""
    page.wait_for_selector("[data-room][data-hears]")
