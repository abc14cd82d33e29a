from django.db.models import QuerySet

from twoway.people.models import Programme
from twoway.signup.models import Answer, Form, Question


def form_of(programme: Programme) -> Form | None:
    """A programme's form; none before anything was asked."""
    return Form.objects.filter(programme=programme).select_related("programme__organisation").first()


def says_what_helps(programme: Programme) -> bool:
    """Whether anything is asked that says what a mentor helps with; without it no mentor can be matched."""
    return Question.objects.filter(form__programme=programme, retired_at=None, what_i_help_with=True).exists()


def questions_of(programme: Programme) -> list[Question]:
    """The questions asked now, in order."""
    return list(questions_asked(programme).select_related("meets", "form"))


def questions_asked(programme: Programme) -> QuerySet[Question]:
    """The same without the form and what each meets."""
    return Question.objects.filter(form__programme=programme, retired_at=None).order_by("place", "pk")


def retired_questions_of(programme: Programme) -> list[Question]:
    """Questions no longer asked, whose answers stay."""
    return list(Question.objects.filter(form__programme=programme, retired_at__isnull=False).order_by("-retired_at"))


def question_in(programme: Programme, public_id: str) -> Question | None:
    found = Question.objects.filter(form__programme=programme, public_id=public_id)
    return found.select_related("form__programme", "meets").first()


def answered_options(question: Question) -> set[str]:
    """The keys of options that somebody has chosen."""
    keys: set[str] = set()
    for value in Answer.objects.filter(question=question).values_list("value", flat=True):
        keys |= set(value) if isinstance(value, list) else {value} if isinstance(value, str) else set()
    return keys


def answer_count(question: Question) -> int:
    """How many people have answered a question."""
    return Answer.objects.filter(question=question).count()
