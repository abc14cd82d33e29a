"""The pages on which a roster is brought in, its columns said, its rows put right, and the good ones kept."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scopes_disabled

from tests.cast import Cast
from tests.signup.test_roster_reading import workbook
from twoway.history.models import Event
from twoway.outbox.models import Delivery
from twoway.people.models import Programme
from twoway.signup.models import Application, Question, Roster
from twoway.signup.tasks import work_on_rosters

pytestmark = pytest.mark.row("F-10")

ROSTERS = "/northwind/grow-together/rosters/"
PEOPLE = "email,name,grade\na@example.org,Ann,HEO\nb@example.org,Bob,SEO\nnobody,Nan,EO\nc@example.org,Cat,EO\n"


@pytest.fixture
def chris(cast: Cast, signed_in: Callable[[Any], Client]) -> Client:
    return signed_in(cast.chris)


def bring(browser: Client, content: str | bytes, **given: str) -> str:
    """Send a file; the address of its roster."""
    raw = content.encode() if isinstance(content, str) else content
    with scopes_disabled():
        intake = Roster.intake.field.related_model.objects.get(name="Autumn").public_id
    response = browser.post(
        ROSTERS, {"file": SimpleUploadedFile("people.csv", raw), "as_role": "", "intake": intake, **given}
    )
    assert response.status_code == 302
    return response.headers["Location"]


def shown(browser: Client, url: str) -> str:
    response = browser.get(url, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def say_columns(browser: Client, url: str, **said: str) -> Any:
    """Take the columns as guessed, but those that are said."""
    with scopes_disabled():
        roster = Roster.objects.get(public_id=url.rstrip("/").rpartition("/")[2])
    data = {f"column-{number}": what for number, what in roster.mapping.items()}
    data |= {name.replace("_", "-"): what for name, what in said.items()}
    return browser.post(f"{url}columns/", {**data, "as_role": "mentee", "usual_capacity": "2"})


def judged(browser: Client, content: str | bytes, **said: str) -> str:
    url = bring(browser, content)
    work_on_rosters(timezone.now())
    response = say_columns(browser, url, **said)
    if "/columns/" in response.headers["Location"]:
        form = browser.get(response.headers["Location"]).context["form"]
        options = browser.get(response.headers["Location"]).context["options"]
        browser.post(response.headers["Location"], {**form.initial, "option": options, "done": "1"})
        say_columns(browser, url, **said)
    return url


# --- from the file to people ------------------------------------------------------------------------


def test_a_file_is_read_by_the_worker_and_the_page_says_how_far_it_is(chris: Client) -> None:
    url = bring(chris, PEOPLE)

    waiting = shown(chris, url)
    part = chris.get(url, headers={"HX-Request": "true"})
    work_on_rosters(timezone.now())
    ready = chris.get(url, headers={"HX-Request": "true"})

    assert "The file waits to be read." in waiting
    assert '<meta http-equiv="refresh"' in waiting
    assert "<html" not in part.content.decode()
    assert (ready.status_code, ready.headers["HX-Refresh"]) == (200, "true")
    assert "What the columns are" in shown(chris, url)


def test_the_way_in_is_on_the_page_of_applications(chris: Client) -> None:
    assert f'href="{ROSTERS}"' in shown(chris, "/northwind/grow-together/applications/")


def test_the_columns_show_header_examples_and_guess(chris: Client) -> None:
    url = bring(chris, PEOPLE)
    work_on_rosters(timezone.now())

    page = chris.get(f"{url}columns/")

    seen = [(item["column"].header, item["column"].examples, item["field"].value()) for item in page.context["columns"]]
    assert seen == [
        ("email", ["a@example.org", "b@example.org", "nobody"], "address"),
        ("name", ["Ann", "Bob", "Nan"], "name"),
        ("grade", ["HEO", "SEO", "EO"], "new:ordered"),
    ]


@pytest.mark.row("F-10")
def test_what_was_said_of_columns_holds_for_the_next_file_with_the_same_headers(chris: Client) -> None:
    url = judged(chris, "email,name,team,grade\na@example.org,Ann,Red,HEO\nb@example.org,Bob,Red,SEO\n",
                 column_2="", column_3="new:short")  # fmt: skip
    chris.post(f"{url}keeping/")
    work_on_rosters(timezone.now())
    turned = bring(chris, "grade,email,team,name\nEO,c@example.org,Blue,Cy\nSEO,d@example.org,Red,Di\n")
    other = bring(chris, "email,name,grade\nc@example.org,Cy,EO\nd@example.org,Di,SEO\n")
    assert [work_on_rosters(timezone.now()) for _file in (turned, other)] == [1, 1]
    with scopes_disabled():
        grade = Question.objects.get(label="Grade")

    pages = [chris.get(f"{one}columns/") for one in (turned, other)]

    seen = [[(item["column"].header, item["field"].value()) for item in page.context["columns"]] for page in pages]
    assert seen[0] == [
        ("grade", f"question:{grade.public_id}"), ("email", "address"), ("team", ""), ("name", "name"),
    ]  # fmt: skip
    assert [page.context["before"] is not None for page in pages] == [True, False]
    assert "The columns are as you said for people.csv, which has the same headers." in pages[0].text


@pytest.mark.row("F-10")
def test_a_new_question_is_as_it_was_put_right_before_and_takes_new_choices_at_its_end(chris: Client) -> None:
    judged(chris, "email,grade\na@example.org,HEO\nb@example.org,SEO\n", column_1="new:single")
    with scopes_disabled():
        first = Roster.objects.get()
        first.new_questions["1"] |= {"label": "Your grade", "options": ["SEO", "HEO"]}
        first.save()
    bring(chris, "email,grade\nc@example.org,EO\nd@example.org,SEO\n")
    work_on_rosters(timezone.now())

    with scopes_disabled():
        second = Roster.objects.latest("pk")
    assert second.mapping == {"0": "address", "1": "new:single"}
    assert (second.new_questions["1"]["label"], second.new_questions["1"]["options"]) == (
        "Your grade", ["SEO", "HEO", "EO"],
    )  # fmt: skip


@pytest.mark.row("F-10")
@pytest.mark.parametrize("words,role", [
    ("both mentor and mentee", "either"), ("Both Mentor and Mentee", "either"), ("mentor and mentee", "either"),
    ("both", "either"), ("Mentor and mentee", "either"), ("Both, with different people", "either"),
    ("Mentors", "mentor"), ("Both guide and learner", "either"), ("guide", "mentor"), ("Learner", "mentee"),
])  # fmt: skip
def test_a_role_is_understood_as_people_and_twoway_write_it(cast: Cast, chris: Client, words: str, role: str) -> None:
    with scopes_disabled():
        Programme.objects.filter(pk=cast.grow.pk).update(mentor_word="Guide", mentee_word="Learner")

    url = judged(chris, f"email,role\na@example.org,{_quoted(words)}\n", column_1="role")
    chris.post(f"{url}keeping/")
    work_on_rosters(timezone.now())

    with scopes_disabled():
        assert [one.role for one in Application.objects.filter(address="a@example.org")] == [role]


@pytest.mark.row("F-10")
@pytest.mark.parametrize("header", ["Role", "Taking part as", "Who"])
def test_a_column_in_the_programmes_own_words_for_its_roles_is_guessed(cast: Cast, chris: Client, header: str) -> None:
    with scopes_disabled():
        Programme.objects.filter(pk=cast.grow.pk).update(mentor_word="Guide", mentee_word="New-comer")
    bring(
        chris, f"email,{header}\na@example.org,New-comer\nb@example.org,guide\nc@example.org,Both guide and new-comer\n"
    )

    work_on_rosters(timezone.now())

    with scopes_disabled():
        assert Roster.objects.get().mapping == {"0": "address", "1": "role"}


def _quoted(words: str) -> str:
    return f'"{words}"'


def test_wrong_columns_are_told_and_what_was_chosen_stays(chris: Client) -> None:
    url = bring(chris, PEOPLE)
    work_on_rosters(timezone.now())

    none = say_columns(chris, url, column_0="", column_2="new:short")
    twice = say_columns(chris, url, column_1="address")

    assert (none.status_code, twice.status_code) == (422, 422)
    assert "Please say which column holds the email address." in none.content.decode()
    assert none.context["form"]["column-2"].value() == "new:short"
    assert twice.context["form"]["column-1"].errors == ["“email” is taken for this already."]


def test_grades_are_put_in_order_before_the_rows_are_judged(chris: Client) -> None:
    url = bring(chris, PEOPLE.replace("HEO", "Blue").replace("SEO", "Red").replace("EO", "Amber"))
    work_on_rosters(timezone.now())

    there = say_columns(chris, url, column_2="new:ordered").headers["Location"]
    page = chris.get(there)
    typed = {"label": "Belt", "audience": "matching", "more": "Black"}
    moved = chris.post(there, {**typed, "option": page.context["options"], "up": "Red"})
    done = chris.post(there, {**typed, "more": "", "option": chris.get(there).context["options"], "done": "1"})
    judged_at = say_columns(chris, url, column_2="new:ordered").headers["Location"]

    assert page.context["options"] == ["Amber", "Blue", "Red"]
    assert (moved.status_code, done.status_code, judged_at) == (302, 302, url)
    with scopes_disabled():
        settings = Roster.objects.get().new_questions["2"]
        assert (settings["label"], settings["options"]) == ("Belt", ["Amber", "Red", "Blue", "Black"])
        assert Question.objects.count() == 0


def test_rows_are_shown_with_their_verdicts_and_reasons_before_anything_is_kept(chris: Client) -> None:
    url = judged(chris, PEOPLE)

    page = chris.get(url)

    assert page.context["summary"] == "3 good, 1 refused"
    assert [(item["row"].number, item["row"].verdict) for item in page.context["rows"]] == [
        (2, "good"), (3, "good"), (4, "refused"), (5, "good"),
    ]  # fmt: skip
    assert "This is not an email address, such as name@example.org." in page.content.decode()
    assert [item["row"].number for item in chris.get(f"{url}?verdict=refused").context["rows"]] == [4]
    with scopes_disabled():
        assert (Application.objects.filter(source="roster").count(), Question.objects.count()) == (0, 0)


def test_a_row_is_put_right_in_place_and_one_comes_back_to_the_same_list(chris: Client) -> None:
    url = judged(chris, PEOPLE)

    back = chris.post(f"{url}rows/4/", {"cell-0": "nan@example.org", "verdict": "refused", "page": "1"})

    assert back.headers["Location"] == f"{url}?verdict=refused&page=1"
    assert chris.get(url).context["summary"] == "4 good"
    assert "In the file: nobody" in shown(chris, f"{url}rows/4/")


def test_near_misses_are_one_press_for_all_rows_with_the_word(chris: Client) -> None:
    lines = "".join(f"p{n}@example.org,Team {n % 2}\n" for n in range(8))
    url = judged(chris, "email,team\n" + lines + "x@example.org,Tean 1\ny@example.org,Tean 1\n")
    with scopes_disabled():
        roster = Roster.objects.get()
        roster.new_questions["1"]["options"] = ["Team 0", "Team 1"]
        roster.save()
    say_columns(chris, url)
    [word] = chris.get(url).context["words"]
    assert (word.word, word.rows, word.offer[0]) == ("Tean 1", 2, "Team 1")

    chris.post(f"{url}words/", {"column": "1", "word": "Tean 1", "to": "Team 1"})

    assert chris.get(url).context["summary"] == "10 good"


def test_keeping_says_what_became_of_the_rows_and_nothing_is_sent(chris: Client) -> None:
    url = judged(chris, PEOPLE)

    chris.post(f"{url}keeping/")
    keeping = shown(chris, url)
    work_on_rosters(timezone.now())
    kept = chris.get(url)

    assert "Keeping the good rows, all in one go." in keeping
    assert (kept.context["tally"].made, kept.context["tally"].left_out, kept.context["uninvited"]) == (3, 1, 3)
    assert [item["row"].number for item in kept.context["rows"]] == [4]
    with scopes_disabled():
        assert Delivery.objects.count() == 0


def test_invitations_leave_only_when_the_coordinator_says_so(chris: Client) -> None:
    url = judged(chris, PEOPLE)
    chris.post(f"{url}keeping/")
    work_on_rosters(timezone.now())

    said = chris.post(f"{url}invitations/", follow=True).content.decode()
    again = chris.post(f"{url}invitations/", follow=True).content.decode()

    assert "3 invitations are on their way." in said
    assert "0 invitations are on their way." in again
    assert sorted(Delivery.objects.values_list("to", flat=True)) == ["a@example.org", "b@example.org", "c@example.org"]
    assert Event.objects.filter(kind="invitation.sent").count() == 1
    assert "Take this file back" not in again


def test_a_kept_file_is_taken_back_after_asking(chris: Client) -> None:
    url = judged(chris, PEOPLE)
    chris.post(f"{url}keeping/")
    work_on_rosters(timezone.now())

    asked = shown(chris, f"{url}taking-back/")
    chris.post(f"{url}taking-back/")

    assert "Take this file back?" in asked
    assert "This file was taken back" in shown(chris, url)
    with scopes_disabled():
        assert Application.objects.filter(source="roster").count() == 0


def test_a_file_is_put_away(chris: Client) -> None:
    url = judged(chris, PEOPLE)

    stopped = chris.post(f"{url}stop/", follow=True)

    said = "people.csv is put away, and nothing of it was kept. If you need it after all, bring it in again here."
    assert [str(message) for message in stopped.context["messages"]] == [said]
    assert re.findall(r'class="pill[^"]*">([^<]+)<', stopped.content.decode()) == ["Put away"]
    assert "Read the file" in stopped.content.decode()
    assert "This file was put away" in shown(chris, url)
    with scopes_disabled():
        assert Roster.objects.get().content is None


# --- what goes wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7", "This is a PDF file, not a table."),
        (b"email,name\n", "The file has a header and nobody below it."),
        (b'email,about\na@example.org,"cut', "The file is cut off in the middle"),
    ],
)
def test_what_is_no_table_is_refused_on_the_page(chris: Client, content: bytes, said: str) -> None:
    url = bring(chris, content)
    work_on_rosters(timezone.now())

    assert said in shown(chris, url)


def test_a_file_that_is_too_large_is_not_taken(chris: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twoway.signup.forms.roster.MOST_BYTES", 10)

    response = chris.post(ROSTERS, {"file": SimpleUploadedFile("people.csv", b"x" * 11), "as_role": "mentor"})

    assert response.status_code == 422
    assert response.context["form"].errors["file"] == ["The file is larger than 10 MB. Please bring it in in parts."]
    assert response.context["form"]["as_role"].value() == "mentor"


def test_another_sheet_of_the_workbook_is_read_instead(chris: Client) -> None:
    content = workbook(("Old", [["email"], ["a@example.org"]]), ("New", [["email"], ["b@example.org"]]))
    url = bring(chris, content)
    work_on_rosters(timezone.now())

    chris.post(f"{url}sheet/", {"sheet": "New"})
    work_on_rosters(timezone.now())

    assert "b@example.org" in shown(chris, url)


def test_what_a_file_says_is_never_markup(chris: Client) -> None:
    script = "<script>alert(1)</script>"
    url = bring(chris, f'email,{script}\na@example.org,"=HYPERLINK(""x"")"\nb@example.org,{script}\n')
    work_on_rosters(timezone.now())

    columns = shown(chris, url)
    say_columns(chris, url)
    rows = shown(chris, url)

    assert (script in columns, script in rows) == (False, False)
    assert "Kept as plain text, although “=” stands first." in rows


def test_one_note_names_all_cells_of_a_row_that_look_like_a_formula(chris: Client) -> None:
    content = "email,name,team,desk\na@example.org,=Ann,=North,Near the door\nb@example.org,=Bob,South,+1 hour\n"
    url = judged(chris, content, column_2="new:short", column_3="new:short")

    page, row = (chris.get(at) for at in (url, f"{url}rows/2/"))

    one = {"header": "name, team", "reason": "Kept as plain text, although “=” stands first."}
    assert page.context["rows"][0]["notes"] == row.context["shown"]["notes"] == [one]
    assert [note["header"] for note in page.context["rows"][1]["notes"]] == ["name", "desk"]


def test_the_preview_asks_as_much_for_many_rows_as_for_few(chris: Client) -> None:
    def asked(rows: int) -> int:
        lines = "".join(f"p{n}@example.org,P {n},{'bad' if n % 3 else 'AO'}\n" for n in range(rows))
        url = judged(chris, "email,name,when\n" + lines, column_2="new:number")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert chris.get(url).status_code == 200
        return len(queries)

    few, many = asked(3), asked(45)

    assert few == many


def test_no_page_names_a_roster_of_another_organisation(
    cast: Cast, chris: Client, signed_in: Callable[[Any], Client]
) -> None:
    url = judged(chris, PEOPLE)

    pages = ["", "columns/", "rows/2/", "columns/2/", "taking-back/"]

    assert {signed_in(cast.dana).get(f"{url}{page}").status_code for page in pages} == {404}
    assert re.fullmatch(r"/northwind/grow-together/rosters/\w{10}/", url)
