"""Every part of the look in made-up pages, drawn for tests only; the product has no address for them."""

import datetime
from pathlib import Path
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.utils import translation

SCENES = ["home", "round", "loop", "forms", "list", "confirm"]
COORDINATORS = ["Desk", "People", "Matching", "Loops", "Sign-up", "Settings", "Record"]
FOLDER = Path(__file__).parent / "specimen"
NOW = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.UTC)


class MessageForm(forms.Form):
    text = forms.CharField(
        label="Write to Ben",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "Write to Ben"}),
    )


class EveryField(forms.Form):
    name = forms.CharField(label="Your name", help_text="As people call you.")
    mail = forms.EmailField(label="Your address")
    goal = forms.CharField(
        label="What would you like to get better at?", max_length=600, widget=forms.Textarea, required=False
    )
    grade = forms.ChoiceField(
        label="Grade", choices=[("", "Choose one"), ("1", "Analyst"), ("2", "Manager")], required=False
    )
    born = forms.DateField(label="First day here", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    role = forms.ChoiceField(
        label="You would like to",
        choices=[("a", "learn from a mentor"), ("b", "be a mentor"), ("c", "do both")],
        widget=forms.RadioSelect,
    )
    days = forms.MultipleChoiceField(
        label="Good days",
        choices=[("mo", "Monday"), ("tu", "Tuesday"), ("we", "Wednesday")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    sure = forms.ChoiceField(
        label="How sure are you of your goal?",
        choices=[(n, n) for n in range(1, 6)],
        widget=forms.RadioSelect,
    )
    places = forms.IntegerField(label="How many mentees can you take?", min_value=0, required=False)
    skills = forms.MultipleChoiceField(
        label="Skills you would like",
        help_text="Choose as many as you like.",
        choices=[
            (str(n), word)
            for n, word in enumerate(
                [
                    "presenting",
                    "facilitation",
                    "budgeting",
                    "coding",
                    "hiring",
                    "strategy",
                    "negotiation",
                    "writing",
                    "product",
                    "research",
                    "data",
                    "design",
                    "leading people",
                    "saying no",
                ]
            )
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    tongues = forms.MultipleChoiceField(
        label="Languages",
        choices=[("en", "English"), ("pt", "Português"), ("ar", "العربية")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    roster = forms.FileField(label="Roster", help_text="CSV or Excel, up to 10 MB.", required=False)
    agree = forms.BooleanField(label="I have read how my answers are used")


def _parts(*points: int) -> list[dict[str, Any]]:
    rows = [
        ("Meaning of goals", 40, "speak up · finding your voice"),
        ("Skills wanted", 30, "2 of 3 offered"),
        ("Shared hours", 15, "11 hours a week"),
        ("Seniority gap", 15, "two grades"),
    ]
    return [
        {"label": label, "of": of, "reason": why, "points": got}
        for (label, of, why), got in zip(rows, points, strict=True)
    ]


def _doors(*labels: str) -> list[dict[str, Any]]:
    icons = {"Loops": "loop", "Sign-up": "mail", "Record": "reflection", "Reflections": "reflection"}
    return [
        {"label": label, "url": f"#{label}", "icon": icons.get(label, label.lower()), "current": not at}
        for at, label in enumerate(labels)
    ]


def context() -> dict[str, Any]:
    pairs = [
        {
            "first": "Amira Mansour",
            "second": "Ben Kowalski",
            "line": "Analyst · Design lead",
            "score": 83,
            "parts": _parts(38, 24, 12, 9),
            "reason": "wants “speaking up in meetings”, he offers facilitation; both Lisbon mornings",
            "chosen": True,
            "pill": "pinned",
        },
        {
            "first": "Joon O.",
            "second": "Priya S.",
            "line": "Engineer · Staff engineer",
            "score": 79,
            "parts": _parts(32, 28, 10, 9),
            "reason": "system design; same working hours",
        },
        {
            "first": "Wilhelmina-Alexandra Featherstonehaugh",
            "second": "Bartholomew Okonkwo-Richardson",
            "line": "Buyer · Product director",
            "score": 66,
            "parts": _parts(26, 31, 5, 4),
            "reason": "“moving into product”; 2 hours of shared time only",
        },
        {
            "first": "Mats K.",
            "second": "Hanna V.",
            "line": "Trainee · Controller",
            "score": 8,
            "parts": _parts(8, 0, 0, 0),
            "reason": "budgeting; speaks Finnish and German like him",
        },
    ]
    form = EveryField(
        data={"name": "", "mail": "amira at example", "skills": ["0", "3"], "goal": "Speak up.", "role": "a"}
    )
    form.is_valid()
    return {
        "now": NOW,
        "soon": datetime.datetime(2026, 11, 26, 14, 0, tzinfo=datetime.UTC),
        "later": datetime.date(2026, 12, 3),
        "past": datetime.datetime(2026, 11, 18, 17, 12, tzinfo=datetime.UTC),
        "navigation": _doors("Home", "Loops", "Board", "Learn", "Reflections"),
        "account": {
            "name": "Amira Mansour",
            "key": 1,
            "line": "mentee in Grow Together",
            "sign_out_url": "/out/",
            "links": [{"label": "Your profile", "url": "/me/", "icon": "person"}],
        },
        "switcher": {
            "current": "Grow Together",
            "items": [
                {"label": "Grow Together", "url": "#1", "current": True},
                {"label": "First Year", "url": "#2"},
            ],
        },
        "demo": {
            "text": "This is a demo. Its people and letters are made up.",
            "url": "/demo/mail/",
            "label": "See the letters",
        },
        "version": "0.1.0",
        "csrf_token": "token",
        "footer_links": [{"label": "Accessibility", "url": "/accessibility/"}],
        "chips": [
            {"label": "All", "count": 118, "url": "#a", "current": True},
            {"label": "Lowest fit", "url": "#b"},
            {"label": "Rule nearly broken", "count": 6, "url": "#c"},
            {"label": "Pinned", "count": 3, "url": "#d"},
        ],
        "tabs": [
            {"label": "Everyone", "url": "#a", "current": True, "count": 210},
            {"label": "Mentors", "url": "#b", "count": 90},
            {"label": "Mentees", "url": "#c"},
        ],
        "keys": [{"key": "j", "does": "next"}, {"key": "k", "does": "the one before"}],
        "pairs": pairs,
        "list_page": Paginator(range(118), 25).page(2),
        "form": form,
        "message_form": MessageForm(),
        "steps": [
            {"label": "Matched", "state": "done"},
            {"label": "Agreed", "state": "done"},
            {"label": "Met", "state": "now"},
            {"label": "Growing", "state": "later"},
            {"label": "Flourishing", "state": "later"},
        ],
        "setup": [
            {"label": "About you", "state": "done", "url": "#1"},
            {"label": "Your goals", "state": "now"},
            {"label": "Your time", "state": "later"},
        ],
        "question": "Publish 118 proposals?",
        "explanation": "Each person hears about their own proposal, and nobody else's.",
        "consequences": [
            "236 people get a letter today.",
            "The rules and weights of this round can no longer change.",
            "You can take back a proposal until both have said yes.",
        ],
        "confirm_label": "Publish 118 proposals",
        "back_url": "#round",
    }


def draw(scene: str, *, language: str = "en", **more: Any) -> str:
    """The HTML of one made-up page."""
    template = engines["django"].from_string((FOLDER / f"{scene}.html").read_text())
    if scene == "round":
        more.setdefault("navigation", _doors(*COORDINATORS))
    with translation.override(language):
        return template.render({**context(), **more})
