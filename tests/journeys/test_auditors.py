"""Two auditors at once in two browsers: one decides under the other, one leaves in the middle; what one does the other hears of."""

import contextlib
import sqlite3
from contextlib import closing
from uuid import UUID, uuid4

import pytest
from journeys import every_page
from journeys.browsers import opened, wait_for
from journeys.hearing import LOOK_MS, hear_next, is_told
from journeys.test_applying import sign_in

pytestmark = pytest.mark.journey

TOO_LATE = "It is decided, withdrawn or asked about by now. Nothing was changed."
NOT_OURS = "The chorus is another's."
REGION = "document.querySelector('[data-news]').parentElement"
SEEN = """
Object.defineProperty(document, "hidden", { configurable: true, get: () => !IT });
Object.defineProperty(document, "visibilityState", { configurable: true, get: () => IT ? "visible" : "hidden" });
document.dispatchEvent(new Event("visibilitychange"));
return 0;
"""
"""What the page is told when its tab comes to the front or leaves it: Playwright keeps every page in front."""


class Auditor:
    """An auditor in a browser of their own."""

    def __init__(self, house, browser, name):
        self.house, self.browser, self.page = house, browser, browser.page
        self.name = f"{name}-{uuid4().hex[:8]}"
        sign_in(self.page, house, "auditor", f"{self.name}@audit.example")

    def read(self, gid):
        """Open a submission; that takes nothing."""
        self.page.goto(f"{self.house.url}/office/audit/{gid}")
        self.page.wait_for_selector("[data-followed]")

    def take(self):
        """Take it to the desk, where it may lie already: whoever decides goes on with what waits longest."""
        if self.page.locator("main button", has_text="Take it to your desk").count():
            self.press("Take it to your desk")
        wait_for(self.browser, "document.querySelector('#desk').innerText.includes('On your desk until')")

    def hear_all(self):
        """Go from one track that was not heard to the next by a key, and play each."""
        while hear_next(self.browser):
            above = (
                "q('.decide').getBoundingClientRect().bottom <= q('.dock').getBoundingClientRect().top + 1"
            )
            wait_for(
                self.browser, f"(q => {above})(it => document.querySelector(it))", what="all that decides"
            )
            is_told(self.browser)

    def refuse(self):
        self.page.select_option("#reason", "cover")
        self.page.locator("#words").fill(NOT_OURS)
        self.press("Refuse")

    def press(self, button):
        self.page.locator("main button", has_text=button).first.click()

    def is_told(self, sentence):
        """Wait until the page says it."""
        self.page.locator("main .note", has_text=sentence).first.wait_for()

    def events(self):
        """What happened to the submission, as its page tells, the latest last or first."""
        heading = self.page.locator("main section", has=self.page.locator("h2", has_text="What happened"))
        return heading.locator("li .b").all_inner_texts()


@pytest.fixture
def auditors(house, playwright, home):
    with contextlib.ExitStack() as stack:
        yield [
            Auditor(house, stack.enter_context(opened("chromium", playwright, home / name)), name)
            for name in ("owl", "kite")
        ]


@pytest.fixture
def waiting(house):
    """Two submissions that wait: a release and an application."""
    staged = every_page.stage(house, f"{uuid4().hex[:12]}@audit.example")
    release = next(it for it in staged.more if it.startswith("/office/audit/"))
    return release.rsplit("/", 1)[1], staged.routes["office/audit/{gid}"]


def end_lease(house, gid):
    """Let a quarter of an hour pass in which nobody gave a sign."""
    where = "submission_id = (SELECT id FROM submissions_submission WHERE gid = ?)"
    with closing(sqlite3.connect(house.installation.data / "alpheus.sqlite3", timeout=20)) as tables, tables:
        ended = tables.execute(
            f"UPDATE submissions_claim SET until = taken_at WHERE {where}",
            [UUID(gid).hex],
        )
        assert ended.rowcount == 1


def test_one_decides_under_the_other_and_one_leaves_in_the_middle(house, auditors, waiting):
    owl, kite = auditors
    contested, left = waiting

    # Both read it; one accepts, and the other's refusal comes too late.
    for auditor in auditors:
        auditor.read(contested)
    owl.press("Accept")
    owl.is_told("You have not heard all of it")
    owl.hear_all()
    owl.press("Accept")
    owl.page.wait_for_url(lambda url: contested not in url)
    kite.is_told("This happened while you looked:")
    kite.is_told("Accepted")
    owl.read(contested)
    assert owl.page.locator("details", has_text="Heard ").count() == 1
    kite.refuse()
    kite.is_told(TOO_LATE)
    assert kite.page.locator("header .tag", has_text="accepted").count() == 1
    assert kite.page.locator("#decision").count() == 0
    assert [kite.events().count(it) for it in ("Accepted", "Refused")] == [1, 0]

    # One has it on the desk and is gone: the other is told whose it is, and goes on when the desk is free again.
    owl.read(left)
    owl.take()
    owl.page.locator("#words").fill("I wonder whether")
    kite.read(left)
    kite.is_told(f"{owl.name}@audit.example has it on the desk.")
    assert kite.page.locator("#decision").count() == 0
    end_lease(house, left)
    kite.read(left)
    kite.take()

    # Who comes back to the page that was left decides nothing under the other.
    owl.press("Ask")
    owl.is_told("Another auditor has it on the desk. Nothing was changed.")
    kite.refuse()
    kite.page.wait_for_url(lambda url: left not in url)
    owl.read(left)
    assert [owl.events().count(it) for it in ("Asked", "Refused")] == [0, 1]
    assert not owl.browser.errors
    assert not kite.browser.errors


def test_news_are_read_out_and_a_hidden_page_asks_for_none(house, auditors, waiting):
    owl, kite = auditors
    contested, _ = waiting
    asked = []
    owl.page.on("request", lambda it: asked.append(it.url) if "/news?" in it.url else None)
    owl.page.clock.install()
    owl.read(contested)
    owl.browser.run(f"{REGION}.stood = true; return 0;")
    assert _live_regions(owl.page, said="This happened") == []

    # Hidden it asks for nothing, however long; seen again it asks at once, and not only when it is time to.
    _seen(owl, is_seen=False)
    owl.page.clock.pause_at(owl.browser.run("return Date.now() + 1000;"))
    asked.clear()
    owl.page.clock.run_for(10 * LOOK_MS)
    kite.read(contested)
    kite.take()
    assert asked == []
    with owl.page.expect_response(lambda it: "/news?" in it.url):
        _seen(owl, is_seen=True)
    assert len(asked) == 1
    owl.is_told("Taken to a desk")

    # What came stands in the region that stood before, which is read out politely.
    assert owl.browser.run(f"return {REGION}.stood;")
    assert _live_regions(owl.page, said="Taken to a desk") == [("status", "polite")]
    with owl.page.expect_response(lambda it: "/news?" in it.url):
        owl.page.clock.run_for(LOOK_MS)
    assert len(asked) == 2
    assert not owl.browser.errors


def _seen(auditor, *, is_seen):
    auditor.browser.run(SEEN.replace("IT", "true" if is_seen else "false"))


def _live_regions(page, *, said):
    """Role and politeness of what Chromium tells a screen reader to read out when it changes, where that says something."""
    devtools = page.context.new_cdp_session(page)
    nodes = {it["nodeId"]: it for it in devtools.send("Accessibility.getFullAXTree")["nodes"]}

    def words(node):
        below = [words(nodes[it]) for it in node.get("childIds", ()) if it in nodes]
        return " ".join([str(node.get("name", {}).get("value", "")), *below])

    live = [
        (it["role"]["value"], told["value"]["value"])
        for it in nodes.values()
        for told in it.get("properties", ())
        if told["name"] == "live" and it["role"]["value"] in {"status", "alert", "log"} and said in words(it)
    ]
    devtools.detach()
    return live
