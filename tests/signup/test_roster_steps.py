"""A roster from its file to people who are expected: read, mapped, checked, mended, kept, taken back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from tests.signup.conftest import Browser, amira
from tests.signup.roster import THREE, bring, judge, keep, people, turn, verdicts
from twoway.history.models import Event
from twoway.matching.actions.draft import dismiss_draft
from twoway.matching.models import LeftOver, Proposal, Round
from twoway.outbox.models import Delivery
from twoway.people.models import Person
from twoway.schedule import TASKS
from twoway.signup.actions import keeping
from twoway.signup.actions import roster as actions
from twoway.signup.actions.invitation import send_invitations
from twoway.signup.models import Answer, Application, Question, Roster, RosterRow
from twoway.signup.queries import roster as queries
from twoway.signup.tasks import empty_old_rosters, work_on_rosters

pytestmark = [pytest.mark.usefixtures("open_scope"), pytest.mark.row("F-10")]


# --- the whole way ----------------------------------------------------------------------------------


def test_good_rows_become_expected_people_with_answers_and_nobody_is_written_to(cast: Cast) -> None:
    persons = Person.objects.count()
    roster = judge(cast, THREE, "mentee")

    keep(cast, roster)

    assert roster.state == "kept"
    assert people() == [
        ("a@example.org", "Ann", "mentee"), ("b@example.org", "Bob", "mentee"), ("c@example.org", "Cat", "mentee"),
    ]  # fmt: skip
    assert set(Application.objects.filter(source="roster").values_list("state", "person")) == {("expected", None)}
    grade = Question.objects.get(label="Grade")
    assert (grade.kind, [option["label"] for option in grade.options]) == ("ordered", ["EO", "HEO", "SEO"])
    assert list(Answer.objects.order_by("application__address").values_list("value", flat=True)) == ["heo", "seo", "eo"]
    assert (Delivery.objects.count(), Person.objects.count()) == (0, persons)


def test_keeping_is_one_event_and_forgets_the_file(cast: Cast) -> None:
    roster = keep(cast, judge(cast, THREE))

    kept = Event.objects.get(kind="roster.kept")
    assert (kept.by, kept.about, kept.facts) == (
        cast.chris.pk, f"roster {roster.public_id}", {"new": 3, "updated": 0},
    )  # fmt: skip
    assert roster.content is None
    assert list(RosterRow.objects.values_list("cells", flat=True)) == [[], [], []]


def test_only_good_rows_are_kept_and_the_others_stay_to_be_seen(cast: Cast) -> None:
    roster = judge(cast, THREE + "nobody,Dan,EO\na@example.org,Twin,EO\n,Eve,EO\n")
    assert verdicts(roster) == (3, 0, 3)

    keep(cast, roster)

    assert [address for address, _name, _role in people()] == ["a@example.org", "b@example.org", "c@example.org"]
    assert list(roster.rows.filter(kept=False).order_by("number").values_list("number", flat=True)) == [5, 6, 7]
    assert queries.tally_of(roster) == queries.Tally(made=3, updated=0, untouched=0, left_out=3)


def test_a_known_address_and_an_unknown_one_are_written_alike(cast: Cast) -> None:
    """Dana has an account, in another organisation; the file shows no sign of it and touches nothing of hers."""
    roster = keep(cast, judge(cast, "email,name\ndana@harbour.example,D\nnew@harbour.example,N\n"))

    made = Application.objects.filter(source="roster").order_by("pk")
    assert [(row.state, row.person, row.membership, row.verified_at) for row in made] == [
        ("expected", None, None, None)
    ] * 2
    assert queries.tally_of(roster) == queries.Tally(made=2, updated=0, untouched=0, left_out=0)


def test_a_file_taken_again_doubles_nobody_and_changes_nothing(cast: Cast) -> None:
    keep(cast, judge(cast, THREE, "mentee"))

    again = judge(cast, THREE, "mentee")
    said = [fault["reason"] for row in again.rows.order_by("number") for fault in row.faults]
    keep(cast, again)

    assert said == ["Already here: unchanged."] * 3
    assert (Application.objects.filter(source="roster").count(), Answer.objects.count()) == (3, 3)
    assert queries.tally_of(again) == queries.Tally(made=0, updated=0, untouched=3, left_out=0)


def test_a_later_file_adds_to_those_who_are_expected(cast: Cast) -> None:
    keep(cast, judge(cast, THREE, "mentee"))

    later = judge(cast, "email,name,grade\nA@example.org,Anna,SEO\nd@example.org,Dan,EO\n")
    keep(cast, later)

    assert people()[0] == ("a@example.org", "Anna", "mentee")
    assert queries.tally_of(later) == queries.Tally(made=1, updated=1, untouched=0, left_out=0)
    assert Answer.objects.get(application__address="a@example.org").value == "seo"


def test_a_member_is_left_as_they_are(cast: Cast) -> None:
    before = Application.objects.get(person=cast.amira)

    roster = keep(cast, judge(cast, "email,name,role\namira@northwind.example,Someone,mentor\n"))

    after = Application.objects.get(person=cast.amira)
    assert (after.name, after.role, after.state) == (before.name, before.role, "joined")
    assert queries.tally_of(roster) == queries.Tally(made=0, updated=0, untouched=1, left_out=0)


# --- the worker -------------------------------------------------------------------------------------


def test_what_is_no_table_is_refused_and_forgotten(cast: Cast) -> None:
    roster = turn(bring(cast, b"%PDF-1.7"))

    assert (roster.state, roster.content) == ("refused", None)
    assert roster.fault == "This is a PDF file, not a table. Please save the list as CSV or .xlsx."


def test_a_dead_workers_roster_is_taken_up_again_after_its_lease(cast: Cast) -> None:
    roster = bring(cast, THREE)
    claimed = actions.claim_roster(timezone.now())
    assert claimed == roster
    RosterRow.objects.create(roster=roster, number=2, cells=["half", "read"])

    too_early = work_on_rosters(timezone.now())
    in_time = work_on_rosters(timezone.now() + actions.LEASE + timedelta(seconds=1))

    roster.refresh_from_db()
    assert (too_early, in_time, roster.state) == (0, 1, "mapping")
    assert [row.number for row in roster.rows.order_by("number")] == [2, 3, 4]


def test_a_worker_that_was_thought_dead_writes_nothing_more(cast: Cast) -> None:
    bring(cast, THREE)
    slow = actions.claim_roster(timezone.now())
    assert slow is not None
    actions.claim_roster(timezone.now() + actions.LEASE)

    with pytest.raises(actions.Stopped):
        actions.read_roster(roster=slow, now=NOW)


def test_what_ends_every_worker_is_given_up(cast: Cast) -> None:
    roster = bring(cast, THREE)
    Roster.objects.update(tries=actions.MOST_TRIES)

    turn(roster)

    assert roster.state == "refused"
    assert roster.fault.startswith("This did not work several times.")


def test_a_roster_stopped_while_it_is_read_is_put_away(cast: Cast) -> None:
    roster = bring(cast, THREE)
    reading = actions.claim_roster(timezone.now())
    assert reading is not None

    actions.stop_roster(roster=roster, by=cast.chris, now=NOW)
    with pytest.raises(actions.Stopped):
        actions.read_roster(roster=reading, now=NOW)

    roster.refresh_from_db()
    assert (roster.state, roster.content, roster.rows.count()) == ("cancelled", None, 0)


def test_a_long_roster_is_judged_by_the_worker(cast: Cast) -> None:
    lines = "".join(f"p{n}@example.org,P {n}\n" for n in range(actions.AT_ONCE + 1))

    roster = judge(cast, "email,name\n" + lines)
    assert (roster.state, verdicts(roster)) == ("checking", (0, 0, 0))
    turn(roster)

    assert (roster.state, verdicts(roster)) == ("ready", (actions.AT_ONCE + 1, 0, 0))


def test_a_fault_while_keeping_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database refuses in the middle: neither people nor questions nor an event remain."""
    roster = judge(cast, THREE, "mentee")
    keeping.ask_to_keep(roster=roster, by=cast.chris)

    def refuse(*_given: Any, **_named: Any) -> None:
        raise IntegrityError

    with monkeypatch.context() as patched:
        patched.setattr(type(Answer.objects.all()), "bulk_create", refuse)
        with pytest.raises(IntegrityError):
            keeping.keep_roster(roster=roster, now=NOW)

    assert (people(), Question.objects.count(), Event.objects.filter(kind="roster.kept").count()) == ([], 0, 0)
    roster.refresh_from_db()
    assert roster.state == "keeping"


# --- mending ----------------------------------------------------------------------------------------


# --- taking back ------------------------------------------------------------------------------------


def test_a_roster_is_taken_back_whole(cast: Cast) -> None:
    keep(cast, judge(cast, THREE, "mentee"))
    later = keep(cast, judge(cast, "email,name,grade\na@example.org,Anna,SEO\nd@example.org,Dan,EO\n", "mentor"))

    taken = keeping.take_back_roster(roster=later, by=cast.chris, now=NOW)

    later.refresh_from_db()
    assert (taken, later.state, later.rows.count()) == (True, "taken_back", 0)
    assert people() == [
        ("a@example.org", "Ann", "mentee"), ("b@example.org", "Bob", "mentee"), ("c@example.org", "Cat", "mentee"),
    ]  # fmt: skip
    assert Answer.objects.get(application__address="a@example.org").value == "heo"


def test_it_stays_once_somebody_was_invited_has_begun_or_was_added_to(cast: Cast) -> None:
    first = keep(cast, judge(cast, THREE, "mentee"))
    assert queries.why_it_stays(first) == ""
    person = factories.person("Cat")

    later = keep(cast, judge(cast, "email,name\na@example.org,Anna\n"))
    Roster.objects.filter(pk=later.pk).update(finished_at=first.finished_at + timedelta(hours=1))
    assert queries.why_it_stays(first) == "A later file has added to the same people. Take that one back first."
    send_invitations(applications=queries.uninvited_of(first)[:1], by=cast.chris, now=NOW)
    assert queries.why_it_stays(first) == "Somebody of it has been invited."
    Application.objects.filter(address="c@example.org").update(person=person)

    assert queries.why_it_stays(first) == "Somebody of it has begun to sign up, or has left again."
    assert keeping.take_back_roster(roster=first, by=cast.chris, now=NOW) is False
    assert len(people()) == 3


def test_a_draft_nobody_was_told_of_holds_a_file_only_until_it_is_dismissed(cast: Cast) -> None:
    roster = keep(cast, judge(cast, THREE, "mentee"))
    ann, bob = Application.objects.get(address="a@example.org"), Application.objects.get(address="b@example.org")
    round = Round.objects.create(
        intake=cast.autumn, name="Round 1", objective="most_then_best", by=cast.chris, made_at=NOW, state="done"
    )
    LeftOver.objects.create(round=round, application=bob, role="mentee", cause="no_candidate")
    assert queries.why_it_stays(roster) == ""
    draft = Proposal.objects.create(
        intake=cast.autumn, round=round, mentee=ann, mentor=amira(cast), score=1, made_at=NOW, by=cast.chris
    )
    assert "can be dismissed on the page of its round" in queries.why_it_stays(roster)

    dismiss_draft(proposal=draft, by=cast.chris, now=NOW)

    assert keeping.take_back_roster(roster=roster, by=cast.chris, now=NOW) is True
    assert people() == []


@pytest.mark.row("M-05")
@pytest.mark.parametrize("added_to", [False, True], ids=["somebody it brought", "somebody it added to"])
def test_a_round_worked_out_with_its_people_loses_what_they_answered(cast: Cast, added_to: bool) -> None:
    if added_to:
        keep(cast, judge(cast, "email,name\na@example.org,Anna\n", "mentee"))
    roster = keep(cast, judge(cast, "email,grade\na@example.org,SEO\n", "mentee"))
    ann = Application.objects.get(address="a@example.org").public_id
    with_ann, without = (
        Round.objects.create(
            intake=cast.autumn, name=name, objective="most_then_best", by=cast.chris, made_at=NOW, state="done",
            problem={"mentees": [{"id": who, "answers": {"grade": "seo"}}], "mentors": []}, receipt={"pairs": []},
            figures={"placed": 0}, checked_at=NOW, check_holds=True, check_words="It holds.",
        )
        for name, who in (("Round 1", ann), ("Round 2", amira(cast).public_id))
    )  # fmt: skip

    assert keeping.take_back_roster(roster=roster, by=cast.chris, now=NOW) is True

    with_ann.refresh_from_db()
    without.refresh_from_db()
    assert (with_ann.problem, with_ann.receipt, with_ann.check_words, with_ann.checked_at) == (None, None, "", None)
    assert with_ann.figures == {"placed": 0}
    assert (without.problem is None, without.receipt, without.check_holds) == (False, {"pairs": []}, True)
    assert Application.objects.filter(address="a@example.org").exists() is added_to


def test_its_people_are_found_from_its_rows_not_the_file_from_each_person(cast: Cast) -> None:
    roster = keep(cast, judge(cast, THREE, "mentee"))

    asked = str(queries.kept_applications(roster).query)

    assert (asked.count("EXISTS"), asked.count("IN (SELECT")) == (0, 1)
    assert [one.address for one in queries.kept_applications(roster)] == [
        "a@example.org", "b@example.org", "c@example.org",
    ]  # fmt: skip


# --- the files of the civil service -----------------------------------------------------------------


# --- forgetting -------------------------------------------------------------------------------------


def test_what_a_file_left_out_is_forgotten_30_days_after_it_was_kept(cast: Cast, signed_in: Browser) -> None:
    roster = keep(cast, judge(cast, THREE + "token-of-a-row,token-of-Dan,EO\n"))
    waiting = judge(cast, "email,name\ntoken-of-a-row,token-of-Dan\n")
    page = f"/northwind/grow-together/rosters/{roster.public_id}/"
    chris = signed_in(cast.chris)
    kept_at = roster.finished_at
    assert kept_at is not None
    almost = kept_at + timedelta(days=30) - timedelta(seconds=1)

    early = empty_old_rosters(almost)
    before = chris.get(page).content.decode()
    due = [empty_old_rosters(kept_at + timedelta(days=30)) for _once_and_again in range(2)]
    after = chris.get(page).content.decode()

    [row] = RosterRow.objects.filter(roster=roster, kept=False)
    assert (early, due) == (0, [1, 0])
    assert ("token-of-Dan" in before, "token-of" in after) == (True, False)
    assert "is kept until 23 December, then forgotten" in before
    assert "was forgotten on 23 December; their numbers remain" in after
    assert (row.number, row.verdict, row.cells, row.faults, row.address) == (5, "refused", [], [], "")
    assert [event.facts for event in Event.objects.filter(kind="roster.emptied")] == [{"rows": 1}]
    assert RosterRow.objects.get(roster=waiting).cells[1] == "token-of-Dan"


def test_the_clock_forgets_left_out_rows() -> None:
    assert empty_old_rosters in [task.run for task in TASKS]
