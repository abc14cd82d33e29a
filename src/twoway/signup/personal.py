"""What sign-up holds about a person: who may see each column, handing it over, and forgetting it.

The classes are those of people/personal.py. An answer is classed by its widest reader; its question and its
owner's own choice narrow it, by people.audience.
"""

from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django_scopes import scopes_disabled

from twoway.people.models import Person
from twoway.signup.models import Answer, Application, Invitation, Roster

_FORM = {
    "Form": "id programme made_at",
    "Question": (
        "id form public_id place section kind label help options limits required asked_of show_if audience use weight"
        " steps both_ways meets what_i_help_with protected retired_at"
    ),
}
_OFFICE = {
    "Application": (
        "address name role capacity capacity_here rhythm_days state source last_step adult not_for_seen_at"
        " terms_version terms_at verified_at made_at sent_at decided_at decided_by decline_words"
    ),
    "Invitation": "by suggested words made_at sent_at expires_at withdrawn_at accepted_at",
    "Roster": (
        "by file_name content sheet sheets headers mapping new_questions usual_capacity as_role state fault done total"
        " made_at finished_at"
    ),
    "RosterRow": "number cells corrections verdict faults notes address kept before",
}
_BARE = {
    "Application": "id intake public_id person membership resume_digest",
    "Answer": "id application question changed_at",
    "Invitation": "id application public_id token",
    "Roster": "id intake public_id leased_until tries columns_said",
    "RosterRow": "id roster application",
}


def _classed(tables: dict[str, str], reader: str) -> dict[str, str]:
    return {f"{model}.{column}": reader for model, columns in tables.items() for column in columns.split()}


COLUMNS = {
    **_classed(_FORM, "public"),
    **_classed(_OFFICE, "coordinator"),
    **_classed(_BARE, "system"),
    "Answer.value": "members",
    "Answer.stricter": "coordinator",
}


def data_of(person: Person) -> dict[str, Any]:
    """Every sign-up of a person with its answers, and whom they have invited or suggested."""
    with scopes_disabled():
        applications = list(Application.objects.filter(person=person).select_related("intake__programme"))
        answers = Answer.objects.filter(application__in=applications).select_related("question")
        return {
            "Application": [
                {**model_to_dict(row, exclude=["resume_digest"]), "programme": row.intake.programme.name}
                for row in applications
            ],
            "Answer": [
                {"question": row.question.label, "value": row.value, "seen_by": row.stricter or row.question.audience}
                for row in answers
            ],
            "Invitation": list(
                Invitation.objects.filter(by=person).values("application__address", "suggested", "words", "made_at")
            ),
            "Roster": list(Roster.objects.filter(by=person).values("file_name", "made_at")),
        }


@transaction.atomic
def forget(person: Person) -> None:
    """Delete a person's sign-ups with their answers, and take their name off what they did for others."""
    with scopes_disabled():
        Application.objects.filter(person=person).delete()
        Application.objects.filter(decided_by=person).update(decided_by=None)
        Invitation.objects.filter(by=person, suggested=True).update(words="")
        Invitation.objects.filter(by=person).update(by=None)
        Roster.objects.filter(by=person).update(by=None)
