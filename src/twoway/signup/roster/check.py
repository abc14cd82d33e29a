"""Each row of a roster found good, mendable or refused, with the reason, before anything is kept.

Refused: nobody can be told from it, since its address is missing, wrong or another row's. Mendable: something else
in it cannot be kept as it stands. A note beside a good row says what a careful reader would like to know.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twoway.signup import fields
from twoway.signup.fields import Value
from twoway.signup.models import Application, Question
from twoway.signup.roster.guess import RHYTHMS, ROLES
from twoway.signup.showing import shown_questions

NAME_LIMIT, MOST_MENTEES, MOST_DAYS = 120, 12, 92
MOST_GUESSES = 300  # different unknown words for which near options are sought; beyond, typing is quicker
Fault = dict[str, Any]  # {"column": 3 or None, "reason": "...", "offer": [...], "level": "mend", "word": "..."}


@dataclass(frozen=True)
class Plan:
    """What the columns are, and the questions they answer, by what the mapping calls them."""

    columns: Mapping[int, str]
    header: list[str]
    questions: Mapping[str, Question]
    asked: list[Question]  # all of the form and the new ones, in order
    as_role: str = ""
    usual_capacity: int | None = None
    role_words: Mapping[str, str] = field(default_factory=dict)  # the programme's own words for its roles
    role_offer: Sequence[str] = ()  # the same as they are offered where a file says something else


@dataclass(frozen=True)
class Present:
    """Somebody who is in the intake already."""

    pk: int
    state: str
    open: bool  # expected, and nobody's yet: the file may still add to it
    values: Mapping[str, Any]  # name, role, capacity, rhythm_days
    answers: Mapping[str, Value]  # by the question's public id


@dataclass
class Checked:
    number: int
    faults: list[Fault] = field(default_factory=list)
    address: str = ""
    values: dict[str, Any] = field(default_factory=dict)  # name, role, capacity, rhythm_days: those that are given
    answers: dict[str, Value] = field(default_factory=dict)  # by what the mapping calls the question
    present: Present | None = None
    changes: list[str] = field(default_factory=list)  # what an update would change, in words

    @property
    def verdict(self) -> str:
        levels = {fault["level"] for fault in self.faults}
        return "refused" if "refuse" in levels else "mendable" if "mend" in levels else "good"


class Checker:
    """Checks row after row of one roster; `first` remembers in which row each address came first."""

    def __init__(self, plan: Plan, present: Mapping[str, Present], first: dict[str, int] | None = None) -> None:
        self.plan, self.present = plan, present
        self.first = {} if first is None else first
        self._known: dict[tuple[str, str], tuple[Value, Fault | None]] = {}
        self._guessed = 0

    def check(
        self, number: int, cells: list[str], corrections: Mapping[str, str] | None = None, notes: Iterable[str] = ()
    ) -> Checked:
        """One row. Call it in the order of the rows."""
        corrections = corrections or {}
        row = Checked(number)
        mended = [corrections.get(str(at), cell) for at, cell in enumerate(cells)]
        parts: dict[str, tuple[int, str]] = {}
        for at, what in self.plan.columns.items():
            text = mended[at].strip() if at < len(mended) else ""
            if what and text:
                parts[f"new:{at}" if what.startswith("new:") else what] = (at, text)
                self._warn_of_formula(row, at, text)
        self._check_shape(row, mended, corrections, notes)
        self._take_address(row, *parts.get("address", (None, "")))
        self._take_name(row, parts)
        self._take_role(row, parts)
        self._take_offer(row, parts)
        self._take_answers(row, parts)
        if row.verdict != "refused":
            self._compare(row)
        return row

    # --- the row as a whole ---

    def _check_shape(
        self, row: Checked, cells: list[str], corrections: Mapping[str, str], notes: Iterable[str]
    ) -> None:
        width, found = len(self.plan.header), set(notes)
        if found & {"short", "long"} and "width" not in corrections:
            if "short" in found:
                words = _("This row has fewer cells than the header. Is something missing in the middle?")
            else:
                words = ngettext(
                    "This row has %(n)s cell more than the header. Does a separator stand inside a cell?",
                    "This row has %(n)s cells more than the header. Does a separator stand inside a cell?",
                    len(cells) - width,
                ) % {"n": len(cells) - width}
            row.faults.append(_fault("mend", None, words, word="width"))
        if "unseen" in found:
            row.faults.append(_fault("note", None, _("Marks that cannot be seen were taken out.")))
        if "result" in found:
            row.faults.append(
                _fault("note", None, _("A formula stands here; the result in the file was taken as text."))
            )

    def _warn_of_formula(self, row: Checked, at: int, text: str) -> None:
        if text[0] in "=+-@" and not re.fullmatch(r"[+-]?[\d\s().,/-]+", text):
            reason = _("Kept as plain text, although “%(sign)s” stands first.") % {"sign": text[0]}
            row.faults.append(_fault("note", at, reason))

    # --- its cells ---

    def _take_address(self, row: Checked, at: int | None, text: str) -> None:
        if at is None:
            at = next((at for at, what in self.plan.columns.items() if what == "address"), None)
            row.faults.append(_fault("refuse", at, _("There is no email address.")))
            return
        row.address = text.lower()
        if not _is_address(row.address):
            mended = mended_address(text)
            level = "mend" if mended else "refuse"
            reason = _("This is not an email address, such as name@example.org.")
            row.faults.append(_fault(level, at, reason, offer=[mended] if mended else [], word=text))
            row.address = ""
            return
        first = self.first.setdefault(row.address, row.number)
        if first != row.number:
            reason = _("The same address stands in row %(first)s already.") % {"first": first}
            row.faults.append(_fault("refuse", at, reason))

    def _take_name(self, row: Checked, parts: Mapping[str, tuple[int, str]]) -> None:
        given = [parts[what] for what in ("first_name", "last_name") if what in parts] or (
            [parts["name"]] if "name" in parts else []
        )
        name = " ".join(" ".join(text for _at, text in given).split())
        if len(name) > NAME_LIMIT:
            longest = max(given, key=lambda part: len(part[1]))
            reason = _("The name is longer than %(limit)s characters.") % {"limit": NAME_LIMIT}
            row.faults.append(_fault("mend", longest[0], reason))
        elif name:
            row.values["name"] = name

    def _take_role(self, row: Checked, parts: Mapping[str, tuple[int, str]]) -> None:
        role = self.plan.as_role
        if "role" in parts:
            at, text = parts["role"]
            role = self.plan.role_words.get(_plain(text)) or ROLES.get(_plain(text), "")
            if not role:
                reason = _("“%(value)s” is not a role.") % {"value": text[:80]}
                row.faults.append(_fault("mend", at, reason, offer=list(self.plan.role_offer), word=text))
        if "both" in parts:
            at, text = parts["both"]
            if _plain(text) in fields.YES | {_plain(_("Yes"))}:
                role = "either"
            elif _plain(text) not in fields.NO | {_plain(_("No"))}:
                reason = _("Please answer yes or no.")
                row.faults.append(_fault("mend", at, reason, offer=[_("Yes"), _("No")], word=text))
        if role:
            row.values["role"] = role

    def _take_offer(self, row: Checked, parts: Mapping[str, tuple[int, str]]) -> None:
        mentors = row.values.get("role") in ("mentor", "either")
        for what, name, read in (("capacity", "capacity", _capacity), ("rhythm", "rhythm_days", _rhythm)):
            if what not in parts or not mentors:
                continue
            at, text = parts[what]
            value, fault = self._once(what, at, text, read)
            if fault:
                row.faults.append({**fault, "column": at})
            else:
                row.values[name] = value
        before = self.present.get(row.address)
        known = before is not None and before.values.get("capacity") is not None
        if mentors and self.plan.usual_capacity and "capacity" not in parts and not known:
            row.values["capacity"] = self.plan.usual_capacity

    def _take_answers(self, row: Checked, parts: Mapping[str, tuple[int, str]]) -> None:
        found: dict[str, Value] = {}
        for what, question in self.plan.questions.items():
            if what not in parts:
                continue
            at, text = parts[what]
            value, fault = self._once(what, at, text, partial(fields.clean, question))
            if fault:
                row.faults.append({**fault, "column": at})
            elif value is not None:
                found[what] = value
        before = self.present.get(row.address)
        values = dict(before.answers) if before else {}
        values |= {self.plan.questions[what].public_id: value for what, value in found.items()}
        role = row.values.get("role") or (before.values.get("role", "") if before else "")
        shown = {question.public_id for question in shown_questions(self.plan.asked, values, role)}
        for what, value in found.items():
            if self.plan.questions[what].public_id in shown:
                row.answers[what] = value
            else:
                reason = _("Not asked of somebody with this role or these answers, so it is left out.")
                row.faults.append(_fault("note", parts[what][0], reason))

    def _once(self, what: str, at: int, text: str, read: Callable[[str], Value]) -> tuple[Value, Fault | None]:
        """Read a cell; the same words in the same column are read once."""
        known = self._known.get((what, text))
        if known is None:
            try:
                known = (read(text), None)
            except ValidationError as fault:
                offer = self._offers(what, text, fault)
                known = (None, _fault("mend", at, fault.messages[0], offer=offer, word=text))
                if fault.code == "unknown_option" and known[1]:
                    known[1]["part"] = str((fault.params or {}).get("value", ""))
            if len(text) <= 200:
                self._known[what, text] = known
        return known

    def _offers(self, what: str, text: str, fault: ValidationError) -> list[str]:
        question = self.plan.questions.get(what)
        if question is None or fault.code != "unknown_option" or self._guessed >= MOST_GUESSES:
            return []
        self._guessed += 1
        part = str((fault.params or {}).get("value", ""))
        return [text.replace(part, near, 1) if part in text else near for near in fields.guess_option(question, part)]

    # --- beside what is there already ---

    def _compare(self, row: Checked) -> None:
        before = row.present = self.present.get(row.address)
        if before is None:
            return
        if not before.open:
            words = {
                Application.State.JOINED.value: _("Already here, as a member: stays as it is."),
                Application.State.WAITING.value: _("Already here, waiting for approval: stays as it is."),
            }.get(before.state, _("Already here, and has begun to sign up: stays as it is."))
            row.faults.append(_fault("note", None, words))
            return
        names = {"name": _("Name"), "role": _("Role"), "capacity": _("Capacity"), "rhythm_days": _("Rhythm")}
        row.changes = [names[name] for name, value in row.values.items() if before.values.get(name) != value]
        for what, value in row.answers.items():
            question = self.plan.questions[what]
            if before.answers.get(question.public_id) != value:
                row.changes.append(question.label)
        if row.changes:
            words = _("Already here: will be updated with %(what)s.") % {"what": ", ".join(row.changes)}
        else:
            words = _("Already here: unchanged.")
        row.faults.append(_fault("note", None, words))


# --- single cells -----------------------------------------------------------------------------------


def mended_address(text: str) -> str:
    """What was probably meant, or nothing: slips of typing and of copying, never a guess at a name."""
    found = re.search(r"<([^<>]+)>", text)
    tried = (found[1] if found else text).strip().lower().removeprefix("mailto:")
    tried = re.sub(r"\s*(\(at\)|\[at\]|\sat\s)\s*", "@", tried)
    tried = re.sub(r"\s*(\(dot\)|\[dot\])\s*", ".", tried)
    tried = re.sub(r"\s+", "", tried).strip(".,;:'\"<>()")
    if tried.count("@") == 1:
        name, _at, domain = tried.partition("@")
        tried = f"{name}@{re.sub(r'[,.]+', '.', domain)}"
    return tried if tried != text and _is_address(tried) else ""


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _capacity(text: str) -> int:
    if not re.fullmatch(r"\d{1,3}(\.0+)?", text) or not 1 <= int(text.partition(".")[0]) <= MOST_MENTEES:
        raise ValidationError(
            _("Please write how many people, from 1 to %(most)s.") % {"most": MOST_MENTEES}, code="not_a_number"
        )
    return int(text.partition(".")[0])


def _rhythm(text: str) -> int:
    known = RHYTHMS.get(_plain(text))
    days = re.fullmatch(r"(\d{1,3})(\s*days?)?", _plain(text))
    found = known or (int(days[1]) if days else 0)
    if not 1 <= found <= MOST_DAYS:
        raise ValidationError(
            _("Please write how often, such as “weekly”, “every two weeks” or a number of days."), code="not_a_rhythm"
        )
    return found


def _fault(level: str, column: int | None, reason: str, *, offer: list[str] | None = None, word: str = "") -> Fault:
    fault: Fault = {"level": level, "column": column, "reason": reason}
    if offer:
        fault["offer"] = offer
    if word:
        fault["word"] = word[:200]
    return fault


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
