"""What the small scripts promise, tried on the specimen pages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect

from tests.web.specimen_page import draw
from tests.web.specimen_site import SITE, open_site

pytestmark = pytest.mark.browser

LET_ANSWERS_ARRIVE = """() => new Promise((done) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => done();
  channel.port2.postMessage(0);
})"""


def answering(seen: list[str], *answers: tuple[int, str]) -> Callable[[Request], tuple[int, str]]:
    """Gives these answers one after another, the last one for ever; notes what was asked."""

    def answer(request: Request) -> tuple[int, str]:
        seen.append(f"{request.method} {request.post_data or ''}")
        return answers[min(len(seen), len(answers)) - 1]

    return answer


@pytest.mark.row("U-05")
def test_autosave_says_when_words_are_not_saved_and_tries_again(page: Page) -> None:
    sent: list[str] = []
    page.clock.install()
    open_site(
        page,
        {"/forms/": lambda request: (200, draw("forms")) if request.method == "GET" else answering_posts(request)},
    )
    answers = iter([503, 204])

    def answering_posts(request: Request) -> tuple[int, str]:
        sent.append(request.post_data or "")
        return next(answers), ""

    page.goto(f"{SITE}/forms/")

    page.get_by_label("What would you like to get better at?").fill("Say no kindly")
    page.clock.run_for(1_000)
    expect(page.locator("[data-autosave-status]")).to_have_text(
        "Not saved yet. Your words are kept here; Twoway tries again by itself."
    )
    page.clock.run_for(4_100)

    expect(page.locator("[data-autosave-status]")).to_have_text("Saved")
    assert [("Say no kindly" in body) for body in sent] == [True, True]


@pytest.mark.row("U-05")
def test_words_come_back_after_the_session_was_lost_on_the_way(page: Page) -> None:
    lost = draw("confirm").replace('class="hue-168"', 'class="hue-168" data-not-saved', 1)
    open_site(page, {"/loop/": lambda request: (200, draw("loop") if request.method == "GET" else lost)})
    page.goto(f"{SITE}/loop/")

    page.get_by_label("Write to Ben").fill("A long thought.")
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector("html[data-not-saved]")
    page.wait_for_load_state()  # only once keep.js has run does it know that the words were not taken
    page.goto(f"{SITE}/loop/")

    expect(page.get_by_label("Write to Ben")).to_have_value("A long thought.")


@pytest.mark.row("U-05")
def test_words_that_were_taken_do_not_come_back(page: Page) -> None:
    open_site(page, {"/loop/": lambda request: (200, draw("loop") if request.method == "GET" else draw("home"))})
    page.goto(f"{SITE}/loop/")

    page.get_by_label("Write to Ben").fill("A long thought.")
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector("text=Good morning, Amira")
    page.goto(f"{SITE}/loop/")

    expect(page.get_by_label("Write to Ben")).to_have_value("")


@pytest.mark.row("U-05", "L-02")
@pytest.mark.parametrize(("status", "in_the_box"), [(200, ""), (422, "A long thought."), (409, "A long thought.")])
def test_going_back_brings_back_only_words_that_were_not_taken(page: Page, status: int, in_the_box: str) -> None:
    open_site(
        page, {"/loop/": lambda request: (200, draw("loop")) if request.method == "GET" else (status, draw("home"))}
    )
    page.goto(f"{SITE}/loop/")
    page.get_by_label("Write to Ben").fill("A long thought.")
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector("text=Good morning, Amira")
    page.wait_for_load_state()

    page.go_back()
    page.wait_for_load_state()

    expect(page.get_by_label("Write to Ben")).to_have_value(in_the_box)


@pytest.mark.row("U-05")
def test_going_back_finds_words_that_were_never_sent(page: Page) -> None:
    open_site(page)
    page.goto(f"{SITE}/loop/")
    page.get_by_label("Write to Ben").fill("A long thought.")
    page.goto(f"{SITE}/home/")

    page.go_back()
    page.wait_for_load_state()

    expect(page.get_by_label("Write to Ben")).to_have_value("A long thought.")


@pytest.mark.row("U-05", "L-02")
@pytest.mark.parametrize(("taken", "in_the_box"), [(True, ""), (False, "A long thought.")])
def test_a_page_that_the_browser_kept_whole_holds_no_words_that_were_taken(
    page: Page, taken: bool, in_the_box: str
) -> None:
    open_site(page, {"/loop/": lambda request: (200, draw("loop")) if request.method == "GET" else (204, "")})
    page.goto(f"{SITE}/loop/")
    page.get_by_label("Write to Ben").fill("A long thought.")
    with page.expect_request(lambda request: request.method == "POST"):
        page.get_by_role("button", name="Send").click()
    if taken:  # as the page after it does
        page.evaluate("sessionStorage.clear()")

    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    expect(page.get_by_label("Write to Ben")).to_have_value(in_the_box)


def test_signing_out_forgets_unsent_words(page: Page) -> None:
    open_site(page, {"/out/": lambda request: (200, draw("home"))})
    page.goto(f"{SITE}/loop/")
    page.get_by_label("Write to Ben").fill("Between us.")

    page.locator(".header-end summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_selector("text=Good morning, Amira")

    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('twoway.kept'))") == []


def test_a_form_is_sent_once_and_its_button_comes_back(page: Page) -> None:
    sent: list[str] = []
    open_site(
        page,
        {
            "/confirm/": lambda request: (
                (200, draw("confirm")) if request.method == "GET" else answering(sent, (204, ""))(request)
            )
        },
    )
    page.goto(f"{SITE}/confirm/")
    button = page.get_by_role("button", name="Publish 118 proposals")

    page.evaluate("for (let n = 0; n < 3; n++) document.querySelector('.confirm button').click()")
    expect(button).to_be_disabled()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    expect(button).to_be_enabled()
    assert len(sent) == 1


def test_long_choices_are_sifted_and_the_chosen_stay(page: Page) -> None:
    open_site(page)
    page.goto(f"{SITE}/forms/")
    box = page.get_by_label("Filter: Skills you would like")

    box.fill("Design")

    shown = page.locator("#id_skills_choices .choice:visible").all_inner_texts()
    assert shown == ["presenting", "coding", "design"]


def test_sifting_says_when_nothing_is_left(page: Page) -> None:
    html = draw("forms").replace(" checked", "")
    open_site(page, {"/forms/": lambda request: (200, html)})
    page.goto(f"{SITE}/forms/")

    page.get_by_label("Filter: Skills you would like").fill("zither")

    expect(page.locator("#id_skills_choices_none")).to_be_visible()


def test_menu_closes_on_escape_and_gives_focus_back(page: Page) -> None:
    open_site(page)
    page.goto(f"{SITE}/home/")
    menu = page.locator(".header-end details")

    menu.locator("summary").click()
    page.get_by_role("link", name="Your profile").focus()
    page.keyboard.press("Escape")

    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.matches('.header-end summary')") is True


def test_menu_closes_when_another_place_is_pressed(page: Page) -> None:
    open_site(page)
    page.goto(f"{SITE}/home/")
    menu = page.locator(".header-end details")

    menu.locator("summary").click()
    page.locator("h1").click()

    assert menu.get_attribute("open") is None


def test_keys_move_in_a_list_only_while_focus_is_inside(page: Page) -> None:
    open_site(page)
    page.goto(f"{SITE}/round/")
    links = page.locator(".proposal-names a")

    page.keyboard.press("j")
    outside = page.evaluate("document.activeElement === document.body")
    links.nth(0).focus()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")

    assert outside is True
    assert links.nth(1).evaluate("link => link === document.activeElement") is True


def test_counter_shows_what_is_left_to_write(page: Page) -> None:
    open_site(page)
    page.goto(f"{SITE}/forms/")
    counter = page.locator("[data-counter='id_goal']")

    page.get_by_label("What would you like to get better at?").fill("x" * 590)

    expect(counter).to_have_text("590 / 600")
    expect(counter).to_have_attribute("role", "status")


def test_polling_is_quick_at_first_and_slows_down_when_nothing_happens(page: Page) -> None:
    asked: list[str] = []
    html = draw("home").replace(
        "</main>",
        '<div id="news" data-poll hx-get="/news/" hx-trigger="poll" hx-swap="innerHTML"></div></main>',
    )
    page.clock.install()
    open_site(page, {"/home/": lambda request: (200, html), "/news/": answering(asked, (204, ""))})
    page.goto(f"{SITE}/home/")

    def asked_within(seconds: int) -> int:
        before = len(asked)
        for _ in range(seconds):
            page.clock.run_for(1_000)
            page.evaluate(LET_ANSWERS_ARRIVE)
        return len(asked) - before

    lively, later = asked_within(30), (asked_within(120), asked_within(60))[1]

    assert (8 <= lively <= 10, 1 <= later <= 3) == (True, True)


def test_times_marked_local_are_said_in_the_zone_of_the_browser(page: Page) -> None:
    html = draw("home").replace(
        "</main>", '<time id="there" data-local datetime="2026-11-26T14:00:00+00:00">14:00 UTC</time></main>'
    )
    open_site(page, {"/home/": lambda request: (200, html)})
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Tokyo"})

    page.goto(f"{SITE}/home/")

    told = " ".join(page.locator("#there").inner_text().split())
    assert told == "Thursday, November 26 at 11:00 PM GMT+9"


def test_copy_puts_the_link_into_the_clipboard_or_selects_it(page: Page) -> None:
    open_site(page)
    page.goto(f"{SITE}/list/")

    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
