"""Keeping apart, as it shows at the coordinator's pages: the reporting line, and a wish that nobody else may read."""

import pytest
from django_scopes import scopes_disabled
from playwright.sync_api import Page, expect

from tests import factories
from tests.cast import Cast
from tests.journeys.conftest import AtBrowser
from tests.journeys.letters import let_the_clock_run
from tests.journeys.steps import follow, press, reads
from twoway.matching.models import Proposal
from twoway.signup.models import Application, Form

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AT = "/northwind/grow-together"


@pytest.fixture
def office(asked: Cast) -> Cast:
    """Amira is the one mentee; beside Ben there is Cleo, her line manager, and Dev, whom nothing closes."""
    with scopes_disabled():
        manager = factories.question(Form.objects.get(programme=asked.grow), "Line manager", "line_manager")
        for name in ("Cleo Marsh", "Dev Rao"):
            mentor = factories.application(
                asked.autumn, factories.person(name, f"{name[:4].lower().strip()}@northwind.example"), role="mentor",
                capacity=1,
            )  # fmt: skip
            factories.seats(mentor.person, asked.northwind, 1)
            helps = manager.form.questions.get(what_i_help_with=True)
            factories.answer(mentor, helps, "I learned late to speak up in meetings.")
        amira = Application.objects.get(person=asked.amira)
        factories.answer(amira, manager.form.questions.get(asked_of="mentee"), "I want to speak up in meetings.")
        factories.answer(amira, manager, "cleo@northwind.example")
    return asked


@pytest.mark.row("M-11", "M-01", "M-03")
def test_who_is_kept_apart_is_never_proposed_and_shows_only_what_may_be_known(
    office: Cast, at_browser: AtBrowser
) -> None:
    ben, chris = at_browser(office.ben).new_page(), at_browser(office.chris).new_page()

    ben_writes_a_private_wish(ben)
    the_round_proposes_the_third_alone(chris)
    with_the_third_gone_the_page_says_why_nobody_is_left(chris)
    by_hand_the_wish_has_no_name_and_the_line_needs_a_reason(chris)


def ben_writes_a_private_wish(ben: Page) -> None:
    ben.goto("/me/")
    follow(ben, "Not with")
    ben.get_by_label("Their email address").fill("amira@northwind.example")
    ben.get_by_label("A note for yourself").fill("zq-we-shared-a-flat")
    press(ben, "Keep us apart")
    reads(ben, "You two will not be put together.", "zq-we-shared-a-flat")


def the_round_proposes_the_third_alone(chris: Page) -> None:
    a_round_is_run(chris)
    with scopes_disabled():
        assert list(Proposal.objects.values_list("mentee__name", "mentor__name")) == [("Amira Mansour", "Dev Rao")]
    expect(chris.get_by_role("main")).not_to_contain_text("zq-we-shared-a-flat")


def with_the_third_gone_the_page_says_why_nobody_is_left(chris: Page) -> None:
    press(chris, "Dismiss", exact=True)
    reads(chris, "Nobody was told.")
    a_round_is_run(chris)
    reads(chris, "Amira Mansour", "some were dismissed by you and some are kept apart")


def by_hand_the_wish_has_no_name_and_the_line_needs_a_reason(chris: Page) -> None:
    with scopes_disabled():
        amira, ben = (Application.objects.get(name=name).public_id for name in ("Amira Mansour", "Ben Kowalski"))
    for who, other in ((f"{amira}/", "Ben Kowalski"), (f"{ben}/?side=mentor", "Amira Mansour")):
        chris.goto(f"{AT}/proposals/by-hand/{who}")
        reads(chris, "cannot be chosen: closed by a rule, dismissed, or kept apart")
        expect(chris.get_by_role("main").get_by_role("link", name=other)).to_have_count(0)
        expect(chris.get_by_role("main")).not_to_contain_text("zq-we-shared-a-flat")

    chris.goto(f"{AT}/proposals/by-hand/{amira}/")
    chris.get_by_text("1 in the same reporting line").click()
    follow(chris, "Cleo Marsh")
    press(chris, "Keep as a draft")
    reason = chris.get_by_label("Why is an exception right here?")
    assert reason.evaluate("field => field.matches(':invalid')")  # the page waits for one
    chris.locator("input[name=with]").evaluate("(field, other) => { field.value = other }", ben)
    reason.fill("Both have asked for it.")
    press(chris, "Keep as a draft")
    expect(chris.get_by_text("These two are kept apart.")).to_be_visible()  # whoever says it, and whatever is typed
    with scopes_disabled():
        assert Proposal.objects.filter(state="draft").count() == 0

    chris.goto(f"{AT}/proposals/by-hand/{amira}/")
    chris.get_by_text("1 in the same reporting line").click()
    follow(chris, "Cleo Marsh")
    chris.get_by_label("Why is an exception right here?").fill("Both have asked for it.")
    press(chris, "Keep as a draft")
    reads(chris, "Both have asked for it.")
    with scopes_disabled():
        assert Proposal.objects.get(state="draft").override == "Both have asked for it."


def a_round_is_run(chris: Page) -> None:
    chris.goto(f"{AT}/rounds/new/")
    press(chris, "Run the round")
    expect(chris.get_by_role("progressbar")).to_be_visible()
    let_the_clock_run()
    expect(chris.get_by_role("progressbar")).to_have_count(0)
