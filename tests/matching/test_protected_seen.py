"""What somebody answered about a protected trait is read nowhere but where its label says: a walk along every link."""

import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from tests import factories
from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from twoway.history.models import Event
from twoway.matching.actions.draft import publish_drafts
from twoway.matching.actions.rehearsal import queue_rehearsal
from twoway.matching.models import LeftOver, Proposal, Rehearsal, Round
from twoway.matching.queries.fairness import grouping_questions
from twoway.matching.tasks import rehearse_queued
from twoway.outbox.models import Delivery
from twoway.people.models import Notification, Person
from twoway.people.telling import words_of
from twoway.signup.models import Application, Question
from twoway.signup.traits import purpose_of

SignedIn = Callable[[Person | None], Client]

# Two traits that are chosen, of which a wish names the first, and one that is written.
TOKENS = ("zqtrait", "zqown", "zqbelief")
MOST_PAGES = 400


def options(token: str) -> list[dict[str, object]]:
    return [{"key": f"{token}{one}", "label": f"{token}{one}", "retired": False} for one in ("red", "blue")]


@pytest.fixture
def round(ground: FieldOfPeople) -> Round:
    """A round in which a wish about a trait was met: published in part, rehearsed, and with somebody left over."""
    form = ground.questions["offers"].form
    for key in ("trait", "wish"):
        # One pair of options for both, as the wish names the trait.
        Question.objects.filter(pk=ground.questions[key].pk).update(options=options("zqtrait"))
    ground.questions["own"] = factories.question(
        form, "About me", "single", options=options("zqown"), protected=True, use="off", audience="matching"
    )
    ground.questions["belief"] = factories.question(
        form, "What I believe", "long", protected=True, use="off", audience="coordinators"
    )
    red, blue = (f"zqtrait{one}" for one in ("red", "blue"))
    for name, trait in (("Ben", red), ("Cora", blue), ("Dan", red)):
        ground.mentor(name, trait=[trait], own="zqownred", belief=f"zqbelief of {name}")
    for n in range(11):
        wish = {"wish": [red]} if n < 2 else {}
        own = f"zqown{'red' if n % 2 else 'blue'}"
        ground.mentee(f"Mentee {n:02}", own=own, belief=f"zqbelief of {n}", goal="sailing and boats", **wish)
    round = ground.run()
    drafts = list(Proposal.objects.filter(round=round).order_by("mentee__name"))
    publish_drafts(intake=ground.intake, drafts=drafts[:2], by=ground.chris, now=NOW)
    weights = {ground.questions["wants"].public_id: 3}
    queue_rehearsal(round=round, objective="best_total", weights=weights, left_off=[], by=ground.chris, now=NOW)
    rehearse_queued(NOW)
    return round


# Where an answer stands because its label says so, and where the form itself shows its options.
LABELLED = {
    "signup:application", "web:profile", "signup:profile", "signup:form", "signup:form-preview", "signup:question-new",
    "signup:question-edit", "signup:join", "people:programme",
}  # fmt: skip


def walked(browser: Client, *starts: str) -> dict[str, str]:
    """Every page and file that links lead to, by path with its query; what GET answers, read to its end."""
    found: dict[str, str] = {}
    waiting = deque(starts)
    while waiting:
        path = waiting.popleft()
        if path in found or len(found) >= MOST_PAGES:
            continue
        answer = browser.get(path)
        if answer.status_code in (301, 302):
            found[path] = ""
            waiting.append(urljoin(path, answer["Location"]))
            continue
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[path] = body.decode("utf-8", "replace")
        if answer["Content-Type"].startswith("text/html"):
            for link in re.findall(r'(?:href|hx-get)="([^"]+)"', found[path]):
                where = urlsplit(urljoin(path, unescape(link)))
                if where.netloc in ("", "testserver") and not where.path.startswith("/static/"):
                    waiting.append(where.path + (f"?{where.query}" if where.query else ""))
    return found


def said_in(texts: dict[str, str], tokens: list[str]) -> set[tuple[str, str]]:
    return {(where, token) for where, text in texts.items() for token in tokens if token in text.lower()}


def wrongly_said(pages: dict[str, str]) -> set[tuple[str, str]]:
    return {
        (path, token)
        for path, text in pages.items()
        for token in TOKENS
        if token in text.lower() and resolve(urlsplit(path).path).view_name not in LABELLED
    }


@dataclass
class Seen:
    """What each of three people met, and where the walk began."""

    pages: dict[str, dict[str, str]]
    at: str


@pytest.fixture
def seen(round: Round, ground: FieldOfPeople, signed_in: SignedIn) -> Seen:
    at = f"/northwind/grow-together/rounds/{round.public_id}/"
    proposal = Proposal.objects.filter(round=round, state="published").order_by("pk").first()
    assert proposal is not None
    people = {"coordinator": ground.chris, "mentee": proposal.mentee.person, "mentor": proposal.mentor.person}
    hand = f"/northwind/grow-together/proposals/by-hand/{proposal.mentee.public_id}/"
    pages = {who: walked(signed_in(person), "/", at, hand) for who, person in people.items()}
    return Seen(pages, at)


@pytest.mark.row("M-12", "M-15", "M-16", "X-05")
def test_no_page_or_file_says_what_somebody_answered_but_where_its_label_says_so(seen: Seen) -> None:
    came_to = seen.pages["coordinator"]
    for part in (seen.at, f"{seen.at}fairness/", f"{seen.at}rehearsals/", f"{seen.at}receipt.json"):
        assert any(path.startswith(part) for path in came_to), f"the walk did not come to {part}"
    answered = [resolve(urlsplit(path).path).view_name for path, text in came_to.items() if "zqbelief" in text]
    assert set(answered) == {"signup:application", "web:profile"}, "planted, and yet nobody could read it anywhere"

    assert max(map(len, seen.pages.values())) < MOST_PAGES
    assert {who: wrongly_said(pages) for who, pages in seen.pages.items()} == {who: set() for who in seen.pages}


@pytest.mark.row("M-12", "X-05")
def test_nobody_in_the_pair_reads_the_others_answer_anywhere(seen: Seen) -> None:
    """What they themselves answered stands among their own answers alone, whose page is the same for both."""
    for who in ("mentee", "mentor"):
        said = {resolve(urlsplit(path).path).view_name for path, text in seen.pages[who].items() if "zqbelief" in text}
        assert said == {"signup:profile"}


@pytest.mark.row("M-12", "M-15", "X-05", "X-08")
def test_no_letter_event_or_line_of_news_and_nothing_a_round_keeps_says_it(seen: Seen, round: Round) -> None:
    kept = {
        "letters": [f"{one.subject} {one.text} {one.html} {one.calendar}" for one in Delivery.objects.all()],
        "events": [str(event.facts) for event in Event.objects.all()],
        "news": [words_of(one, one.person) for one in Notification.objects.select_related("person")],
        "proposals": [f"{one.points} {one.warnings} {one.others} {one.words}" for one in Proposal.objects.all()],
        "left over": [str(one.facts) for one in LeftOver.objects.all()],
        "rehearsals": [str(one.found) for one in Rehearsal.objects.all()],
        "receipt": [json.dumps(round.receipt)],
    }

    assert [name for name, texts in kept.items() if not texts] == []
    said = {name: [t for t in TOKENS if any(t in text.lower() for text in texts)] for name, texts in kept.items()}
    assert {name: tokens for name, tokens in said.items() if tokens} == {}


@pytest.mark.row("M-12", "D-03")
def test_the_table_of_people_is_neither_narrowed_nor_put_in_order_by_a_trait(
    round: Round, ground: FieldOfPeople, chris: Client
) -> None:
    own = ground.questions["own"].public_id
    table = "/northwind/grow-together/people/"

    plain, asked = (
        chris.get(table + more).content.decode() for more in ("", f"?a-{own}=zqownred&col={own}&sort={own}")
    )

    assert "About me" not in plain + asked
    assert re.findall("Mentee [0-9]+", asked) == re.findall("Mentee [0-9]+", plain) != []


KINDS = ("single", "many", "yes_no", "short", "scale")


@pytest.mark.row("M-12", "M-15")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("asked_of", ["mentor", "mentee", "both"])
@pytest.mark.parametrize("audience", ["coordinators", "matching", "members"])
def test_whoever_is_asked_is_told_of_sums_exactly_where_sums_can_be_asked_for(
    ground: FieldOfPeople, kind: str, asked_of: str, audience: str
) -> None:
    question = factories.question(
        ground.questions["offers"].form, "Something of mine", kind, options=options("zqown"), protected=True, use="off",
        asked_of=asked_of, audience=audience,
    )  # fmt: skip

    told = purpose_of(question)

    assert ("10 people or more" in told) is (question in grouping_questions(ground.programme, protected=True))
    assert "This never makes a match better or worse" in told
    assert purpose_of(ground.questions["grade"]) == ""


@pytest.mark.row("M-12", "M-15")
def test_it_is_said_beside_the_question_in_sign_up_and_among_ones_own_answers(
    round: Round, ground: FieldOfPeople, signed_in: SignedIn
) -> None:
    at = "/northwind/grow-together"
    newcomer = {"name": "Noor", "address": "noor@northwind.example", "role": "mentee", "adult": "yes"}
    pages = [
        signed_in(Application.objects.get(name="Mentee 00").person).get(f"{at}/me/"),
        signed_in(None).post(f"{at}/join/", newcomer, follow=True),
    ]

    for page in pages:
        text = page.content.decode()
        [described] = re.findall(r'<fieldset[^>]*aria-describedby="([^"]+)"[^>]*>\s*<legend>About me', text)
        [words] = [one for key in described.split() for one in re.findall(rf'<p class="help" id="{key}">([^<]+)', text)]
        assert "Only groups of 10 people or more are counted" in words
