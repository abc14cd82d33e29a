"""Free texts read by a model the operator named: in rounds, by hand, and said wherever a fit is shown."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from matchengine.text.folder import seal
from tests.engine.compass import make_folder
from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from twoway.matching import meaning
from twoway.matching.checking import check_receipt
from twoway.matching.meaning import model_in_words
from twoway.matching.models import Proposal, Round
from twoway.matching.personal import forget
from twoway.matching.prepare import problem_for
from twoway.people.models import Person

pytestmark = pytest.mark.row("M-02", "M-05")

SignedIn = Callable[[Person | None], Client]
AT = "/northwind/grow-together"
LETTERS = "Free texts: compared by the letters they share (character TF-IDF), not by meaning"
MODEL = "Free texts: compared by meaning, as read by compass"


@pytest.fixture
def model(tmp_path: Path, settings: Any) -> Path:
    folder = make_folder(tmp_path / "model")
    seal(folder, "compass")
    settings.TEXT_MODEL = str(folder)
    return folder


@pytest.fixture
def chris(ground: FieldOfPeople, signed_in: SignedIn) -> Client:
    return signed_in(ground.chris)


def some(ground: FieldOfPeople) -> None:
    ground.mentee("Amira", goal="Look after money.")
    ground.mentee("Dora", goal="Speak before an audience.")
    ground.mentor("Ben", offer="Vortrag und voice.")
    ground.mentor("Cleo", offer="Budgets and accounts.")


def read(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def sentences(round: Round) -> set[str]:
    assert round.problem is not None
    return set(round.problem["meaning"]["sentences"])


def test_a_round_reads_by_meaning_and_its_pages_say_so(ground: FieldOfPeople, model: Path, chris: Client) -> None:
    some(ground)

    round = ground.run()

    assert ground.pairs() == [("Amira", "Cleo"), ("Dora", "Ben")]
    goal = next(one for one in Proposal.objects.get(mentee__person__name="Dora").points if one["use"] == "text")
    assert goal["phrases"] == [["Speak before an audience.", "Vortrag und voice."]]
    assert round.receipt is not None
    assert round.receipt["text"]["scorer"] == "compass"
    assert check_receipt(round).holds
    assert MODEL in read(chris, f"{AT}/rounds/{round.public_id}/")
    proof = read(chris, f"{AT}/rounds/{round.public_id}/proof/")
    assert "Free texts were read by compass." in proof
    assert round.receipt["text"]["checksum"][:12] in proof


def test_without_a_model_the_pages_say_that_letters_were_compared(ground: FieldOfPeople, chris: Client) -> None:
    some(ground)

    round = ground.run()

    assert round.receipt is not None
    assert ("text" in round.receipt, "meaning" in (round.problem or {})) == (False, False)
    for path in ("", "proof/"):
        page = read(chris, f"{AT}/rounds/{round.public_id}/{path}")
        assert (LETTERS in page, "Free texts were read by" in page) == (True, False)


def test_a_form_without_texts_says_nothing_of_them(ground: FieldOfPeople, model: Path, chris: Client) -> None:
    some(ground)
    ground.questions["goal"].use = "off"
    ground.questions["goal"].save()

    round = ground.run()

    assert round.figures["texts"] is None
    assert "Free texts" not in read(chris, f"{AT}/rounds/{round.public_id}/")


def test_a_second_round_reads_only_what_is_new(ground: FieldOfPeople, model: Path, settings: Any) -> None:
    some(ground)
    first = ground.run()
    ground.mentor("Eli", offer="Paint the walls.")
    told: list[tuple[int, int]] = []

    problem_for(first, NOW, lambda done, total: told.append((done, total)))

    assert told == [(0, 1)]
    assert len(sentences(ground.run(name="Round 2")) - sentences(first)) == 1


def test_another_model_reads_everything_anew(ground: FieldOfPeople, model: Path, settings: Any, tmp_path: Path) -> None:
    some(ground)
    first = ground.run()
    other = make_folder(tmp_path / "other")
    seal(other, "compass", prefix="please: ")
    settings.TEXT_MODEL = str(other)
    told: list[tuple[int, int]] = []

    problem_for(first, NOW, lambda done, total: told.append((done, total)))

    assert told == [(0, 4)]


def test_what_the_model_said_goes_with_whoever_is_forgotten(ground: FieldOfPeople, model: Path) -> None:
    some(ground)
    round = ground.run()

    forget(Person.objects.get(name="Amira"))

    round.refresh_from_db()
    assert (round.problem, round.receipt) == (None, None)


def test_a_model_that_fails_stops_the_round_with_a_word(ground: FieldOfPeople, model: Path, chris: Client) -> None:
    some(ground)
    (model / "onnx" / "model.onnx").write_bytes(b"another")

    round = ground.run()

    assert (round.state, round.fault) == ("failed", "text_model")
    page = read(chris, f"{AT}/rounds/{round.public_id}/")
    assert "Free texts are to be read by a model, and it could not be used." in page
    assert str(model) not in page
    assert ground.pairs() == []


def test_by_hand_says_what_was_compared(ground: FieldOfPeople, model: Path, chris: Client, settings: Any) -> None:
    some(ground)
    amira = ground.mentee("Ama", goal="Money.")
    path = f"{AT}/proposals/by-hand/{amira.public_id}/"
    assert MODEL in read(chris, path)

    settings.TEXT_MODEL = str(model / "nowhere")
    assert LETTERS in read(chris, path)
    settings.TEXT_MODEL = ""
    assert LETTERS in read(chris, path)


def test_a_page_does_not_wait_for_hundreds_of_sentences(
    ground: FieldOfPeople, model: Path, chris: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(ground)
    amira = ground.mentee("Ama", goal="Money.")
    monkeypatch.setattr(meaning, "MOST_ON_A_PAGE", 2)
    path = f"{AT}/proposals/by-hand/{amira.public_id}/"
    assert LETTERS in read(chris, path)

    ground.run()

    assert MODEL in read(chris, path)


def test_the_model_is_named_in_one_sentence(model: Path, settings: Any) -> None:
    assert model_in_words()[0] is True
    assert model_in_words()[1].startswith("Free texts are read by compass, checksum ")

    settings.TEXT_MODEL = str(model / "nowhere")
    assert model_in_words() == (
        False,
        f"TWOWAY_TEXT_MODEL cannot be used: {model / 'nowhere'} holds no sealed text model: "
        "text-model.json is missing.",
    )
    settings.TEXT_MODEL = ""
    assert model_in_words() == (True, "No text model: free texts are compared by the letters they share.")
