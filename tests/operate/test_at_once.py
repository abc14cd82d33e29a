"""The same thing pressed twice at once: kept once, and nobody sees a fault."""

import threading

import pytest
from django.db import connections
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from twoway.signup.actions.application import save_answers
from twoway.signup.models import Answer, Application, Question


@pytest.mark.slow
@pytest.mark.row("F-02")
def test_a_page_that_saves_itself_and_its_button_keep_one_answer(transactional_db: None, cast: Cast) -> None:
    with scopes_disabled():
        question = factories.question(factories.form(cast.grow), "What would you like?", "short")
        application = factories.application(cast.autumn, factories.person("Noor Haddad"), state="started")
    start, faults = threading.Barrier(5, timeout=60), []

    def save() -> None:
        try:
            with scopes_disabled():
                mine = Application.objects.get(pk=application.pk)
                posted = {Question.objects.get(pk=question.pk): "Speaking up"}
                start.wait()
                save_answers(application=mine, posted=posted, step="questions-1", by=mine.person, now=NOW)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=save) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with scopes_disabled():
        assert (faults, Answer.objects.filter(application=application).count()) == ([], 1)
