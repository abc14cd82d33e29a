"""What is made ready once, when Twoway starts."""

from django.apps import AppConfig


class People(AppConfig):
    name = "twoway.people"

    def ready(self) -> None:
        from twoway.people.mistakes import speak_in_our_own_words

        speak_in_our_own_words()
