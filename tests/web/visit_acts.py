"""What is done on a page before it is looked at: a form sent, refused, too old, too full; something broken."""

from __future__ import annotations

from collections.abc import Callable
from unittest import mock

from playwright.sync_api import Locator, Page

_SEND = "form => { form.noValidate = true; form.requestSubmit() }"


def press(typed: dict[str, str]) -> Callable[[Page], None]:
    """Type into the page's own form and send it."""

    def act(page: Page) -> None:
        form = _typed(page, typed)
        with page.expect_navigation():
            form.evaluate(_SEND)

    return act


def swapped(typed: dict[str, str], status: int) -> Callable[[Page], None]:
    """Type into the page's own form and send it where the answer takes the form's place in the page."""

    def act(page: Page) -> None:
        form = _typed(page, typed)
        with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            form.evaluate(_SEND)
        assert answer.value.status == status
        page.locator("main [role=alert]").first.wait_for()

    return act


def _typed(page: Page, typed: dict[str, str]) -> Locator:
    """Return the first form of the page that has these fields, with this in them."""
    forms = page.locator("main form[method=post]")
    for name in typed:
        forms = forms.filter(has=page.locator(f"[name={name}]"))
    form = forms.first
    for name, value in typed.items():
        field = form.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.evaluate("(field, value) => { field.value = value }", value)
        else:
            field.fill(value)
    return form


def stale(page: Page) -> None:
    """Send the form as somebody would who has read an older version."""
    page.locator("main [name=version]").evaluate("field => { field.value = '0' }")
    press({"title": "Mine"})(page)


def forge(action: str) -> Callable[[Page], None]:
    """Send a form without the page's token, as an old page would."""

    def act(page: Page) -> None:
        with page.expect_navigation():
            page.locator(f"form[action*='{action}']").first.evaluate(
                "form => { form.csrfmiddlewaretoken.value = 'old'; form.submit() }"
            )

    return act


def overfill(action: str) -> Callable[[Page], None]:
    """Send a form with more fields than the desk reads, as no page of ours does."""

    def act(page: Page) -> None:
        with page.expect_navigation():
            page.locator(f"form[action*='{action}']").first.evaluate(
                """form => {
                  for (let one = 0; one < 1200; one++) {
                    form.append(Object.assign(document.createElement('input'), {type: 'hidden', name: 'more'}))
                  }
                  form.submit()
                }"""
            )

    return act


def break_it(page: Page) -> None:
    """Load the page while something of ours is broken."""
    broken = mock.patch("crisisdesk.incidents.queries.desk.my_desk", side_effect=RuntimeError)
    with broken:
        page.reload()
