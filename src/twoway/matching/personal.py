"""What the matching room holds about a person: who may see each column, handing it over, and forgetting it.

Classes as in `people.personal`. Drafts, scores and causes belong to coordinators; an answer to its owner and the
coordinators, and to its owner alone while it is held; wishes before a round to whoever marked them, alone; the problem
of a round holds answers given for matching, and goes when one of its people is forgotten.
"""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.forms.models import model_to_dict
from django_scopes import scopes_disabled

from twoway.matching.actions.forgetting import drop_problems_with
from twoway.matching.models import HeldAnswer, LeftOver, Proposal, ProposalAnswer, Strike, Wish, WishList, WishTime
from twoway.people.models import Person
from twoway.signup.models import Application

_SYSTEM = {
    "Round": (
        "id intake public_id objective seed with_expected state stage done total cancel_asked_at leased_until attempts"
        " fault made_at started_at finished_at check_asked_at checked_at check_holds"
    ),
    "LeftOver": "id round role",
    "Rehearsal": (
        "id round public_id objective state stage done cancel_asked_at leased_until attempts fault made_at finished_at"
    ),
    "Strike": "id intake at",
    "Proposal": "id intake round public_id state loop made_at published_at told_at lapses_at reminded_at ended_at",
    "ProposalAnswer": "id proposal application at by_word_of_mouth",
    "HeldAnswer": "id proposal application",
    "WishTime": "id intake weight opened_at closed_at told_at",
    "WishList": "id",
    "Wish": "id list",
}
_OWNER = {
    "HeldAnswer": "answer reason by at final_at",
    "WishList": "application question",
    "Wish": "mentor kind",
}
_COORDINATOR = {
    "Round": "name by settings problem receipt figures check_words",
    "LeftOver": "application cause facts",
    "Rehearsal": "by weights left_off found",
    "Strike": "mentee mentor by",
    "Proposal": "mentee mentor by score points warnings others pinned end",
    "ProposalAnswer": "answer reason by",
    "WishTime": "by",
}

COLUMNS = {
    **{f"{model}.{column}": "system" for model, columns in _SYSTEM.items() for column in columns.split()},
    **{f"{model}.{column}": "coordinator" for model, columns in _COORDINATOR.items() for column in columns.split()},
    **{f"{model}.{column}": "owner" for model, columns in _OWNER.items() for column in columns.split()},
    "Proposal.words": "participants", "Proposal.override": "participants",
}  # fmt: skip

_OWN = ("state", "published_at", "lapses_at", "ended_at", "words", "override")


def data_of(person: Person) -> dict[str, Any]:
    """What this room holds about a person: their proposals as they saw them, their own answers and reasons, and that
    a round left them over, and what they marked before it. Never what the other said, nor who wished for them."""
    with scopes_disabled():
        mine = Application.objects.filter(person=person)
        proposals = Proposal.objects.filter(Q(mentee__in=mine) | Q(mentor__in=mine), told_at__isnull=False)
        return {
            "Proposal": [
                {**model_to_dict(row, fields=_OWN), "with": row.mentor.name if row.mentee in mine else row.mentee.name}
                for row in proposals.select_related("mentee", "mentor")
            ],
            "ProposalAnswer": list(
                ProposalAnswer.objects.filter(application__in=mine).values("answer", "reason", "at", "by_word_of_mouth")
            ),
            "HeldAnswer": list(
                HeldAnswer.objects.filter(application__in=mine).values("answer", "reason", "at", "final_at")
            ),
            "WishList": list(WishList.objects.filter(application__in=mine).values("question__label")),
            "Wish": list(Wish.objects.filter(list__application__in=mine).values("mentor__name", "kind")),
            "LeftOver": list(LeftOver.objects.filter(application__in=mine).values("role", "cause", "round__made_at")),
        }


@transaction.atomic
def forget(person: Person) -> None:
    """Delete a person's proposals, answers and what rounds said of them. A round they took part in keeps its figures
    and loses the problem and receipt, which hold their answers and cannot be proven without them."""
    with scopes_disabled():
        mine = Application.objects.filter(person=person)
        entries = list(mine.select_related("intake"))
        Proposal.objects.filter(Q(mentee__in=mine) | Q(mentor__in=mine)).delete()
        ProposalAnswer.objects.filter(application__in=mine).delete()
        HeldAnswer.objects.filter(application__in=mine).delete()
        LeftOver.objects.filter(application__in=mine).delete()
        WishList.objects.filter(application__in=mine).delete()
        Wish.objects.filter(mentor__in=mine).delete()
        WishTime.objects.filter(by=person).update(by=None)
        Strike.objects.filter(Q(mentee__in=mine) | Q(mentor__in=mine)).delete()
        Strike.objects.filter(by=person).update(by=None)
        for entry in entries:
            drop_problems_with(entry.intake, [entry.public_id])
