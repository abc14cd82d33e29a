"""Rosters: which, how far, what is wrong with them, and who of them is here already."""

from collections import Counter
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from twoway.people.models import Intake, Membership, Programme
from twoway.people.role_words import role_word
from twoway.signup.fields import new_options, options_of
from twoway.signup.models import Answer, Application, Invitation, Question, Roster, RosterRow
from twoway.signup.queries.answer import batched
from twoway.signup.queries.form import questions_of
from twoway.signup.roster.check import Plan, Present
from twoway.signup.roster.guess import choices_in

State = Application.State
LIVE = (State.EXPECTED, State.WAITING, State.JOINED)
AT_WORK = (Roster.State.READING, Roster.State.CHECKING, Roster.State.KEEPING)
MOST_WORDS = 20


# So long somebody may look up which rows were left out and why; then the words of those rows are forgotten.
LEFT_OUT_STAYS = timedelta(days=30)


def rosters_to_empty(now: datetime) -> QuerySet[Roster]:
    """Kept rosters whose left-out rows have stood long enough and still hold words of the file."""
    words = RosterRow.objects.filter(roster=OuterRef("pk"), kept=False).exclude(cells=[])
    kept = Roster.objects.filter(state=Roster.State.KEPT, finished_at__lte=now - LEFT_OUT_STAYS)
    return kept.filter(Exists(words)).select_related("intake__programme__organisation")


def rosters_of(programme: Programme) -> QuerySet[Roster]:
    """The files brought into a programme, the newest first, each without the file itself."""
    return (
        Roster.objects.filter(intake__programme=programme)
        .select_related("intake__programme__organisation", "by")
        .defer("content")
        .order_by("-made_at", "-pk")
    )


def roster_in(programme: Programme, public_id: str) -> Roster | None:
    return rosters_of(programme).filter(public_id=public_id).first()


def due_rosters(now: datetime) -> QuerySet[Roster]:
    """Those with work to do that nobody is at; a dead worker's are free again when its lease is over."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    return Roster.objects.filter(free, state__in=AT_WORK).defer("content").order_by("pk")


def row_in(roster: Roster, number: int) -> RosterRow | None:
    return RosterRow.objects.filter(roster=roster, number=number).first()


def verdicts_of(roster: Roster) -> dict[str, int]:
    """How many rows are good, mendable and refused; all three, even at none."""
    found = dict(RosterRow.objects.filter(roster=roster).order_by().values_list("verdict").annotate(n=Count("pk")))
    return {verdict: found.get(verdict, 0) for verdict in RosterRow.Verdict.values}


def column_values(roster: Roster, number: int) -> list[str]:
    """All that stands in one column, as corrected; not of rows that may have slipped sideways."""
    rows = RosterRow.objects.filter(roster=roster).order_by("number").values_list("cells", "corrections", "notes")
    straight = [(cells, corrections) for cells, corrections, notes in rows if not {"short", "long"} & set(notes)]
    found = (corrections.get(str(number), cells[number]) for cells, corrections in straight)
    return [value for value in found if value]


# --- what is wrong ----------------------------------------------------------------------------------


@dataclass
class Word:
    """The same words in the same column, wrong in one row or in many."""

    column: int
    word: str
    reason: str
    offer: list[str]
    rows: int = 0
    part: str = ""  # of several answers in one cell, the one that is not known
    header: str = ""
    choices: list[str] = field(default_factory=list)  # of its question, where it has any


def words_to_mend(roster: Roster, plan: Plan) -> tuple[list[Word], int]:
    """What one press can mend in all its rows, the most frequent first; and how many more there are."""
    found: dict[tuple[int, str], Word] = {}
    counted: Counter[tuple[int, str]] = Counter()
    rows = RosterRow.objects.filter(roster=roster, verdict=RosterRow.Verdict.MENDABLE)
    for faults in rows.values_list("faults", flat=True):
        for fault in faults:
            column, word = fault["column"], fault.get("word", "")
            if fault["level"] != "mend" or not word or (column is not None and plan.columns.get(column) == "address"):
                continue
            key = (-1 if column is None else column, word)
            counted[key] += 1
            found.setdefault(
                key, Word(key[0], word, fault["reason"], fault.get("offer", []), part=fault.get("part", ""))
            )
    words = []
    for key, number in counted.most_common(MOST_WORDS):
        word = found[key]
        word.rows = number
        if word.column >= 0:
            word.header = plan.header[word.column]
            question = question_at(plan, word.column)
            word.choices = [str(option["label"]) for option in options_of(question)] if question else []
        words.append(word)
    return words, len(counted) - len(words)


def question_at(plan: Plan, column: int) -> Question | None:
    """The question that a column answers."""
    what = plan.columns.get(column, "")
    return plan.questions.get(f"new:{column}" if what.startswith("new:") else what)


# --- what its columns are ---------------------------------------------------------------------------


def plan_of(roster: Roster) -> Plan:
    """The mapping of a roster with the questions it names; new ones as they will be, not kept yet. One that another
    file has made meanwhile is not made again."""
    programme = roster.intake.programme
    asked = questions_of(programme)
    by_id = {f"question:{question.public_id}": question for question in asked}
    columns = {int(number): what for number, what in roster.mapping.items() if what}
    questions: dict[str, Question] = {}
    free = [question for what, question in by_id.items() if what not in columns.values()]
    for number, what in sorted(columns.items()):
        if what in by_id:
            questions[what] = by_id[what]
        elif what.startswith("new:"):
            made = new_question(roster.new_questions[str(number)], what.removeprefix("new:"))
            there = next((question for question in free if _is_same(question, made)), None)
            if there is not None:
                free.remove(there)
                made, columns[number] = _with_choices_of(there, made), f"question:{there.public_id}"
            questions[f"new:{number}" if there is None else columns[number]] = made
            asked = [question for question in asked if question is not there] + [made]
        elif what.startswith("question:"):  # retired since
            columns.pop(number)
    header = [header_words(word, number) for number, word in enumerate(roster.headers)]
    return Plan(
        columns=columns, header=header, questions=questions, asked=asked, as_role=roster.as_role,
        usual_capacity=roster.usual_capacity, role_words=role_words(programme),
        role_offer=[role_word(programme, "mentor"), role_word(programme, "mentee"), _("Both")],
    )  # fmt: skip


def new_question(settings: dict[str, Any], kind: str) -> Question:
    """A question that a column asks for, before it is part of the form."""
    options = new_options(settings.get("options", []))
    fields = {name: value for name, value in settings.items() if name in ("label", "audience", "protected")}
    return Question(kind=kind, options=options, what_i_help_with=bool(settings.get("what_i_help_with")), **fields)


def _is_same(there: Question, new: Question) -> bool:
    """Whether a question of the form asks what a new one would, and shows its answers to the same people."""
    kinds = {new.kind, Question.Kind.LONG} if new.kind == Question.Kind.SHORT else {new.kind}
    seen_alike = (there.audience, there.protected) == (new.audience, new.protected)
    return there.label.casefold() == new.label.casefold() and there.kind in kinds and seen_alike


def _with_choices_of(there: Question, new: Question) -> Question:
    """A copy of a question of the form with a file's choices too: in their usual order, or behind those it has."""
    had = [str(option["label"]) for option in options_of(there)]
    labels = had + [str(option["label"]) for option in new.options]
    if had == choices_in(had, there.kind):
        labels = choices_in(labels, there.kind)
    found = copy(there)
    found.options = new_options(labels, there.options, [str(option["key"]) for option in there.options])
    return found


def header_words(word: str, number: int) -> str:
    """A column's header, or its letter as a spreadsheet has it."""
    if word:
        return word
    letters, rest = "", number + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return _("Column %(letters)s") % {"letters": letters}


def role_words(programme: Programme) -> dict[str, str]:
    """Roles in the programme's own words and in the reader's language, as Twoway's own pages write them."""
    words = {_("Mentor"): "mentor", _("Mentee"): "mentee", _("Both"): "either", _("Mentors"): "mentor",
             _("Mentees"): "mentee", _("Both, with different people"): "either"}  # fmt: skip
    words |= {str(label): value for value, label in Membership.Role.choices}
    mentor, mentee = programme.mentor_word, programme.mentee_word
    words |= {mentor: "mentor", mentee: "mentee"}
    if mentor and mentee:
        words |= {_("Both %(one)s and %(other)s") % {"one": one, "other": other}: "either"
                  for one, other in ((mentor, mentee), (mentee, mentor))}  # fmt: skip
    return {" ".join(word.split()).casefold(): role for word, role in words.items() if word}


# --- what was said before ---------------------------------------------------------------------------


def alike_before(roster: Roster) -> Roster | None:
    """The last file of the programme with the same headers, in any order, of which somebody said what they are.

    Only the page asks. The command takes columns for what they were or guesses them, and so is never remembered: a
    guess would come back as something that was said, and a question that it left out would stay left out.
    """
    said = Roster.objects.filter(intake__programme=roster.intake.programme, columns_said=True).exclude(pk=roster.pk)
    headers = sorted(roster.headers)
    found = (one for one in said.defer("content").order_by("-made_at", "-pk")[:50] if sorted(one.headers) == headers)
    return next(found, None) if headers else None


# --- who is here already ----------------------------------------------------------------------------


def present_in(intake: Intake, addresses: Iterable[str] | None = None) -> dict[str, Present]:
    """Those in an intake by address in small letters: all of them, or those with one of these addresses."""
    found = Application.objects.filter(intake=intake, state__in=LIVE)
    columns = ("pk", "address", "state", "person_id", "name", "role", "capacity", "rhythm_days")
    if addresses is not None:
        wanted = Q(pk__in=[])
        for address in addresses:
            wanted |= Q(address__iexact=address)
        found = found.filter(wanted)
    rows = list(found.values_list(*columns))
    open_ones = [row[0] for row in rows if row[2] == State.EXPECTED and row[3] is None]
    answers: dict[int, dict[str, Any]] = {pk: {} for pk in open_ones}
    for some in batched(open_ones):
        given = Answer.objects.filter(application__in=some)
        for application, question, value in given.values_list("application_id", "question__public_id", "value"):
            answers[application][question] = value
    return {
        address.lower(): Present(
            pk, state, pk in answers,
            {"name": name, "role": role, "capacity": capacity, "rhythm_days": rhythm}, answers.get(pk, {}),
        )
        for pk, address, state, _person, name, role, capacity, rhythm in rows
    }  # fmt: skip


# --- once kept --------------------------------------------------------------------------------------


def kept_applications(roster: Roster) -> QuerySet[Application]:
    """Those whom the file brought in or added to.

    From its rows to the people: asked of each person in turn, SQLite would walk the whole file every time.
    """
    rows = RosterRow.objects.filter(roster=roster, kept=True, application__isnull=False)
    return (
        Application.objects.filter(pk__in=rows.values("application")).select_related("intake__programme").order_by("pk")
    )


def uninvited_of(roster: Roster) -> QuerySet[Application]:
    """Those of a roster who are expected and have not been written to."""
    return kept_applications(roster).filter(
        ~Exists(Invitation.objects.filter(application=OuterRef("pk"))), state=State.EXPECTED, person=None
    )


def why_it_stays(roster: Roster) -> str:
    """Why a kept roster cannot be taken back any more; nothing while it can."""
    if roster.state != Roster.State.KEPT:
        return _("It has not been kept.")
    mine = kept_applications(roster)
    gone = RosterRow.objects.filter(roster=roster, kept=True, application=None, before__isnull=True)
    if mine.exclude(state=State.EXPECTED, person=None).exists() or gone.exists():
        return _("Somebody of it has begun to sign up, or has left again.")
    if mine.filter(Exists(Invitation.objects.filter(application=OuterRef("pk")))).exists():
        return _("Somebody of it has been invited.")
    if any(_stands_in(relation, mine) for relation in Application._meta.related_objects):
        return _(
            "Somebody of it has been put forward for a match. A draft that nobody was told of can be dismissed on the "
            "page of its round; then this can be taken back."
        )
    later = RosterRow.objects.filter(kept=True, application__in=mine, roster__finished_at__gt=roster.finished_at)
    if later.exclude(roster=roster).exists():
        return _("A later file has added to the same people. Take that one back first.")
    return ""


def _stands_in(relation: Any, applications: QuerySet[Application]) -> bool:
    """Whether a room above this one holds on to some of these applications. Of its rows, those go that it says."""
    model = relation.related_model
    if model._meta.app_label == Application._meta.app_label:
        return False
    rows = model._base_manager.filter(**{f"{relation.field.name}__in": applications})
    lets_go = getattr(model, "LETS_GO", None)
    return bool((rows if lets_go is None else rows.exclude(lets_go)).exists())


@dataclass(frozen=True)
class Tally:
    """What became of the rows of a kept file."""

    made: int
    updated: int
    untouched: int
    left_out: int


def tally_of(roster: Roster) -> Tally:
    found = RosterRow.objects.filter(roster=roster).aggregate(
        n_made=Count("pk", filter=Q(kept=True, before__isnull=True)),
        n_untouched=Count("pk", filter=Q(kept=True, before__untouched=True)),
        n_kept=Count("pk", filter=Q(kept=True)),
        n_left=Count("pk", filter=Q(kept=False)),
    )
    updated = found["n_kept"] - found["n_made"] - found["n_untouched"]
    return Tally(found["n_made"], updated, found["n_untouched"], found["n_left"])
