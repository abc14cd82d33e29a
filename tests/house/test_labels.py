"""Who can see this: labels and the rule behind them against a table written by hand."""

import pytest

from twoway.people.audience import Audience, Relation, admits, label_for, stricter_of
from twoway.signup.models import Question

# audience -> who is admitted, and the words and symbol of its label. By hand: this is what we promise.
PROMISES = {
    Audience.OWNER: ({"owner"}, "full", "Only you can see this"),
    Audience.APART: (
        {"owner", "matching"},
        "full",
        "Only whoever gives it can read it. Matching uses it; coordinators see that it was given.",
    ),
    Audience.LOOP: ({"owner", "partner"}, "half", "Only the two of you can see this. Coordinators cannot."),
    Audience.COORDINATORS: ({"owner", "coordinator"}, "eye", "You and the coordinators can see this"),
    Audience.MATCHING: (
        {"owner", "coordinator", "matching"},
        "eye",
        "You and the coordinators can see this, and matching uses it",
    ),
    Audience.PARTNERS: (
        {"owner", "coordinator", "matching", "partner", "loopmate"},
        "half",
        "You, people you share a loop with, and the coordinators can see this",
    ),
    Audience.MEMBERS: (
        {"owner", "coordinator", "matching", "partner", "loopmate", "member"},
        "open",
        "Everyone in the programme can see this",
    ),
    Audience.CARD: (
        {"owner", "coordinator", "partner"},
        "half",
        "The two in the loop and the coordinators can see this",
    ),
}


@pytest.mark.row("X-04")
@pytest.mark.definition("A5")
@pytest.mark.parametrize("audience", Audience, ids=lambda audience: audience.value)
def test_what_is_enforced_is_what_is_promised(audience: Audience) -> None:
    readers, symbol, words = PROMISES[audience]

    assert {relation.value for relation in Relation if admits(audience, relation)} == readers
    assert (label_for(audience).symbol, str(label_for(audience).words)) == (symbol, words)


@pytest.mark.row("F-02")
@pytest.mark.parametrize("question", ["coordinators", "matching", "partners", "members"])
@pytest.mark.parametrize("wish", ["coordinators", "matching", "partners", "members"])
def test_a_persons_own_choice_only_ever_narrows(question: str, wish: str) -> None:
    chosen = stricter_of(Audience(question), Audience(wish))

    for relation in Relation:
        assert not admits(chosen, relation) or admits(Audience(question), relation)


@pytest.mark.row("F-02")
def test_a_choice_of_the_form_names_everybody_its_label_names() -> None:
    assert {choice.value: str(choice.label) for choice in Question.Audience} == {
        "coordinators": "Coordinators only",
        "matching": "Coordinators and matching only",
        "partners": "People I am in a loop with",
        "members": "Members of the programme",
    }
