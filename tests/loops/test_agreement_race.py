"""Both send what they expect at one moment, or both write at once: each sees all or nothing, and no word is lost."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast, gather
from tests.conftest import sign_in
from tests.factories import NOW, terms
from tests.loops.conftest import expects
from tests.matching.together import everybody_may_wait, together
from twoway.loops.actions.agreement import Changed, confirm_agreement, write_agreement
from twoway.loops.actions.loop import open_loop
from twoway.loops.models import Agreement, Expectations, Loop
from twoway.people.models import Notification, Person

PAIRS = 10
pytestmark = [pytest.mark.slow, pytest.mark.row("L-08", "U-05")]


@pytest.fixture
def ground(transactional_db: None, now: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    everybody_may_wait(monkeypatch)
    with scopes_disabled():
        yield gather()


def pair(cast: Cast, number: int) -> tuple[Loop, Person, Person]:
    """Two people of their own, and their loop."""
    mentee = factories.application(cast.autumn, factories.person(f"Mentee {number}"), role="mentee").membership
    mentor = factories.application(cast.autumn, factories.person(f"Mentor {number}"), role="mentor").membership
    factories.seats(mentor.person, cast.northwind, 1)
    loop = open_loop(mentee=mentee, mentor=mentor, intake=cast.autumn, by=cast.chris, now=NOW, tells=False)
    return loop, mentee.person, mentor.person


def apart(loop: Loop) -> Loop:
    """The same loop in hands of its own: two requests share no object."""
    return Loop.objects.get(pk=loop.pk)


@pytest.mark.definition("G1")
def test_both_send_at_once_and_each_sees_both_only_when_both_are_stored(ground: Cast) -> None:
    pairs = [pair(ground, number) for number in range(PAIRS)]
    browsers = {person.pk: sign_in(person) for _loop, *two in pairs for person in two}
    half: list[str] = []

    def send(browser: Client, loop: Loop, word: str) -> Callable[[], None]:
        path = reverse("loops:agreement-apart", args=[loop.public_id])
        return lambda: half.extend(
            [] if browser.post(path, {"hopes": word, "do": "send"}).status_code == 302 else [word]
        )

    def look(person: Person, loop: Loop, mine: str, theirs: str) -> Callable[[], None]:
        browser = sign_in(person)
        paths = [reverse(f"loops:{name}", args=[loop.public_id]) for name in ("agreement", "loop")]

        def press() -> None:
            for path in paths * 3:
                words = browser.get(path).content.decode()
                if theirs in words and ("What each of you said first" not in words or mine not in words):
                    half.append(f"{path}: half")

        return press

    presses: list[Callable[[], None]] = []
    for number, (loop, mentee, mentor) in enumerate(pairs):
        hers, his = f"zq-hers-{number}-end", f"zq-his-{number}-end"
        presses += [send(browsers[mentee.pk], loop, hers), send(browsers[mentor.pk], loop, his)]
        presses += [look(mentee, loop, hers, his), look(mentor, loop, his, hers)]
    together(presses)

    assert half == []
    assert Expectations.objects.count() == 2 * PAIRS
    assert set(Agreement.objects.values_list("number", flat=True)) == {1}
    assert Agreement.objects.count() == PAIRS
    assert Notification.objects.filter(kind="loops.expectations_sent").count() == PAIRS
    for number, (loop, *two) in enumerate(pairs):
        for person in two:
            page = browsers[person.pk].get(reverse("loops:agreement", args=[loop.public_id])).content.decode()
            assert (f"zq-hers-{number}-end" in page, f"zq-his-{number}-end" in page) == (True, True)


@pytest.mark.definition("A3c")
def test_writing_and_confirming_at_one_moment_agree_on_one_version_or_on_none(ground: Cast) -> None:
    pairs = [pair(ground, number) for number in range(PAIRS)]
    for loop, *two in pairs:
        for person in two:
            expects(loop, person, hopes="Courage", sends=True)

    def act(loop: Loop, by: Person, hopes: str) -> Callable[[], str]:
        def press() -> str:
            with scopes_disabled():
                try:
                    if hopes:
                        write_agreement(
                            loop=apart(loop), said=terms(hopes=hopes), by=by, now=NOW, seen=1, confirms=True
                        )
                    else:
                        confirm_agreement(loop=apart(loop), seen=1, by=by, now=NOW)
                except Changed:
                    return "told"
            return "done"

        return press

    came = together([act(loop, by, hopes) for loop, *two in pairs for by, hopes in zip(two, ("More", ""), strict=True)])
    both = together(
        [act(loop, by, hopes) for loop, *two in pairs for by, hopes in zip(two, ("Hers", "His"), strict=True)]
    )

    assert came.count("done") >= PAIRS, "whoever writes from the newest version is never refused"
    assert both == ["told"] * (2 * PAIRS), "all pages were older than what stands"
    assert set(Agreement.objects.values_list("number", flat=True)) == {1, 2}
    assert Agreement.objects.filter(number=2, hopes="More").count() == PAIRS
    assert not Loop.objects.exclude(agreed_at=None).exists(), "nobody has confirmed what the other wrote"


def test_two_who_write_at_once_are_one_version_and_one_word_to_the_other(ground: Cast) -> None:
    loop, mentee, mentor = pair(ground, 1)
    for person in (mentee, mentor):
        expects(loop, person, hopes="Courage", sends=True)
    browsers = [sign_in(person) for person in (mentee, mentor)]
    path = reverse("loops:agreement-version", args=[loop.public_id])

    def press(browser: Client, word: str) -> Callable[[], tuple[int, str]]:
        def send() -> tuple[int, str]:
            answer = browser.post(path, {"hopes": word, "seen": "1", "do": "confirm"})
            return answer.status_code, answer.content.decode()

        return send

    came = sorted(together([press(browsers[0], "zq-hers"), press(browsers[1], "zq-his")]))

    assert [status for status, _words in came] == [302, 409]
    assert ("zq-hers" in came[1][1], "zq-his" in came[1][1]) == (True, True), "what stands, and what was typed"
    assert Agreement.objects.count() == 2
