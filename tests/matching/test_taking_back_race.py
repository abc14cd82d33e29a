"""Taking back, the clock and the other's answer, all at the same moment: one of them is first, and nothing is torn."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django_scopes import scopes_disabled

from tests import factories
from tests.factories import NOW
from tests.matching.field import FieldOfPeople, lay
from tests.matching.proposals import HOUR, MINUTE, says
from tests.matching.together import everybody_may_wait, together
from twoway.history.models import Event
from twoway.loops.models import Loop
from twoway.matching import tasks
from twoway.matching.actions.proposal import Over
from twoway.matching.actions.taking_back import take_back_no
from twoway.matching.models import HeldAnswer, Proposal, ProposalAnswer
from twoway.people.models import Notification
from twoway.signup.models import Application

PAIRS = 20
pytestmark = [pytest.mark.slow, pytest.mark.row("M-09")]


@pytest.fixture
def ground(transactional_db: None, now: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[FieldOfPeople]:
    everybody_may_wait(monkeypatch)
    with scopes_disabled():
        yield lay()


def pairs(ground: FieldOfPeople) -> list[Proposal]:
    """Proposals that both have been told of, each between two people of its own."""
    found = []
    for number in range(PAIRS):
        mentee = factories.application(ground.intake, factories.person(), role="mentee")
        found.append(
            Proposal.objects.create(
                intake=ground.intake, mentee=mentee, mentor=ground.mentor(f"Ben {number}"), made_at=NOW,
                state="published", published_at=NOW, told_at=NOW,
            )
        )  # fmt: skip
    return found


def act(proposal: Proposal, side: Application, answer: str, now: datetime = NOW) -> Callable[[], str]:
    """One answer, or "back" to take a no back; what came of it."""

    def press() -> str:
        with scopes_disabled():
            try:
                if answer == "back":
                    assert side.person is not None
                    take_back_no(proposal=proposal, side=side, by=side.person, now=now)
                else:
                    says(proposal, side, answer, now=now)
            except Over:
                return f"{answer} late"
        return f"{answer} done"

    return press


def clock(now: datetime) -> str:
    return f"ended {tasks.end_refused_proposals(now)}"


def told() -> int:
    return Notification.objects.filter(kind="matching.proposal_over").count()


def test_four_clocks_end_each_proposal_once(ground: FieldOfPeople) -> None:
    for proposal in pairs(ground):
        says(proposal, proposal.mentor, "no")

    ended = together([lambda: clock(NOW + HOUR)] * 4)

    assert sum(int(one.split()[1]) for one in ended) == PAIRS
    assert Event.objects.filter(kind="proposal.ended").count() == told() == PAIRS
    assert set(Proposal.objects.values_list("state", "end")) == {("ended", "no")}
    assert (HeldAnswer.objects.count(), ProposalAnswer.objects.count()) == (0, PAIRS)


def test_taking_back_and_the_clock_at_one_moment(ground: FieldOfPeople) -> None:
    found = pairs(ground)
    for proposal in found:
        says(proposal, proposal.mentor, "no")
    back = [act(proposal, proposal.mentor, "back", NOW + HOUR - MINUTE) for proposal in found]

    came = Counter(together([*back, *[lambda: clock(NOW + HOUR)] * 3]))

    states = Counter(Proposal.objects.values_list("state", flat=True))
    assert (came["back done"], came["back late"]) == (states["published"], states["ended"])
    assert Event.objects.filter(kind="proposal.ended").count() == told() == states["ended"]
    assert ProposalAnswer.objects.filter(answer="no").count() == states["ended"]
    assert (sum(states.values()), HeldAnswer.objects.count()) == (PAIRS, 0)


def test_a_no_and_the_others_yes_at_one_moment(ground: FieldOfPeople) -> None:
    """The mentor had said yes. Either the loop opens first, and the no comes late, or no loop opens at all."""
    found = pairs(ground)
    for proposal in found:
        says(proposal, proposal.mentor, "yes")
    noes = [act(proposal, proposal.mentor, "no") for proposal in found]
    yeses = [act(proposal, proposal.mentee, "yes") for proposal in found]

    came = Counter(together([press for two in zip(noes, yeses, strict=True) for press in two]))

    states = Counter(Proposal.objects.values_list("state", flat=True))
    assert (came["yes done"], came["no late"], came["no done"]) == (PAIRS, states["opened"], states["published"])
    assert (Loop.objects.count(), told()) == (states["opened"], 0)
    clock(NOW + HOUR)
    assert told() == states["published"]
    assert HeldAnswer.objects.count() == 0


def test_taking_back_and_the_others_yes_at_one_moment_open_the_loop_whichever_is_first(ground: FieldOfPeople) -> None:
    found = pairs(ground)
    for proposal in found:
        says(proposal, proposal.mentor, "yes")
        says(proposal, proposal.mentor, "no")
    backs = [act(proposal, proposal.mentor, "back") for proposal in found]
    yeses = [act(proposal, proposal.mentee, "yes") for proposal in found]

    came = Counter(together([press for two in zip(backs, yeses, strict=True) for press in two]))

    assert came == {"back done": PAIRS, "yes done": PAIRS}
    assert (Loop.objects.count(), HeldAnswer.objects.count(), told()) == (PAIRS, 0, 0)


def test_two_noes_at_one_moment_both_count_and_nobody_is_written_to(ground: FieldOfPeople) -> None:
    found = pairs(ground)
    sides = [(proposal, side) for proposal in found for side in (proposal.mentee, proposal.mentor)]

    came = Counter(together([act(proposal, side, "no") for proposal, side in sides]))
    clock(NOW + HOUR)

    assert came == {"no done": 2 * PAIRS}
    assert (ProposalAnswer.objects.filter(answer="no").count(), told()) == (2 * PAIRS, 0)
    assert Event.objects.filter(kind="proposal.ended").count() == PAIRS


def test_one_no_pressed_many_times_at_one_moment_is_one(ground: FieldOfPeople) -> None:
    proposal = pairs(ground)[0]

    came = Counter(together([act(proposal, proposal.mentor, "no")] * 8))

    assert came == {"no done": 8}
    assert (HeldAnswer.objects.count(), Event.objects.filter(kind="proposal.answered").count()) == (1, 1)
