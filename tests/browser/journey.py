"""What a person does, in their words: sign in, open looks, look, read, answer. Every part is real but Google."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.services import ground

GOOGLE = f"http://127.0.0.1:{ground.SANDBOX_PORT}/"


MARKS = {
    "Needs a look": "look",
    "Looks fine": "fine",
    "Could not tell": "unknown",
    "Not checked yet": "unchecked",
    "Left as it is for now": "left",
}


@dataclass
class Journey:
    page: Any
    live: str
    email: str

    def go(self, way: Any) -> None:
        """Press what leads to another page and wait until that page stands: a click alone comes back sooner."""
        go(self.page, way)

    def sign_in(self) -> None:
        self.page.goto(self.live)
        self.go(self.page.get_by_role("button", name="Sign in with Google"))
        self.agree()
        self.page.wait_for_url(f"{self.live}/**")

    def agree(self, *unticked: str) -> None:
        """At Google: choose the account if asked, un-tick, go on."""
        self.page.wait_for_url(f"{GOOGLE}**")
        account = self.page.get_by_role("link", name=self.email)
        if account.count():
            self.go(account)
        for words in unticked:
            self.page.get_by_label(words).uncheck()
        self.go(self.page.get_by_role("button", name="Continue"))

    def open_look(self, look: str, *unticked: str) -> None:
        self.page.goto(f"{self.live}/looks/")
        self.go(self.page.locator(f'form[action="/looks/{look}/open/"] button'))
        self.agree(*unticked)
        self.page.wait_for_url(f"{self.live}/**")

    def name(self, address: str) -> None:
        self.page.goto(f"{self.live}/names/")
        self.page.get_by_label("Their e-mail address").fill(address)
        self.go(self.page.get_by_role("button", name="Put it in the list").first)

    def look_now(self) -> None:
        """Press the button and wait until the page has shown the result by itself."""
        self.page.goto(f"{self.live}/overview/")
        self.go(self.page.get_by_role("button", name="Look now"))
        self.wait_for_result()

    def wait_for_result(self) -> None:
        self.page.get_by_role("list", name="checks").wait_for(timeout=30_000)

    def all_checks(self) -> None:
        """The page of all checks, with every place unfolded."""
        self.page.goto(f"{self.live}/all/")
        for place in self.page.locator(".place > summary").all():
            place.click()

    def under(self, mark: str) -> str:
        """All that has one mark, by its word; "" when nothing has."""
        self.all_checks()
        return "\n".join(read(row) for row in self.page.locator(f".row--{MARKS[mark]}").all())

    def open_check(self, title: str) -> None:
        self.all_checks()
        self.go(self.page.get_by_role("link", name=title, exact=True))

    def text(self) -> str:
        return read(self.page.locator("main"))

    def items(self) -> Iterator[str]:
        """Names of the items of a check, page after page."""
        while True:
            assert not self.page.locator("[onmouseover], [onerror], main script").count()
            yield from self.page.locator(".items h3 bdi").all_inner_texts()
            following = self.page.get_by_role("link", name="Next page")
            if not following.count():
                return
            self.go(following)


def go(page: Any, way: Any) -> None:
    with page.expect_navigation():
        way.click()


def read(place: Any) -> str:
    """As a person reads it: without the signs that set a name apart from the sentence around it."""
    return str(place.inner_text()).replace("\u2068", "").replace("\u2069", "")
