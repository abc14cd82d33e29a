"""The civil-service programme in the product: its roster through the page, its rules, a receipt that anybody can
check, and one pair taken to a meeting that was held."""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django_scopes import scopes_disabled
from playwright.sync_api import Page, expect
from time_machine import Traveller

from matchengine import read_problem, solve
from tests import factories
from tests.factories import NOW
from tests.journeys.conftest import AtBrowser
from tests.journeys.letters import let_the_clock_run, letter_to
from tests.journeys.steps import follow, is_at, press, reads
from twoway.loops.models import Meeting
from twoway.matching.checking import problem_text
from twoway.matching.models import Proposal, Round
from twoway.people.models import Person
from twoway.signup.models import Question

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "examples" / "civil-service"
PUBLISHED = [parent / "shared" / "data" / "civil-service" for parent in ROOT.parents]
ORIGINALS = next((folder for folder in PUBLISHED if folder.is_dir()), None)
AT = "/northwind/grow-together"
GRADES = ["AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4"]


@pytest.fixture(params=["own", "published"])
def folder(request: pytest.FixtureRequest) -> Path:
    if request.param == "own":
        return OWN
    if ORIGINALS is None:
        pytest.skip("the published files are not at hand")
    return ORIGINALS


@pytest.fixture
def chris(transactional_db: None, clock: Traveller) -> Person:
    """The coordinator of a programme that is open and has nothing in it."""
    with scopes_disabled():
        northwind = factories.organisation("Northwind")
        programme = factories.programme(northwind, "Grow Together")
        factories.intake(programme)
        chris = factories.person("Chris Hale", "chris@northwind.example")
        factories.office(chris, "coordinator", programme)
    return chris


@pytest.mark.row("F-10", "M-02", "M-03", "M-10", "M-12", "M-17", "L-05", "L-07")
def test_a_civil_service_roster_goes_through_the_product_to_a_held_meeting(
    chris: Person, clock: Traveller, at_browser: AtBrowser, folder: Path, tmp_path: Path
) -> None:
    desk = at_browser(chris).new_page()

    the_mentees_come_in(desk, folder / "mentees.csv")
    the_mentors_come_in(desk, folder / "mentors.csv")
    the_rules_of_the_programme_are_set(desk)
    a_round_is_run(desk)
    the_receipt_is_verified_outside(desk, tmp_path)
    it_places_as_the_command_does(folder)
    mentee, mentor = one_pair_is_published(desk)
    hers, his = (at_browser(None).new_page() for _ in range(2))
    they_join(hers, mentee)
    they_join(his, mentor)
    both_say_yes(hers, mentee, his, mentor)
    they_fix_a_meeting(hers, his, mentor)
    clock.move_to(NOW + timedelta(days=3, hours=6))
    both_say_that_they_met(hers, his)


# --- bringing people in -----------------------------------------------------------------------------


def the_mentees_come_in(desk: Page, file: Path) -> None:
    the_file_is_read(desk, file, "Everybody in it: Mentee")
    guessed = {label: desk.get_by_label(label, exact=True).input_value() for label in ("email address", "grade")}
    assert guessed == {"email address": "address", "grade": "new:ordered"}
    expect(desk.get_by_label("both mentor and mentee", exact=True)).to_have_value("both")
    expect(desk.get_by_label("identity to match", exact=True)).to_have_value("")  # a protected trait is not taken
    desk.get_by_label("match with similar identity", exact=True).select_option("new:yes_no")
    desk.get_by_label("identity to match", exact=True).select_option("new:single")
    desk.get_by_label("job title", exact=True).select_option("new:short")
    desk.get_by_label("biography", exact=True).select_option("new:long")
    the_rows_are_kept(desk)


def the_mentors_come_in(desk: Page, file: Path) -> None:
    the_file_is_read(desk, file, "Everybody in it: Mentor")
    desk.get_by_label("characteristics", exact=True).select_option("new:many")
    the_rows_are_kept(desk)


def the_file_is_read(desk: Page, file: Path, who: str) -> None:
    desk.goto(f"{AT}/rosters/")
    desk.get_by_label("The file", exact=True).set_input_files(file)
    desk.get_by_role("radio", name=who).check()
    press(desk, "Read the file")
    is_at(desk, file.name)
    let_the_clock_run()
    is_at(desk, "What the columns are")


def the_rows_are_kept(desk: Page) -> None:
    """Three mentees for each mentor, as the programme has it; choices are looked at where the page asks for it."""
    desk.get_by_label("How many people each one takes").fill("3")
    press(desk, "Check the rows")
    while desk.locator("h1").inner_text().startswith("A new question"):
        if desk.get_by_role("heading", name="Choices, the lowest first").count():
            the_grades_are_put_in_order(desk)
        press(desk, "Take it so")
        press(desk, "Check the rows")
    reads(desk, "Every row is good")
    press(desk, "Keep all")
    reads(desk, "Keeping the good rows")
    let_the_clock_run()
    reads(desk, "What became of the rows")


def the_grades_are_put_in_order(desk: Page) -> None:
    desk.get_by_label("More choices").fill("\n".join(GRADES))
    press(desk, "Add the choices typed above")
    shown = desk.locator("input[name=option]")
    expect(shown).to_have_count(len(GRADES))
    for place, grade in enumerate(GRADES):
        order = [option.get_attribute("value") for option in shown.all()]
        for _step in range(order.index(grade) - place):
            desk.locator(f'button[name=up][value="{grade}"]').click()
    assert [option.get_attribute("value") for option in shown.all()] == GRADES


# --- the round --------------------------------------------------------------------------------------


def the_rules_of_the_programme_are_set(desk: Page) -> None:
    """As examples/civil-service.toml has them: a higher grade, another organisation, the profession; and the identity
    only of those who asked for it."""
    a_question_is_changed(desk, "Grade", use="higher")
    a_question_is_changed(desk, "Organisation", use="must_differ")
    a_question_is_changed(desk, "Profession", use="same", weight=10)
    a_question_is_changed(desk, "Job title", helps=True)
    a_question_is_changed(desk, "Characteristics", asked_of="Mentors", protected=True)
    a_question_is_changed(
        desk, "Identity to match", asked_of="Mentees", protected=True, use="preference", weight=6,
        meets="Characteristics", only_if="Yes",
    )  # fmt: skip


def a_question_is_changed(
    desk: Page, label: str, *, use: str = "", weight: int | None = None, asked_of: str = "", meets: str = "",
    only_if: str = "", protected: bool = False, helps: bool = False,
) -> None:  # fmt: skip
    desk.goto(f"{AT}/form/")
    follow(desk, label)
    folded = desk.get_by_role("main").locator("details:not([open]) > summary")
    while folded.count():
        folded.first.click()
    if asked_of:
        desk.get_by_role("radio", name=asked_of, exact=True).check()
    if only_if:
        desk.get_by_label("Show it only if somebody chose").select_option(label=only_if)
    if use:
        desk.get_by_label("In matching").select_option(use)
    if weight is not None:
        desk.get_by_label("How much it counts").fill(str(weight))
    if meets:
        desk.get_by_label("Meets the answers to").select_option(label=meets)
    if protected:
        desk.get_by_role("checkbox", name="This is about a protected trait").check()
    if helps:
        desk.get_by_role("checkbox", name="This says what somebody can help with").check()
    press(desk, "Save the question")
    is_at(desk, "Sign-up form")


def a_round_is_run(desk: Page) -> None:
    desk.goto(f"{AT}/rounds/new/?with_expected=1")
    press(desk, "Run the round")
    expect(desk.get_by_role("progressbar")).to_be_visible()
    let_the_clock_run()
    expect(desk.get_by_role("heading", name="Best possible for these rules")).to_be_visible()


def the_receipt_is_verified_outside(desk: Page, folder: Path) -> None:
    """The receipt downloaded with the page's own button, and checked by the command with the kept problem, and with a
    changed one. Nobody is handed that problem, for it holds what people said of themselves for wishes alone."""
    follow(desk, "receipt")
    is_at(desk, "The receipt of this round")
    with desk.expect_download() as download:
        desk.get_by_role("main").get_by_role("link", name="receipt.json").click()
    download.value.save_as(folder / "receipt.json")
    expect(desk.get_by_role("main").get_by_role("link", name="problem.json")).to_have_count(0)
    expect(desk.get_by_text("handed out to nobody")).to_be_visible()
    (folder / "problem.json").write_text(the_kept_problem(), "utf-8")

    proven = verified(folder)
    (folder / "problem.json").write_text((folder / "problem.json").read_text().replace('"Policy"', '"Law"', 1))
    changed = verified(folder)

    figures = the_figures()
    assert proven.returncode == 0, proven.stdout + proven.stderr
    assert proven.stdout.startswith(f"Proven: {figures['placed']} of {figures['mentees']} people are placed")
    assert changed.returncode == 1


def the_kept_problem() -> str:
    with scopes_disabled():
        return problem_text(Round.objects.latest("pk"))


def verified(folder: Path) -> "subprocess.CompletedProcess[str]":
    words = ["verify", "receipt.json", "--problem", "problem.json"]
    command = [sys.executable, "-c", "import sys; from matchengine.cli import main; sys.exit(main())", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def it_places_as_the_command_does(folder: Path) -> None:
    """The same people, rules and weights, as files through the engine alone: as many placed, with as many points.

    Where two shares of the hundred points end in a half, the criterion's name decides which is rounded up; so here
    they bear the names that they have in the product.
    """
    problem = read_problem(folder / "mentees.csv", folder / "mentors.csv", ROOT / "examples" / "civil-service.toml")
    with scopes_disabled():
        ids = dict(Question.objects.values_list("label", "public_id"))
    here = {"Profession": ids["Profession"], "Similar identity": ids["Identity to match"]}
    named = tuple(replace(criterion, name=here[criterion.name]) for criterion in problem.criteria)

    result = solve(replace(problem, criteria=named))

    figures = the_figures()
    assert (figures["placed"], figures["total"]) == (result.placed, result.total)


def the_figures() -> dict[str, Any]:
    with scopes_disabled():
        return dict(Round.objects.get().figures)


def one_pair_is_published(desk: Page) -> tuple[tuple[str, str], tuple[str, str]]:
    """The best one; name and address of each."""
    with scopes_disabled():
        best = Proposal.objects.select_related("mentee", "mentor").order_by("-score", "pk").first()
        assert best is not None
    desk.goto(f"{AT}/proposals/publish/?proposal={best.public_id}")
    is_at(desk, "Publish 1 proposal?")
    press(desk, "Publish and send")
    reads(desk, "1 proposal waits until both are members")
    return (best.mentee.name, best.mentee.address), (best.mentor.name, best.mentor.address)


# --- the pair ---------------------------------------------------------------------------------------


def they_join(page: Page, who: tuple[str, str]) -> None:
    """What the roster said stands in the form; the rest is read and accepted."""
    page.goto(letter_to(who[1], "invites you to Grow Together").link)
    press(page, "Accept the invitation")
    is_at(page, "Welcome to Grow Together")
    expect(page.get_by_label("Your name")).to_have_value(who[0])
    page.get_by_role("radio", name="Yes, I am 18 or older").check()
    press(page, "Begin")
    page.wait_for_load_state()
    while page.get_by_role("button", name="Save and go on").count():
        press(page, "Save and go on")
        page.wait_for_load_state()
    is_at(page, "What this programme is not")
    press(page, "I have read this, go on")
    page.get_by_role("checkbox", name="I have read the terms").check()
    press(page, "Accept and send")


def both_say_yes(hers: Page, mentee: tuple[str, str], his: Page, mentor: tuple[str, str]) -> None:
    for page, address, expected in ((hers, mentee[1], "Your answer is yes"), (his, mentor[1], "You can begin.")):
        page.goto(letter_to(address, "We would like to introduce you to").link)
        press(page, "Yes, I would")
        reads(page, expected)


def they_fix_a_meeting(hers: Page, his: Page, mentor: tuple[str, str]) -> None:
    hers.goto("/")
    follow(hers, "Offer times")
    hers.get_by_label("First time").fill("2026-11-26T12:00")
    press(hers, "Offer these times")
    reads(hers, "Offered. You will hear as soon as one is picked.")
    his.goto(letter_to(mentor[1], "offers times to meet").link)
    press(his, "12:00")
    reads(his, "Booked. Both of you see it here, and whoever gets letters has it as a calendar file.")


def both_say_that_they_met(hers: Page, his: Page) -> None:
    for page in (hers, his):
        page.goto("/")
        follow(page, "Open the loop")
        page.wait_for_url("**/loops/*/")
        loop = page.url
        press(page, "Yes, we met")
        reads(page, "we met")
    hers.goto(loop)
    card = hers.get_by_role("region", name="What your coordinator sees")
    expect(card).to_contain_text(re.compile(r"Meetings held\s*1\b"))
    with scopes_disabled():
        [answers] = [list(meeting.answers.values_list("happened", flat=True)) for meeting in Meeting.objects.all()]
    assert answers == [True, True]
