"""Home: its greeting, the step that the facts lead to, and what is around it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from twoway.loops.actions.agenda import add_agenda_item
from twoway.loops.actions.loop import open_loop
from twoway.loops.actions.meeting import book_meeting, propose_times, record_talk
from twoway.loops.actions.message import send_message
from twoway.loops.models import Loop
from twoway.matching.actions.proposal import record_yes
from twoway.matching.models import Proposal, ProposalAnswer
from twoway.people.actions.membership import pause
from twoway.people.models import Membership, Programme
from twoway.signup.models import Application
from twoway.web.navigation import doors
from twoway.web.next_step import Facts, Paused, next_step
from twoway.web.views.home import greeting

Browser = Callable[..., Client]
DAY = timedelta(days=1)


@pytest.mark.parametrize("hour,words", [
    (0, "Hello, Amira"), (4, "Hello, Amira"), (5, "Good morning, Amira"), (11, "Good morning, Amira"),
    (12, "Good afternoon, Amira"), (17, "Good afternoon, Amira"), (18, "Good evening, Amira"),
])  # fmt: skip
def test_the_greeting_goes_by_the_hour(hour: int, words: str) -> None:
    assert greeting(hour, "Amira") == words


def loop_of_two(cast: Cast) -> Loop:
    return open_loop(mentee=cast.amira_member, mentor=cast.ben_member, intake=cast.autumn, by=cast.chris, now=NOW)


def text_of(client: Client, url: str = "/") -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_clock_of_the_greeting_is_hers(cast: Cast, signed_in: Browser) -> None:
    cast.amira.time_zone = "Asia/Tokyo"  # ten in the morning in London is seven in the evening there
    cast.amira.save()

    assert "Good evening, Amira" in text_of(signed_in(cast.amira))


def test_each_fact_of_a_loop_leads_to_its_step(cast: Cast, signed_in: Browser) -> None:
    amira = signed_in(cast.amira)
    seen = [amira.get("/").context["step"].kind]
    with scopes_disabled():
        loop = loop_of_two(cast)
    seen.append(amira.get("/").context["step"].kind)
    with scopes_disabled():
        offer = propose_times(loop=loop, times=[NOW + 2 * DAY], minutes=45, place="", by=cast.ben, now=NOW)
    seen.append(amira.get("/").context["step"].kind)
    with scopes_disabled():
        offer.delete()
        book_meeting(loop=loop, starts_at=NOW + 3 * DAY, minutes=45, place="", by=cast.ben, now=NOW)
    seen.append(amira.get("/").context["step"].kind)
    with scopes_disabled():
        add_agenda_item(loop=loop, text="How do I say no?", by=cast.amira, now=NOW)
    seen.append(amira.get("/").context["step"].kind)
    with scopes_disabled():
        record_talk(loop=loop, starts_at=NOW - DAY, by=cast.ben, now=NOW)
    seen.append(amira.get("/").context["step"].kind)

    assert seen == ["nothing", "offer", "pick", "question", "nothing", "met"]


def test_a_draft_is_on_her_home_with_its_label_and_not_on_his(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        loop = loop_of_two(cast)
        book_meeting(loop=loop, starts_at=NOW + 3 * DAY, minutes=45, place="", by=cast.ben, now=NOW)
        add_agenda_item(loop=loop, text="How do I say no?", by=cast.amira, now=NOW)
        send_message(loop=loop, body="Hello", by=cast.ben, now=NOW)

    hers, his = text_of(signed_in(cast.amira)), text_of(signed_in(cast.ben))

    assert ("How do I say no?" in hers, "Only you can see this" in hers, "1 new" in hers) == (True, True, True)
    assert ("How do I say no?" in his, "Amira has shared no question yet" in his, "1 new" in his) == (
        False,
        True,
        False,
    )


def test_a_proposal_waits_until_it_is_answered(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        two = {one.person: one for one in Application.objects.filter(intake=cast.autumn)}
        proposal = Proposal.objects.create(
            intake=cast.autumn, mentee=two[cast.amira], mentor=two[cast.ben], state="published", published_at=NOW,
            told_at=NOW, lapses_at=NOW + 10 * DAY, made_at=NOW,
        )  # fmt: skip

    page = signed_in(cast.amira).get("/")
    with scopes_disabled():
        Proposal.objects.update(lapses_at=NOW)
    too_late = signed_in(cast.amira).get("/")

    assert page.context["step"].title == "Would you like to meet Ben?"
    assert page.context["step"].buttons[0].url == f"/me/proposals/{proposal.public_id}/"
    assert "Would you like to meet" not in too_late.content.decode()
    assert "As soon as somebody is found for you" in too_late.content.decode()


def test_a_yes_of_mine_is_said_and_never_what_the_other_answered(cast: Cast, signed_in: Browser) -> None:
    amira, found = signed_in(cast.amira), "As soon as somebody is found for you"
    with scopes_disabled():
        two = {one.person: one for one in Application.objects.filter(intake=cast.autumn)}
        proposal = Proposal.objects.create(
            intake=cast.autumn, mentee=two[cast.amira], mentor=two[cast.ben], state="published", published_at=NOW,
            told_at=NOW, lapses_at=NOW + 10 * DAY, made_at=NOW,
        )  # fmt: skip
    amira.post(f"/me/proposals/{proposal.public_id}/", {"answer": "yes"})
    alone = amira.get("/")
    with scopes_disabled():
        ProposalAnswer.objects.create(
            proposal=proposal, application=two[cast.ben], answer="yes", by=cast.chris, by_word_of_mouth=True, at=NOW
        )
    both = amira.get("/")
    with scopes_disabled():
        Proposal.objects.update(lapses_at=NOW)
    lapsed = text_of(amira)

    assert alone.context["step"].title == "You said yes to meeting Ben"
    assert alone.context["step"].buttons[0].url == f"/me/proposals/{proposal.public_id}/"
    assert both.context["step"] == alone.context["step"]
    assert [found in page.content.decode() for page in (alone, both)] == [False, False]
    assert found in lapsed


@pytest.mark.row("M-09")
def test_a_yes_somebody_noted_for_me_stands_first_until_it_can_open_something(cast: Cast, signed_in: Browser) -> None:
    ben = signed_in(cast.ben)
    with scopes_disabled():
        two = {one.person: one for one in Application.objects.filter(intake=cast.autumn)}
        proposal = Proposal.objects.create(
            intake=cast.autumn, mentee=two[cast.amira], mentor=two[cast.ben], state="published", published_at=NOW,
            told_at=NOW, lapses_at=NOW + 10 * DAY, made_at=NOW,
        )  # fmt: skip
        record_yes(proposal=proposal, side=two[cast.ben], by=cast.chris, now=NOW)
    noted, words = ben.get("/"), text_of(ben)
    with scopes_disabled():
        ProposalAnswer.objects.update(at=NOW - DAY)
    later = text_of(ben)

    step, name = noted.context["step"], cast.chris.get_short_name()
    assert (step.title, step.kind) == (f"{name} noted your yes to meeting Amira", "noted")
    assert step.text.startswith("If that is not so, take it back until tomorrow, ")
    assert step.buttons[0].url == f"/me/proposals/{proposal.public_id}/"
    assert f"{name} noted it for you. You can take it back until tomorrow, " in words
    assert f"{name} noted it for you. It begins when both of you have said yes." in later


def test_whoever_has_a_new_message_is_not_told_that_nothing_needs_her(cast: Cast, signed_in: Browser) -> None:
    amira = signed_in(cast.amira)
    with scopes_disabled():
        loop = loop_of_two(cast)
        book_meeting(loop=loop, starts_at=NOW + 3 * DAY, minutes=45, place="", by=cast.ben, now=NOW)
        add_agenda_item(loop=loop, text="How do I say no?", by=cast.amira, now=NOW)
        send_message(loop=loop, body="Hello", by=cast.ben, now=NOW)

    unread = text_of(amira)
    amira.get(f"/loops/{loop.public_id}/")
    read = text_of(amira)

    assert ("Ben wrote to you" in unread, "1 new" in unread, "Nothing else needs you" in unread) == (True, True, False)
    assert ("Ben wrote to you" in read, "1 new" in read, "Nothing else needs you" in read) == (False, False, True)


@pytest.mark.row("A-01", "F-12")
def test_my_page_of_each_programme_is_one_door_from_where_i_am(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        second = factories.intake(factories.programme(cast.northwind, "Second Year"), "Autumn")
        factories.application(second, cast.amira, role="mentor")
    amira, chris = signed_in(cast.amira), signed_in(cast.chris)
    doors = [f'href="{place}me/"' for place in ("/northwind/grow-together/", "/northwind/second-year/")]

    pages = [text_of(amira, url) for url in ("/", "/me/")]
    front, own = text_of(amira, "/northwind/second-year/"), amira.get("/northwind/second-year/me/")

    assert [[page.count(door) for door in doors] for page in pages] == [[1, 1], [1, 1]]
    assert [front.count(door) for door in doors] == [0, 1]
    assert [door.label for door in own.context["navigation"] if door.current] == ["You"]
    assert text_of(chris, "/northwind/grow-together/").count(doors[0]) == 0


def test_applications_say_what_happens_next_and_nothing_of_what_nobody_told_her(cast: Cast, signed_in: Browser) -> None:
    nell = factories.person("Nell Freund", "nell@northwind.example")
    with scopes_disabled():
        factories.application(cast.autumn, address="nell@northwind.example")  # a roster's row, never written to
        factories.application(cast.winter, address="nell@northwind.example", state="started")

    page = signed_in(nell).get("/")

    assert [(one["programme"].name, one["entry"].state) for one in page.context["entries"]] == [
        ("First Shore", "started")
    ]
    assert page.context["step"].title == "Go on with your form for First Shore"


def test_somebody_new_reads_what_will_be_here(cast: Cast, signed_in: Browser) -> None:
    page = signed_in(factories.person("Nell Freund"))

    assert "What will be here" in text_of(page)
    assert page.get("/").context["step"].kind == "new"


def test_a_coordinator_who_takes_no_part_sees_the_programmes_and_how_much_waits(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        one = factories.application(cast.autumn, state="waiting", sent_at=NOW)
        one.person = factories.person("Elif Kaya")
        one.save()

    page = signed_in(cast.chris).get("/")

    assert (page.context["step"], page.context["new"]) == (None, False)
    assert [(desk["programme"], desk["count"]) for desk in page.context["desks"]] == [(cast.grow, 1)]


@pytest.mark.row("O-03", "O-10")
def test_an_admin_finds_the_organisation_and_the_next_step_there(cast: Cast, signed_in: Browser) -> None:
    ada = signed_in(cast.ada)
    pages = [ada.get("/")]
    with scopes_disabled():
        alone = factories.programme(cast.northwind, "Second Year")
        pages.append(ada.get("/"))
        begun = factories.programme(cast.northwind, "Crossing", sign_up_on=False, set_up="dates")
        pages.append(ada.get("/"))
        Programme.objects.filter(organisation=cast.northwind).update(archived_at=NOW, sign_up_on=False)
        pages.append(ada.get("/"))

    steps = [(page.context["step"].title, page.context["step"].buttons[0].url) for page in pages]
    assert steps == [
        ("Nothing needs you now", "/northwind/"),
        ("Find somebody to run Second Year", "/northwind/second-year/roles/"),
        ("Go on setting up Crossing", f"/northwind/programmes/{begun.public_id}/set-up/dates/"),
        ("Open the first programme of Northwind", "/northwind/programmes/new/"),
    ]
    [card] = pages[2].context["organisations"]
    assert [(line.name, line.url, line.text, line.pill) for line in card.programmes] == [
        ("Crossing", f"/northwind/#set-up-{begun.public_id}", "0 members. Nobody coordinates it yet.",
         "Being set up"),
        ("Grow Together", f"/northwind/#programme-{cast.grow.public_id}", "2 members. Coordinated by Chris Hale.",
         "Sign-up open"),
        ("Second Year", f"/northwind/#programme-{alone.public_id}", "0 members. Nobody coordinates it yet.",
         "No intake to sign up to"),
    ]  # fmt: skip
    assert [page.context["new"] for page in pages] == [False] * 4


@pytest.mark.row("O-03")
def test_an_admin_who_takes_part_reads_her_own_step_first(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        factories.office(cast.amira, "admin", organisation=cast.northwind)

    page = signed_in(cast.amira).get("/")

    assert page.context["step"].text.startswith("You are in.")
    assert [card.organisation for card in page.context["organisations"]] == [cast.northwind]


@pytest.mark.row("O-04")
def test_a_contact_and_a_viewer_find_what_is_theirs(cast: Cast, signed_in: Browser) -> None:
    vera = factories.person("Vera Lind")
    with scopes_disabled():
        factories.office(vera, "viewer", cast.grow)

    pages = [signed_in(person).get("/") for person in (cast.sam, vera)]

    assert [(one.role, one.url) for page in pages for one in page.context["standing_by"]] == [
        ("Contact", "/northwind/grow-together/"), ("Viewer", ""),
    ]  # fmt: skip
    assert [(page.context["step"], page.context["new"]) for page in pages] == [(None, False)] * 2


def test_as_many_questions_to_the_database_for_thirty_loops_as_for_three(cast: Cast, signed_in: Browser) -> None:
    ben = signed_in(cast.ben)
    counts = []
    for loops in (3, 27):
        with scopes_disabled():
            factories.seats(cast.ben, cast.northwind, loops)
            for _n in range(loops):
                mentee: Membership = factories.membership(factories.person(), cast.grow)
                loop = open_loop(mentee=mentee, mentor=cast.ben_member, intake=cast.autumn, by=cast.chris, now=NOW)
                book_meeting(loop=loop, starts_at=NOW + DAY, minutes=45, place="", by=cast.ben, now=NOW)
        with CaptureQueriesContext(connection) as questions:
            ben.get("/")
        counts.append(len(questions))

    assert counts[0] == counts[1]


def test_home_asks_few_questions_where_nothing_waits(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        loop = loop_of_two(cast)
        book_meeting(loop=loop, starts_at=NOW - DAY, minutes=45, place="", by=cast.ben, now=NOW - 2 * DAY)
    amira = signed_in(cast.amira)

    with CaptureQueriesContext(connection) as home:
        amira.get("/")
    with CaptureQueriesContext(connection) as meetings:
        amira.get(f"/loops/{loop.public_id}/")

    asked = [sum('FROM "loops_meeting" ' in one["sql"] for one in seen) for seen in (home, meetings)]
    # Eleven for the loop's page: one of them asks its goals, however many there are.
    assert (len(home) <= 14, len(meetings) <= 11, asked) == (True, True, [1, 1])


def test_home_shows_nothing_of_how_others_do(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        loop_of_two(cast)
        other = factories.application(cast.autumn, factories.person("Lena Vogt"), role="mentee").membership
        open_loop(mentee=other, mentor=cast.ben_member, intake=cast.autumn, by=cast.chris, now=NOW)

    assert "Lena" not in text_of(signed_in(cast.amira))


def test_times_that_wait_are_named_on_home_the_past_ones_left_out(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        loop = open_loop(
            intake=cast.autumn, mentee=cast.amira_member, mentor=cast.ben_member, by=cast.chris, now=NOW
        )  # fmt: skip
        times = [NOW - timedelta(minutes=30), NOW + 3 * DAY, NOW + 40 * DAY]
        propose_times(loop=loop, times=times, minutes=45, place="", by=cast.ben, now=NOW)

    page = text_of(signed_in(cast.amira))

    assert "Ben offers times to meet" in page
    assert "<p>Thursday, 10:00 · 2 January 2027, 10:00. Pick the one that suits you, or offer others.</p>" in page


def test_a_proposal_is_behind_the_door_home_and_the_rest_of_ones_own_behind_you() -> None:
    def lit(path: str) -> list[str]:
        return [str(door.label) for door in doors(path, [], None, None) if door.current]

    assert [lit(path) for path in ("/", "/me/proposals/abc/", "/me/", "/me/wishes/", "/loops/", "/support/")] == [
        ["Home"], ["Home"], ["You"], ["You"], ["My loops"], [],
    ]  # fmt: skip


@pytest.mark.row("A-01")
def test_whoever_is_paused_is_told_so_and_how_to_come_back(cast: Cast, signed_in: Browser) -> None:
    amira = signed_in(cast.amira)
    found = "As soon as somebody is found for you"
    before = text_of(amira)
    with scopes_disabled():
        pause(membership=cast.amira_member, until=None, by=cast.amira, now=NOW)
    open_ended = text_of(amira)
    with scopes_disabled():
        pause(membership=cast.amira_member, until=date(2027, 3, 3), by=cast.amira, now=NOW)
    dated = text_of(amira)

    assert (found in before, found in open_ended, found in dated) == (True, False, False)
    assert "You are paused in Grow Together" in open_ended
    assert "until you say that you are back" in open_ended
    assert "You are back by yourself on 3 March 2027, or when you say." in dated
    assert 'href="/northwind/grow-together/me/"' in dated


@pytest.mark.row("A-01")
def test_a_pause_in_one_programme_hides_no_search_in_another() -> None:
    paused = [Paused("Grow", "/grow/me/"), Paused("Shore", "/shore/me/", until="3 March")]

    both = next_step(Facts(paused=paused))

    assert next_step(Facts(takes_part=True, paused=paused[:1])).kind == "nothing"
    assert both.title == "You are paused in Grow, Shore"
    assert [(button.label, button.url) for button in both.buttons] == [
        ("Come back to Grow", "/grow/me/"), ("Come back to Shore", "/shore/me/"),
    ]  # fmt: skip
