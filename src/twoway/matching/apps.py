"""What is made ready once, when Twoway starts."""

from django.apps import AppConfig


class Matching(AppConfig):
    name = "twoway.matching"

    def ready(self) -> None:
        from twoway.matching.actions.forgetting import drop_problems_with
        from twoway.signup.leaving import ask_when_answers_go

        ask_when_answers_go(drop_problems_with)
